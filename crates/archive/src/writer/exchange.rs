//! Requests and responses become records, fates and versions.

mod records; // of WARC
mod rows; // of the catalogue
mod verdict; // what an exchange comes to

use sha2::{Digest, Sha256};

use self::{
    records::{Response, push_page, sha256_of},
    rows::Fetch,
    verdict::Verdict,
};
use crate::{
    archive::CaptureKind,
    error::ArchiveError,
    exchange::{Exchange, Failure, Recorded, Seen},
    page::{PageFate, PageRecord},
    record::RecordHead,
    uri::target_uri,
    warc::{hex, record_id},
    writer::{NewVersion, Writer, check_text, frontier::seconds},
};

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
            let place = writer.append(&head, block.as_bytes())?;
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
        self.append(&request.0, &request.1)?;
        let metadata = self.metadata_record(page, exchange, &response.id, info)?;
        self.append(&metadata.0, &metadata.1)?;

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

fn millis(took: std::time::Duration) -> i64 {
    i64::try_from(took.as_millis()).unwrap_or(i64::MAX)
}
