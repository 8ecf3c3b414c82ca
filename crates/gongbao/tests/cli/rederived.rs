//! What changes besides the archive: words, places, profiles, rules. Only what
//! it concerns is read, cut and told again.

use std::fs;

use gongbao_archive::digest_of_file;
use gongbao_fakesite::{Family, Site, Web};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::Corpus;

/// Three made-up notices of two sites.
fn take(corpus: &Corpus) {
    let row = |number: usize, host: &str, text: &str| {
        let title = format!("关于第{number}号事项的通报");
        let url = format!("https://{host}/{number}.html");
        json!({ "id": format!("n{number}"), "title": title, "text": text, "url": url }).to_string()
    };
    let rows = [
        row(1, "www.yunxi.example", "长江禁渔办清退渔具12件。"),
        row(2, "www.yunxi.example", "化解债务300万元。"),
        row(3, "www.baihe.example", "修缮道路5公里。"),
    ];
    let path = corpus.page("rows.jsonl", &rows.join("\n"));
    corpus.run(&["import", &path]).with(0);
}

fn index(corpus: &Corpus) -> (Value, String) {
    let ran = corpus.run(&["index", "--format", "json"]).with(0);
    (ran.json()["rederived"].clone(), ran.err)
}

#[test]
fn words_that_come_and_go_are_told_and_cut() {
    let corpus = Corpus::new();
    take(&corpus);
    corpus.run(&["index"]).with(0);
    let own = corpus.dir().join("dictionary.txt");
    fs::write(&own, "长江禁渔办\n").expect("it is written");
    let refused = corpus.run(&["search", "债务"]).with(2);
    assert!(refused.err.contains("`gongbao index`"), "{}", refused.err);
    let (rederived, err) = index(&corpus);
    assert!(
        err.contains("1 of 3 notices cut anew: the dictionary gained 长江禁渔办"),
        "{err}"
    );
    let because = json!(["the dictionary gained 长江禁渔办"]);
    assert_eq!(
        rederived,
        json!({ "because": because, "reread": 0, "indexed": 1 })
    );
    corpus.run(&["search", "长江禁渔办"]).with(0);
    corpus.run(&["verify"]).with(0);
    assert_eq!(index(&corpus).0, Value::Null, "nothing to do");

    fs::write(&own, "债务 5\n").expect("it is written");
    let ran = corpus.run(&["update", "--lang", "zh"]).with(0);
    assert!(
        ran.err
            .contains("3 件公文中重新切分 2 件：词典删去 长江禁渔办，改变词频 债务"),
        "{}",
        ran.err
    );
    corpus.run(&["search", "债务"]).with(0);
}

#[test]
fn a_changed_profile_reads_the_pages_of_its_site_again() {
    let sites = [
        Site::new("yunxi", Family::Trs, 4),
        Site::new("baihe", Family::Trs, 5),
    ];
    let web = Web::serve(sites).expect("it serves");
    let corpus = Corpus::new();
    let folder = corpus.dir().join("sites");
    fs::create_dir_all(&folder).expect("a folder");
    let profile = |id: &str, more: &str| {
        let text = web.profile(id) + more;
        fs::write(folder.join(format!("{id}.toml")), text).expect("it is written");
    };
    profile("yunxi", "");
    profile("baihe", "");
    let crawl = [
        "crawl",
        "--allow-private",
        "--delay",
        "1ms",
        "yunxi",
        "baihe",
    ];
    corpus.run(&crawl).with(0);
    corpus.run(&["index", "--tables"]).with(0);
    let characters = || -> Vec<(i64, i64)> {
        let catalogue = Connection::open(corpus.dir().join("catalog.sqlite")).expect("it opens");
        let mut rows = catalogue
            .prepare("SELECT number, characters FROM read_notices ORDER BY id")
            .expect("a query");
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("it runs")
            .map(|row| row.expect("a row"))
            .collect()
    };
    let before = characters();
    assert_eq!(before.len(), 9);

    // Their first paragraph is none of the notice's.
    profile("yunxi", "article = { drop = \"p:nth-of-type(1)\" }\n");
    drop(web);
    let (rederived, err) = index(&corpus);
    assert_eq!(
        (&rederived["reread"], &rederived["indexed"]),
        (&json!(4), &json!(4)),
        "{err}"
    );
    assert!(err.contains("the profile of 127.0.0.1:"), "{err}");
    assert!(err.contains("tables for SQL: 4 notices written"), "{err}");
    let after = characters();
    let same = before.iter().filter(|row| after.contains(row)).count();
    assert_eq!((same, after.len()), (5, 9), "{before:?} {after:?}");

    // Words alone say nothing that tables hold.
    fs::write(corpus.dir().join("dictionary.txt"), "事项 5\n").expect("it is written");
    let (rederived, err) = index(&corpus);
    assert_eq!(rederived["reread"], 0);
    assert!(!err.contains("tables for SQL"), "{err}");
}

