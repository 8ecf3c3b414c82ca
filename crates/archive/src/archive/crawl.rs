//! What crawls knew and did: pages, fetches, attachments, runs.

use gongbao_notice::NoticeId;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use crate::{
    archive::{Archive, number},
    error::ArchiveError,
    page::{AttachmentRecord, FETCHES, FetchRecord, PAGE_COLUMNS, PageRecord},
    run::{Alarm, Coverage, RUNS, RunId, RunRecord},
    step::Step,
};

/// How much crawls have done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CrawlCounts {
    /// Pages known.
    pub pages: u64,
    /// Of them, those never fetched yet.
    pub waiting: u64,
    /// Requests.
    pub fetches: u64,
    /// Runs.
    pub runs: u64,
}

impl Archive {
    /// How much crawls have done in all.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn crawl_counts(&self) -> Result<CrawlCounts, ArchiveError> {
        self.query(|connection| {
            connection.query_row(
                "SELECT (SELECT count(*) FROM pages), (SELECT count(*) FROM pages WHERE state = 'waiting'),
                     (SELECT count(*) FROM fetches), (SELECT count(*) FROM runs)",
                [],
                |row| {
                    Ok(CrawlCounts {
                        pages: number(row, 0)?,
                        waiting: number(row, 1)?,
                        fetches: number(row, 2)?,
                        runs: number(row, 3)?,
                    })
                },
            )
        })
    }

    /// The page with that canonical URL.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn page_at(&self, url: &str) -> Result<Option<PageRecord>, ArchiveError> {
        let sql = format!("SELECT {PAGE_COLUMNS} FROM pages p WHERE p.url = ?1");
        self.query(|connection| {
            connection
                .prepare_cached(&sql)?
                .query_row([url], PageRecord::read)
                .optional()
        })
    }

    /// The pages that are or were that notice, the one found first first:
    /// more than one if it has moved.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn pages_of(&self, notice: &NoticeId) -> Result<Vec<PageRecord>, ArchiveError> {
        let sql = format!("SELECT {PAGE_COLUMNS} FROM pages p WHERE p.notice = ?1 ORDER BY p.id");
        self.rows(&sql, [notice.as_str()], PageRecord::read)
    }

    /// All fetches of that notice's pages, oldest first: its history.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn fetches_of(&self, notice: &NoticeId) -> Result<Vec<FetchRecord>, ArchiveError> {
        let sql = format!("{FETCHES} WHERE f.notice = ?1 ORDER BY f.id");
        self.rows(&sql, [notice.as_str()], FetchRecord::read)
    }

    /// The fetches of that run, in their order; at most `limit` after the
    /// fetch number `after`, so that a long run is read in parts.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn fetches_in(
        &self,
        run: RunId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<FetchRecord>, ArchiveError> {
        let sql = format!("{FETCHES} WHERE f.run = ?1 AND f.id > ?2 ORDER BY f.id LIMIT ?3");
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows(&sql, params![run.0, after, limit], FetchRecord::read)
    }

    /// The files that the notice links, in the order of their links.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn attachments(&self, notice: &NoticeId) -> Result<Vec<AttachmentRecord>, ArchiveError> {
        let links: Vec<(String, Option<String>, u32)> = self.rows(
            "SELECT url, text, version FROM attachments WHERE notice = ?1 ORDER BY position, url",
            [notice.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let with_page = |(url, text, version): (String, _, _)| {
            Ok(AttachmentRecord {
                page: self.page_at(&url)?,
                url,
                text,
                version,
            })
        };
        links.into_iter().map(with_page).collect()
    }

    /// The last `limit` runs, the newest first.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn runs(&self, limit: usize) -> Result<Vec<RunRecord>, ArchiveError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = format!("{RUNS} ORDER BY r.id DESC LIMIT ?1");
        let mut runs = self.rows(&sql, [limit], RunRecord::read)?;
        for run in &mut runs {
            run.fates = self.rows(
                "SELECT fate, count(*) FROM fetches WHERE run = ?1 GROUP BY fate ORDER BY fate",
                [run.id.0],
                |row| Ok((row.get(0)?, number(row, 1)?)),
            )?;
        }
        Ok(runs)
    }

    /// The alarms of that run, in their order.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn alarms(&self, run: RunId) -> Result<Vec<Alarm>, ArchiveError> {
        self.rows(
            "SELECT raised, site, column_name, kind, message FROM alarms WHERE run = ?1 ORDER BY id",
            [run.0],
            Alarm::read,
        )
    }

    /// The steps of that run, in their order; none for one that does not keep
    /// them.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn steps(&self, run: RunId) -> Result<Vec<Step>, ArchiveError> {
        self.rows(
            "SELECT name, outcome, duration_ms, detail FROM steps WHERE run = ?1 ORDER BY position",
            [run.0],
            Step::read,
        )
    }

    /// What that run saw of each column of each site.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn coverage(&self, run: RunId) -> Result<Vec<Coverage>, ArchiveError> {
        self.rows(
            "SELECT site, column_name, listed, stated, fetched, read, declined, failed FROM coverage
             WHERE run = ?1 ORDER BY site, column_name",
            [run.0],
            Coverage::read,
        )
    }

    fn rows<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, ArchiveError> {
        self.query(|connection: &Connection| {
            connection
                .prepare_cached(sql)?
                .query_map(values, read)?
                .collect()
        })
    }
}
