//! Notices that changed since the generation in force was made.

use std::sync::atomic::Ordering;

use gongbao_analysis::GenerationNote;
use gongbao_archive::Change;

use super::{
    Progress,
    feed::{Feeder, in_threads},
    write::Work,
};
use crate::{document::stored, error::IndexError, read::read_notice};

/// Why a notice that is held back is not indexed.
const HELD_BACK: &str = "it is held back, as its site answers nonsense";

impl Work<'_> {
    /// Feeds every notice that changed since `note`, up to `last_change`, and
    /// those that could not be read then.
    pub(super) fn feed_changes(
        &self,
        feeder: &Feeder<'_>,
        note: &GenerationNote,
        last_change: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), IndexError> {
        let total = last_change.saturating_sub(note.last_change);
        let again = note.unread.iter().filter_map(|id| {
            let notice = self.archive.notice(id).transpose()?;
            Some(notice.map(|notice| Change {
                seq: notice.seq,
                notice,
            }))
        });
        let again = again.filter(|change| {
            change
                .as_ref()
                .map_or(true, |change| change.seq <= note.last_change)
        });
        let changes = again.chain(self.archive.changes_since(note.last_change));
        let mut loader = self.archive.loader();
        let reader = self.reader;
        in_threads(
            self.options.threads,
            |send| {
                for (done, change) in (0..).zip(changes) {
                    if self.interrupt.load(Ordering::Relaxed) {
                        return Err(IndexError::Interrupted);
                    }
                    if feeder.has_failed() {
                        break;
                    }
                    progress(Progress::Reading { done, total });
                    let record = change?.notice;
                    if self.hold.contains(&record.id) {
                        feeder.pass_over(record.id, HELD_BACK.to_owned());
                        continue;
                    }
                    match loader.load(&record.newest) {
                        Ok(loaded) => send((record, loaded)),
                        Err(error) => feeder.pass_over(record.id, error.to_string()),
                    }
                }
                Ok(())
            },
            |(record, loaded)| match read_notice(reader, &record, &loaded) {
                Ok(notice) => feeder.put(&stored(record.id, record.url, notice), true),
                Err(reason) => feeder.pass_over(record.id, reason),
            },
        )
    }
}
