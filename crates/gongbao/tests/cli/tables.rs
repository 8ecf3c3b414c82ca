//! The tables and views for SQL say what the commands say.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::support::{Corpus, NOTICE, sample_pages};

/// All rows of `query`, cells as text, null as the empty text.
fn rows(corpus: &Corpus, query: &str) -> Vec<Vec<String>> {
    let catalogue = Connection::open(corpus.dir().join("catalog.sqlite")).expect("it opens");
    let mut statement = catalogue.prepare(query).expect("a query");
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns)
            .map(|column| {
                use rusqlite::types::ValueRef::{Blob, Integer, Null, Real, Text};
                Ok(match row.get_ref(column)? {
                    Null => String::new(),
                    Integer(number) => number.to_string(),
                    Real(number) => number.to_string(),
                    Text(text) | Blob(text) => String::from_utf8_lossy(text).into_owned(),
                })
            })
            .collect()
    });
    rows.expect("it runs")
        .map(|row| row.expect("a row"))
        .collect()
}

/// The columns of a view.
fn columns(corpus: &Corpus, view: &str) -> Vec<String> {
    let query = format!("SELECT name FROM pragma_table_info('{view}')");
    rows(corpus, &query).concat()
}

/// What a command prints as CSV, its apostrophes before formulas taken off.
fn printed(corpus: &Corpus, command: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let command = [command, &["--format", "csv"]].concat();
    let (header, rows) = corpus.run(&command).with(0).csv();
    let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    (header, rows.into_iter().map(cells).collect())
}

#[track_caller]
fn check_same(corpus: &Corpus, view: &str, command: &[&str]) {
    let (header, mut expected) = printed(corpus, command);
    assert_eq!(columns(corpus, view), header, "{view}");
    let mut found = rows(corpus, &format!("SELECT * FROM {view}"));
    expected.sort();
    found.sort();
    assert_eq!(found.len(), expected.len(), "{view}");
    assert!(!found.is_empty(), "{view}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected, "{view}");
    }
}

#[test]
fn views_hold_what_the_commands_print() {
    let corpus = Corpus::new();
    let pages = sample_pages();
    corpus
        .run(&["import", pages.to_str().expect("a plain path")])
        .with(0);
    corpus.run(&["index", "--tables"]).with(0);
    check_same(&corpus, "v_passages", &["export", "--unit", "passage"]);
    check_same(&corpus, "v_facts", &["facts"]);

    let (header, exported) = printed(&corpus, &["export"]);
    let shared: BTreeSet<_> = columns(&corpus, "v_notices").into_iter().collect();
    let shared: Vec<_> = header
        .iter()
        .filter(|name| shared.contains(*name))
        .collect();
    assert_eq!(shared.len(), 14, "all but what was asked for, and the text");
    let query = shared.iter().map(|name| name.as_str()).collect::<Vec<_>>();
    let mut found = rows(
        &corpus,
        &format!("SELECT {} FROM v_notices", query.join(", ")),
    );
    let mut expected: Vec<Vec<String>> = exported
        .iter()
        .map(|row| {
            let cells = header.iter().zip(row);
            let cells = cells.filter(|(name, _)| shared.contains(name));
            cells.map(|(_, cell)| cell.clone()).collect()
        })
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

/// What the tables hold of the one notice of `corpus`.
fn told(corpus: &Corpus) -> Vec<Vec<String>> {
    rows(
        corpus,
        "SELECT n.version, f.value FROM v_notices n JOIN v_facts f USING (id)
         WHERE f.kind = 'money'",
    )
}

#[test]
fn tables_follow_the_index_once_they_are_there() {
    let corpus = Corpus::new();
    corpus.with_page("a.txt", NOTICE);
    let schema = "SELECT name FROM sqlite_schema WHERE name LIKE 'v\\_%' ESCAPE '\\'";
    assert!(rows(&corpus, schema).is_empty(), "nobody asked for them");
    corpus.run(&["index", "--tables"]).with(0);
    assert_eq!(told(&corpus), [["1", "125000"]]);

    // Nobody asks again.
    corpus.with_page("a.txt", &NOTICE.replace("12.5", "13.5"));
    assert_eq!(told(&corpus), [["2", "135000"]]);
    let newest = "SELECT version, newest FROM v_versions ORDER BY version";
    assert_eq!(rows(&corpus, newest), [["1", "0"], ["2", "1"]]);
    corpus.run(&["index", "--rebuild"]).with(0);
    assert_eq!(told(&corpus), [["2", "135000"]]);

    corpus.run(&["index", "--no-tables"]).with(0);
    assert!(rows(&corpus, schema).is_empty());
    corpus.run(&["index", "--no-tables"]).with(0);
    corpus.run(&["index", "--tables", "--no-tables"]).with(2);
}

#[test]
fn tables_made_otherwise_are_made_anew() {
    let corpus = Corpus::new();
    corpus.with_page("a.txt", NOTICE);
    corpus.run(&["index", "--tables"]).with(0);
    let catalogue = Connection::open(corpus.dir().join("catalog.sqlite")).expect("it opens");
    catalogue
        .execute_batch(
            "UPDATE meta SET value = 'an earlier gongbao' WHERE key = 'tables';
             UPDATE read_facts SET value = 1",
        )
        .expect("it is changed");
    drop(catalogue);
    corpus.run(&["index"]).with(0);
    assert_eq!(told(&corpus), [["1", "125000"]]);
}
