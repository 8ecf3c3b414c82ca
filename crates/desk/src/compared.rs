//! Two versions of a notice, compared by what is read of them, so the page
//! around the notice plays no part.

use gongbao_archive::{Archive, NoticeRecord, VersionRecord};
use gongbao_notice::{Notice, Reader};
use serde::Serialize;

use crate::{
    edits::{Edit, edits},
    reading::{ReadingError, read_version},
    rows::Row,
};

/// Two versions and what differs between them.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Compared {
    /// The notice.
    pub id: String,
    /// Its title in the newer version.
    pub title: Option<String>,
    /// Where it is published.
    pub url: Option<String>,
    /// The older version.
    pub from: Side,
    /// The newer one.
    pub to: Side,
    /// What differs, in order.
    pub edits: Vec<EditRow>,
}

/// A version that is compared.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Side {
    /// Its number.
    pub version: u32,
    /// When it was received.
    pub fetched: String,
}

/// An edit, and the part of the notice that it is in.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditRow {
    /// The part of the notice.
    pub part: Part,
    /// The edit.
    #[serde(flatten)]
    pub edit: Edit,
}

/// A part of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Its title.
    Title,
    /// Its text.
    Body,
}

impl Part {
    /// `title` or `body`.
    #[must_use]
    pub fn name(self) -> &'static str {
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

impl Compared {
    /// Compares version `from` of the notice `record`, or the one before, with
    /// version `to`, or the newest.
    ///
    /// # Errors
    ///
    /// When there is no such version, or it cannot be read.
    pub fn of(
        record: &NoticeRecord,
        from: Option<u32>,
        to: Option<u32>,
        archive: &Archive,
        reader: &Reader,
    ) -> Result<Self, CompareError> {
        let versions = archive.versions(&record.id).map_err(ReadingError::from)?;
        let last = record.newest.version;
        let to = to.unwrap_or(last);
        let from = match from {
            Some(from) => from,
            None if to > 1 => to - 1,
            None => return Err(CompareError::OneVersion),
        };
        let version = |number: u32| -> Result<&VersionRecord, CompareError> {
            let found = versions.iter().find(|version| version.version == number);
            found.ok_or(CompareError::NoVersion { number, last })
        };
        // What was asked for first: the other may only follow from it.
        let to = version(to)?;
        let from = version(from)?;
        let old = read_version(archive, record, from, reader)?;
        let new = read_version(archive, record, to, reader)?;
        let side = |version: &VersionRecord| Side {
            version: version.version,
            fetched: version.fetched.to_string(),
        };
        Ok(Self {
            id: record.id.to_string(),
            title: new.title.as_ref().map(|title| title.value.clone()),
            url: record.url.clone(),
            from: side(from),
            to: side(to),
            edits: compare(&old, &new),
        })
    }
}

/// Two versions cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// There is only one.
    #[error("there is one version only")]
    OneVersion,
    /// There is none of that number.
    #[error("there is no version {number}; the newest is {last}")]
    NoVersion {
        /// What was asked for.
        number: u32,
        /// The newest.
        last: u32,
    },
    /// One cannot be read.
    #[error(transparent)]
    Reading(#[from] ReadingError),
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
