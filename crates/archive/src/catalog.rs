//! The SQLite file: opening it, creating and migrating its tables.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::error::ArchiveError;

/// One script per schema number, from 1 on; a catalogue runs those it lacks.
const MIGRATIONS: [&str; 4] = [
    include_str!("catalog.sql"),
    include_str!("crawl.sql"),
    include_str!("watch.sql"),
    include_str!("steps.sql"),
];

/// The schema number that this program reads and writes.
const SCHEMA: i64 = MIGRATIONS.len() as i64;

/// Marks the file as ours (`PRAGMA application_id`): "gonb".
const APPLICATION_ID: i64 = 0x676f_6e62;

/// How long to wait for SQLite's own short locks. The corpus lock keeps other
/// writers out, but anybody may open the file with other tools.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// A fetch runs some thirty different statements. SQLite's binding keeps 16,
/// so that each would be parsed anew every time.
const STATEMENTS: usize = 128;

/// How much of the catalogue a writer keeps in memory, in KiB.
const CACHE_KIB: i64 = 16 * 1024;

/// The journal is folded into the catalogue once it has so many pages (of
/// 4 KiB). A crawl touches pages all over its indexes; the more of it is
/// folded in at once, the fewer of them are written twice.
const JOURNAL_PAGES: i64 = 8_000;

/// Opens the catalogue for writing; creates or migrates it if need be.
pub(crate) fn open_to_write(path: &Path) -> Result<Connection, ArchiveError> {
    let open = || -> rusqlite::Result<(Connection, i64)> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_WAIT)?;
        let schema = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok((connection, schema))
    };
    let (connection, schema) = open().map_err(|source| ArchiveError::catalog(path, source))?;
    check_ours(&connection, path, schema)?;
    if schema > SCHEMA {
        return Err(newer(path, schema));
    }
    let prepare = || -> rusqlite::Result<()> {
        connection.pragma_update(None, "journal_mode", "wal")?;
        // A commit is on disk when it returns, as the crawler will never ask again.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "wal_autocheckpoint", JOURNAL_PAGES)?;
        // What a savepoint may have to take back would go to a file otherwise:
        // at some thirty pages a fetch that is most of what a crawl writes.
        connection.pragma_update(None, "temp_store", "memory")?;
        // Plans that fit any value. Otherwise SQLite parses and plans anew, for
        // each value bound to it, whatever joins tables or may use a partial
        // index.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        if schema < SCHEMA {
            migrate(&connection, schema)?;
        }
        Ok(())
    };
    prepare().map_err(|source| ArchiveError::catalog(path, source))?;
    Ok(connection)
}

/// Opens the catalogue for reading, also while it is written to, and also
/// where nothing can be written at all.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, ArchiveError> {
    if !path.exists() {
        let dir = path.parent().unwrap_or(path).to_owned();
        return Err(ArchiveError::NoCorpus { dir });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let open = |uri: &str| -> rusqlite::Result<(Connection, i64)> {
        let connection = Connection::open_with_flags(uri, flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        let schema = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok((connection, schema))
    };
    let uri = file_uri(path);
    let (connection, schema) = match open(&uri) {
        Ok(opened) => opened,
        // In a folder that cannot be written to, SQLite cannot set up the shared
        // memory of its journal. With no journal to read it needs none.
        Err(error) if is_read_only_trouble(&error) => {
            if has_journal(path) {
                return Err(ArchiveError::UncleanReadOnly {
                    path: path.to_owned(),
                });
            }
            open(&format!("{uri}?immutable=1"))
                .map_err(|source| ArchiveError::catalog(path, source))?
        }
        Err(source) => return Err(ArchiveError::catalog(path, source)),
    };
    match schema {
        SCHEMA => {}
        // Another process is just creating it.
        0 => {
            check_ours(&connection, path, schema)?;
            let dir = path.parent().unwrap_or(path).to_owned();
            return Err(ArchiveError::NoCorpus { dir });
        }
        found if found > SCHEMA => {
            check_ours(&connection, path, schema)?;
            return Err(newer(path, found));
        }
        found => {
            let path = path.to_owned();
            return Err(ArchiveError::OlderCatalog { path, found });
        }
    }
    Ok(connection)
}

fn newer(path: &Path, found: i64) -> ArchiveError {
    ArchiveError::NewerCatalog {
        path: path.to_owned(),
        found,
        known: SCHEMA,
    }
}

/// An empty database may become ours; one with other tables must not.
fn check_ours(connection: &Connection, path: &Path, schema: i64) -> Result<(), ArchiveError> {
    let look = || -> rusqlite::Result<bool> {
        let application: i64 =
            connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok(application == APPLICATION_ID || (application == 0 && schema == 0 && tables == 0))
    };
    match look() {
        Ok(true) => Ok(()),
        Ok(false) => Err(ArchiveError::ForeignCatalog {
            path: path.to_owned(),
        }),
        Err(source) => Err(ArchiveError::catalog(path, source)),
    }
}

fn migrate(connection: &Connection, schema: i64) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let run = || -> rusqlite::Result<()> {
        for script in MIGRATIONS.iter().skip(usize::try_from(schema).unwrap_or(0)) {
            connection.execute_batch(script)?;
        }
        if schema == 0 {
            connection.pragma_update(None, "application_id", APPLICATION_ID)?;
            // Version 4 of RFC 9562: random but for six bits.
            connection.execute_batch(
                "INSERT INTO meta SELECT 'uuid', lower(
                   substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-' ||
                   substr('89ab', 1 + abs(random() % 4), 1) || substr(h, 18, 3) || '-' || substr(h, 21))
                 FROM (SELECT hex(randomblob(16)) AS h)",
            )?;
        }
        connection.pragma_update(None, "user_version", SCHEMA)?;
        connection.execute_batch("COMMIT")
    };
    run().inspect_err(|_| {
        let _ = connection.execute_batch("ROLLBACK");
    })
}

