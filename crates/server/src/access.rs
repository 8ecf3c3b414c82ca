//! Who may ask: bearer tokens.

use std::{fmt, str::FromStr};

use axum::http::{HeaderMap, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// Shorter ones can be guessed.
const LEAST_CHARS: usize = 16;

/// A token that lets its bearer ask. Only its digest is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// The text can be no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token has at least {LEAST_CHARS} printable ASCII characters and no blanks")]
pub struct TokenError;

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_safe = text.len() >= LEAST_CHARS && text.bytes().all(|b| b.is_ascii_graphic());
        if is_safe {
            Ok(Self::of(text))
        } else {
            Err(TokenError)
        }
    }
}

impl Token {
    fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Whether `headers` carry one of `tokens`, as a bearer token or as the
/// password of any user, which is what browsers can send. What is compared are
/// digests, so the time it takes tells nothing of a token.
pub(crate) fn may_ask(headers: &HeaderMap, tokens: &[Token]) -> bool {
    if tokens.is_empty() {
        return true;
    }
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(given);
    given.is_some_and(|given| tokens.contains(&Token::of(&given)))
}

fn given(authorization: &str) -> Option<String> {
    let (scheme, value) = authorization.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(value.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    Some(decoded.split_once(':')?.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(authorization: Option<&str>, may: bool) {
        let tokens = ["correct-horse-battery".parse().expect("long enough")];
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().expect("a value"));
        }
        assert_eq!(may_ask(&headers, &tokens), may, "{authorization:?}");
        assert!(may_ask(&headers, &[]));
    }

    #[test]
    fn only_bearers_may_ask() {
        check(None, false);
        check(Some("Bearer correct-horse-battery"), true);
        check(Some("bearer correct-horse-battery"), true);
        check(Some("Bearer wrong-horse-battery"), false);
        check(Some("correct-horse-battery"), false);
        // reader:correct-horse-battery
        check(Some("Basic cmVhZGVyOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ=="), true);
        check(Some("Basic ????"), false);
    }

    #[test]
    fn a_token_is_long_and_never_shown() {
        assert!("short".parse::<Token>().is_err());
        assert!("long enough but blank".parse::<Token>().is_err());
        let token: Token = "0123456789abcdef".parse().expect("long enough");
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
