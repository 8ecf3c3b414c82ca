//! Atom feeds. That others read them is tested in `tests/readers`.

use std::collections::HashSet;

use crate::support::{ask, get, router};

fn ids(feed: &str) -> Vec<String> {
    let parts = feed.split("<id>").skip(1);
    parts
        .map(|part| part.split("</id>").next().expect("it ends").to_owned())
        .collect()
}

#[tokio::test]
async fn entries_are_passages_that_keep_their_names() {
    let feed = get("/feeds/topics/debt-resolution.atom").await.with(200);
    assert!(
        feed.header("content-type")
            .starts_with("application/atom+xml")
    );
    let names = ids(&feed.text);
    assert!(names.len() > 5);
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    assert!(feed.text.contains("<content type=\"text\">"));
    let again = ask(
        &router(),
        "/feeds/topics/debt-resolution.atom",
        &[("host", "other.example")],
    )
    .await;
    assert_eq!(ids(&again.text), names);
    assert!(again.text.contains("http://other.example/notices/"));
    // The same passage bears the same name in every feed.
    let search = get("/feeds/search.atom?topic=debt-resolution")
        .await
        .with(200);
    assert_eq!(ids(&search.text)[1..], names[1..]);
}

#[tokio::test]
async fn what_there_is_no_feed_of_is_told() {
    get("/feeds/topics/no-such.atom").await.with(404);
    get("/feeds/topics/debt-resolution").await.with(404);
    let problem = get("/feeds/search.atom").await.with(400).json();
    assert_eq!(problem["parameter"], "q");
    let evil = ask(
        &router(),
        "/feeds/search.atom?q=债务",
        &[("host", "x\"><script>")],
    )
    .await;
    assert!(!evil.text.contains("<script>"));
}
