//! An alert for people, in plain text of no particular language.

use crate::alert::{Change, News, Piece};

/// `news` as lines: the notice, then each passage with `+` where it is new and
/// `~` where it changed, what went in `[-…-]` and what came in `{+…+}`.
#[must_use]
pub fn plain(news: &News) -> String {
    let mut lines = Vec::new();
    lines.push(news.title.clone().unwrap_or_else(|| news.id.clone()));
    let region = news.region.as_ref().map(|region| region.name.clone());
    let about: Vec<_> = [
        news.organ.clone().or(region),
        news.published.clone().or_else(|| news.signed.clone()),
        news.genre.clone(),
        Some(format!("{} v{}", news.id, news.version)),
    ]
    .into_iter()
    .flatten()
    .collect();
    lines.push(about.join(" · "));
    lines.extend(news.url.clone());
    for passage in &news.passages {
        let path = &passage.path[..passage.path.len().saturating_sub(1)];
        if !path.is_empty() {
            lines.push(format!("  {}", path.join(" › ")));
        }
        let (sign, text) = match passage.change {
            Change::New => ('+', passage.text.clone()),
            Change::Changed => ('~', words(&passage.diff)),
        };
        lines.push(format!("{sign} {}", text.replace('\n', "\n  ")));
    }
    lines.join("\n")
}

fn words(diff: &[Piece]) -> String {
    diff.iter()
        .map(|piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("{{+{text}+}}"),
        })
        .collect()
}
