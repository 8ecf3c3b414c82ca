//! New generations of the index, picked up while requests go on.

use std::fs;

use gongbao_analysis::CURRENT_FILE;
use gongbao_server::Settings;

use crate::support::{Page, Sample, ask};

const PAGE: &str = "<html><head><title>关于测试灯塔的通告</title></head><body><h1>关于测试灯塔的通告</h1>\
    <p>一、灯塔测试债务甲。</p><p>二、灯塔测试债务乙，债务，债务，债务。</p></body></html>";

#[tokio::test]
async fn a_new_generation_changes_answers_and_tags_but_no_cursor() {
    let sample = Sample::new();
    let app = sample.app(Settings::default());
    let router = app.router();
    let path = "/api/v1/search?q=债务&limit=3";
    let before = ask(&router, path, &[]).await.with(200);
    let tag = before.header("etag").to_owned();
    let first = before.json();
    let cursor = first["next_cursor"].as_str().expect("more").to_owned();
    let whole = ask(&router, "/api/v1/search?q=债务&limit=100", &[])
        .await
        .json();
    ask(&router, "/api/v1/search?q=灯塔测试", &[])
        .await
        .with(200);

    sample.add(&[Page {
        url: "https://www.example.gov.example/lighthouse.html",
        bytes: PAGE.as_bytes(),
        fetched: "2025-11-06T05:58:53Z",
    }]);
    sample.index();
    app.refresh().expect("it opens");

    let after = ask(&router, path, &[("if-none-match", &tag)])
        .await
        .with(200);
    assert_ne!(after.header("etag"), tag);
    let found = ask(&router, "/api/v1/search?q=灯塔测试", &[]).await.json();
    assert_eq!(found["total"], 1);
    // The next page goes on behind the last hit of the first, wherever that
    // stands now.
    let next = ask(&router, &format!("{path}&cursor={cursor}"), &[])
        .await
        .json();
    let id = |hit: &serde_json::Value| hit["id"].clone();
    let new_id = id(&found["hits"][0]);
    let expected: Vec<_> = whole["hits"].as_array().expect("hits")[3..]
        .iter()
        .map(id)
        .collect();
    let got: Vec<_> = next["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .map(id)
        .collect();
    let got: Vec<_> = got.into_iter().filter(|id| *id != new_id).collect();
    assert_eq!(got, expected[..got.len()]);
}

#[tokio::test]
async fn an_index_that_is_damaged_answers_no_more_until_there_is_another() {
    let sample = Sample::new();
    let app = sample.app(Settings::default());
    let router = app.router();
    let paths = [
        "/api/v1/search?q=债务",
        "/readyz",
        "/",
        "/feeds/search.atom?q=债务",
    ];
    app.check().expect("it reads");
    for path in paths {
        ask(&router, path, &[]).await.with(200);
    }
    let index = sample.corpus.index_dir();
    let current = fs::read_to_string(index.join(CURRENT_FILE)).expect("an index");
    let files = fs::read_dir(index.join(current.trim())).expect("a folder");
    let postings = files
        .map(|file| file.expect("a file").path())
        .find(|path| path.extension().is_some_and(|ending| ending == "idx"))
        .expect("postings");
    let mut bytes = fs::read(&postings).expect("it reads");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    // Beside, as the server has the old file in memory.
    let other = postings.with_extension("new");
    fs::write(&other, bytes).expect("room");
    fs::rename(&other, &postings).expect("it is replaced");
    app.check().expect("it reads");
    for path in paths {
        ask(&router, path, &[]).await.with(503);
    }
    let problem = ask(&router, paths[0], &[]).await.json();
    assert_eq!(problem["type"], "urn:gongbao:problem:damaged");
    let metrics = ask(&router, "/metrics", &[]).await.with(200);
    assert!(metrics.text.contains("index_damaged 1"), "{}", metrics.text);
    ask(&router, "/healthz", &[]).await.with(200);

    sample.rebuild();
    app.refresh().expect("it opens");
    app.check().expect("it reads");
    for path in paths {
        ask(&router, path, &[]).await.with(200);
    }
}
