//! `sites check`: what would be read from a list or an article, and why.

use std::io::Write;

use gongbao_crawler::{Inspection, Looked, Reason, Site, Verdict, inspect};
use gongbao_notice::{Found, Origin, Reader};
use serde::Serialize;

use super::source;
use crate::{
    cli::{CheckedPage, Format, Network},
    commands::Outcome,
    config::Config,
    messages::{Fields, Label},
    output,
    terminal::{Style, escape, pad, pieces, shorten, wrap},
};

/// Entries of a list that are shown for people.
const MAX_ENTRIES: usize = 10;
/// Wider text is hard to read.
const MAX_WIDTH: usize = 100;
/// Characters of the text that are shown from its beginning and its end.
const EXCERPT: usize = 120;

/// Looks at `target`.
pub(super) fn run(
    target: &str,
    given: &CheckedPage,
    network: &Network,
    config: &Config,
) -> anyhow::Result<Outcome> {
    let page = source::page(target, given, network, config)?;
    let site = source::site(&page, given, config)?;
    let reader = Reader::new(config.divisions());
    let inspection = inspect(&page, site.as_ref(), &reader);
    let mut out = config.out()?;
    if config.format == Format::Table {
        write_page(&mut out, &page, site.as_ref(), &inspection, config)?;
    } else {
        let document = Document::of(&page, site.as_ref(), &inspection, config);
        match config.format {
            Format::Json => output::json_document(&mut out, &document)?,
            _ => output::json_line(&mut out, &document)?,
        }
    }
    out.flush()?;
    Ok(match inspection.verdict {
        Verdict::List | Verdict::Article => Outcome::Done,
        _ => Outcome::Nothing,
    })
}

/// What was read, for programs.
#[derive(Serialize)]
struct Document<'a> {
    url: &'a str,
    profile: Option<&'a str>,
    verdict: &'static str,
    family: &'static str,
    recognised: bool,
    stated: Option<u64>,
    next: Vec<&'a str>,
    entries: Vec<EntryLine<'a>>,
    reasons: Vec<String>,
    title: Option<&'a str>,
    published: Option<String>,
    organ: Option<&'a str>,
    doc_number: Option<String>,
    characters: usize,
    files: Vec<&'a str>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct EntryLine<'a> {
    url: &'a str,
    title: &'a str,
    date: Option<String>,
}

impl<'a> Document<'a> {
    fn of(
        page: &'a Looked,
        site: Option<&'a Site>,
        inspection: &'a Inspection,
        config: &Config,
    ) -> Self {
        let (listing, notice) = (&inspection.listing, &inspection.notice);
        Self {
            url: page.url.as_str(),
            profile: site.map(|site| site.id.as_str()),
            verdict: name(inspection.verdict),
            family: listing.family.name(),
            recognised: listing.recognised,
            stated: listing.stated,
            next: listing.next.iter().map(|url| url.as_str()).collect(),
            entries: listing
                .entries
                .iter()
                .map(|entry| EntryLine {
                    url: entry.url.as_str(),
                    title: &entry.title,
                    date: entry.date.map(|date| date.to_string()),
                })
                .collect(),
            reasons: listing
                .reasons
                .iter()
                .map(|reason| config.lang.reason(reason))
                .collect(),
            title: notice.title.as_ref().map(|found| found.value.as_str()),
            published: notice
                .published
                .as_ref()
                .map(|found| found.value.to_string()),
            organ: notice.organ.as_ref().map(|found| found.value.as_str()),
            doc_number: notice
                .doc_number
                .as_ref()
                .map(|found| found.value.to_string()),
            characters: notice.body.text().chars().count(),
            files: inspection
                .files
                .iter()
                .map(|(url, _)| url.as_str())
                .collect(),
            warnings: notice
                .warnings
                .iter()
                .map(|warning| format!("{}: {}", warning.about, warning.message))
                .collect(),
        }
    }
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::List => "list",
        Verdict::Article => "article",
        Verdict::Gone => "gone",
        Verdict::Challenge => "challenge",
        Verdict::Unclear => "unclear",
    }
}

