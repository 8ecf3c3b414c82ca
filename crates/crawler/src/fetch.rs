//! One request and its answer, within bounds: sizes, times, headers,
//! addresses. Redirects are answers like any other.

use std::{
    error::Error,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use gongbao_archive::Truncation;
use jiff::Timestamp;
use reqwest::{
    Client, Proxy, Response, Version,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue,
        IF_MODIFIED_SINCE, IF_NONE_MATCH, USER_AGENT,
    },
    redirect::Policy,
};
use url::Url;

use crate::{
    address::host_key,
    clock::Clock,
    guard::{GuardedResolver, NotPublic, check_literal},
};

/// The most that is waited for and taken.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// From the request to the head of the response.
    pub first_byte: Duration,
    /// Between two pieces of a response.
    pub idle: Duration,
    /// From the request to the end of the response.
    pub total: Duration,
    /// Bytes of a page as sent and as unpacked. The longest real one met has
    /// 3 MB.
    pub page_bytes: u64,
    /// Bytes of an attachment.
    pub file_bytes: u64,
    /// Headers of a response.
    pub headers: usize,
    /// Redirects from a page.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            first_byte: Duration::from_secs(60),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(300),
            page_bytes: 32 << 20,
            file_bytes: 256 << 20,
            headers: 128,
            redirects: 5,
        }
    }
}

/// What an answer may be compared with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Condition {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

/// A response as received.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) request: Head,
    pub(crate) response: Head,
    pub(crate) status: u16,
    /// Without transfer encoding, in its content encoding.
    pub(crate) entity: Vec<u8>,
    /// Why the entity is not whole, if it is not, and in words.
    pub(crate) cut: Option<(Truncation, String)>,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) fetched: Timestamp,
    pub(crate) took: Duration,
}

