//! What an exchange comes to, before anything is written.

use gongbao_notice::NoticeId;
use rusqlite::{OptionalExtension, params};

use super::one_line;
use crate::{
    archive::parsed,
    error::ArchiveError,
    exchange::{Exchange, Seen},
    page::{PageFate, PageRecord, PageState},
    writer::{Writer, frontier::seconds, known::holder},
};

/// What an exchange comes to, before anything is written.
pub(super) struct Verdict {
    pub(super) fate: PageFate,
    pub(super) state: PageState,
    /// The notice, its key, and its newest version as known before.
    pub(super) notice: Option<KnownNotice>,
    /// The version that this makes.
    pub(super) version: Option<u32>,
    /// The notice is found at the page's URL from now on.
    pub(super) new_address: bool,
    pub(super) moved_to: Option<String>,
    pub(super) detail: Option<String>,
}

impl Verdict {
    pub(super) fn of(fate: PageFate) -> Self {
        Self {
            fate,
            state: fate.state(),
            notice: None,
            version: None,
            new_address: false,
            moved_to: None,
            detail: None,
        }
    }
}

/// A notice that a page is, or is to become.
pub(super) struct KnownNotice {
    pub(super) id: NoticeId,
    pub(super) key: String,
    /// Its newest version: number, SHA-256, fingerprint. `None` before the first.
    pub(super) newest: Option<(u32, String, Option<String>)>,
}

impl Writer {
    /// What the exchange comes to. Writes nothing.
    pub(super) fn judge(
        &self,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        digest: &str,
    ) -> Result<Verdict, ArchiveError> {
        let mut verdict = match exchange.seen {
            Seen::Page {
                body,
                article: Some(_),
            } => return self.judge_article(page, body, digest),
            Seen::Page {
                body,
                article: None,
            } => Verdict::of(match &page.sha256 {
                None => PageFate::New,
                Some(sha256) if sha256 == digest => PageFate::Unchanged,
                Some(_) if body.is_some() && page.body.as_deref() == body => PageFate::Chrome,
                Some(_) => PageFate::Edited,
            }),
            Seen::NotModified if page.sha256.is_none() => {
                let mut verdict = Verdict::of(PageFate::Unreachable);
                verdict.detail =
                    Some("not modified, says the server, but it was never received".into());
                verdict
            }
            Seen::NotModified => Verdict::of(PageFate::Unchanged),
            Seen::Redirect { to, .. } => {
                let mut verdict = Verdict::of(PageFate::Moved);
                verdict.moved_to = Some(to.to_owned());
                verdict.detail.clone_from(&verdict.moved_to);
                verdict
            }
            Seen::Gone => match self.twin(page)? {
                None => Verdict::of(PageFate::Gone),
                Some(twin) => {
                    let mut verdict = Verdict::of(PageFate::Moved);
                    verdict.detail = Some(twin.clone());
                    verdict.moved_to = Some(twin);
                    verdict
                }
            },
            Seen::Declined => Verdict::of(PageFate::Declined),
            Seen::Failed { why } => {
                let mut verdict = Verdict::of(PageFate::Unreachable);
                verdict.detail = Some(one_line(why));
                verdict
            }
        };
        verdict.notice = self.notice_of(page)?;
        Ok(verdict)
    }

