//! What became of a notice, fetch by fetch and version by version.

use gongbao_archive::{Archive, ArchiveError, FetchRecord, NoticeRecord, VersionRecord};
use serde::Serialize;

use crate::rows::Row;

/// Something that happened to a notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryRow {
    /// The notice.
    pub id: String,
    /// When.
    pub fetched: String,
    /// As in the catalogue; `changed` is a file that was imported with other
    /// bytes than before.
    pub fate: &'static str,
    /// The version that it made.
    pub version: Option<u32>,
    /// The status of HTTP.
    pub status: Option<u16>,
    /// Of what was received.
    pub bytes: Option<u64>,
    /// Of what was received.
    pub sha256: Option<String>,
    /// The address it was fetched from.
    pub url: Option<String>,
    /// What went wrong, or the new address.
    pub detail: Option<String>,
}

impl HistoryRow {
    /// What became of the notice `record`, oldest first.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn all(record: &NoticeRecord, archive: &Archive) -> Result<Vec<Self>, ArchiveError> {
        let id = record.id.as_str();
        let fetches = archive.fetches_of(&record.id)?;
        let mut rows: Vec<_> = archive
            .versions(&record.id)?
            .iter()
            .filter(|version| {
                let made_it = |fetch: &FetchRecord| fetch.version == Some(version.version);
                !fetches.iter().any(made_it)
            })
            .map(|version| Self::imported(id, version, record.url.as_deref()))
            .collect();
        rows.extend(fetches.iter().map(|fetch| Self::fetched(id, fetch)));
        // Stable: fetches of one second stay in their order. All times are in
        // UTC, to the second, so their text sorts as they do.
        rows.sort_by(|a, b| a.fetched.cmp(&b.fetched));
        Ok(rows)
    }

    fn fetched(id: &str, fetch: &FetchRecord) -> Self {
        Self {
            id: id.to_owned(),
            fetched: fetch.fetched.to_string(),
            fate: fetch.fate.name(),
            version: fetch.version,
            status: fetch.status,
            bytes: fetch.status.map(|_| fetch.bytes),
            sha256: fetch.sha256.clone(),
            url: Some(fetch.url.clone()),
            detail: fetch.detail.clone(),
        }
    }

    fn imported(id: &str, version: &VersionRecord, url: Option<&str>) -> Self {
        Self {
            id: id.to_owned(),
            fetched: version.fetched.to_string(),
            fate: if version.version == 1 {
                "new"
            } else {
                "changed"
            },
            version: Some(version.version),
            status: None,
            bytes: Some(version.size),
            sha256: Some(version.sha256.clone()),
            url: url.map(str::to_owned),
            detail: version.file_name.clone(),
        }
    }
}

impl Row for HistoryRow {
    const COLUMNS: &'static [&'static str] = &[
        "id", "fetched", "fate", "version", "status", "bytes", "sha256", "url", "detail",
    ];

    fn cells(&self) -> Vec<String> {
        fn told<T: ToString>(value: Option<&T>) -> String {
            value.map_or_else(String::new, ToString::to_string)
        }
        vec![
            self.id.clone(),
            self.fetched.clone(),
            self.fate.to_owned(),
            told(self.version.as_ref()),
            told(self.status.as_ref()),
            told(self.bytes.as_ref()),
            told(self.sha256.as_ref()),
            told(self.url.as_ref()),
            told(self.detail.as_ref()),
        ]
    }
}
