//! What can be the matter with a page.

use std::{io::Write, sync::OnceLock, time::Duration};

use crate::reply::{Manner, Reply};

/// So much a gzip bomb unpacks to.
const BOMB_BYTES: usize = 300 * 1024 * 1024;

/// Something that is the matter with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfortune {
    /// Answers after that time.
    Slow(Duration),
    /// Sends a few bytes, waits for that time, sends a few more.
    Drip(Duration),
    /// Stops half-way and keeps the connection open.
    Stall,
    /// Resets the connection half-way.
    Reset,
    /// Closes the connection half-way, without the last chunk.
    Truncated,
    /// States a `Content-Length` and sends half of that.
    TooShort,
    /// States a `Content-Length` and sends twice that.
    TooLong,
    /// Never stops sending.
    Endless,
    /// Redirects to an address that redirects back.
    RedirectLoop,
    /// Redirects to another address each time, for ever.
    RedirectChain,
    /// Redirects to an address of a private network.
    RedirectPrivate,
    /// Redirects to the home page, as sites do with what they deleted.
    RedirectHome,
    /// A small response that unpacks to 300 MiB.
    GzipBomb,
    /// Two thousand headers.
    ManyHeaders,
    /// GB18030, and says UTF-8 in the header and gb2312 on the page.
    LyingCharset,
    /// GB18030, and says so.
    Gb18030,
    /// Status 404 or 410.
    Gone(u16),
    /// Status 200 and a page that says that there is none.
    SoftGone,
    /// A status that declines: 403, 412, 420.
    Declined(u16),
    /// Status 521 and a script that has to be run first.
    Challenge,
    /// Status 429 with a `Retry-After` of so many seconds for the first
    /// request; the page for the next.
    TooMany(u32),
    /// Status 500 for the first request; the page for the next.
    FailsOnce,
    /// Status 500 for all requests.
    Fails,
}

impl Misfortune {
    /// One of each, with times that suit a test.
    pub const ALL: [Self; 25] = [
        Self::Slow(Duration::from_millis(700)),
        Self::Drip(Duration::from_millis(50)),
        Self::Stall,
        Self::Reset,
        Self::Truncated,
        Self::TooShort,
        Self::TooLong,
        Self::Endless,
        Self::RedirectLoop,
        Self::RedirectChain,
        Self::RedirectPrivate,
        Self::RedirectHome,
        Self::GzipBomb,
        Self::ManyHeaders,
        Self::LyingCharset,
        Self::Gb18030,
        Self::Gone(404),
        Self::Gone(410),
        Self::SoftGone,
        Self::Declined(403),
        Self::Declined(412),
        Self::Challenge,
        Self::TooMany(1),
        Self::FailsOnce,
        Self::Fails,
    ];

