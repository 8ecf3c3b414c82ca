//! Colours and links: only where the reader's terminal shows them.

use super::{
    escape::{is_dangerous, push_escaped},
    width::char_width,
};

/// Longer addresses are no links: terminals disagree about them.
const MAX_LINK_BYTES: usize = 2000;

/// How a text is set off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// Not at all.
    #[default]
    Plain,
    /// Titles, headings, labels.
    Bold,
    /// Paths, ids: there for those who look.
    Dim,
    /// What matched.
    Mark,
    /// What a reader should beware of.
    Warning,
    /// What was there before.
    Removed,
    /// Of that, what is gone.
    RemovedMark,
    /// What is there now.
    Added,
    /// Of that, what is new.
    AddedMark,
}

impl Style {
    /// The parameters of the SGR sequence (ECMA-48, 8.3.117).
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Mark => Some("1;33"),
            Self::Warning => Some("33"),
            Self::Removed => Some("31"),
            Self::RemovedMark => Some("1;7;31"),
            Self::Added => Some("32"),
            Self::AddedMark => Some("1;7;32"),
        }
    }
}

/// One character of a text to be wrapped: safe, measured, styled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) width: usize,
    pub(crate) style: Style,
}

/// The characters of `text`, escaped; `style` is asked for each by its number
/// among the characters.
pub(crate) fn pieces(text: &str, style: impl Fn(usize) -> Style) -> Vec<Piece> {
    text.chars()
        .enumerate()
        .map(|(number, c)| {
            let mut safe = String::new();
            push_escaped(&mut safe, c);
            Piece {
                width: if is_dangerous(c) {
                    safe.len()
                } else {
                    char_width(c)
                },
                text: safe,
                style: style(number),
            }
        })
        .collect()
}

/// What the reader looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Screen {
    /// Whether colours are shown.
    pub(crate) color: bool,
    /// Whether links can be clicked (OSC 8).
    pub(crate) links: bool,
    /// Columns.
    pub(crate) width: usize,
}

impl Screen {
    /// `safe`, which is escaped already, in `style`.
    pub(crate) fn paint(&self, style: Style, safe: &str) -> String {
        match style.code().filter(|_| self.color && !safe.is_empty()) {
            Some(code) => format!("\x1b[{code}m{safe}\x1b[0m"),
            None => safe.to_owned(),
        }
    }

    /// `line` in its colours.
    pub(crate) fn line(&self, line: &[Piece]) -> String {
        line.chunk_by(|a, b| a.style == b.style)
            .map(|run| {
                let text: String = run.iter().map(|piece| piece.text.as_str()).collect();
                self.paint(run[0].style, &text)
            })
            .collect()
    }

    /// `safe`, printed already, as a link to `url` where that is a web
    /// address and links can be clicked.
    pub(crate) fn link(&self, url: Option<&str>, safe: &str) -> String {
        match url.filter(|_| self.links).and_then(link_target) {
            Some(target) => format!("\x1b]8;;{target}\x1b\\{safe}\x1b]8;;\x1b\\"),
            None => safe.to_owned(),
        }
    }
}

/// `url` for a link, with every byte that could end the sequence or mislead
/// percent-encoded.
fn link_target(url: &str) -> Option<String> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return None;
    }
    let mut target = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                target.push_str(&format!("%{byte:02X}"));
            }
            0x21..=0x7e => target.push(char::from(byte)),
            _ => target.push_str(&format!("%{byte:02X}")),
        }
    }
    (target.len() <= MAX_LINK_BYTES).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Screen = Screen {
        color: true,
        links: true,
        width: 80,
    };

    #[test]
    fn without_colour_nothing_is_added() {
        let plain = Screen {
            color: false,
            links: false,
            width: 80,
        };
        assert_eq!(plain.paint(Style::Mark, "债务"), "债务");
        assert_eq!(plain.link(Some("https://a.example/"), "题"), "题");
    }

    #[test]
    fn neighbours_of_one_style_share_a_sequence() {
        let line = pieces("化解债务吧", |at| {
            if (2..4).contains(&at) {
                Style::Mark
            } else {
                Style::Plain
            }
        });
        assert_eq!(TERMINAL.line(&line), "化解\x1b[1;33m债务\x1b[0m吧");
    }

    #[test]
    fn a_link_cannot_break_out() {
        let link = TERMINAL.link(Some("https://a.example/\x1b\\\u{7}题?q=1;2"), "题");
        assert_eq!(
            link,
            "\x1b]8;;https://a.example/%1B%5C%07%E9%A2%98?q=1;2\x1b\\题\x1b]8;;\x1b\\"
        );
        assert_eq!(TERMINAL.link(Some("javascript:alert(1)"), "题"), "题");
        assert_eq!(TERMINAL.link(Some("file:///etc/passwd"), "题"), "题");
    }
}
