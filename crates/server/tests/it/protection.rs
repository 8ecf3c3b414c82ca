//! Tokens, limits, headers, health.

use std::{num::NonZero, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request},
};
use gongbao_server::{Limits, Settings};
use tower::ServiceExt;

use crate::support::{Sample, ask, get, router};

#[tokio::test]
async fn browsers_are_kept_safe() {
    for path in [
        "/api/v1/search?q=债务",
        "/api/v1/search",
        "/nowhere",
        "/healthz",
    ] {
        let got = get(path).await;
        let policy = got.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("referrer-policy"), "no-referrer");
        assert_eq!(got.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn health_is_told() {
    assert_eq!(get("/healthz").await.with(200).text, "ok\n");
    assert!(get("/readyz").await.with(200).text.starts_with("ready"));
    get("/api/v1/search?q=债务").await;
    let metrics = get("/metrics").await.with(200).text;
    for name in [
        "gongbao_requests_total",
        "gongbao_request_duration_seconds_bucket",
        "gongbao_index_generation",
        "gongbao_index_age_seconds",
    ] {
        assert!(metrics.contains(name), "{name}:\n{metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"));
}

#[tokio::test]
async fn nothing_is_changed_by_asking() {
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let request = Request::builder().method(method).uri("/api/v1/search?q=a");
        let request = request.body(Body::empty()).expect("a request");
        let answer = router().oneshot(request).await.expect("it answers");
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn long_addresses_are_refused() {
    let got = get(&format!("/api/v1/search?{}", "organ=a&".repeat(3_000)))
        .await
        .with(414);
    assert_eq!(got.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_take_it() {
    for encoding in ["gzip", "br"] {
        let got = ask(
            &router(),
            "/api/v1/topics",
            &[("accept-encoding", encoding)],
        )
        .await;
        assert_eq!(got.with(200).header("content-encoding"), encoding);
    }
}

#[tokio::test]
async fn where_there_are_tokens_only_bearers_are_answered() {
    let sample = Sample::new();
    let settings = Settings {
        tokens: vec!["0123456789abcdef".parse().expect("a token")],
        origins: vec!["https://pages.example".to_owned()],
        ..Settings::default()
    };
    let router = sample.app(settings).router();
    let path = "/api/v1/search?q=债务";
    let refused = ask(&router, path, &[]).await.with(401);
    assert!(refused.header("www-authenticate").contains("Bearer"));
    ask(&router, "/metrics", &[]).await.with(401);
    ask(
        &router,
        path,
        &[("authorization", "Bearer fedcba9876543210")],
    )
    .await
    .with(401);
    let bearer = ("authorization", "Bearer 0123456789abcdef");
    let got = ask(
        &router,
        path,
        &[bearer, ("origin", "https://pages.example")],
    )
    .await
    .with(200);
    assert_eq!(
        got.header("access-control-allow-origin"),
        "https://pages.example"
    );
    ask(&router, "/healthz", &[]).await.with(200);
}

#[tokio::test]
async fn who_finds_no_place_is_told_when_to_come_back() {
    let sample = Sample::new();
    let settings = Settings {
        limits: Limits {
            threads: NonZero::<usize>::MIN,
            waiting: 0,
            time: Duration::from_secs(5),
            ..Limits::default()
        },
        ..Settings::default()
    };
    let router = sample.app(settings).router();
    let one = |n: usize| {
        let router = router.clone();
        async move { ask(&router, &format!("/api/v1/suggest?q=债务&limit={n}"), &[]).await }
    };
    let (a, b, c) = tokio::join!(one(1), one(2), one(3));
    let mut statuses: Vec<_> = [&a, &b, &c].map(|got| got.status.as_u16()).to_vec();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 503, 503]);
    let refused = [a, b, c]
        .into_iter()
        .find(|got| got.status == 503)
        .expect("one was");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("content-type"), "application/problem+json");
}
