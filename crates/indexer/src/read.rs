//! From what was received to a notice.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gongbao_archive::{CaptureKind, Loaded, NoticeRecord};
use gongbao_notice::{Notice, Page, Reader};

/// Reads the newest version of `record`, which was loaded as `loaded`.
///
/// # Errors
///
/// Why it cannot be read: a row that is no JSON, or a page on which reading
/// itself fails. One page never stops a run.
pub fn read_notice(
    reader: &Reader,
    record: &NoticeRecord,
    loaded: &Loaded,
) -> Result<Notice, String> {
    let version = &record.newest;
    let read = || match version.kind {
        CaptureKind::Row => {
            let row = serde_json::from_slice(&loaded.bytes).map_err(|error| error.to_string())?;
            Ok(reader.read_row(&row))
        }
        CaptureKind::Page => Ok(reader.read(&Page {
            bytes: &loaded.bytes,
            content_type: version.content_type.as_deref(),
            url: record.url.as_deref(),
            file_name: version.file_name.as_deref(),
            profile: None,
        })),
    };
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err("reading it failed, which is a defect worth reporting".to_owned()))
}
