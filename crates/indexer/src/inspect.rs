//! Looks at what changed before it is indexed: a site that answers nonsense
//! must not push out what it said before.

use std::collections::{BTreeMap, HashMap};

use gongbao_analysis::GenerationNote;
use gongbao_archive::{Archive, Loader, NoticeRecord};
use gongbao_notice::{NoticeId, Reader};
use sha2::{Digest, Sha256};

use crate::{error::IndexError, generation::Generations, read::read_notice, update::base_note};

/// From so many changed notices of a site on, what they have in common says
/// something.
const LEAST_NOTICES: usize = 5;

/// Notices of one site that had better not be indexed as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// The host.
    pub site: String,
    /// The notices to hold back.
    pub notices: Vec<NoticeId>,
    /// Why.
    pub suspicion: Suspicion,
}

/// Why notices are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// They all say the same, word by word, or nothing.
    SameText,
    /// They had titles of their own, and all have the same one now.
    SameTitle,
    /// They say much less than they did: so many letters of so many.
    Loss {
        /// Letters now.
        now: u64,
        /// Letters before.
        before: u64,
    },
}

/// What a version says, in short.
struct Gist {
    title: String,
    body: [u8; 32],
    letters: u64,
}

struct Changed {
    id: NoticeId,
    now: Gist,
    /// What the index in force has of it.
    before: Option<Gist>,
}

/// Finds sites of `archive` whose changes since the index in force look like
/// nonsense: five or more of their notices, and more than half of those that
/// changed, say the same word by word, or lost their own titles to a common
/// one; or five or more say less than a share `1 - max_loss` of what they said.
/// Where there is no index yet, there is nothing to compare with.
///
/// # Errors
///
/// [`IndexError`] when archive or index cannot be read. A page that cannot be
/// read is left to indexing.
pub fn inspect(
    archive: &Archive,
    reader: &Reader,
    max_loss: f64,
) -> Result<Vec<Suspect>, IndexError> {
    let generations = Generations::open(archive.corpus().index_dir())?;
    let Some(number) = generations.current()? else {
        return Ok(Vec::new());
    };
    let Ok(note) = base_note(&generations.path(number), &archive.uuid()?) else {
        return Ok(Vec::new());
    };
    let mut loader = archive.loader();
    let mut sites: BTreeMap<String, Vec<Changed>> = BTreeMap::new();
    let mut look = |record: NoticeRecord| -> Result<(), IndexError> {
        let Some(site) = record.url.as_deref().and_then(crate::document::host) else {
            return Ok(());
        };
        let site = site.to_owned();
        let Some(now) = gist(reader, &mut loader, &record) else {
            return Ok(());
        };
        let before = match indexed_version(archive, &note, &record.id)? {
            0 => None,
            base => {
                let versions = archive.versions(&record.id)?;
                let old = versions.into_iter().find(|version| version.version == base);
                old.and_then(|newest| {
                    let old = NoticeRecord {
                        newest,
                        ..record.clone()
                    };
                    gist(reader, &mut loader, &old)
                })
            }
        };
        let id = record.id;
        sites
            .entry(site)
            .or_default()
            .push(Changed { id, now, before });
        Ok(())
    };
    for id in &note.unread {
        if let Some(record) = archive.notice(id)?
            && record.seq <= note.last_change
        {
            look(record)?;
        }
    }
    for change in archive.changes_since(note.last_change) {
        look(change?.notice)?;
    }
    Ok(sites
        .into_iter()
        .filter_map(|(site, changed)| suspect(site, &changed, max_loss))
        .collect())
}

/// The version of notice `id` that the generation of `note` holds; 0 for none.
pub(crate) fn indexed_version(
    archive: &Archive,
    note: &GenerationNote,
    id: &NoticeId,
) -> Result<u32, IndexError> {
    match note.held.iter().find(|(held, _)| held == id) {
        Some(&(_, version)) => Ok(version),
        None => Ok(archive.version_at(id, note.last_change)?),
    }
}

fn gist(reader: &Reader, loader: &mut Loader, record: &NoticeRecord) -> Option<Gist> {
    let loaded = loader.load(&record.newest).ok()?;
    let notice = read_notice(reader, record, &loaded).ok()?;
    let text = notice.body.text();
    Some(Gist {
        title: notice.title.map(|found| found.value).unwrap_or_default(),
        body: Sha256::digest(text).into(),
        letters: text.chars().filter(|c| c.is_alphanumeric()).count() as u64,
    })
}

