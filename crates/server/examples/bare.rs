//! A bare axum handler that returns a fixed body: the least that any server
//! built on it takes. For `tests/load/run`.

use std::io::Write;

use axum::{Router, http::header, response::IntoResponse, routing::get};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let size = std::env::args().nth(1).and_then(|size| size.parse().ok());
    let body: &'static str = "债".repeat(size.unwrap_or(9_000) / 3).leak();
    let answer =
        move || async move { ([(header::CONTENT_TYPE, "application/json")], body).into_response() };
    let router = Router::new().fallback(get(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "http://{}/", listener.local_addr()?)?;
    out.flush()?;
    drop(out);
    axum::serve(listener, router).await
}
