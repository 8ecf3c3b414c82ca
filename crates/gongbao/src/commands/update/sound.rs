//! Whether a new generation of the index may take the place of the old one.

use std::path::Path;

use gongbao_analysis::{Dictionary, StoredNotice, is_letter};
use gongbao_archive::{Archive, NoticeRecord};
use gongbao_indexer::Candidate;
use gongbao_notice::{Divisions, NoticeId};
use gongbao_query::{Engine, Filters, Request};

/// So many known answers are asked for.
const KNOWN_ANSWERS: usize = 20;

/// So many characters of a passage make a question that its notice must answer.
const QUESTION_CHARS: usize = 16;

/// The checks of a run.
pub(super) struct Soundness<'a> {
    pub(super) archive: &'a Archive,
    pub(super) dictionary: &'a Dictionary,
    /// The share of its passages that the index may lose; `None` for any.
    pub(super) max_loss: Option<f64>,
}

impl Soundness<'_> {
    /// What is the matter with `candidate`; nothing if it is sound.
    pub(super) fn faults(&self, candidate: &Candidate<'_>) -> Vec<String> {
        let mut faults = Vec::new();
        let note = candidate.note;
        match self.archive.notice_count() {
            // What was not read may be in it all the same, from before.
            Ok(count) if note.notices + (note.unread.len() as u64) < count => faults.push(format!(
                "it holds {} of {count} notices of the archive, and only {} could not be read",
                note.notices,
                note.unread.len()
            )),
            Ok(count) if note.notices > count => faults.push(format!(
                "it holds {} notices, and the archive {count}",
                note.notices
            )),
            Ok(_) => {}
            Err(error) => faults.push(format!("the archive could not be counted: {error}")),
        }
        let Some((base, base_note)) = candidate.base else {
            return faults;
        };
        if let Some(max_loss) = self.max_loss {
            if note.notices < base_note.notices {
                faults.push(format!(
                    "it holds {} notices, and the old one {}",
                    note.notices, base_note.notices
                ));
            }
            let least = (1.0 - max_loss) * base_note.passages as f64;
            if (note.passages as f64) < least {
                faults.push(format!(
                    "it holds {} passages, and the old one {}",
                    note.passages, base_note.passages
                ));
            }
        }
        match self.known_answers(base, candidate.dir, base_note.last_change) {
            Ok(missed) => faults.extend(missed),
            Err(error) => faults.push(format!("it cannot be asked: {error:#}")),
        }
        faults
    }

    /// Asks the new index for the words of notices of the old one that did not
    /// change since.
    fn known_answers(
        &self,
        old: &Path,
        new: &Path,
        last_change: u64,
    ) -> anyhow::Result<Vec<String>> {
        let old = Engine::open_for_letters(old, Divisions::builtin)?;
        let new = Engine::open_at(new, self.dictionary.clone(), Divisions::builtin)?;
        let mut missed = Vec::new();
        for record in self.archive.sample(KNOWN_ANSWERS)? {
            let Some((question, id)) = question(&old, &record, last_change)? else {
                continue;
            };
            let request = Request {
                literal: true,
                filters: Filters {
                    notices: vec![id.clone()],
                    ..Filters::default()
                },
                limit: 1,
                ..Request::new(&question)
            };
            if old.search(&request)?.total > 0 && new.search(&request)?.total == 0 {
                missed.push(format!(
                    "{id} is not found any more by its words {question}"
                ));
            }
        }
        Ok(missed)
    }
}

fn question(
    old: &Engine,
    record: &NoticeRecord,
    last_change: u64,
) -> anyhow::Result<Option<(String, NoticeId)>> {
    if record.seq > last_change {
        return Ok(None);
    }
    let Some(notice) = old.notice(&record.id)? else {
        return Ok(None);
    };
    Ok(words(&notice).map(|words| (words, record.id.clone())))
}

/// Some words from the middle of the notice, within one line.
fn words(notice: &StoredNotice) -> Option<String> {
    if notice.passages.is_empty() {
        return None;
    }
    let text = notice.passage_text(notice.passages.len() / 2);
    let line = text.lines().max_by_key(|line| line.chars().count())?;
    let words: String = line.trim().chars().take(QUESTION_CHARS).collect();
    (words.chars().filter(|&c| is_letter(c)).count() >= 2).then_some(words)
}
