//! What is sent, and in what manner.

use std::time::Duration;

/// A response, before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) manner: Manner,
}

/// How a response goes over the wire.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Manner {
    /// As it should.
    #[default]
    Whole,
    /// After a pause.
    Late(Duration),
    /// So many bytes at a time, with pauses between.
    Dripping(usize, Duration),
    /// Half of it; then silence, with the connection open.
    Stalled,
    /// Half of it; then the connection is reset (RST).
    Reset,
    /// Half of it; then the connection is closed as if that were all.
    Cut,
    /// Chunked, with the last chunk missing.
    CutChunked,
    /// With a `Content-Length` of half of it, and the rest behind.
    Overlong,
    /// The body over and over, with no end and no length.
    Endless,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", content_type.to_owned())],
            body: body.into(),
            manner: Manner::Whole,
        }
    }

    pub(crate) fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/html; charset=utf-8", body)
    }

    /// A page of one sentence with a status of its own.
    pub(crate) fn short(status: u16, says: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{says}</title></head><body><h1>{says}</h1></body></html>"
        );
        Self::new(status, "text/html; charset=utf-8", page)
    }

    pub(crate) fn not_found() -> Self {
        Self::short(404, "您访问的页面不存在")
    }

    pub(crate) fn redirect(status: u16, to: String) -> Self {
        Self::short(status, "页面已转移").with("Location", to)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    pub(crate) fn sent(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }
}
