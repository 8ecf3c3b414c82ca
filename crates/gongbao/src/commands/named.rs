//! Notices by their names: an id or an address.

use anyhow::{Context, anyhow};
use gongbao_archive::{Archive, NoticeRecord, VersionRecord};
use gongbao_indexer::read_notice;
use gongbao_notice::{Notice, NoticeId, Reader};

use crate::config::Config;

/// The notice that `name` names, and the anchor in it, if it names one.
///
/// # Errors
///
/// When there is none, or the catalogue cannot be read.
pub(super) fn find(
    archive: &Archive,
    name: &str,
    config: &Config,
) -> anyhow::Result<(NoticeRecord, Option<String>)> {
    look(archive, name)?.ok_or_else(|| anyhow!(config.lang.no_notice(name)))
}

fn look(archive: &Archive, name: &str) -> anyhow::Result<Option<(NoticeRecord, Option<String>)>> {
    // An address may hold a # of its own.
    if name.contains("://")
        && let Some(record) = archive.find(name)?
    {
        return Ok(Some((record, None)));
    }
    let (name, anchor) = match name.rsplit_once('#') {
        Some((name, anchor)) => (name, Some(anchor).filter(|anchor| !anchor.is_empty())),
        None => (name, None),
    };
    let record = if name.contains("://") {
        archive.find(name)?
    } else {
        archive.notice(&name.parse::<NoticeId>()?)?
    };
    Ok(record.map(|record| (record, anchor.map(str::to_owned))))
}

/// `version` of the notice `record`, as it is read now.
///
/// # Errors
///
/// When its bytes are damaged or cannot be read.
pub(super) fn read(
    archive: &Archive,
    record: &NoticeRecord,
    version: &VersionRecord,
    reader: &Reader,
) -> anyhow::Result<Notice> {
    let context = || format!("reading {} version {}", record.id, version.version);
    let loaded = archive.load(version).with_context(context)?;
    let record = NoticeRecord {
        newest: version.clone(),
        ..record.clone()
    };
    read_notice(reader, &record, &loaded)
        .map_err(anyhow::Error::msg)
        .with_context(context)
}
