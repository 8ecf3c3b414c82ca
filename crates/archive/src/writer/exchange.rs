//! Requests and responses become records, fates and versions.

use gongbao_notice::NoticeId;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::{
    archive::{CaptureKind, parsed},
    error::ArchiveError,
    exchange::{Article, Exchange, Failure, Recorded, Seen},
    http::HttpHead,
    page::{KeptRecord, PageFate, PageRecord, PageState},
    record::{RecordHead, Span},
    uri::target_uri,
    warc::{hex, record_id},
    writer::{NewVersion, Writer, check_text, frontier::seconds, signed},
};

/// The same bytes as an earlier record has (WARC 1.1, 6.7.2).
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// The server says that nothing has changed (WARC 1.1, 6.7.3).
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// What an exchange comes to, before anything is written.
struct Verdict {
    fate: PageFate,
    state: PageState,
    /// The notice, its key, and its newest version as known before.
    notice: Option<KnownNotice>,
    /// The version that this makes.
    version: Option<u32>,
    /// The notice is found at the page's URL from now on.
    new_address: bool,
    moved_to: Option<String>,
    detail: Option<String>,
}

impl Verdict {
    fn of(fate: PageFate) -> Self {
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
struct KnownNotice {
    id: NoticeId,
    key: String,
    /// Its newest version: number, SHA-256, fingerprint. `None` before the first.
    newest: Option<(u32, String, Option<String>)>,
}

impl Writer {
    /// Keeps a request with its response, tells what it came to, and brings
    /// the page, and the notice that it is, up to it.
    ///
    /// The archive gets the response as received, or a `revisit` record
    /// where it holds the same bytes already or the status is 304; the
    /// request; and a `metadata` record. When the page is to be fetched
    /// next is left to [`schedule`](Self::schedule); until then it stays due
    /// as it was.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::UnknownPage`]; [`ArchiveError::BadText`] for control
    /// characters in URLs and fingerprints; [`ArchiveError::IdTaken`] when the
    /// notice's id names another one. Any other is about the disk. Nothing of
    /// the exchange is kept then; what was put before it can still be
    /// committed.
    pub fn record(&mut self, exchange: &Exchange<'_>) -> Result<Recorded, ArchiveError> {
        check_seen(&exchange.seen)?;
        let page = self.known_page(exchange.page)?;
        let digest = hex(&Sha256::digest(exchange.entity));
        let verdict = self.judge(&page, exchange, &digest)?;
        self.atomically(|writer| writer.keep(&page, exchange, &digest, &verdict))?;
        Ok(Recorded {
            fate: verdict.fate,
            notice: verdict.notice.map(|notice| notice.id),
            version: verdict.version,
            moved_to: verdict.moved_to,
        })
    }

    /// Keeps that no response came: a `metadata` record and a fetch with the
    /// fate unreachable.
    ///
    /// # Errors
    ///
    /// As for [`record`](Self::record).
    pub fn record_failure(&mut self, failure: &Failure<'_>) -> Result<Recorded, ArchiveError> {
        let page = self.known_page(failure.page)?;
        let mut verdict = Verdict::of(PageFate::Unreachable);
        verdict.detail = Some(one_line(failure.why));
        verdict.notice = self.notice_of(&page)?;
        self.atomically(|writer| {
            let info = writer.ready(failure.fetched)?;
            let fetched = seconds(failure.fetched);
            let why = one_line(failure.why);
            let block = format!(
                "fetchTimeMs: {}\r\nerror: {why}\r\n",
                failure.took.as_millis()
            );
            let mut head = RecordHead::default();
            head.push("WARC-Type", "metadata");
            head.push(
                "WARC-Record-ID",
                record_id(&[
                    &writer.uuid,
                    "failure",
                    &page.url,
                    &failure.fetched.to_string(),
                    &block,
                ]),
            );
            head.push("WARC-Warcinfo-ID", info);
            head.push("WARC-Date", fetched.as_str());
            head.push("WARC-Target-URI", target_uri(&page.url, Some(&page.url)));
            head.push("WARC-Block-Digest", sha256_of(block.as_bytes()));
            head.push("Content-Type", "application/warc-fields");
            push_page(&mut head, &page, &verdict, None);
            let place = writer.append_short(&head, block.as_bytes())?;
            writer.write_fetch(&Fetch {
                run: failure.run.0,
                page: &page,
                fetched: failure.fetched,
                status: None,
                took_ms: millis(failure.took),
                bytes: 0,
                sha256: None,
                place: &place,
                verdict: &verdict,
            })?;
            writer.write_page(&page, failure.fetched, &verdict, None)
        })?;
        Ok(Recorded {
            fate: verdict.fate,
            notice: verdict.notice.map(|notice| notice.id),
            version: None,
            moved_to: None,
        })
    }

    fn known_page(&self, id: crate::PageId) -> Result<PageRecord, ArchiveError> {
        self.page(id)?
            .ok_or(ArchiveError::UnknownPage { page: id.0 })
    }

    /// What the exchange comes to. Writes nothing.
    fn judge(
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
            if let Some(holder) = self.sql(|connection| super::holder(connection, &id))? {
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

    /// Writes records and rows.
    fn keep(
        &mut self,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        digest: &str,
        verdict: &Verdict,
    ) -> Result<(), ArchiveError> {
        let info = self.ready(exchange.fetched)?;
        let response = Response::new(self, page, exchange, digest, verdict, info.clone());
        let place = self.append(&response.head, &response.block)?;
        let request = self.request_record(page, exchange, &response.id, info.clone());
        self.append_short(&request.0, &request.1)?;
        let metadata = self.metadata_record(page, exchange, &response.id, info)?;
        self.append_short(&metadata.0, &metadata.1)?;

        if let (Some(version), Some(notice)) = (verdict.version, &verdict.notice) {
            let modified = exchange
                .response
                .get("last-modified")
                .and_then(|text| jiff::fmt::rfc2822::parse(text).ok())
                .map(|time| time.timestamp());
            let body = match exchange.seen {
                Seen::Page { body, .. } => body,
                _ => None,
            };
            self.write_version(&NewVersion {
                id: &notice.id,
                key: &notice.key,
                url: Some(&page.url),
                version,
                fetched: exchange.fetched,
                modified,
                sha256: digest,
                size: exchange.entity.len(),
                file: &place.0,
                span: place.1,
                content_type: exchange
                    .response
                    .get("content-type")
                    .filter(|text| !text.is_empty()),
                file_name: None,
                kind: CaptureKind::Page,
                body,
            })?;
        } else if let Some(notice) = &verdict.notice {
            if verdict.new_address {
                self.move_notice(&notice.id, &page.url)?;
            }
            self.renew_fingerprint(notice, digest, &exchange.seen)?;
        }
        let sha256 = match exchange.seen {
            Seen::NotModified => page.sha256.as_deref(),
            _ => Some(digest),
        };
        self.write_fetch(&Fetch {
            run: exchange.run.0,
            page,
            fetched: exchange.fetched,
            status: Some(exchange.status),
            took_ms: millis(exchange.took),
            bytes: exchange.entity.len() as u64,
            sha256,
            place: &place,
            verdict,
        })?;
        self.write_page(
            page,
            exchange.fetched,
            verdict,
            Some((exchange, digest, &response)),
        )?;
        match exchange.seen {
            Seen::Page {
                article: Some(article),
                ..
            } => self.write_attachments(verdict, &article),
            Seen::Redirect {
                to,
                permanent: true,
            } => self.hand_over(page, to, exchange.fetched),
            _ => Ok(()),
        }
    }

    /// The request record: block digest, and the response it belongs to.
    fn request_record(
        &self,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        response: &str,
        info: String,
    ) -> (RecordHead, Vec<u8>) {
        let block = exchange.request.to_bytes();
        let mut head = RecordHead::default();
        head.push("WARC-Type", "request");
        head.push("WARC-Record-ID", record_id(&[response, "request"]));
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", seconds(exchange.fetched));
        head.push("WARC-Target-URI", target_uri(&page.url, Some(&page.url)));
        head.push("WARC-Concurrent-To", response);
        head.push("WARC-Block-Digest", sha256_of(&block));
        head.push("Content-Type", "application/http;msgtype=request");
        (head, block)
    }

    /// How the response was got: how long it took, and the page that led there.
    fn metadata_record(
        &self,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        response: &str,
        info: String,
    ) -> Result<(RecordHead, Vec<u8>), ArchiveError> {
        let mut block = format!("fetchTimeMs: {}\r\n", exchange.took.as_millis());
        if let Some(on) = page
            .found_on
            .map(|on| self.url_of(on))
            .transpose()?
            .flatten()
        {
            block += &format!("via: {}\r\n", target_uri(&on, Some(&on)));
        }
        let mut head = RecordHead::default();
        head.push("WARC-Type", "metadata");
        head.push("WARC-Record-ID", record_id(&[response, "metadata"]));
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", seconds(exchange.fetched));
        head.push("WARC-Target-URI", target_uri(&page.url, Some(&page.url)));
        head.push("WARC-Concurrent-To", response);
        head.push("WARC-Block-Digest", sha256_of(block.as_bytes()));
        head.push("Content-Type", "application/warc-fields");
        Ok((head, block.into_bytes()))
    }

    /// The notice that the page is: the one it was handed, or that of its URL.
    fn notice_of(&self, page: &PageRecord) -> Result<Option<KnownNotice>, ArchiveError> {
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

    /// A change of the notice's address is a change of the corpus.
    fn move_notice(&mut self, id: &NoticeId, url: &str) -> Result<(), ArchiveError> {
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
    fn renew_fingerprint(
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
    fn hand_over(
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

    fn write_fetch(&self, fetch: &Fetch<'_>) -> Result<(), ArchiveError> {
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

    fn write_page(
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

    fn write_attachments(
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
}

/// A row of `fetches` on its way into the catalogue.
struct Fetch<'a> {
    run: i64,
    page: &'a PageRecord,
    fetched: Timestamp,
    status: Option<u16>,
    took_ms: i64,
    bytes: u64,
    sha256: Option<&'a str>,
    place: &'a (String, Span),
    verdict: &'a Verdict,
}

/// The record of a response: whole, or a revisit of an earlier one.
struct Response {
    id: String,
    head: RecordHead,
    block: Vec<u8>,
    /// Whether it has the entity.
    is_whole: bool,
}

impl Response {
    fn new(
        writer: &Writer,
        page: &PageRecord,
        exchange: &Exchange<'_>,
        digest: &str,
        verdict: &Verdict,
        info: String,
    ) -> Self {
        let mut block = HttpHead::to_bytes(exchange.response);
        let same = page
            .record
            .as_ref()
            .filter(|record| record.sha256 == digest && verdict.version.is_none());
        let (profile, earlier) = match exchange.seen {
            Seen::NotModified => {
                let live = |record: &&KeptRecord| Some(&record.sha256) == page.sha256.as_ref();
                (Some(NOT_MODIFIED), page.record.as_ref().filter(live))
            }
            // A revisit of nothing would save nothing.
            _ if same.is_some() && !exchange.entity.is_empty() => (Some(SAME_PAYLOAD), same),
            _ => (None, None),
        };
        let is_whole = profile.is_none();
        if is_whole {
            block.extend_from_slice(exchange.entity);
        }
        let block_digest = sha256_of(&block);
        let id = record_id(&[
            &writer.uuid,
            "response",
            &page.url,
            &exchange.fetched.to_string(),
            &block_digest,
        ]);
        let mut head = RecordHead::default();
        head.push("WARC-Type", if is_whole { "response" } else { "revisit" });
        head.push("WARC-Record-ID", id.as_str());
        head.push("WARC-Warcinfo-ID", info);
        head.push("WARC-Date", seconds(exchange.fetched));
        head.push("WARC-Target-URI", target_uri(&page.url, Some(&page.url)));
        if let Some(ip) = exchange.ip {
            head.push("WARC-IP-Address", ip.to_string());
        }
        if let Some(profile) = profile {
            head.push("WARC-Profile", profile);
        }
        if let Some(earlier) = earlier {
            head.push("WARC-Refers-To", earlier.id.as_str());
            head.push(
                "WARC-Refers-To-Target-URI",
                target_uri(&page.url, Some(&page.url)),
            );
            head.push("WARC-Refers-To-Date", earlier.date.as_str());
        }
        head.push("WARC-Block-Digest", block_digest);
        let payload = match exchange.seen {
            Seen::NotModified => page.sha256.as_deref(),
            _ => Some(digest),
        };
        if let Some(payload) = payload {
            head.push("WARC-Payload-Digest", format!("sha256:{payload}"));
        }
        if let Some(truncated) = exchange.truncated.filter(|_| is_whole) {
            head.push("WARC-Truncated", truncated.name());
        }
        head.push("Content-Type", "application/http;msgtype=response");
        let body = match exchange.seen {
            Seen::Page { body, .. } => body,
            _ => None,
        };
        push_page(&mut head, page, verdict, body);
        head.push("Gongbao-Duration-Ms", exchange.took.as_millis().to_string());
        Self {
            id,
            head,
            block,
            is_whole,
        }
    }
}

/// What the catalogue says of the page, so that it can be made again from the
/// WARC files alone.
fn push_page(head: &mut RecordHead, page: &PageRecord, verdict: &Verdict, body: Option<&str>) {
    head.push("Gongbao-Url", page.url.as_str());
    head.push("Gongbao-Site", page.site.as_str());
    if let Some(column) = &page.column {
        head.push("Gongbao-Column", column.trim());
    }
    head.push("Gongbao-Page-Kind", page.kind.name());
    head.push("Gongbao-Fate", verdict.fate.name());
    if let Some(detail) = &verdict.detail {
        head.push("Gongbao-Detail", detail.trim());
    }
    if let Some(body) = body {
        head.push("Gongbao-Body", body);
    }
    let Some(notice) = &verdict.notice else {
        return;
    };
    head.push("Gongbao-Id", notice.id.as_str());
    head.push("Gongbao-Key", notice.key.as_str());
    if let Some(version) = verdict.version {
        head.push("Gongbao-Version", version.to_string());
        head.push("Gongbao-Kind", CaptureKind::Page.name());
    }
}

fn check_seen(seen: &Seen<'_>) -> Result<(), ArchiveError> {
    match seen {
        Seen::Page { body, article } => {
            check_text("fingerprint", *body)?;
            for link in article.iter().flat_map(|article| article.attachments) {
                check_text("attachment", Some(link.url))?;
            }
            Ok(())
        }
        Seen::Redirect { to, .. } => check_text("new address", Some(to)),
        _ => Ok(()),
    }
}

fn one_line(text: &str) -> String {
    let printable: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    printable.trim().to_owned()
}

fn sha256_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

fn millis(took: std::time::Duration) -> i64 {
    i64::try_from(took.as_millis()).unwrap_or(i64::MAX)
}
