//! A notice that means harm, shown inert everywhere.

use gongbao_server::Settings;

use crate::support::{Page, Sample, ask};

/// What must not come out as markup, whatever went in.
const DANGEROUS: [&str; 6] = [
    "<script>alert",
    "<svg onload",
    "<img src=x",
    "javascript:alert",
    "\u{202e}",
    "</mark><script",
];

fn page() -> String {
    let long = "长".repeat(3_400_000);
    format!(
        "<html><head><title>{long}</title>\
         <meta name=\"ArticleTitle\" content=\"&lt;script&gt;alert(1)&lt;/script&gt;\u{202e}通告灯塔{long}\">\
         <style>body{{display:none}}</style></head><body>\
         <h1>&lt;script&gt;alert(1)&lt;/script&gt;\u{202e}关于灯塔债务的通告</h1><script>alert(2)</script>\
         <p>一、灯塔债务&lt;/mark&gt;&lt;script&gt;alert(3)&lt;/script&gt;与&lt;svg onload=alert(4)&gt;。</p>\
         <p>二、<a href=\"javascript:alert(5)\">灯塔债务</a>\u{202e}倒写\u{2066}，&lt;img src=x onerror=alert(6)&gt;。</p>\
         <svg onload=\"alert(7)\"></svg></body></html>"
    )
}

#[tokio::test]
async fn a_hostile_notice_is_inert() {
    let sample = Sample::new();
    sample.add(&[Page {
        url: "https://www.example.gov.example/\"><script>alert(8)</script>",
        bytes: page().as_bytes(),
        fetched: "2025-11-01T00:00:00Z",
    }]);
    sample.index();
    let router = sample.app(Settings::default()).router();
    let found = ask(&router, "/api/v1/search?q=灯塔债务", &[])
        .await
        .with(200)
        .json();
    let id = found["hits"][0]["id"]
        .as_str()
        .expect("it is found")
        .to_owned();
    for path in [
        "/search?q=灯塔债务".to_owned(),
        format!("/notices/{id}?q=灯塔债务"),
        format!("/notices/{id}/changes"),
        "/search?q=</mark><script>alert(9)</script>".to_owned(),
        "/search?q=灯塔&genre=\"><script>alert(9)</script>".to_owned(),
        "/feeds/search.atom?q=灯塔债务".to_owned(),
        "/".to_owned(),
    ] {
        let got = ask(&router, &path, &[]).await.with(200);
        for dangerous in DANGEROUS {
            let href = format!("href=\"{dangerous}");
            let harmful = if dangerous.starts_with("javascript") {
                href.as_str()
            } else {
                dangerous
            };
            assert!(!got.text.contains(harmful), "{path}: {dangerous}");
        }
        assert!(got.text.len() < 2_000_000, "{path}: a long title is cut");
    }
    let archived = ask(&router, &format!("/notices/{id}/archived"), &[])
        .await
        .with(200);
    let policy = archived.header("content-security-policy");
    assert!(
        policy.starts_with("sandbox; default-src 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("allow-"), "{policy}");
}
