//! Stands between html5ever's tokenizer and its tree builder, and keeps both
//! linear on hostile pages.
//!
//! The tree builder looks through its open elements at most tags, so their
//! depth is bounded; it makes elements anew to repair what is wrongly nested,
//! so their number is bounded as built and not as written. Text always passes.

use std::cell::{Cell, RefCell};

use ego_tree::NodeId;
use html5ever::{
    LocalName,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{
        Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::{RawKind, Rawtext, Rcdata, ScriptData},
    },
    tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink},
};
use rustc_hash::FxHashMap;
use scraper::Html;

use super::{sink::Sink, tree::is_block};

/// Levels kept, as browsers do.
pub(super) const MAX_DEPTH: usize = 512;
/// Elements and texts kept, about 200 bytes each with all that is made of
/// them. The longest real page met has 30,000.
pub(super) const MAX_NODES: usize = 1 << 19;
/// With more of them, memory counts for more than the time it takes to give
/// back what the tokenizer allotted to attributes that did not come.
const MANY_NODES: usize = 1 << 14;
/// Attributes kept of one tag (real pages carry up to 20) and of a page, and
/// the longest value, in bytes (pictures are written into values).
const MAX_TAG_ATTRIBUTES: usize = 48;
const MAX_ATTRIBUTES: usize = 1 << 20;
const MAX_VALUE_BYTES: usize = 1 << 16;
/// Different names of elements; HTML has about 140.
const MAX_NAMES: usize = 1 << 12;
/// How much the tokenizer gets at a time. A tag that goes on for two such
/// pieces is read on without new attributes: the tokenizer compares each
/// attribute of a tag with all others.
const CHUNK_BYTES: usize = 1024;

