//! The frontier: which pages are known, and when each is to be fetched.
//!
//! It lives in the catalogue, so a run that was killed goes on where it was,
//! and it is read a page at a time, so its size costs no memory.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::{
    archive::to_seconds,
    error::ArchiveError,
    page::{Discovered, PAGE_COLUMNS, PageId, PageRecord, PageState},
    writer::{Writer, check_text},
};

/// Which due pages to list.
#[derive(Clone, Copy, Debug)]
pub struct DueQuery<'a> {
    /// Only pages of this site.
    pub site: Option<&'a str>,
    /// Only pages that are due by then.
    pub by: Timestamp,
    /// Only pages that come after this one, which was the last of the
    /// previous list.
    pub after: Option<&'a PageRecord>,
    /// At most so many.
    pub limit: usize,
}

/// What became of discovered URLs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The page of each, in the order in which they were given.
    pub pages: Vec<PageId>,
    /// How many of them were not known before.
    pub new: u64,
}

impl Writer {
    /// Makes pages of URLs that a crawl came upon. Those known already stay
    /// as they are; only a page without a column gets one. A list of links
    /// goes in at once: that costs a small part of one call for each.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::BadText`] for control characters in a URL or name, and
    /// the errors about the disk. No page is made then.
    pub fn discover(&mut self, found: &[Discovered<'_>]) -> Result<Discovery, ArchiveError> {
        for page in found {
            check_text("URL", Some(page.url))?;
            check_text("site", Some(page.site))?;
            check_text("column", page.column)?;
        }
        if found.is_empty() {
            return Ok(Discovery::default());
        }
        self.atomically(|writer| {
            writer.sql(|connection| {
                let mut insert = connection.prepare_cached(
                    "INSERT INTO pages (url, site, column_name, kind, discovered, found_on, depth, due)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (url) DO NOTHING",
                )?;
                let mut find = connection
                    .prepare_cached("SELECT id, column_name IS NULL FROM pages WHERE url = ?1")?;
                let mut discovery = Discovery::default();
                for page in found {
                    let inserted = insert.execute(params![
                        page.url,
                        page.site,
                        page.column,
                        page.kind.name(),
                        seconds(page.discovered),
                        page.found_on.map(|on| on.0),
                        page.depth,
                        page.due.map(seconds),
                    ])?;
                    if inserted == 1 {
                        discovery.new += 1;
                        discovery.pages.push(PageId(connection.last_insert_rowid()));
                        continue;
                    }
                    let (id, without_column): (i64, bool) =
                        find.query_row([page.url], |row| Ok((row.get(0)?, row.get(1)?)))?;
                    if without_column && page.column.is_some() {
                        connection
                            .prepare_cached("UPDATE pages SET column_name = ?2 WHERE id = ?1")?
                            .execute(params![id, page.column])?;
                    }
                    discovery.pages.push(PageId(id));
                }
                Ok(discovery)
            })
        })
    }

    /// The pages that are due, those due first first; what this writer has
    /// changed and not committed yet is seen. A page is due until it is
    /// [scheduled](Self::schedule) otherwise, so whoever fetches several at
    /// once goes on `after` the last one it has, and begins anew when the
    /// list is empty.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn due(&self, query: &DueQuery<'_>) -> Result<Vec<PageRecord>, ArchiveError> {
        let (site_is, order) = match query.site {
            Some(_) => ("p.site = ?1 AND", "pages_by_site"),
            None => ("?1 IS NULL AND", "pages_by_due"),
        };
        let sql = format!(
            "SELECT {PAGE_COLUMNS} FROM pages p INDEXED BY {order}
             WHERE {site_is} p.due IS NOT NULL AND p.due <= ?2 AND (p.due, p.id) > (?3, ?4)
             ORDER BY p.due, p.id LIMIT ?5"
        );
        let (due, id) = match query.after {
            Some(page) => (page.due.map(seconds).unwrap_or_default(), page.id.0),
            None => (String::new(), 0),
        };
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        self.sql(|connection| {
            connection
                .prepare_cached(&sql)?
                .query_map(
                    params![query.site, seconds(query.by), due, id, limit],
                    PageRecord::read,
                )?
                .collect()
        })
    }

