//! Cuts HTML into text, start tags and end tags.

/// Attributes kept of one tag. The most that real pages carry is about 20.
const MAX_ATTRIBUTES: usize = 48;

/// Elements whose content is text up to their own end tag.
const RAW: [&str; 7] = [
    "script", "style", "textarea", "title", "xmp", "iframe", "noframes",
];

/// A piece of a page. Names and values are as written, references included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text outside tags.
    Text(&'a str),
    /// The text of a script or a style sheet and the like.
    Raw(&'a str),
    /// A start tag; its attributes are in [`Tokens::attributes`].
    Start(&'a str),
    /// An end tag.
    End(&'a str),
}

/// The tokens of a page in order.
pub(super) struct Tokens<'a> {
    page: &'a str,
    at: usize,
    attributes: Vec<(&'a str, &'a str)>,
    /// The raw element that was just opened.
    raw: Option<usize>,
    /// What is known to occur no more: looking for it again and again would
    /// take quadratic time.
    no_end_of_raw: [bool; RAW.len()],
    no_end_of_comment: bool,
    no_quote: [bool; 2],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        Self {
            page,
            at: 0,
            attributes: Vec::new(),
            raw: None,
            no_end_of_raw: [false; RAW.len()],
            no_end_of_comment: false,
            no_quote: [false; 2],
        }
    }

    /// The attributes of the start tag that came last.
    pub(super) fn attributes(&self) -> &[(&'a str, &'a str)] {
        &self.attributes
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.page.as_bytes().get(at).copied()
    }

    /// The raw text up to the end tag of element `which`, if there is one.
    fn raw_text(&mut self, which: usize) -> Option<&'a str> {
        if self.no_end_of_raw[which] {
            return None;
        }
        let name = RAW[which];
        let mut from = self.at;
        while let Some(found) = self.page[from..].find("</") {
            let start = from + found;
            let after = start + 2 + name.len();
            let same = self
                .page
                .as_bytes()
                .get(start + 2..after)
                .is_some_and(|text| text.eq_ignore_ascii_case(name.as_bytes()));
            if same && self.byte(after).is_none_or(|b| !b.is_ascii_alphanumeric()) {
                let text = &self.page[self.at..start];
                self.at = start;
                return Some(text);
            }
            from = start + 2;
        }
        self.no_end_of_raw[which] = true;
        // A script without end would show its program as text; a title
        // without end must not swallow the page.
        if matches!(name, "script" | "style") {
            let text = &self.page[self.at..];
            self.at = self.page.len();
            return Some(text);
        }
        None
    }

    /// Past the comment, declaration or processing instruction at `self.at`.
    fn skip_markup(&mut self) {
        let rest = &self.page[self.at..];
        if rest.starts_with("<!--") && !self.no_end_of_comment {
            if rest.starts_with("<!-->") {
                self.at += 5;
                return;
            }
            if let Some(end) = rest[4..].find("-->") {
                self.at += 4 + end + 3;
                return;
            }
            self.no_end_of_comment = true;
        }
        self.at += rest.find('>').map_or(rest.len(), |end| end + 1);
    }

    fn name_end(&self, from: usize) -> usize {
        let rest = &self.page.as_bytes()[from..];
        let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<');
        from + rest.iter().position(stop).unwrap_or(rest.len())
    }

    /// Reads the attributes from `at` on; returns where the tag ends.
    fn read_attributes(&mut self, mut at: usize) -> usize {
        self.attributes.clear();
        loop {
            match self.byte(at) {
                None => return at,
                Some(b'>') => return at + 1,
                Some(b) if b.is_ascii_whitespace() || matches!(b, b'/' | b'=') => at += 1,
                // A tag that was never closed: the next one starts here.
                Some(b'<') => return at,
                Some(_) => {
                    let rest = &self.page.as_bytes()[at..];
                    let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'=');
                    let end = at + rest.iter().position(stop).unwrap_or(rest.len());
                    let name = &self.page[at..end];
                    let (value, after) = self.read_value(end);
                    at = after;
                    if self.attributes.len() < MAX_ATTRIBUTES {
                        self.attributes.push((name, value));
                    }
                }
            }
        }
    }

    /// The value of an attribute whose name ends at `from`, and where it ends.
    fn read_value(&mut self, from: usize) -> (&'a str, usize) {
        let skip_space = |mut at: usize| {
            while self.byte(at).is_some_and(|b| b.is_ascii_whitespace()) {
                at += 1;
            }
            at
        };
        let equals = skip_space(from);
        if self.byte(equals) != Some(b'=') {
            return ("", from);
        }
        let at = skip_space(equals + 1);
        let quote = match self.byte(at) {
            Some(b'"') => Some((0, '"')),
            Some(b'\'') => Some((1, '\'')),
            _ => None,
        };
        if let Some((which, quote)) = quote
            && !self.no_quote[which]
        {
            if let Some(len) = self.page[at + 1..].find(quote) {
                return (&self.page[at + 1..at + 1 + len], at + len + 2);
            }
            self.no_quote[which] = true;
        }
        let rest = &self.page.as_bytes()[at..];
        let stop = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
        let end = at + rest.iter().position(stop).unwrap_or(rest.len());
        (self.page[at..end].trim_matches(['"', '\'']), end)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(which) = self.raw.take()
            && let Some(text) = self.raw_text(which)
            && !text.is_empty()
        {
            return Some(Token::Raw(text));
        }
        loop {
            let start = self.at;
            let next = self.byte(start)?;
            if next == b'<' {
                match self.byte(start + 1) {
                    Some(b) if b.is_ascii_alphabetic() => {
                        let end = self.name_end(start + 1);
                        let name = &self.page[start + 1..end];
                        self.at = self.read_attributes(end);
                        self.raw = RAW.iter().position(|raw| name.eq_ignore_ascii_case(raw));
                        return Some(Token::Start(name));
                    }
                    Some(b'/')
                        if self
                            .byte(start + 2)
                            .is_some_and(|b| b.is_ascii_alphabetic()) =>
                    {
                        let end = self.name_end(start + 2);
                        let rest = &self.page[end..];
                        self.at = end + rest.find('>').map_or(rest.len(), |at| at + 1);
                        return Some(Token::End(&self.page[start + 2..end]));
                    }
                    Some(b'!' | b'?' | b'/') => {
                        self.skip_markup();
                        continue;
                    }
                    _ => {}
                }
            }
            // Text; a `<` that opens nothing belongs to it.
            let from = start + usize::from(next == b'<');
            let rest = &self.page[from..];
            self.at = from + rest.find('<').unwrap_or(rest.len());
            return Some(Token::Text(&self.page[start..self.at]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(page: &str) -> Vec<Token<'_>> {
        Tokens::new(page).collect()
    }

    #[test]
    fn a_page_is_cut() {
        assert_eq!(
            tokens("<!doctype html><p class=a>1 < 2<br/><!-- <p> --></P>"),
            [
                Token::Start("p"),
                Token::Text("1 "),
                Token::Text("< 2"),
                Token::Start("br"),
                Token::End("P"),
            ]
        );
    }

    #[test]
    fn attributes_are_read_in_every_quoting() {
        let mut read = Tokens::new("<a x=1 y='2 3' z=\"4\" w hidden/>");
        read.next();
        assert_eq!(
            read.attributes(),
            [
                ("x", "1"),
                ("y", "2 3"),
                ("z", "4"),
                ("w", ""),
                ("hidden", "")
            ]
        );
    }

    #[test]
    fn raw_text_ends_at_its_own_tag() {
        assert_eq!(
            tokens("<script>a</b></SCRIPT>x"),
            [
                Token::Start("script"),
                Token::Raw("a</b>"),
                Token::End("SCRIPT"),
                Token::Text("x")
            ]
        );
    }

    #[test]
    fn a_title_without_end_swallows_nothing() {
        assert_eq!(
            tokens("<title>a<p>b"),
            [
                Token::Start("title"),
                Token::Text("a"),
                Token::Start("p"),
                Token::Text("b")
            ]
        );
    }

    #[test]
    fn a_comment_without_end_swallows_only_its_tag() {
        assert_eq!(tokens("<!-- a >b"), [Token::Text("b")]);
    }
}
