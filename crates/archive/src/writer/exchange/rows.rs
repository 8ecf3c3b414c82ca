//! The rows of an exchange.

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::params;

use super::{
    records::Response,
    verdict::{KnownNotice, Verdict},
};
use crate::{
    error::ArchiveError,
    exchange::{Article, Exchange, Seen},
    page::{KeptRecord, PageFate, PageRecord, PageState},
    record::Span,
    writer::{Writer, frontier::seconds, signed},
};

/// A row of `fetches` on its way into the catalogue.
pub(super) struct Fetch<'a> {
    pub(super) run: i64,
    pub(super) page: &'a PageRecord,
    pub(super) fetched: Timestamp,
    pub(super) status: Option<u16>,
    pub(super) took_ms: i64,
    pub(super) bytes: u64,
    pub(super) sha256: Option<&'a str>,
    pub(super) place: &'a (String, Span),
    pub(super) verdict: &'a Verdict,
}

impl Writer {
    pub(super) fn write_fetch(&self, fetch: &Fetch<'_>) -> Result<(), ArchiveError> {
        let verdict = fetch.verdict;
        self.sql(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO fetches (run, page, fetched, status, fate, detail, duration_ms, bytes, sha256,
                         warc_file, warc_offset, warc_length, notice, version)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                )?
                .execute(params![
                    fetch.run,
                    fetch.page.id.0,
                    seconds(fetch.fetched),
                    fetch.status,
                    verdict.fate.name(),
                    verdict.detail,
                    fetch.took_ms,
                    signed(fetch.bytes),
                    fetch.sha256,
                    fetch.place.0,
                    signed(fetch.place.1.offset),
                    signed(fetch.place.1.length),
                    verdict.notice.as_ref().map(|notice| notice.id.as_str()),
                    verdict.version,
                ])
                .map(drop)
        })
    }

    pub(super) fn write_page(
        &self,
        page: &PageRecord,
        fetched: Timestamp,
        verdict: &Verdict,
        received: Option<(&Exchange<'_>, &str, &Response)>,
    ) -> Result<(), ArchiveError> {
        let mut now = page.clone();
        let mut kept = page.record.clone();
        now.state = verdict.state;
        now.failures = match verdict.fate {
            PageFate::Declined | PageFate::Unreachable => page.failures.saturating_add(1),
            _ => 0,
        };
        now.moved_to.clone_from(&verdict.moved_to);
        if verdict.state == PageState::Live {
            now.moved_to = None;
        }
        if let Some((exchange, digest, response)) = received {
            if response.is_whole {
                kept = Some(KeptRecord {
                    id: response.id.clone(),
                    date: seconds(exchange.fetched),
                    sha256: digest.to_owned(),
                });
            }
            let field = |name| exchange.response.get(name).map(str::to_owned);
            match exchange.seen {
                Seen::Page { body, .. } => {
                    now.sha256 = Some(digest.to_owned());
                    now.body = body.map(str::to_owned);
                    now.etag = field("etag");
                    now.last_modified = field("last-modified");
                }
                Seen::NotModified => {
                    now.etag = field("etag").or(now.etag);
                    now.last_modified = field("last-modified").or(now.last_modified);
                }
                _ => {}
            }
        }
        let (record_id, record_date, record_sha256) = match kept {
            Some(kept) => (Some(kept.id), Some(kept.date), Some(kept.sha256)),
            None => (None, None, None),
        };
        self.sql(|connection| {
            connection
                .prepare_cached(
                    "UPDATE pages SET state = ?2, last_fetch = ?3, failures = ?4, etag = ?5, last_modified = ?6,
                         sha256 = ?7, body = ?8, record_id = ?9, record_date = ?10, record_sha256 = ?11,
                         moved_to = ?12, notice = ?13 WHERE id = ?1",
                )?
                .execute(params![
                    page.id.0,
                    now.state.name(),
                    seconds(fetched),
                    now.failures,
                    now.etag,
                    now.last_modified,
                    now.sha256,
                    now.body,
                    record_id,
                    record_date,
                    record_sha256,
                    now.moved_to,
                    verdict.notice.as_ref().map(|notice| notice.id.as_str()),
                ])
                .map(drop)
        })
    }

    pub(super) fn write_attachments(
        &self,
        verdict: &Verdict,
        article: &Article<'_>,
    ) -> Result<(), ArchiveError> {
        let Some(notice) = &verdict.notice else {
            return Ok(());
        };
        let last = notice.newest.as_ref().map_or(1, |(version, ..)| *version);
        let version = verdict.version.unwrap_or(last);
        self.sql(|connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO attachments (notice, url, position, text, version) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (notice, url) DO UPDATE SET position = excluded.position, text = excluded.text",
            )?;
            for (position, link) in (0_i64..).zip(article.attachments) {
                insert.execute(params![notice.id.as_str(), link.url, position, link.text, version])?;
            }
            Ok(())
        })
    }

    /// A change of the notice's address is a change of the corpus.
    pub(super) fn move_notice(&mut self, id: &NoticeId, url: &str) -> Result<(), ArchiveError> {
        self.seq += 1;
        let seq = self.seq;
        self.sql(|connection| {
            connection
                .prepare_cached("UPDATE notices SET url = ?2, seq = ?3 WHERE id = ?1")?
                .execute(params![id.as_str(), url, signed(seq)])?;
            connection
                .prepare_cached(
                    "UPDATE pages SET state = 'moved', moved_to = ?2
                     WHERE notice = ?1 AND url <> ?2 AND state = 'gone'",
                )?
                .execute(params![id.as_str(), url])
                .map(drop)
        })
    }

    /// Gives the newest version the fingerprint by today's rules of reading.
    /// Against that of yesterday's rules, the next change of chrome would
    /// look like an edit.
    pub(super) fn renew_fingerprint(
        &self,
        notice: &KnownNotice,
        digest: &str,
        seen: &Seen<'_>,
    ) -> Result<(), ArchiveError> {
        match (seen, &notice.newest) {
            (
                Seen::Page {
                    body: Some(body), ..
                },
                Some((version, sha256, known)),
            ) if sha256 == digest && known.as_deref() != Some(body) => self.sql(|connection| {
                connection
                    .prepare_cached(
                        "UPDATE versions SET body = ?3 WHERE notice = ?1 AND version = ?2",
                    )?
                    .execute(params![notice.id.as_str(), version, body])
                    .map(drop)
            }),
            _ => Ok(()),
        }
    }

    /// The page at `to` takes over the notice of `page`, unless it has one.
    pub(super) fn hand_over(
        &mut self,
        page: &PageRecord,
        to: &str,
        now: Timestamp,
    ) -> Result<(), ArchiveError> {
        let Some(notice) = self.notice_of(page)? else {
            return Ok(());
        };
        self.sql(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO pages (url, site, column_name, kind, discovered, found_on, depth, due, notice)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5, ?8)
                     ON CONFLICT (url) DO UPDATE SET notice = coalesce(notice, excluded.notice)",
                )?
                .execute(params![
                    to,
                    page.site,
                    page.column,
                    page.kind.name(),
                    seconds(now),
                    page.id.0,
                    page.depth,
                    notice.id.as_str(),
                ])
                .map(drop)
        })
    }
}
