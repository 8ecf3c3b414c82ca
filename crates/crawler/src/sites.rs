//! All sites at hand: those built in, and the user's own.

use std::{borrow::Cow, io, path::Path};

use crate::site::{Site, SiteError};

/// The profiles built into the program, `data/sites/ID.toml`, by id.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sites.rs"));

/// Site profiles by id.
#[derive(Clone, Debug)]
pub struct Sites(Vec<Entry>);

/// A profile and where it stands.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The file, or `None` for a built-in profile.
    pub file: Option<String>,
    /// The profile as written.
    pub text: Cow<'static, str>,
    /// The profile as read.
    pub site: Site,
}

impl Sites {
    /// The profiles built into the program.
    ///
    /// # Panics
    ///
    /// When one of them cannot be used, which a test rules out.
    #[must_use]
    pub fn built_in() -> Self {
        let entry = |&(id, text): &(&str, &'static str)| Entry {
            file: None,
            text: text.into(),
            site: Site::parse(id, text).expect("built-in profiles are tested"),
        };
        Self(BUILT_IN.iter().map(entry).collect())
    }

    /// Adds the profiles in `dir`, `*.toml`; one of the same id replaces a
    /// built-in one. A folder that is not there adds none.
    ///
    /// # Errors
    ///
    /// [`SiteError`] for the first file that cannot be read or used.
    pub fn with_folder(mut self, dir: &Path) -> Result<Self, SiteError> {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self),
            Err(source) => {
                let path = dir.to_owned();
                return Err(SiteError::Io { path, source });
            }
        };
        let mut paths: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "toml")
            })
            .collect();
        paths.sort();
        for path in paths {
            let file = path.display().to_string();
            let text =
                std::fs::read_to_string(&path).map_err(|source| SiteError::Io { path, source })?;
            let site = Site::parse(&file, &text)?;
            self.0.retain(|known| known.site.id != site.id);
            self.0.push(Entry {
                file: Some(file),
                text: text.into(),
                site,
            });
        }
        self.0.sort_by(|a, b| a.site.id.cmp(&b.site.id));
        Ok(self)
    }

    /// Every profile, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// The site of that id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Site> {
        self.0
            .iter()
            .map(|entry| &entry.site)
            .find(|site| site.id == id)
    }

    /// The site that may visit the host `key`, as `host` or `host:port`.
    #[must_use]
    pub fn of_host(&self, key: &str) -> Option<&Site> {
        self.0
            .iter()
            .map(|entry| &entry.site)
            .find(|site| site.hosts.iter().any(|host| host == key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_can_be_used_and_is_named_for_its_file() {
        assert!(!BUILT_IN.is_empty());
        for (entry, (id, _)) in Sites::built_in().iter().zip(BUILT_IN) {
            assert_eq!(entry.site.id, *id);
        }
    }

    #[test]
    fn a_file_of_the_users_replaces_a_built_in_one() {
        let dir = tempfile::tempdir().expect("a folder");
        let id = BUILT_IN[0].0;
        let own = format!(
            "id = {id:?}\nname = \"自己的\"\ncolumns = [{{ name = \"公告\", url = \"https://a.example/\" }}]"
        );
        std::fs::write(dir.path().join("mine.toml"), own).expect("it is written");
        let sites = Sites::built_in()
            .with_folder(dir.path())
            .expect("it is read");
        assert_eq!(sites.get(id).map(|site| site.name.as_str()), Some("自己的"));
        assert_eq!(sites.iter().count(), BUILT_IN.len());
        assert!(sites.of_host("a.example").is_some() && sites.of_host("a.example:81").is_none());
        let gone = Sites::built_in().with_folder(&dir.path().join("none"));
        assert_eq!(gone.expect("it adds none").iter().count(), BUILT_IN.len());
    }
}
