//! Notices by their names: an id or an address.

use anyhow::anyhow;
use gongbao_archive::{Archive, NoticeRecord};
use gongbao_desk::{Reading, ReadingError, find_notice};

use crate::config::Config;

/// The notice that `name` names.
///
/// # Errors
///
/// When there is none, or the catalogue cannot be read.
pub(super) fn find(archive: &Archive, name: &str, config: &Config) -> anyhow::Result<NoticeRecord> {
    let (record, _) = find_notice(archive, name).map_err(|error| told(error, config))?;
    Ok(record)
}

/// The notice that `name` names, read, and which item of it was asked for.
///
/// # Errors
///
/// When there is none, or it cannot be read.
pub(super) fn reading(archive: &Archive, name: &str, config: &Config) -> anyhow::Result<Reading> {
    Reading::of(name, archive, &config.reader()?).map_err(|error| told(error, config))
}

/// `error` in the reader's language, or as itself, for those who look for its
/// kind.
pub(super) fn told(error: ReadingError, config: &Config) -> anyhow::Error {
    match error {
        ReadingError::NoNotice(name) => anyhow!(config.lang.no_notice(&name)),
        ReadingError::NoItem { id, anchor } => anyhow!(config.lang.no_anchor(id.as_str(), &anchor)),
        ReadingError::Archive(error) => error.into(),
        other => other.into(),
    }
}