fn write_page(
    out: &mut impl Write,
    page: &Looked,
    site: Option<&Site>,
    inspection: &Inspection,
    config: &Config,
) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    writeln!(out, "{}", escape(page.url.as_str()))?;
    let profile = match site {
        Some(site) => lang.profile_used(&site.id),
        None => lang.no_profile().to_owned(),
    };
    writeln!(out, "{}", screen.paint(Style::Dim, &escape(&profile)))?;
    let verdict = lang.verdict(inspection.verdict);
    writeln!(out, "{}\n", screen.paint(Style::Bold, verdict))?;
    match inspection.verdict {
        Verdict::Article => write_article(out, inspection, config),
        Verdict::List => write_list(out, inspection, config),
        _ => {
            write_list(out, inspection, config)?;
            writeln!(out)?;
            write_article(out, inspection, config)
        }
    }
}

fn write_list(
    out: &mut impl Write,
    inspection: &Inspection,
    config: &Config,
) -> anyhow::Result<()> {
    let (lang, screen) = (config.lang, &config.screen);
    let listing = &inspection.listing;
    let columns = screen.width.min(MAX_WIDTH);
    for entry in listing.entries.iter().take(MAX_ENTRIES) {
        let date = entry
            .date
            .map_or_else(|| "–".to_owned(), |date| date.to_string());
        let title = shorten(&entry.title, columns.saturating_sub(12));
        writeln!(out, "{}{title}", pad(&date, 12))?;
        let url = shorten(entry.url.as_str(), columns.saturating_sub(12));
        writeln!(out, "{:12}{}", "", screen.paint(Style::Dim, &url))?;
    }
    let more = listing.entries.len().saturating_sub(MAX_ENTRIES);
    if more > 0 {
        writeln!(out, "{:12}{}", "", lang.more_entries(more as u64))?;
    }
    for url in &listing.next {
        writeln!(out, "{}{}", pad(lang.next_list(), 12), escape(url.as_str()))?;
    }
    writeln!(out, "\n{}", lang.why())?;
    for reason in &listing.reasons {
        let style = match reason {
            Reason::NoEntries | Reason::ScriptedNext(_) => Style::Warning,
            _ => Style::Plain,
        };
        let text = pieces(&lang.reason(reason), |_| style);
        for (number, line) in wrap(&text, columns - 4, columns - 4).iter().enumerate() {
            let lead = if number == 0 { "  · " } else { "    " };
            writeln!(out, "{lead}{}", screen.line(line))?;
        }
    }
    Ok(())
}

fn write_article(
    out: &mut impl Write,
    inspection: &Inspection,
    config: &Config,
) -> anyhow::Result<()> {
    let (notice, lang) = (&inspection.notice, config.lang);
    let columns = config.screen.width.min(MAX_WIDTH);
    let mut fields = Fields::default();
    fn told<T: ToString>(found: &Option<Found<T>>) -> Option<(String, Origin)> {
        let found = found.as_ref()?;
        Some((found.value.to_string(), found.origin))
    }
    let region = notice.region.as_ref().map(|found| {
        let text = format!("{} ({})", found.value.name, found.value.code);
        (text, found.origin)
    });
    for (label, field) in [
        (Label::Title, told(&notice.title)),
        (Label::Published, told(&notice.published)),
        (Label::Signed, told(&notice.signed)),
        (Label::Organ, told(&notice.organ)),
        (Label::Region, region),
        (Label::Genre, told(&notice.genre)),
        (Label::DocNumber, told(&notice.doc_number)),
        (Label::IndexNumber, told(&notice.index_number)),
        (Label::Source, told(&notice.source)),
    ] {
        match field {
            Some((text, origin)) => fields.add(label, text, lang.origin(origin)),
            None => fields.add(label, "–", ""),
        }
    }
    if !notice.columns.is_empty() {
        fields.add(Label::Columns, notice.columns.join(" › "), "");
    }
    let body = notice.body.text();
    let chars: Vec<char> = body.chars().collect();
    let excerpt: String = if chars.len() <= EXCERPT * 2 {
        body.replace('\n', " ")
    } else {
        let start: String = chars[..EXCERPT].iter().collect();
        let end: String = chars[chars.len() - EXCERPT..].iter().collect();
        format!("{start} […] {end}").replace('\n', " ")
    };
    fields.add(Label::Text, excerpt, &lang.characters(chars.len() as u64));
    for (url, text) in &inspection.files {
        fields.add(
            Label::Attachment,
            url.as_str(),
            text.as_deref().unwrap_or_default(),
        );
    }
    fields.write(out, columns, config)?;
    for warning in &notice.warnings {
        let text = format!("! {}: {}", warning.about, warning.message);
        for line in wrap(&pieces(&text, |_| Style::Warning), columns, columns) {
            writeln!(out, "{}", config.screen.line(line))?;
        }
    }
    Ok(())
}
