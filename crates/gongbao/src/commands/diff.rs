//! `diff`: what an edit did to a notice, as sentences inserted, deleted and
//! changed. Compares what is read of two versions, so the page around the
//! notice plays no part.

mod edit; // from two texts to edits
mod page; // edits for people

use std::io::{self, BufWriter, Write};

use anyhow::anyhow;
use gongbao_archive::{Archive, VersionRecord};
use gongbao_notice::Notice;
use serde::Serialize;

use self::edit::{Edit, edits};
use super::named;
use crate::{
    cli::{Diff, Format},
    commands::Outcome,
    config::Config,
    output::{self, Row, Rows},
};

/// Two versions and what differs between them.
#[derive(Serialize)]
struct Compared {
    id: String,
    title: Option<String>,
    url: Option<String>,
    from: Side,
    to: Side,
    edits: Vec<EditRow>,
}

/// A version that is compared.
#[derive(Serialize)]
struct Side {
    version: u32,
    fetched: String,
}

/// An edit, and the part of the notice that it is in.
#[derive(Serialize)]
struct EditRow {
    part: Part,
    #[serde(flatten)]
    edit: Edit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Title,
    Body,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
        }
    }
}

impl Row for EditRow {
    const COLUMNS: &'static [&'static str] = &["part", "kind", "old", "new"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.part.name().to_owned(),
            self.edit.kind.name().to_owned(),
            self.edit.old.clone().unwrap_or_default(),
            self.edit.new.clone().unwrap_or_default(),
        ]
    }
}

/// Compares the versions that `args` names.
pub(crate) fn run(args: &Diff, config: &Config) -> anyhow::Result<Outcome> {
    let archive = Archive::open(&config.corpus)?;
    let (record, _) = named::find(&archive, &args.name, config)?;
    let versions = archive.versions(&record.id)?;
    let to = args.to.unwrap_or(record.newest.version);
    let from = match args.from {
        Some(from) => from,
        None if to > 1 => to - 1,
        None => {
            config.tell(config.lang.one_version());
            return Ok(Outcome::Nothing);
        }
    };
    let version = |number: u32| -> anyhow::Result<&VersionRecord> {
        let found = versions.iter().find(|version| version.version == number);
        let last = record.newest.version;
        found.ok_or_else(|| anyhow!(config.lang.no_version(record.id.as_str(), number, last)))
    };
    // What was typed first: the other may only follow from it.
    let to = version(to)?;
    let from = version(from)?;
    let reader = config.reader()?;
    let old = named::read(&archive, &record, from, &reader)?;
    let new = named::read(&archive, &record, to, &reader)?;
    let side = |version: &VersionRecord| Side {
        version: version.version,
        fetched: version.fetched.to_string(),
    };
    let compared = Compared {
        id: record.id.to_string(),
        title: new.title.as_ref().map(|title| title.value.clone()),
        url: record.url.clone(),
        from: side(from),
        to: side(to),
        edits: compare(&old, &new),
    };
    write(&compared, config)?;
    if compared.edits.is_empty() {
        config.tell(config.lang.no_difference());
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::Done)
}

fn compare(old: &Notice, new: &Notice) -> Vec<EditRow> {
    let title = |notice: &Notice| {
        let title = notice.title.as_ref();
        title.map_or_else(String::new, |found| found.value.clone())
    };
    let in_part = |part| move |edit| EditRow { part, edit };
    edits(&title(old), &title(new))
        .into_iter()
        .map(in_part(Part::Title))
        .chain(
            edits(old.body.text(), new.body.text())
                .into_iter()
                .map(in_part(Part::Body)),
        )
        .collect()
}

fn write(compared: &Compared, config: &Config) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match config.format {
        Format::Table => page::write(&mut out, compared, config)?,
        Format::Json => output::json_document(&mut out, compared)?,
        format => {
            let mut rows = Rows::new::<EditRow>(&mut out, format)?;
            for edit in &compared.edits {
                rows.push(edit)?;
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
