//! Posted to an address, signed as <https://www.standardwebhooks.com> lays
//! down: HMAC-SHA256 of `id.timestamp.body`.

use std::{thread, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use reqwest::{StatusCode, redirect::Policy};
use sha2::Sha256;

use crate::{error::WatchError, watch::Secret};

/// How long an address may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The waits between attempts in one run; the next run tries again.
const WAITS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// What precedes a key in its text form.
const KEY_PREFIX: &str = "whsec_";

/// Posts messages.
pub(super) struct Client(reqwest::blocking::Client);

impl Client {
    pub(super) fn new() -> Result<Self, WatchError> {
        let roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let provider = rustls::crypto::ring::default_provider();
        let tls = rustls::ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions it comes with")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::blocking::Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(TIMEOUT)
            // What is signed is meant for this address.
            .redirect(Policy::none())
            .user_agent(concat!("gongbao/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(WatchError::Client)?;
        Ok(Self(client))
    }

    /// Posts `body` under the name `id`. Tries again where that may help.
    pub(super) fn post(
        &self,
        url: &str,
        secret: Option<&Secret>,
        id: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), String> {
        let time = now.as_second().to_string();
        let signature = match secret {
            Some(secret) => Some(sign(&key(secret)?, id, &time, body)?),
            None => None,
        };
        let mut waits = WAITS.iter();
        loop {
            let mut request = self
                .0
                .post(url)
                .header("content-type", "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", &time)
                .body(body.to_vec());
            if let Some(signature) = &signature {
                request = request.header("webhook-signature", signature);
            }
            let problem = match request.send() {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) => {
                    let status = answer.status();
                    let problem = format!("{url} answered {status}");
                    if !may_pass(status) {
                        return Err(problem);
                    }
                    problem
                }
                Err(error) => format!("could not reach {url}: {}", chain(&error)),
            };
            match waits.next() {
                Some(wait) => thread::sleep(*wait),
                None => return Err(problem),
            }
        }
    }
}

/// Whether asking again in a moment could help.
fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        )
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// The key: text after `whsec_` is Base64, any other is taken as it is.
fn key(secret: &Secret) -> Result<Vec<u8>, String> {
    let text = match secret {
        Secret::Variable(name) => std::env::var(name)
            .map_err(|_| format!("the key of the webhook is not in the variable {name}"))?,
        Secret::File(path) => std::fs::read_to_string(path)
            .map_err(|error| format!("could not read the key in {}: {error}", path.display()))?,
    };
    let text = text.trim();
    if text.is_empty() {
        return Err("the key of the webhook is empty".to_owned());
    }
    match text.strip_prefix(KEY_PREFIX) {
        Some(base64) => STANDARD
            .decode(base64)
            .map_err(|error| format!("the key of the webhook is no Base64: {error}")),
        None => Ok(text.as_bytes().to_vec()),
    }
}

fn sign(key: &[u8], id: &str, time: &str, body: &[u8]) -> Result<String, String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| error.to_string())?;
    for part in [id.as_bytes(), b".", time.as_bytes(), b".", body] {
        mac.update(part);
    }
    Ok(format!(
        "v1,{}",
        STANDARD.encode(mac.finalize().into_bytes())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signs_as_the_specification_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").expect("room");
        let key = key(&Secret::File(path)).expect("a key");
        let signed = sign(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signed.expect("signed"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