/// The head of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) line: String,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        let (_, value) = fields.find(|(field, _)| field.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok().map(str::trim)
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum NoAnswer {
    #[error(transparent)]
    NotPublic(#[from] NotPublic),
    #[error("no answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    #[error("{0}")]
    Transport(String),
}

impl NoAnswer {
    /// Whether asking again later could succeed.
    pub(crate) fn is_transient(&self) -> bool {
        !matches!(self, Self::NotPublic(_))
    }
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
#[error("could not prepare for HTTP")]
pub struct ClientError(#[source] Box<dyn Error + Send + Sync>);

/// Asks for pages.
#[derive(Clone)]
pub(crate) struct Fetcher {
    client: Client,
    clock: Arc<dyn Clock>,
    user_agent: HeaderValue,
    allow_private: bool,
    limits: Limits,
}

impl Fetcher {
    /// `proxy` is the address of a proxy to send everything through; none is
    /// taken from the environment.
    pub(crate) fn new(
        user_agent: &str,
        limits: &Limits,
        allow_private: bool,
        proxy: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        let error = |error: Box<dyn Error + Send + Sync>| ClientError(error);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| error(e.into()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(GuardedResolver { allow_private })
            .redirect(Policy::none())
            .referer(false)
            .http1_only()
            .http1_max_headers(limits.headers)
            .http1_ignore_invalid_headers_in_responses(true)
            .connect_timeout(limits.connect)
            .pool_max_idle_per_host(4)
            .pool_idle_timeout(Duration::from_secs(60));
        builder = match proxy {
            Some(proxy) => builder.proxy(Proxy::all(proxy).map_err(|e| error(e.into()))?),
            None => builder.no_proxy(),
        };
        Ok(Self {
            client: builder.build().map_err(|e| error(e.into()))?,
            clock,
            user_agent: HeaderValue::from_str(user_agent).map_err(|e| error(e.into()))?,
            allow_private,
            limits: limits.clone(),
        })
    }

    /// Asks for `url`, once; at most `max_bytes` of the answer are taken.
    pub(crate) async fn get(
        &self,
        url: &Url,
        condition: &Condition,
        max_bytes: u64,
    ) -> Result<Answer, NoAnswer> {
        check_literal(url, self.allow_private)?;
        let headers = self.headers(condition);
        let request = request_head(url, &headers);
        let started = Instant::now();
        let sent = self.client.get(url.clone()).headers(headers).send();
        let response = tokio::time::timeout(self.limits.first_byte, sent)
            .await
            .map_err(|_| NoAnswer::TimedOut(self.limits.first_byte))?
            .map_err(|error| no_answer(&error))?;
        let fetched = self.clock.now();
        let mut answer = Answer {
            request,
            response: response_head(&response),
            status: response.status().as_u16(),
            entity: Vec::new(),
            cut: None,
            ip: response.remote_addr().map(|address| address.ip()),
            fetched,
            took: Duration::ZERO,
        };
        let left = self.limits.total.saturating_sub(started.elapsed());
        let read = read_entity(response, &mut answer.entity, max_bytes, self.limits.idle);
        answer.cut = match tokio::time::timeout(left, read).await {
            Ok(cut) => cut,
            Err(_) => Some((
                Truncation::Time,
                format!("it took longer than {} s", self.limits.total.as_secs_f32()),
            )),
        };
        answer.took = started.elapsed();
        Ok(answer)
    }

    fn headers(&self, condition: &Condition) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(USER_AGENT, self.user_agent.clone());
        let accepted = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        headers.insert(
            ACCEPT_LANGUAGE,
            HeaderValue::from_static("zh-CN,zh;q=0.9,en;q=0.5"),
        );
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let mut add = |name: HeaderName, value: &Option<String>| {
            // A value that is no header came from its server; it loses by it.
            if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
                headers.insert(name, value);
            }
        };
        add(IF_NONE_MATCH, &condition.etag);
        add(IF_MODIFIED_SINCE, &condition.last_modified);
        headers
    }
}

/// Takes the entity; tells why it is not whole, if it is not.
async fn read_entity(
    mut response: Response,
    entity: &mut Vec<u8>,
    max_bytes: u64,
    idle: Duration,
) -> Option<(Truncation, String)> {
    loop {
        match tokio::time::timeout(idle, response.chunk()).await {
            Err(_) => {
                let why = format!("it stopped for {} s", idle.as_secs_f32());
                return Some((Truncation::Time, why));
            }
            Ok(Err(error)) => {
                let why = format!("the connection ended too early: {}", innermost(&error));
                return Some((Truncation::Disconnect, why));
            }
            Ok(Ok(None)) => return None,
            Ok(Ok(Some(chunk))) => {
                let room = usize::try_from(max_bytes).unwrap_or(usize::MAX) - entity.len();
                entity.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    let why = format!("it is larger than {} MiB", max_bytes >> 20);
                    return Some((Truncation::Length, why));
                }
            }
        }
    }
}

/// What was sent: HTTP libraries do not tell, but they add no more than the host.
fn request_head(url: &Url, headers: &HeaderMap) -> Head {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut fields = vec![("Host".to_owned(), host_key(url).into_bytes())];
    fields.extend(copied(headers));
    Head {
        line: format!("GET {target} HTTP/1.1"),
        fields,
    }
}

fn response_head(response: &Response) -> Head {
    let status = response.status();
    let version = match response.version() {
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    let reason = status.canonical_reason().unwrap_or_default();
    Head {
        line: format!("{version} {} {reason}", status.as_u16())
            .trim_end()
            .to_owned(),
        fields: copied(response.headers()).collect(),
    }
}

fn copied(headers: &HeaderMap) -> impl Iterator<Item = (String, Vec<u8>)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_owned()))
}

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(not_public) = inner.downcast_ref::<NotPublic>() {
            return NoAnswer::NotPublic(not_public.clone());
        }
        cause = inner.source();
    }
    let what = match () {
        () if error.is_timeout() => "no connection in time",
        () if error.is_connect() => "no connection",
        () => "no answer that makes sense",
    };
    NoAnswer::Transport(format!("{what}: {}", innermost(error)))
}

/// The error at the root of `error`, which says what is the matter.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
