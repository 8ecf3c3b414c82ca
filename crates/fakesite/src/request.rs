//! A request as read.

use tokio::io::{AsyncRead, AsyncReadExt, BufReader};

/// Longer heads are not read.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Longer bodies are not read.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// A request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query as sent.
    pub(crate) target: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    /// Reads the next request of a connection; `None` when there is none, or
    /// none that makes sense.
    pub(crate) async fn read(from: &mut BufReader<impl AsyncRead + Unpin>) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() == MAX_HEAD_BYTES {
                return None;
            }
            head.push(from.read_u8().await.ok()?);
        }
        let mut request = Self::parse(std::str::from_utf8(&head).ok()?)?;
        let length = match request.header("content-length") {
            Some(length) => length.parse().ok()?,
            None => 0,
        };
        if length > MAX_BODY_BYTES {
            return None;
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).await.ok()?;
        request.body = String::from_utf8(body).ok()?;
        Some(request)
    }

    fn parse(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Some(Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: String::new(),
        })
    }

    /// The header `name`, in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The parameter `name` of the query or of a form, still percent-encoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .chain(self.body.split('&'))
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Whether it asks for a page only if that has changed.
    pub(crate) fn is_conditional(&self) -> bool {
        self.header("if-none-match").is_some() || self.header("if-modified-since").is_some()
    }

    /// The address of this server as the client knows it.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("localhost"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_from_query_and_form() {
        let head = "POST /x?page=2&a= HTTP/1.1\r\nHost: a.example\r\nIf-None-Match: \"1\"\r\n\r\n";
        let mut request = Request::parse(head).expect("it makes sense");
        request.body = "columnid=7".to_owned();
        assert_eq!(request.path(), "/x");
        assert_eq!(request.parameter("page"), Some("2"));
        assert_eq!(request.parameter("columnid"), Some("7"));
        assert_eq!(request.parameter("b"), None);
        assert!(request.is_conditional());
        assert_eq!(request.origin(), "http://a.example");
    }
}
