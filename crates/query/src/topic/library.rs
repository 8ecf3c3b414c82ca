//! All packs at hand, read when they are asked for.

use std::{borrow::Cow, path::Path};

use super::{Pack, Topic, TopicError, source};

/// The packs built into the program, `data/topics/ID.toml`, by id.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/topics.rs"));

/// All topic packs at hand. Their texts only: a pack is read when it is asked
/// for, so that a search does not wait for those it does not need.
#[derive(Clone, Debug)]
pub struct Topics(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    /// The file or built-in pack, for messages.
    name: String,
    /// Its id, or where that was not seen at a glance, its name.
    id: String,
    text: Cow<'static, str>,
}

impl Topics {
    /// The packs built into the program.
    #[must_use]
    pub fn built_in() -> Self {
        let entry = |&(id, text): &(&str, &'static str)| Entry {
            name: id.to_owned(),
            id: id.to_owned(),
            text: text.into(),
        };
        Self(BUILT_IN.iter().map(entry).collect())
    }

    /// Adds the packs in `dir`, `*.toml`; one of the same id replaces a
    /// built-in one. A folder that is not there adds none.
    ///
    /// # Errors
    ///
    /// [`TopicError::Io`] for the first file that cannot be read. What it says
    /// is looked at when it is asked for.
    pub fn with_folder(mut self, dir: &Path) -> Result<Self, TopicError> {
        let Ok(entries) = std::fs::read_dir(dir) else {
            return Ok(self);
        };
        let mut paths: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        });
        paths.sort();
        for path in paths {
            let name = path.display().to_string();
            let text =
                std::fs::read_to_string(&path).map_err(|source| TopicError::Io { path, source })?;
            let id = match source::likely_id(&text) {
                Some(id) => id.to_owned(),
                None => Topic::parse(&name, &text).map_or(name.clone(), |topic| topic.id),
            };
            self.0.retain(|known| known.id != id);
            self.0.push(Entry {
                name,
                id,
                text: text.into(),
            });
        }
        self.0.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(self)
    }

    /// The pack of that id or name, in Chinese or English, in any case.
    ///
    /// # Errors
    ///
    /// [`TopicError`] when that pack cannot be used; or when there is none of
    /// that name and another, which may be the one meant, cannot be used.
    pub fn find(&self, name: &str) -> Result<Option<Topic>, TopicError> {
        match self.entry(name)? {
            None => Ok(None),
            Some(entry) => Topic::parse(&entry.name, &entry.text).map(Some),
        }
    }

    /// The same, with what the pack is tested on.
    ///
    /// # Errors
    ///
    /// As for [`find`](Self::find).
    pub fn pack(&self, name: &str) -> Result<Option<Pack>, TopicError> {
        match self.entry(name)? {
            None => Ok(None),
            Some(entry) => Pack::parse(&entry.name, &entry.text).map(Some),
        }
    }

    /// Every topic, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = Result<Topic, TopicError>> {
        self.0
            .iter()
            .map(|entry| Topic::parse(&entry.name, &entry.text))
    }

    /// Every pack with what it is tested on, sorted by id.
    pub fn packs(&self) -> impl Iterator<Item = Result<Pack, TopicError>> {
        self.0
            .iter()
            .map(|entry| Pack::parse(&entry.name, &entry.text))
    }

    fn entry(&self, name: &str) -> Result<Option<&Entry>, TopicError> {
        let wanted = name.trim();
        if let Some(entry) = self.0.iter().find(|entry| entry.id == wanted) {
            return Ok(Some(entry));
        }
        // Names stand in the text as they are, save for letter case and what
        // TOML writes as escapes: look first where it is likely.
        let is_likely = |entry: &&Entry| entry.text.contains(wanted);
        let (likely, others): (Vec<_>, Vec<_>) = self.0.iter().partition(is_likely);
        for entry in likely.into_iter().chain(others) {
            if Topic::parse(&entry.name, &entry.text)?.goes_by(wanted) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pack_reads_and_bears_its_name() {
        for (entry, pack) in Topics::built_in().0.iter().zip(Topics::built_in().packs()) {
            let pack = pack.unwrap_or_else(|error| panic!("{}: {error:?}", entry.name));
            assert_eq!(pack.topic.id, entry.id);
            assert_eq!(source::likely_id(&entry.text), Some(entry.id.as_str()));
        }
    }

    #[test]
    fn no_two_built_in_packs_share_a_name() {
        let mut known = std::collections::HashMap::new();
        for topic in Topics::built_in().iter() {
            let topic = topic.expect("a whole pack");
            let mut names = vec![topic.id.clone(), topic.name.zh, topic.name.en];
            names.extend(topic.aliases);
            names
                .iter_mut()
                .for_each(|name| *name = name.to_lowercase());
            names.sort();
            names.dedup();
            for name in names {
                if let Some(other) = known.insert(name.clone(), topic.id.clone()) {
                    panic!("{name} is {other} and {}", topic.id);
                }
            }
        }
    }

    #[test]
    fn a_pack_goes_by_any_of_its_names() {
        let topics = Topics::built_in();
        for name in ["debt-resolution", "债务化解", "Debt Resolution"] {
            let found = topics.find(name).expect("whole packs");
            assert_eq!(found.expect("it is there").id, "debt-resolution");
        }
        assert!(topics.find("天气").expect("whole packs").is_none());
    }

    #[test]
    fn ones_own_pack_takes_the_place_of_a_built_in_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("room");
        };
        let own = |id: &str| {
            format!(
                "id = '{id}'\nversion = 9\nname = {{ zh = '甲', en = 'A' }}\nscope = ''\nexpressions = [{{ text = '债务' }}]\n"
            )
        };
        write("a.toml", &own("debt-resolution"));
        write("broken.toml", "id = 'broken'\n");
        write("notes.txt", "no pack");
        let count = Topics::built_in().iter().count();
        let topics = Topics::built_in().with_folder(folder.path()).expect("read");
        assert_eq!(topics.iter().count(), count + 1);
        let found = topics.find("debt-resolution").expect("it reads");
        assert_eq!(found.expect("it is there").version, 9);
        // A broken pack troubles only those who ask for it, or for one that
        // none of the others is.
        assert!(topics.find("甲").expect("it reads").is_some());
        assert!(topics.find("broken").is_err());
        assert!(topics.find("no such").is_err());
    }
}