/// The name of the corpus.
pub(crate) fn uuid(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("SELECT value FROM meta WHERE key = 'uuid'", [], |row| {
        row.get(0)
    })
}

fn is_read_only_trouble(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly, SystemIoFailure};
    matches!(
        error.sqlite_error_code(),
        Some(CannotOpen | ReadOnly | PermissionDenied | SystemIoFailure)
    )
}

fn has_journal(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|journal| journal.len() > 0)
}

/// What SQLite keeps beside the catalogue at `path` under its name and `suffix`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The path as SQLite's `file:` URI. Paths that are not UTF-8 are no use to
/// SQLite's interface anyway.
fn file_uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for c in path.to_string_lossy().chars() {
        match c {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            _ => uri.push(c),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_new_catalogue_has_a_uuid_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..2)
            .map(|n| {
                uuid(&open_to_write(&dir.path().join(format!("{n}?#%.sqlite"))).unwrap()).unwrap()
            })
            .collect();
        assert_ne!(names[0], names[1]);
        let lengths: Vec<_> = names[0].split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{names:?}");
        open_to_read(&dir.path().join("0?#%.sqlite")).unwrap();
    }

    #[test]
    fn an_older_catalogue_is_brought_up_to_date() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("catalog.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(
            "INSERT INTO meta VALUES ('uuid', 'x');
             INSERT INTO notices VALUES ('a', 'id:a', NULL, '2025-09-23T02:48:05Z', 1, 1);
             INSERT INTO versions VALUES ('a', 1, '2025-09-23T02:48:05Z', NULL, '', 0, 'f', 0, 0, NULL, NULL, 'page')",
        )
        .unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID)
            .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        assert!(matches!(
            open_to_read(&path),
            Err(ArchiveError::OlderCatalog { found: 1, .. })
        ));
        let now = open_to_write(&path).unwrap();
        assert_eq!(uuid(&now).unwrap(), "x");
        let kept = "SELECT count(*) FROM versions v LEFT JOIN pages p ON p.notice = v.notice WHERE v.body IS NULL";
        let count: i64 = now.query_row(kept, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1);
        open_to_read(&path).unwrap();
    }

    #[test]
    fn a_statement_is_planned_once_for_all_values() {
        let dir = tempfile::tempdir().unwrap();
        let catalog = open_to_write(&dir.path().join("catalog.sqlite")).unwrap();
        for sql in [
            "SELECT 1 FROM versions v JOIN pages p ON p.notice = v.notice WHERE v.body = ?1",
            "SELECT 1 FROM notices n JOIN versions v ON v.notice = n.id WHERE n.key = ?1",
            "UPDATE pages SET state = 'moved' WHERE notice = ?1",
        ] {
            let mut statement = catalog.prepare(sql).unwrap();
            for value in ["a", "b", "c"] {
                statement.raw_bind_parameter(1, value).unwrap();
                while statement.raw_query().next().unwrap().is_some() {}
            }
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
        }
    }

    #[test]
    fn a_lock_of_another_program_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("catalog.sqlite");
        let ours = open_to_write(&path).unwrap();
        ours.busy_timeout(Duration::from_millis(1)).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let refused = ours.execute_batch("BEGIN IMMEDIATE").unwrap_err();
        let error = ArchiveError::catalog(&path, refused).to_string();
        assert!(error.contains("locked by another program"), "{error}");
    }

    #[test]
    fn other_databases_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("catalog.sqlite");
        let check = |expected: &str| {
            for error in [open_to_write(&path).err(), open_to_read(&path).err()] {
                let error = error.expect("it is refused").to_string();
                assert!(error.contains(expected), "{error}");
            }
        };
        fs::write(
            &path,
            "no database at all, but long enough to look like one: ".repeat(20),
        )
        .unwrap();
        check("not a catalogue");
        fs::remove_file(&path).unwrap();
        let other = Connection::open(&path).unwrap();
        other
            .execute_batch("CREATE TABLE recipes (name TEXT)")
            .unwrap();
        check("not a catalogue");
        drop(other);
        fs::remove_file(&path).unwrap();
        let ours = open_to_write(&path).unwrap();
        ours.pragma_update(None, "user_version", SCHEMA + 1)
            .unwrap();
        check("use a newer gongbao");
    }
}