    /// When the next page, of `site` or at all, is due; `None` when no page
    /// ever is.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn next_due(&self, site: Option<&str>) -> Result<Option<Timestamp>, ArchiveError> {
        let by = Timestamp::MAX;
        let query = DueQuery {
            site,
            by,
            after: None,
            limit: 1,
        };
        Ok(self
            .due(&query)?
            .into_iter()
            .next()
            .and_then(|page| page.due))
    }

    /// How many pages of `site`, or at all, are due by `by`.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn count_due(&self, site: Option<&str>, by: Timestamp) -> Result<u64, ArchiveError> {
        self.sql(|connection| {
            connection
                .prepare_cached(
                    "SELECT count(*) FROM pages WHERE due <= ?2 AND (?1 IS NULL OR site = ?1)",
                )?
                .query_row(params![site, seconds(by)], |row| {
                    crate::archive::number(row, 0)
                })
        })
    }

    /// The page with that number.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn page(&self, id: PageId) -> Result<Option<PageRecord>, ArchiveError> {
        self.one_page("p.id = ?1", &id.0)
    }

    /// The page with that canonical URL.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    pub fn page_at(&self, url: &str) -> Result<Option<PageRecord>, ArchiveError> {
        self.one_page("p.url = ?1", &url)
    }

    /// Sets when a page is to be fetched next, `None` for never, and how often
    /// it changes as far as has been observed.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn schedule(
        &mut self,
        page: PageId,
        due: Option<Timestamp>,
        interval: Option<Duration>,
    ) -> Result<(), ArchiveError> {
        let interval =
            interval.map(|interval| i64::try_from(interval.as_secs()).unwrap_or(i64::MAX));
        self.change_page(
            "UPDATE pages SET due = ?2, interval_s = ?3 WHERE id = ?1",
            &[&page.0, &due.map(seconds), &interval],
        )
    }

    /// Makes those pages of `site` due at `due` that were found and left aside:
    /// never fetched, and due never.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn wake(&mut self, site: &str, due: Timestamp) -> Result<u64, ArchiveError> {
        self.atomically(|writer| {
            writer.sql(|connection| {
                connection
                    .prepare_cached(
                        "UPDATE pages SET due = ?2 WHERE site = ?1 AND state = 'waiting' AND due IS NULL
                             AND kind <> 'robots'",
                    )?
                    .execute(params![site, seconds(due)])
            })
        })
        .map(|rows| rows as u64)
    }

    /// Makes all pages of `site` due at `due`, save `robots.txt`, which comes
    /// with others. Further pages of lists are among them: one may have
    /// changed where the first has not.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn refresh(&mut self, site: &str, due: Timestamp) -> Result<u64, ArchiveError> {
        self.atomically(|writer| {
            writer.sql(|connection| {
                connection
                    .prepare_cached(
                        "UPDATE pages SET due = ?2 WHERE site = ?1 AND kind <> 'robots'",
                    )?
                    .execute(params![site, seconds(due)])
            })
        })
        .map(|rows| rows as u64)
    }

    /// Notes that `robots.txt` asks not to fetch a page. It was not fetched,
    /// so there is no fetch of it.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be written.
    pub fn forbid(&mut self, page: PageId) -> Result<(), ArchiveError> {
        self.change_page(
            "UPDATE pages SET state = ?2 WHERE id = ?1",
            &[&page.0, &PageState::Forbidden.name()],
        )
    }

    fn change_page(
        &mut self,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<(), ArchiveError> {
        // A statement alone is atomic by itself.
        self.begin()?;
        let done = self.sql(|connection| connection.prepare_cached(sql)?.execute(values).map(drop));
        if done.is_err() && self.connection.is_autocommit() {
            // SQLite gave up the whole transaction.
            self.roll_back();
        }
        done
    }

    /// The URL of the page with that number.
    pub(super) fn url_of(&self, id: PageId) -> Result<Option<String>, ArchiveError> {
        self.sql(|connection| {
            connection
                .prepare_cached("SELECT url FROM pages WHERE id = ?1")?
                .query_row([id.0], |row| row.get(0))
                .optional()
        })
    }

    fn one_page(
        &self,
        condition: &str,
        value: &dyn rusqlite::ToSql,
    ) -> Result<Option<PageRecord>, ArchiveError> {
        let sql = format!("SELECT {PAGE_COLUMNS} FROM pages p WHERE {condition}");
        self.sql(|connection| {
            connection
                .prepare_cached(&sql)?
                .query_row([value], PageRecord::read)
                .optional()
        })
    }
}

pub(super) fn seconds(time: Timestamp) -> String {
    to_seconds(time).to_string()
}
