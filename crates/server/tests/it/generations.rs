//! New generations of the index, picked up while requests go on.

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