fn suspect(site: String, changed: &[Changed], max_loss: f64) -> Option<Suspect> {
    let ids = |wanted: &dyn Fn(&Changed) -> bool| -> Vec<NoticeId> {
        let wanted = changed.iter().filter(|changed| wanted(changed));
        wanted.map(|changed| changed.id.clone()).collect()
    };
    let is_many = |count: usize, of: usize| count >= LEAST_NOTICES && 2 * count > of;

    let same = most_common(changed.iter().map(|changed| changed.now.body));
    if let Some((body, count)) = same
        && is_many(count, changed.len())
    {
        let notices = ids(&|changed| changed.now.body == body);
        let suspicion = Suspicion::SameText;
        return Some(Suspect {
            site,
            notices,
            suspicion,
        });
    }
    let known: Vec<_> = changed
        .iter()
        .filter_map(|changed| Some((changed, changed.before.as_ref()?)))
        .collect();
    let lost_title = |now: &Gist, before: &Gist| now.title != before.title;
    let titles = known
        .iter()
        .filter(|(changed, before)| lost_title(&changed.now, before))
        .map(|(changed, _)| changed.now.title.as_str());
    if let Some((title, count)) = most_common(titles)
        && is_many(count, known.len())
    {
        let title = title.to_owned();
        let notices = ids(&|changed| {
            let before = changed.before.as_ref();
            changed.now.title == title
                && before.is_some_and(|before| lost_title(&changed.now, before))
        });
        let suspicion = Suspicion::SameTitle;
        return Some(Suspect {
            site,
            notices,
            suspicion,
        });
    }
    let now: u64 = known.iter().map(|(changed, _)| changed.now.letters).sum();
    let before: u64 = known.iter().map(|(_, before)| before.letters).sum();
    if known.len() >= LEAST_NOTICES && (now as f64) < (1.0 - max_loss) * before as f64 {
        let notices = ids(&|changed| {
            let before = changed.before.as_ref();
            before.is_some_and(|before| changed.now.letters < before.letters)
        });
        let suspicion = Suspicion::Loss { now, before };
        return Some(Suspect {
            site,
            notices,
            suspicion,
        });
    }
    None
}

fn most_common<T: std::hash::Hash + Eq + Copy + Ord>(
    values: impl Iterator<Item = T>,
) -> Option<(T, usize)> {
    let mut counts = HashMap::new();
    for value in values {
        *counts.entry(value).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(value, count)| (count, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(key: usize, title: &str, body: &str, before: Option<(&str, u64)>) -> Changed {
        let gist = |title: &str, body: &str, letters| Gist {
            title: title.to_owned(),
            body: Sha256::digest(body).into(),
            letters,
        };
        Changed {
            id: NoticeId::from_key(&key.to_string()),
            now: gist(title, body, 100),
            before: before.map(|(title, letters)| gist(title, "before", letters)),
        }
    }

    #[track_caller]
    fn check(changed: &[Changed], expected: Option<(Suspicion, usize)>) {
        let found = suspect("a.example".to_owned(), changed, 0.2);
        let found = found.map(|found| (found.suspicion, found.notices.len()));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_many_pages_share_is_suspect() {
        let bodies = ["甲", "乙", "丙", "丁", "戊", "己"];
        let fine: Vec<_> = (0..6)
            .map(|n| changed(n, bodies[n], bodies[n], Some((bodies[n], 100))))
            .collect();
        check(&fine, None);
        let challenge: Vec<_> = (0..6)
            .map(|n| changed(n, "请稍候", "请稍候", Some((bodies[n], 100))))
            .collect();
        check(&challenge, Some((Suspicion::SameText, 6)));
        let titles: Vec<_> = (0..6)
            .map(|n| changed(n, "首页", bodies[n], Some((bodies[n], 100))))
            .collect();
        check(&titles, Some((Suspicion::SameTitle, 6)));
        // Notices that are new often share a title.
        let series: Vec<_> = (0..6)
            .map(|n| changed(n, "公示", bodies[n], None))
            .collect();
        check(&series, None);
        let shrunk: Vec<_> = (0..6)
            .map(|n| changed(n, bodies[n], bodies[n], Some((bodies[n], 130))))
            .collect();
        let (now, before) = (600, 780);
        check(&shrunk, Some((Suspicion::Loss { now, before }, 6)));
        check(&challenge[..4], None);
    }
}