/// Nothing here tells what newer rules would read otherwise, so all pages are
/// read, and nothing of them is indexed again if all say the same.
#[test]
fn newer_rules_read_every_page_and_index_none_that_reads_the_same() {
    let corpus = Corpus::new();
    take(&corpus);
    corpus.run(&["index", "--tables"]).with(0);
    let generation = corpus.dir().join("index/generation-000001");
    let meta = generation.join("meta.json");
    let digest = || digest_of_file(&meta).expect("it reads");
    let before = digest();
    let text = fs::read_to_string(&meta).expect("a note");
    let older = text.replacen(r#"\"rules\":1"#, r#"\"rules\":0"#, 1);
    assert_ne!(text, older);
    fs::write(&meta, older).expect("it is written");
    let sums = generation.join("SHA256SUMS");
    let text = fs::read_to_string(&sums).expect("digests");
    fs::write(&sums, text.replace(&before, &digest())).expect("it is written");
    let (rederived, err) = index(&corpus);
    let because = json!(["pages are read by newer rules"]);
    assert_eq!(
        rederived,
        json!({ "because": because, "reread": 3, "indexed": 0 }),
        "{err}"
    );
    assert!(!err.contains("tables for SQL"), "{err}");
    assert_eq!(index(&corpus).0, Value::Null, "nothing to do");
}

/// Topics are asked for when a question is; what was there before is no news,
/// whatever a topic says today.
#[test]
fn a_topic_that_changes_makes_nothing_new() {
    let corpus = Corpus::new();
    take(&corpus);
    let topic = |words: &str| {
        let folder = corpus.dir().join("topics");
        fs::create_dir_all(&folder).expect("a folder");
        let text = format!(
            "id = \"ours\"\nversion = 1\nname = {{ zh = \"我们的\", en = \"ours\" }}\n\
             scope = \"Things of ours.\"\n\
             expressions = [{{ text = \"{words}\" }}]\n"
        );
        fs::write(folder.join("ours.toml"), text).expect("it is written");
    };
    topic("债务");
    let jsonl = corpus.dir().join("alerts.jsonl");
    let path = jsonl.display().to_string();
    let add = [
        "watch", "add", "ours", "--topic", "ours", "--all", "--jsonl", &path,
    ];
    corpus.run(&add).with(0);
    corpus.run(&["update"]).with(0);
    let alerts = || fs::read_to_string(&jsonl).expect("alerts").lines().count();
    assert_eq!(alerts(), 1);
    topic("道路");
    fs::write(corpus.dir().join("dictionary.txt"), "道路 5\n").expect("it is written");
    corpus.run(&["update"]).with(0);
    assert_eq!(alerts(), 1, "neither topic nor words make news");
    let row = json!({ "id": "n4", "title": "又一件", "text": "又修缮道路7公里。" });
    let path = corpus.page("more.jsonl", &row.to_string());
    corpus.run(&["import", &path]).with(0);
    corpus.run(&["update"]).with(0);
    assert_eq!(alerts(), 2, "what comes is held against the topic of today");
}