    /// What `page` becomes. `path` is its own; `asked` is how many requests
    /// for it came before.
    pub(crate) fn befall(self, page: Reply, path: &str, asked: u32) -> Reply {
        let again = asked > 0;
        match self {
            Self::Slow(pause) => page.sent(Manner::Late(pause)),
            Self::Drip(pause) => page.sent(Manner::Dripping(64, pause)),
            Self::Stall => page.sent(Manner::Stalled),
            Self::Reset => page.sent(Manner::Reset),
            Self::Truncated => page.sent(Manner::CutChunked),
            Self::TooShort => page.sent(Manner::Cut),
            Self::TooLong => page.sent(Manner::Overlong),
            Self::Endless => page.sent(Manner::Endless),
            Self::RedirectLoop if path.ends_with("?again") => {
                Reply::redirect(302, path.trim_end_matches("?again").to_owned())
            }
            Self::RedirectLoop => Reply::redirect(302, format!("{path}?again")),
            Self::RedirectChain => {
                let (path, hop) = path.split_once("?hop=").unwrap_or((path, "0"));
                let hop = hop.parse::<u64>().unwrap_or(0) + 1;
                Reply::redirect(302, format!("{path}?hop={hop}"))
            }
            Self::RedirectPrivate => Reply::redirect(302, format!("http://10.11.12.13{path}")),
            Self::RedirectHome => Reply::redirect(302, "/".to_owned()),
            Self::GzipBomb => Reply::html(bomb()).with("Content-Encoding", "gzip"),
            Self::ManyHeaders => (0..2000).fold(page, |page, n| page.with("X-Padding", n)),
            Self::LyingCharset => recoded(page, "utf-8", "gb2312"),
            Self::Gb18030 => recoded(page, "gb18030", "gb18030"),
            Self::Gone(status) => Reply {
                status,
                ..Reply::not_found()
            },
            Self::SoftGone => Reply::short(200, "您访问的页面不存在或已删除！"),
            Self::Declined(status) => Reply::short(status, "您的访问被拒绝"),
            Self::Challenge => challenge(),
            Self::TooMany(seconds) if !again => {
                Reply::short(429, "访问过于频繁").with("Retry-After", seconds)
            }
            Self::FailsOnce if !again => Reply::short(500, "服务器内部错误"),
            Self::Fails => Reply::short(500, "服务器内部错误"),
            Self::TooMany(_) | Self::FailsOnce => page,
        }
    }
}

/// `page` in GB18030, with what its header and its `<meta>` say of it.
fn recoded(page: Reply, header: &str, meta: &str) -> Reply {
    let text = String::from_utf8(page.body).expect("pages are made in UTF-8");
    let text = text
        .replacen("charset=utf-8", &format!("charset={meta}"), 1)
        .replacen("charset=\"utf-8\"", &format!("charset=\"{meta}\""), 1);
    let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
    Reply::new(
        200,
        &format!("text/html; charset={header}"),
        bytes.into_owned(),
    )
}

fn challenge() -> Reply {
    let script = "<script>document.cookie='__jsl_clearance_s='+Math.random();location.href=location.pathname;</script>";
    Reply::new(521, "text/html", script).with("X-Via-JSL", "d7c1a9e,-")
}

/// Packed once; 300 MiB take a moment.
fn bomb() -> Vec<u8> {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let spaces = vec![b' '; 1024 * 1024];
        for _ in 0..BOMB_BYTES / spaces.len() {
            packer.write_all(&spaces).expect("memory takes it");
        }
        packer.finish().expect("memory takes it")
    })
    .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Reply {
        Reply::html("<meta charset=\"utf-8\"><p>雁洲县㘰</p>")
    }

    #[test]
    fn a_page_in_gb18030_keeps_its_characters() {
        let reply = Misfortune::LyingCharset.befall(page(), "/a", 0);
        assert_eq!(reply.headers[0].1, "text/html; charset=utf-8");
        let (text, _, _) = encoding_rs::GB18030.decode(&reply.body);
        assert_eq!(text, "<meta charset=\"gb2312\"><p>雁洲县㘰</p>");
    }

    #[test]
    fn a_loop_has_two_ends_and_a_chain_none() {
        let to = |misfortune: Misfortune, path| {
            let reply = misfortune.befall(page(), path, 0);
            reply.headers.last().expect("Location").1.clone()
        };
        assert_eq!(to(Misfortune::RedirectLoop, "/a"), "/a?again");
        assert_eq!(to(Misfortune::RedirectLoop, "/a?again"), "/a");
        assert_eq!(to(Misfortune::RedirectChain, "/a?hop=6"), "/a?hop=7");
    }

    #[test]
    fn what_passes_passes() {
        let status = |misfortune: Misfortune, asked| misfortune.befall(page(), "/a", asked).status;
        assert_eq!(
            (
                status(Misfortune::FailsOnce, 0),
                status(Misfortune::FailsOnce, 1)
            ),
            (500, 200)
        );
        assert_eq!(
            (
                status(Misfortune::TooMany(1), 0),
                status(Misfortune::TooMany(1), 1)
            ),
            (429, 200)
        );
    }
}