/// Reads a page; the second value says whether tags were left out for being
/// too many or too deep.
pub(super) fn parse(page: &str) -> (Html, bool) {
    let tokenizer = Tokenizer::new(Guard::new(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut quiet = 0;
    let mut rest = page;
    while !rest.is_empty() {
        let seen = tokenizer.sink.seen.get();
        if quiet < 2 {
            let piece;
            (piece, rest) = rest.split_at(boundary(rest, CHUNK_BYTES));
            queue.push_back(StrTendril::from_slice(piece));
        } else {
            let longest = boundary(rest, CHUNK_BYTES * 64);
            let end = rest[..longest].find('>').map_or(longest, |at| at + 1);
            let piece;
            (piece, rest) = rest.split_at(end);
            // What starts an attribute is left out; in a comment that is all the same.
            let starts = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '=');
            let kept: String = piece.chars().filter(|&c| !starts(c)).collect();
            queue.push_back(StrTendril::from(kept));
        }
        let _ = tokenizer.feed(&queue);
        quiet = if tokenizer.sink.seen.get() == seen {
            quiet + 1
        } else {
            0
        };
    }
    tokenizer.end();
    let guard = tokenizer.sink;
    (guard.builder.sink.finish(), guard.trimmed.get())
}

/// The end of the last character of `text` that ends within `bytes`.
fn boundary(text: &str, bytes: usize) -> usize {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

struct Guard {
    builder: TreeBuilder<NodeId, Sink>,
    /// Tokens that came, errors left out.
    seen: Cell<usize>,
    trimmed: Cell<bool>,
    /// Text that waits for the next tag: the builder looks around at every piece.
    text: RefCell<StrTendril>,
    texts: Cell<usize>,
    attributes: Cell<usize>,
    /// Names carry a hash of their own; a stronger one over it adds nothing.
    names: RefCell<FxHashMap<LocalName, Balance>>,
    /// The element that is open and holds nothing but text.
    raw: Cell<Raw>,
    /// Whether the current element is too deep to open one in it, if known.
    deep: Cell<Option<bool>>,
    /// The builder repairs more than a page could need: tags no longer pass.
    frozen: Cell<bool>,
}

/// How many elements of a name can be open, and how many start tags were
/// left out whose end tags are still to come.
#[derive(Clone, Copy, Default)]
struct Balance {
    open: u32,
    left_out: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    /// No such element is open.
    None,
    /// A title: its text is read.
    Title,
    /// A script, a style sheet and so on: nobody reads its text.
    Unread,
    /// The same, its start tag left out.
    LeftOut,
}

type Reply = TokenSinkResult<NodeId>;

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> Reply {
        if !matches!(token, Token::ParseError(_)) {
            self.seen.set(self.seen.get() + 1);
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.start(tag, line),
            Token::TagToken(tag) => self.end_tag(tag, line),
            Token::CharacterTokens(text) => {
                if matches!(self.raw.get(), Raw::None | Raw::Title) {
                    let mut waiting = self.text.borrow_mut();
                    if waiting.is_empty() {
                        *waiting = text;
                    } else {
                        waiting.push_tendril(&text);
                    }
                }
                Reply::Continue
            }
            Token::DoctypeToken(_) | Token::EOFToken => {
                self.pass_text(line);
                self.pass(token, line)
            }
            Token::CommentToken(_) | Token::NullCharacterToken | Token::ParseError(_) => {
                Reply::Continue
            }
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Guard {
    fn new() -> Self {
        let options = TreeBuilderOpts {
            drop_doctype: true,
            ..TreeBuilderOpts::default()
        };
        Self {
            builder: TreeBuilder::new(Sink::new(), options),
            seen: Cell::new(0),
            trimmed: Cell::new(false),
            text: RefCell::default(),
            texts: Cell::new(0),
            attributes: Cell::new(0),
            names: RefCell::default(),
            raw: Cell::new(Raw::None),
            deep: Cell::new(None),
            frozen: Cell::new(false),
        }
    }

    fn nodes(&self) -> usize {
        self.builder.sink.created() + self.texts.get()
    }

    /// Hands a token on. Scripts do not run and the encoding is known, so the
    /// tokenizer may always go on.
    fn pass(&self, token: Token, line: u64) -> Reply {
        let before = self.builder.sink.created();
        let reply = self.builder.process_token(token, line);
        self.deep.set(None);
        // An unclosed <b> is opened again in each paragraph; hundreds are an attack.
        let repaired = self.builder.sink.created() - before > MAX_DEPTH;
        // End tags pass for a while after start tags no longer do.
        if repaired || self.nodes() > MAX_NODES + MAX_NODES / 8 {
            self.frozen.set(true);
        }
        match reply {
            Reply::RawData(kind) => Reply::RawData(kind),
            _ => Reply::Continue,
        }
    }

    fn pass_text(&self, line: u64) {
        let text = self.text.take();
        if !text.is_empty() {
            self.texts.set(self.texts.get() + 1);
            let _ = self.pass(Token::CharacterTokens(text), line);
        }
    }

    fn start(&self, mut tag: Tag, line: u64) -> Reply {
        let name = tag.name.clone();
        // Both would keep what follows from being read.
        if matches!(&*name, "plaintext" | "frameset") {
            return Reply::Continue;
        }
        let full = self.frozen.get() || self.nodes() >= MAX_NODES;
        if full || !is_void(&name) && self.is_deep() {
            return self.leave_out(&name, line);
        }
        tag.attrs.retain(|one| one.value.len() <= MAX_VALUE_BYTES);
        tag.attrs.truncate(MAX_TAG_ATTRIBUTES);
        if self.nodes() > MANY_NODES {
            tag.attrs.shrink_to_fit();
        }
        let attributes = self.attributes.get() + tag.attrs.len();
        if attributes > MAX_ATTRIBUTES {
            self.trimmed.set(true);
            tag.attrs = Vec::new();
        } else {
            self.attributes.set(attributes);
        }
        if !is_void(&name) {
            self.balance(&name, |balance| balance.open += 1);
        }
        self.pass_text(line);
        let reply = self.pass(Token::TagToken(tag), line);
        if matches!(reply, Reply::RawData(_)) {
            let title = &*name == "title";
            self.raw.set(if title { Raw::Title } else { Raw::Unread });
        }
        reply
    }

    fn end_tag(&self, tag: Tag, line: u64) -> Reply {
        let name = tag.name.clone();
        match self.raw.replace(Raw::None) {
            Raw::None => {}
            Raw::LeftOut => return Reply::Continue,
            Raw::Title | Raw::Unread => {
                self.pass_text(line);
                return self.pass(Token::TagToken(tag), line);
            }
        }
        // Text after a stray </html> or </body> still belongs to the page.
        if matches!(&*name, "html" | "body") {
            return Reply::Continue;
        }
        let full = self.frozen.get() || self.nodes() >= MAX_NODES;
        let balance = self.balance(&name, |balance| {
            if balance.left_out > 0 {
                balance.left_out -= 1;
            } else {
                balance.open = balance.open.saturating_sub(1);
            }
        });
        if balance.left_out > 0 || self.frozen.get() {
            self.break_line(&name, line);
            return Reply::Continue;
        }
        // An end tag without start does nothing, but for these two.
        let makes = matches!(&*name, "p" | "br") && !full;
        if balance.open == 0 && !makes {
            return Reply::Continue;
        }
        self.pass_text(line);
        self.pass(Token::TagToken(tag), line)
    }

    /// Changes the balance of a name; returns what it was before.
    fn balance(&self, name: &LocalName, change: impl FnOnce(&mut Balance)) -> Balance {
        let mut names = self.names.borrow_mut();
        if names.len() >= MAX_NAMES {
            self.frozen.set(true);
        }
        // </h2> closes <h1>.
        let heading = matches!(&**name, "h2" | "h3" | "h4" | "h5" | "h6");
        let key = if heading { "h1".into() } else { name.clone() };
        let balance = names.entry(key).or_default();
        let before = *balance;
        change(balance);
        before
    }

    /// Leaves out a start tag.
    fn leave_out(&self, name: &LocalName, line: u64) -> Reply {
        self.trimmed.set(true);
        self.break_line(name, line);
        if let Some(kind) = raw_kind(name) {
            self.raw.set(Raw::LeftOut);
            return Reply::RawData(kind);
        }
        if !self.frozen.get() && !is_void(name) {
            self.balance(name, |balance| balance.left_out += 1);
        }
        Reply::Continue
    }

    /// A tag that is left out and would break the line still does.
    fn break_line(&self, name: &LocalName, line: u64) {
        if !is_block(name) && &**name != "br" || self.text.borrow().is_empty() {
            return;
        }
        if self.frozen.get() || self.nodes() >= MAX_NODES {
            let mut text = self.text.borrow_mut();
            if !text.ends_with('\n') {
                text.push_char('\n');
            }
        } else {
            self.pass_text(line);
            let _ = self.pass(
                Token::TagToken(Tag {
                    kind: TagKind::StartTag,
                    name: "br".into(),
                    self_closing: false,
                    attrs: Vec::new(),
                    had_duplicate_attributes: false,
                }),
                line,
            );
        }
    }

    /// Whether the current element stands too deep to open another in it.
    fn is_deep(&self) -> bool {
        if let Some(deep) = self.deep.get() {
            return deep;
        }
        // The builder does not show its open elements, but answering this it
        // asks the sink for the name of the current one.
        let sink = &self.builder.sink;
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace();
        let deep = sink
            .last_named()
            .is_some_and(|current| sink.is_deep(current, MAX_DEPTH));
        self.deep.set(Some(deep));
        deep
    }
}

/// How the text of an element is read that holds nothing but text.
fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(ScriptData),
        "title" | "textarea" => Some(Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => Some(Rawtext),
        _ => None,
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(html: &Html) -> String {
        let nodes = html.tree.root().descendants();
        nodes
            .filter_map(|node| node.value().as_text().map(|text| text.to_string()))
            .collect()
    }

    fn depth_of(html: &Html) -> usize {
        let nodes = html.tree.root().descendants();
        nodes
            .map(|node| node.ancestors().count())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn depth_is_bounded_and_text_kept() {
        let page = format!("{}{}", "<div>".repeat(5_000), "text</div>after".repeat(3));
        let (html, trimmed) = parse(&page);
        assert!(trimmed && depth_of(&html) <= MAX_DEPTH + 2);
        assert!(text_of(&html).contains("textafter") || text_of(&html).contains("text\nafter"));
        // <td> keeps </div> from closing anything.
        let (html, trimmed) = parse(&"<div><table><tr><td></div>x".repeat(1_000));
        assert!(trimmed && depth_of(&html) <= MAX_DEPTH + 4);
        assert_eq!(text_of(&html).matches('x').count(), 1_000);
    }

    #[test]
    fn number_is_bounded_and_text_kept() {
        let (html, trimmed) = parse(&"<div>x".repeat(MAX_NODES + 10));
        assert!(trimmed && html.tree.values().count() <= MAX_NODES * 9 / 8 + 8);
        assert_eq!(text_of(&html).matches('x').count(), MAX_NODES + 10);
    }

    #[test]
    fn repairs_are_bounded() {
        // Each <p> opens all the <b> before it again.
        let page: String = (0..3_000).map(|n| format!("<p><b n={n}>x</p>")).collect();
        let (html, trimmed) = parse(&page);
        assert!(trimmed && html.tree.values().count() < 600_000);
        assert_eq!(text_of(&html).matches('x').count(), 3_000);
    }

    #[test]
    fn a_long_tag_ends_where_it_ends() {
        let data = "A/B=".repeat(5_000);
        let (html, _) = parse(&format!("<p><img src=\"{data}\">1</p><!-- {data} -->2"));
        assert_eq!(text_of(&html), "12");
        let many: String = (0..100_000).map(|n| format!("a{n} ")).collect();
        let (html, _) = parse(&format!("<p {many}>1 > 2</p>"));
        assert_eq!(text_of(&html), "1 > 2");
    }

    #[test]
    fn ordinary_pages_pass_whole() {
        let page = "<!doctype html><title>a</title><p class=x>b<b>c</b></html>d<script>e</script>";
        let (html, trimmed) = parse(page);
        assert!(!trimmed);
        assert_eq!(text_of(&html), "abcd");
        let page = "<p>&ldquo;十年&nbsp;禁渔&rdquo;</p>";
        assert_eq!(text_of(&parse(page).0), "“十年\u{a0}禁渔”");
    }
}
