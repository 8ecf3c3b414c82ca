//! What pages are read by besides their own bytes: rules, divisions, profiles
//! of sites. Tells which pages may be read otherwise when one of them changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the rules by which pages are read: raised when a change
/// alters what is read, so that an archive knows to read its pages again.
pub const READING_RULES: u32 = 1;

/// What pages were read by, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBy {
    /// Version of the rules.
    pub rules: u32,
    /// Digest of the table of divisions.
    pub divisions: String,
    /// Digests of the profiles of sites, by host.
    pub profiles: BTreeMap<String, String>,
}

/// What differs between two readings of the same pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadByChanges {
    /// The rules.
    pub rules: bool,
    /// The divisions.
    pub divisions: bool,
    /// The profiles of these hosts.
    pub hosts: BTreeSet<String>,
}

impl ReadBy {
    /// What is not as it was in `before`.
    #[must_use]
    pub fn changes_since(&self, before: &Self) -> ReadByChanges {
        let hosts = self.profiles.keys().chain(before.profiles.keys());
        let differs = |host: &&String| self.profiles.get(*host) != before.profiles.get(*host);
        ReadByChanges {
            rules: self.rules != before.rules,
            divisions: self.divisions != before.divisions,
            hosts: hosts.filter(differs).cloned().collect(),
        }
    }

    /// All of it as one digest.
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(&(self.rules, &self.divisions, &self.profiles))
    }
}

impl ReadByChanges {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a page of the address `url` may be read otherwise for them.
    #[must_use]
    pub fn concern(&self, url: Option<&str>) -> bool {
        let host = || url.and_then(host_of);
        let is_of_site = || host().is_some_and(|host| self.hosts.contains(&host));
        self.rules || self.divisions || is_of_site()
    }
}

/// The host in `url` as profiles name it: lower case, without the port that
/// goes without saying.
pub(crate) fn host_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let own_port = if scheme.eq_ignore_ascii_case("https") {
        ":443"
    } else {
        ":80"
    };
    Some(host.strip_suffix(own_port).unwrap_or(&host).to_owned())
}

/// A digest of `value`, in hexadecimal. Where machines or compilers hash
/// otherwise, it differs, and pages are read again for nothing: no harm.
pub(crate) fn digest_of(value: &impl Hash) -> String {
    struct Sha(Sha256);
    impl Hasher for Sha {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            unreachable!("nobody asks for a short one")
        }
    }
    let mut hasher = Sha(Sha256::new());
    value.hash(&mut hasher);
    let digest = hasher.0.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::{Divisions, Profile, Reader};

    fn reader(organ: &str) -> Reader {
        let profile = Profile {
            hosts: vec![
                "www.yunxi.example".to_owned(),
                "old.example:8080".to_owned(),
            ],
            organ: Some(organ.to_owned()),
            ..Profile::default()
        };
        Reader::new(Divisions::builtin()).with_profiles(vec![profile])
    }

    #[test]
    fn a_changed_profile_concerns_its_hosts() {
        let (before, now) = (reader("云溪县").read_by(), reader("云溪市").read_by());
        assert!(before.changes_since(&reader("云溪县").read_by()).is_empty());
        let changes = now.changes_since(&before);
        assert!(!changes.is_empty() && !changes.rules && !changes.divisions);
        for (url, concerned) in [
            ("https://www.yunxi.example:443/1.html", true),
            ("http://WWW.yunxi.example/", true),
            ("http://old.example:8080/?a", true),
            ("http://old.example/", false),
            ("https://www.baihe.example/", false),
        ] {
            assert_eq!(changes.concern(Some(url)), concerned, "{url}");
        }
        assert!(!changes.concern(None));
        // A profile that comes or goes is one that changes.
        let none = Reader::new(Divisions::builtin()).read_by();
        assert_eq!(now.changes_since(&none).hosts.len(), 2);
        assert_eq!(none.changes_since(&now).hosts.len(), 2);
        assert_ne!(now.digest(), before.digest());
    }

    #[test]
    fn changed_divisions_concern_every_page() {
        let before = Reader::new(Divisions::builtin()).read_by();
        let row = "code\tname\tshort\tlevel\n990100\t泽川市\t泽川\tprefecture\n";
        let now = Reader::new(Divisions::builtin().with_extra(row)).read_by();
        let changes = now.changes_since(&before);
        assert!(changes.divisions && changes.concern(None));
        // What says nothing changes nothing.
        let same = Reader::new(Divisions::builtin().with_extra("# none\n")).read_by();
        assert_eq!(same, before);
    }
}
