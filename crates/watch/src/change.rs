//! Passages of two versions of a notice: which are known, new or changed.

use std::collections::HashSet;

use gongbao_analysis::{StoredNotice, normalize};
use similar::{Algorithm, ChangeTag, TextDiff};

use crate::alert::Piece;

/// Two passages with at least this share of pairs of characters in common are
/// one that changed.
const ALIKE: f64 = 0.5;

/// No more pairs of passages of one notice are compared; what is left is new.
const MAX_COMPARED: usize = 40_000;

/// What a passage is to those who know earlier versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Novelty {
    /// It stood in an earlier version, perhaps under another number.
    Known,
    /// Nothing like it was there.
    New,
    /// It stood there and said this.
    Changed(String),
}

/// For each passage of `now`: was it in `before`, the version last looked at,
/// or in any of the versions `ever` before that?
pub(crate) fn novelties(
    now: &StoredNotice,
    before: Option<&StoredNotice>,
    ever: &[StoredNotice],
) -> Vec<Novelty> {
    let Some(before) = before else {
        return vec![Novelty::New; now.passages.len()];
    };
    let ours: Vec<_> = texts(now);
    let theirs: Vec<_> = texts(before);
    let known: HashSet<&str> = theirs.iter().map(String::as_str).collect();
    let kept: HashSet<&str> = ours.iter().map(String::as_str).collect();
    let ever: HashSet<String> = ever.iter().flat_map(texts).collect();
    let mut gone: Vec<usize> = (0..theirs.len())
        .filter(|&index| !kept.contains(theirs[index].as_str()))
        .collect();
    let mut left = MAX_COMPARED;
    ours.iter()
        .enumerate()
        .map(|(index, text)| {
            if text.is_empty() || known.contains(text.as_str()) {
                return Novelty::Known;
            }
            left = left.saturating_sub(gone.len());
            let anchor = &now.passages[index].anchor;
            let best = gone
                .iter()
                .enumerate()
                .filter(|_| left > 0)
                .map(|(place, &old)| {
                    let same_place = before.passages[old].anchor == *anchor;
                    (alike(text, &theirs[old]), same_place, place)
                })
                .filter(|&(alike, ..)| alike >= ALIKE)
                .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            match best {
                Some((_, _, place)) => {
                    let old = gone.remove(place);
                    Novelty::Changed(before.passage_text(old).to_owned())
                }
                None if ever.contains(text) => Novelty::Known,
                None => Novelty::New,
            }
        })
        .collect()
}

/// What each passage says, however it is numbered, printed and spaced.
fn texts(notice: &StoredNotice) -> Vec<String> {
    (0..notice.passages.len())
        .map(|index| {
            let text = notice.passage_text(index);
            let text = notice
                .label(index)
                .and_then(|label| text.trim_start().strip_prefix(label))
                .unwrap_or(text);
            let mut text = normalize(text).into_owned();
            text.retain(|c| !c.is_whitespace());
            text
        })
        .collect()
}

/// The share of pairs of characters that two texts have in common (Dice).
fn alike(a: &str, b: &str) -> f64 {
    let pairs =
        |text: &str| -> HashSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (a, b) = (pairs(a), pairs(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let common = a.intersection(&b).count();
    2.0 * common as f64 / (a.len() + b.len()) as f64
}

/// What became of `before`, character by character, in runs.
pub(crate) fn diff(before: &str, now: &str) -> Vec<Piece> {
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .diff_chars(before, now);
    let mut pieces: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match pieces.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => pieces.push((change.tag(), change.value().to_owned())),
        }
    }
    pieces
        .into_iter()
        .map(|(tag, text)| match tag {
            ChangeTag::Equal => Piece::Same(text),
            ChangeTag::Delete => Piece::Removed(text),
            ChangeTag::Insert => Piece::Added(text),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_diff_tells_both_texts(before in "[债务化解，。0-9]{0,40}", now in "[债务化解，。0-9]{0,40}") {
            let (mut old, mut new) = (String::new(), String::new());
            for piece in diff(&before, &now) {
                match piece {
                    Piece::Same(text) => { old.push_str(&text); new.push_str(&text); }
                    Piece::Removed(text) => old.push_str(&text),
                    Piece::Added(text) => new.push_str(&text),
                }
            }
            prop_assert_eq!(old, before);
            prop_assert_eq!(new, now);
        }
    }
}
