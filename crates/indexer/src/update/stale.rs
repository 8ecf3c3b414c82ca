//! What of the generation in force would be read or cut otherwise today.

use std::{fs, path::Path};

use aho_corasick::AhoCorasick;
use gongbao_analysis::{Dictionary, GenerationNote, StoredNotice, WORDS_FILE, WordChanges};
use gongbao_notice::{ReadBy, ReadByChanges};

use crate::document::any_text;

/// Why notices were derived anew that did not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// These words of the dictionary changed.
    Words(WordChanges),
    /// So much of the dictionary changed that any text may be cut otherwise.
    Dictionary,
    /// Pages are read by newer rules.
    Rules,
    /// The divisions changed.
    Divisions,
    /// The profiles of these hosts changed.
    Profiles(Vec<String>),
}

/// What changed since a generation was made, besides the archive.
pub(super) struct Stale {
    words: Words,
    pages: ReadByChanges,
}

enum Words {
    Same,
    /// Only a text with one of these may be cut otherwise.
    Some(WordChanges, AhoCorasick),
    Any,
}

impl Stale {
    /// What changed since the generation in `path` that `note` is of.
    pub(super) fn since(
        path: &Path,
        note: &GenerationNote,
        dictionary: &Dictionary,
        read_by: &ReadBy,
    ) -> Self {
        let words = if note.dictionary == dictionary.fingerprint() {
            Words::Same
        } else {
            // Without the words of then, any text may be cut otherwise.
            let before = fs::read(path.join(WORDS_FILE)).ok();
            let changes = before.and_then(|before| dictionary.changes_since(&before));
            let found = changes.and_then(|changes| {
                let finder = AhoCorasick::new(changes.words()).ok()?;
                Some(Words::Some(changes, finder))
            });
            found.unwrap_or(Words::Any)
        };
        let pages = read_by.changes_since(&note.read_by);
        Self { words, pages }
    }

    /// Whether nothing changed.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.words, Words::Same) && self.pages.is_empty()
    }

    /// Whether the page of `notice` may be read otherwise.
    pub(super) fn reads_otherwise(&self, notice: &StoredNotice) -> bool {
        self.pages.concern(notice.header.url.as_deref())
    }

    /// Whether the text of `notice` may be cut otherwise.
    pub(super) fn cuts_otherwise(&self, notice: &StoredNotice) -> bool {
        match &self.words {
            Words::Same => false,
            Words::Some(_, finder) => any_text(notice, |text| finder.is_match(text)),
            Words::Any => true,
        }
    }

    /// What changed, for people.
    pub(super) fn causes(self) -> Vec<Cause> {
        let words = match self.words {
            Words::Same => None,
            Words::Some(changes, _) => Some(Cause::Words(changes)),
            Words::Any => Some(Cause::Dictionary),
        };
        let rules = self.pages.rules.then_some(Cause::Rules);
        let divisions = self.pages.divisions.then_some(Cause::Divisions);
        let hosts: Vec<_> = self.pages.hosts.into_iter().collect();
        let profiles = (!hosts.is_empty()).then_some(Cause::Profiles(hosts));
        [words, rules, divisions, profiles]
            .into_iter()
            .flatten()
            .collect()
    }
}