    fn judge_article(
        &self,
        page: &PageRecord,
        body: Option<&str>,
        digest: &str,
    ) -> Result<Verdict, ArchiveError> {
        let mut known = self.notice_of(page)?;
        if known.is_none()
            && let Some(body) = body
        {
            known = self.vanished(page, body)?;
        }
        let Some(known) = known else {
            let id = NoticeId::from_key(&page.url);
            if let Some(holder) = self.sql(|connection| holder(connection, &id))? {
                let key = page.url.clone();
                return Err(ArchiveError::IdTaken { id, key, holder });
            }
            let mut verdict = Verdict::of(PageFate::New);
            verdict.version = Some(1);
            verdict.notice = Some(KnownNotice {
                id,
                key: page.url.clone(),
                newest: None,
            });
            return Ok(verdict);
        };
        let (last, sha256, last_body) =
            known.newest.as_ref().expect("a known notice has a version");
        let same_bytes = sha256 == digest || page.sha256.as_deref() == Some(digest);
        let same_body = body.is_some() && last_body.as_deref() == body;
        // Its notice has another key, and this is the first that is seen of it here.
        let new_address = known.key != page.url && page.sha256.is_none();
        let mut verdict = match () {
            () if new_address && (same_body || same_bytes) => {
                let mut verdict = Verdict::of(PageFate::Moved);
                verdict.state = PageState::Live;
                verdict.moved_to = Some(page.url.clone());
                verdict
            }
            // Even with another fingerprint: then the rules of reading have changed.
            () if same_bytes => Verdict::of(PageFate::Unchanged),
            () if same_body => Verdict::of(PageFate::Chrome),
            () => {
                let mut verdict = Verdict::of(PageFate::Edited);
                verdict.version = Some(last + 1);
                verdict
            }
        };
        verdict.new_address = new_address;
        verdict.notice = Some(known);
        Ok(verdict)
    }

    /// The notice that the page is: the one it was handed, or that of its URL.
    pub(super) fn notice_of(&self, page: &PageRecord) -> Result<Option<KnownNotice>, ArchiveError> {
        match &page.notice {
            Some(id) => self.known_notice("n.id = ?1", &[&id.as_str()]),
            None => self.known_notice("n.key = ?1", &[&page.url]),
        }
    }

    /// A notice of the same site that says the same and has vanished from
    /// where it was.
    fn vanished(&self, page: &PageRecord, body: &str) -> Result<Option<KnownNotice>, ArchiveError> {
        self.known_notice(
            "n.id = (SELECT p.notice FROM versions w JOIN pages p ON p.notice = w.notice
                     WHERE w.body = ?1 AND p.site = ?2 AND p.state = 'gone' ORDER BY p.id LIMIT 1)
             AND v.body = ?1",
            &[&body, &page.site],
        )
    }

    fn known_notice(
        &self,
        condition: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Option<KnownNotice>, ArchiveError> {
        let sql = format!(
            "SELECT n.id, n.key, n.version, v.sha256, v.body FROM notices n
             JOIN versions v ON v.notice = n.id AND v.version = n.version WHERE {condition}"
        );
        self.sql(|connection| {
            connection
                .prepare_cached(&sql)?
                .query_row(values, |row| {
                    Ok(KnownNotice {
                        id: parsed(row, 0)?,
                        key: row.get(1)?,
                        newest: Some((row.get(2)?, row.get(3)?, row.get(4)?)),
                    })
                })
                .optional()
        })
    }

    /// The page of the same site that says the same as `page` did and was
    /// found since `page` was last seen: two copies that always stood side
    /// by side are no move.
    fn twin(&self, page: &PageRecord) -> Result<Option<String>, ArchiveError> {
        let (Some(body), Some(last)) = (&page.body, page.last_fetch) else {
            return Ok(page.moved_to.clone());
        };
        self.sql(|connection| {
            connection
                .prepare_cached(
                    "SELECT p.url FROM versions v
                     JOIN notices n ON n.id = v.notice AND n.version = v.version
                     JOIN pages p ON p.notice = n.id
                     WHERE v.body = ?1 AND p.site = ?2 AND p.id <> ?3 AND p.state = 'live' AND p.discovered >= ?4
                     ORDER BY p.id LIMIT 1",
                )?
                .query_row(params![body, page.site, page.id.0, seconds(last)], |row| row.get(0))
                .optional()
        })
        // Gone long ago, and known to have moved then.
        .map(|twin| twin.or_else(|| page.moved_to.clone()))
    }
}
