//! `export`: notices and passages in rows, for other programs.

use anyhow::anyhow;
use gongbao_analysis::StoredNotice;
use gongbao_archive::{Archive, NoticeRecord};
use gongbao_query::Request;
use serde::Serialize;

use crate::{
    cli::{Export, Format, Unit},
    commands::{Outcome, place::filters},
    config::Config,
    output::{Kind, Row, Rows},
};

/// What the rows of a notice and of its passages share.
#[derive(Serialize)]
struct HeaderRow {
    id: String,
    title: Option<String>,
    url: Option<String>,
    organ: Option<String>,
    region_code: Option<String>,
    region: Option<String>,
    genre: Option<String>,
    published: Option<String>,
    signed: Option<String>,
}

impl HeaderRow {
    fn of(notice: &StoredNotice) -> Self {
        let header = &notice.header;
        let region = header.region.as_ref();
        Self {
            id: header.id.to_string(),
            title: header.title.clone(),
            url: header.url.clone(),
            organ: header.organ.clone(),
            region_code: region.map(|region| region.code.clone()),
            region: region.map(|region| region.name.clone()),
            genre: header.genre.clone(),
            published: header.published.clone(),
            signed: header.signed.clone(),
        }
    }

    fn cells(&self) -> Vec<String> {
        let known = [
            &self.title,
            &self.url,
            &self.organ,
            &self.region_code,
            &self.region,
            &self.genre,
            &self.published,
            &self.signed,
        ];
        let mut cells = vec![self.id.clone()];
        cells.extend(known.map(|cell| cell.clone().unwrap_or_default()));
        cells
    }
}

/// A notice.
#[derive(Serialize)]
struct NoticeLine {
    #[serde(flatten)]
    header: HeaderRow,
    /// Of its text.
    characters: usize,
    passages: usize,
    /// How many of them match.
    matched: usize,
    version: Option<u32>,
    fetched: Option<String>,
    /// Of the page, as received.
    sha256: Option<String>,
    text: String,
}

impl Row for NoticeLine {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "title",
        "url",
        "organ",
        "region_code",
        "region",
        "genre",
        "published",
        "signed",
        "characters",
        "passages",
        "matched",
        "version",
        "fetched",
        "sha256",
        "text",
    ];

    const NUMBERS: &'static [(&'static str, Kind)] = &[
        ("characters", Kind::Integer),
        ("passages", Kind::Integer),
        ("matched", Kind::Integer),
        ("version", Kind::Integer),
    ];

    fn cells(&self) -> Vec<String> {
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut cells = self.header.cells();
        cells.extend([
            self.characters.to_string(),
            self.passages.to_string(),
            self.matched.to_string(),
            self.version.map_or_else(String::new, |n| n.to_string()),
            known(&self.fetched),
            known(&self.sha256),
            self.text.clone(),
        ]);
        cells
    }
}

/// A passage.
#[derive(Serialize)]
struct PassageLine {
    #[serde(flatten)]
    header: HeaderRow,
    anchor: String,
    /// 1 for the first of its notice.
    number: usize,
    label: Option<String>,
    path: Vec<String>,
    text: String,
}

impl Row for PassageLine {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "title",
        "url",
        "organ",
        "region_code",
        "region",
        "genre",
        "published",
        "signed",
        "anchor",
        "number",
        "label",
        "path",
        "text",
    ];

    const NUMBERS: &'static [(&'static str, Kind)] = &[("number", Kind::Integer)];

    fn cells(&self) -> Vec<String> {
        let mut cells = self.header.cells();
        cells.extend([
            self.anchor.clone(),
            self.number.to_string(),
            self.label.clone().unwrap_or_default(),
            self.path.join(" › "),
            self.text.clone(),
        ]);
        cells
    }
}

/// Exports what `args` say.
pub(crate) fn run(args: &Export, config: &Config) -> anyhow::Result<Outcome> {
    let text = args.query.join(" ");
    let topic = match &args.topic {
        None => None,
        Some(name) => {
            let found = config.topics()?.find(name)?;
            Some(found.ok_or_else(|| anyhow!(config.lang.no_topic(name)))?)
        }
    };
    let request = Request {
        literal: args.literal,
        topic: topic.as_ref(),
        filters: filters(&args.place)?,
        ..Request::new(&text)
    };
    let engine = config.engine()?;
    let archive = Archive::open(&config.corpus)?;
    let out = config.out()?;
    // A table of whole notices is no use to anybody.
    let format = match config.format {
        Format::Table => Format::Jsonl,
        format => format,
    };
    let mut rows = match args.unit {
        Unit::Notice => Rows::new::<NoticeLine>(out, format)?,
        Unit::Passage => Rows::new::<PassageLine>(out, format)?,
    };
    let mut any = false;
    let mut failed = None;
    let mut push = |notice: StoredNotice, matched: &[usize]| {
        any = true;
        let pushed = match args.unit {
            Unit::Notice => archive
                .notice(&notice.header.id)
                .map_err(anyhow::Error::from)
                .and_then(|record| rows.push(&notice_line(&notice, matched, record.as_ref()))),
            Unit::Passage => matched
                .iter()
                .try_for_each(|&passage| rows.push(&passage_line(&notice, passage))),
        };
        pushed.map_err(|error| failed = Some(error)).is_ok()
    };
    let notes = engine.each_match(&request, &mut push)?;
    for note in &notes {
        config.tell(&config.lang.note(note));
    }
    if let Some(error) = failed {
        return Err(error);
    }
    rows.finish()?;
    if any {
        return Ok(Outcome::Done);
    }
    config.tell(config.lang.nothing());
    Ok(Outcome::Nothing)
}

fn notice_line(
    notice: &StoredNotice,
    matched: &[usize],
    record: Option<&NoticeRecord>,
) -> NoticeLine {
    let text = notice.body.text().trim_end().to_owned();
    let version = record.map(|record| &record.newest);
    NoticeLine {
        header: HeaderRow::of(notice),
        characters: text.chars().count(),
        passages: notice.passages.len(),
        matched: matched.len(),
        version: version.map(|version| version.version),
        fetched: version.map(|version| version.fetched.to_string()),
        sha256: version.map(|version| version.sha256.clone()),
        text,
    }
}

fn passage_line(notice: &StoredNotice, passage: usize) -> PassageLine {
    PassageLine {
        header: HeaderRow::of(notice),
        anchor: notice.passages[passage].anchor.clone(),
        number: passage + 1,
        label: notice.label(passage).map(str::to_owned),
        path: notice
            .path(passage)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        text: notice.passage_text(passage).to_owned(),
    }
}
