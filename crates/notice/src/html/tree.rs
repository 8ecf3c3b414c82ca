//! Which element holds what: a flat tree in document order.

use std::ops::Range;

use super::{
    entity,
    token::{Token, Tokens},
};

/// Levels kept. Browsers keep 512; text below stays, its elements do not.
const MAX_DEPTH: usize = 512;
/// Nodes kept, about 40 bytes each. The longest real page met has 30,000.
/// The tags of what follows are ignored, its text stays.
const MAX_NODES: usize = 1 << 20;

/// Names with a meaning here, and the home-made ones that Chinese content
/// systems put around bodies and titles. Sorted for binary search.
const NAMES: &[&str] = &[
    "a",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "founder-content",
    "founder-title",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "menu",
    "meta",
    "nav",
    "noframes",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "param",
    "pre",
    "script",
    "section",
    "select",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "u",
    "ucapcontent",
    "ucaptitle",
    "ul",
    "video",
    "wbr",
    "xmp",
];

/// An element or a piece of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// The element's name in lower case, `?` for one of no meaning here, and
    /// empty for text.
    pub(crate) name: &'static str,
    /// The index of the element it stands in; its own for the root.
    pub(crate) parent: u32,
    /// The index after its last descendant.
    pub(crate) end: u32,
    /// Its text, or its attributes.
    from: u32,
    to: u32,
}

impl Node {
    /// Whether it is text.
    pub(crate) fn is_text(&self) -> bool {
        self.name.is_empty()
    }
}

#[derive(Clone, Copy, Debug)]
struct Attribute {
    name: (u32, u32),
    value: (u32, u32),
}

/// A page's elements and text, in document order. Node 0 is the root.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    text: String,
    /// Whether elements were ignored for being too many or too deep.
    pub(crate) trimmed: bool,
}

impl Tree {
    /// Reads a page.
    pub(crate) fn parse(page: &str) -> Self {
        let mut builder = Builder::new(page.len());
        let mut tokens = Tokens::new(page);
        while let Some(token) = tokens.next() {
            match token {
                Token::Text(text) => builder.text(text),
                Token::Raw(text) => builder.raw(text),
                Token::Start(name) => builder.start(known(name), tokens.attributes()),
                Token::End(name) => builder.end(known(name)),
            }
        }
        builder.finish()
    }

    /// The nodes in document order.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The text of a text node; empty for an element.
    pub(crate) fn text(&self, index: usize) -> &str {
        let node = &self.nodes[index];
        if node.is_text() {
            &self.text[node.from as usize..node.to as usize]
        } else {
            ""
        }
    }

    /// The nodes inside node `index`, itself left out.
    pub(crate) fn inside(&self, index: usize) -> Range<usize> {
        index + 1..self.nodes[index].end as usize
    }

    /// The elements right under node `index`.
    pub(crate) fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let range = self.inside(index);
        let mut next = range.start;
        std::iter::from_fn(move || {
            while next < range.end {
                let this = next;
                next = self.nodes[this].end as usize;
                if !self.nodes[this].is_text() {
                    return Some(this);
                }
            }
            None
        })
    }

    /// The value of an attribute; `name` in lower case.
    pub(crate) fn attribute(&self, index: usize, name: &str) -> Option<&str> {
        let node = &self.nodes[index];
        if node.is_text() {
            return None;
        }
        let part = |(from, to): (u32, u32)| &self.text[from as usize..to as usize];
        self.attributes[node.from as usize..node.to as usize]
            .iter()
            .find(|attribute| part(attribute.name).eq_ignore_ascii_case(name))
            .map(|attribute| part(attribute.value))
    }

    /// All text inside node `index`, hidden or not.
    pub(crate) fn all_text(&self, index: usize) -> String {
        self.inside(index).map(|i| self.text(i)).collect()
    }
}

/// The known name that `name` is, whatever its case; `?` for any other.
fn known(name: &str) -> &'static str {
    let mut lower = [0_u8; 16];
    let Some(lower) = lower.get_mut(..name.len()) else {
        return "?";
    };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    NAMES
        .binary_search_by(|known| known.as_bytes().cmp(lower))
        .map_or("?", |at| NAMES[at])
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

/// Whether the element starts and ends a block of text.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "founder-content"
            | "founder-title"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ucapcontent"
            | "ucaptitle"
            | "ul"
            | "xmp"
    )
}

/// Which open elements a start tag closes, and where looking for them stops.
fn implied_end(name: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match name {
        "li" => (&["li"], &["ul", "ol", "menu", "table", "td", "th"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table"]),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
        "option" => (&["option"], &["select"]),
        "a" => (&["a"], &["td", "th", "table"]),
        _ => return None,
    })
}

struct Builder {
    tree: Tree,
    /// The open elements, the root first.
    open: Vec<usize>,
    /// How many `p` are open: looking for one is skipped when none is.
    open_p: usize,
    /// How many elements were opened beyond the deepest level.
    too_deep: usize,
}

impl Builder {
    fn new(len: usize) -> Self {
        let root = Node {
            name: "?",
            parent: 0,
            end: 0,
            from: 0,
            to: 0,
        };
        Self {
            tree: Tree {
                nodes: vec![root],
                attributes: Vec::new(),
                text: String::with_capacity(len / 2),
                trimmed: false,
            },
            open: vec![0],
            open_p: 0,
            too_deep: 0,
        }
    }

    fn top(&self) -> usize {
        *self.open.last().expect("the root is never closed")
    }

    fn node(&mut self, name: &'static str, from: usize, to: usize) -> usize {
        let index = self.tree.nodes.len();
        self.tree.nodes.push(Node {
            name,
            parent: self.top() as u32,
            end: (index + 1) as u32,
            from: from as u32,
            to: to as u32,
        });
        index
    }

    fn text(&mut self, text: &str) {
        let from = self.tree.text.len();
        entity::decode_into(text, &mut self.tree.text);
        self.add_text(from);
    }

    fn raw(&mut self, text: &str) {
        let from = self.tree.text.len();
        // Of raw texts only titles are ever read.
        if self.tree.nodes[self.top()].name == "title" {
            entity::decode_into(text, &mut self.tree.text);
            self.add_text(from);
        }
    }

    /// Makes the text from `from` on a node, or part of the text right before.
    fn add_text(&mut self, from: usize) {
        let to = self.tree.text.len();
        let full = self.tree.nodes.len() >= MAX_NODES;
        let top = self.top();
        if let Some(last) = self.tree.nodes.last_mut()
            && last.is_text()
            && last.to as usize == from
            && (full || last.parent as usize == top)
        {
            last.to = to as u32;
        } else if from < to {
            self.node("", from, to);
        }
    }

    /// Notes an ignored tag; one that would break the line still does.
    fn ignore(&mut self, name: &'static str) {
        self.tree.trimmed = true;
        if !is_block(name) && name != "br" {
            return;
        }
        if self.tree.nodes.len() < MAX_NODES {
            if self.tree.nodes.last().is_some_and(|last| last.name != "br") {
                self.node("br", 0, 0);
            }
        } else if !self.tree.text.ends_with('\n') {
            self.tree.text.push('\n');
            self.add_text(self.tree.text.len() - 1);
        }
    }

    fn start(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        // A second <html> or <body> adds nothing, and a head ends where text begins.
        if matches!(name, "html" | "body")
            && self
                .open
                .iter()
                .take(4)
                .any(|&i| self.tree.nodes[i].name == name)
        {
            return;
        }
        if is_block(name) {
            self.close_head();
            if self.open_p > 0
                && !matches!(
                    name,
                    "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption"
                )
            {
                self.close_upto(
                    &["p"],
                    &["td", "th", "table", "caption", "button", "object"],
                );
            }
        }
        if let Some((names, stops)) = implied_end(name) {
            self.close_upto(names, stops);
        }
        if self.tree.nodes.len() >= MAX_NODES {
            return self.ignore(name);
        }
        if self.open.len() >= MAX_DEPTH && !is_void(name) {
            self.too_deep += 1;
            return self.ignore(name);
        }
        let from = self.tree.attributes.len();
        for &(key, value) in attributes {
            let at = self.tree.text.len();
            self.tree.text.push_str(key);
            let middle = self.tree.text.len();
            entity::decode_into(value, &mut self.tree.text);
            let end = self.tree.text.len();
            self.tree.attributes.push(Attribute {
                name: (at as u32, middle as u32),
                value: (middle as u32, end as u32),
            });
        }
        let index = self.node(name, from, self.tree.attributes.len());
        if !is_void(name) {
            self.open.push(index);
            self.open_p += usize::from(name == "p");
        }
    }

    fn end(&mut self, name: &'static str) {
        match name {
            // Text after a stray </html> or </body> still belongs to the page.
            "html" | "body" | "?" => return,
            "br" => return self.start("br", &[]),
            _ => {}
        }
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return self.ignore(name);
        }
        match name {
            "table" => self.close_upto(&["table"], &[]),
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" => {
                self.close_upto(&[name], &["table"])
            }
            "li" => self.close_upto(&["li"], &["ul", "ol", "td", "th", "table"]),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.close_upto(
                    &["h1", "h2", "h3", "h4", "h5", "h6"],
                    &["td", "th", "table"],
                );
            }
            _ if is_block(name) || name == "head" => {
                self.close_upto(&[name], &["td", "th", "table"])
            }
            // An inline end tag does not reach out of the block it stands in.
            _ => {
                let inner = self.open.iter().rposition(|&i| {
                    self.tree.nodes[i].name == name || is_block(self.tree.nodes[i].name)
                });
                if let Some(at) = inner
                    && self.tree.nodes[self.open[at]].name == name
                {
                    self.close_from(at);
                }
            }
        }
    }

    fn close_head(&mut self) {
        if let Some(at) = self
            .open
            .iter()
            .take(4)
            .position(|&i| self.tree.nodes[i].name == "head")
        {
            self.close_from(at);
        }
    }

    /// Closes the innermost open element of `names`, unless one of `stops`
    /// stands further in.
    fn close_upto(&mut self, names: &[&'static str], stops: &[&str]) {
        for at in (1..self.open.len()).rev() {
            let name = self.tree.nodes[self.open[at]].name;
            if names.contains(&name) {
                return self.close_from(at);
            }
            if stops.contains(&name) {
                return;
            }
        }
    }

    fn close_from(&mut self, at: usize) {
        let end = self.tree.nodes.len() as u32;
        for index in self.open.drain(at..) {
            let node = &mut self.tree.nodes[index];
            node.end = end;
            self.open_p -= usize::from(node.name == "p");
        }
    }

    fn finish(mut self) -> Tree {
        self.close_from(0);
        self.tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as `name(children)` with text in quotes.
    fn shape(page: &str) -> String {
        let tree = Tree::parse(page);
        let mut out = String::new();
        let mut open = Vec::new();
        for (index, node) in tree.nodes().iter().enumerate().skip(1) {
            while open.last().is_some_and(|&end| end <= index) {
                open.pop();
                out.push(')');
            }
            if node.is_text() {
                out.push_str(&format!("{:?}", tree.text(index)));
            } else {
                out.push_str(&format!("{}(", node.name));
                open.push(node.end as usize);
            }
        }
        out.extend(open.iter().map(|_| ')'));
        out
    }

    #[test]
    fn end_tags_are_implied() {
        assert_eq!(shape("<ul><li>a<li>b</ul>"), r#"ul(li("a")li("b"))"#);
        assert_eq!(shape("<p>a<p>b<div>c"), r#"p("a")p("b")div("c")"#);
        assert_eq!(
            shape("<table><tr><td>1<td>2<tr><td>3</table>x"),
            r#"table(tr(td("1")td("2"))tr(td("3")))"x""#
        );
    }

    #[test]
    fn stray_end_tags_close_nothing_else() {
        assert_eq!(
            shape("<div><b>a</span></html>b</b></div>c"),
            r#"div(b("a""b"))"c""#.replace(r#""""#, "")
        );
        assert_eq!(
            shape("<div><table><tr><td></div>a"),
            r#"div(table(tr(td("a"))))"#
        );
    }

    #[test]
    fn a_link_without_end_stops_at_the_next() {
        assert_eq!(shape("<a href=x>a<a>b</a>c"), r#"a("a")a("b")"c""#);
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let deep = format!("{}{}", "<div>".repeat(5_000), "text</div>after".repeat(3));
        let tree = Tree::parse(&deep);
        assert!(tree.trimmed);
        assert!(tree.all_text(0).contains("textafter"));
        let many = "<div>x".repeat(MAX_NODES);
        let tree = Tree::parse(&many);
        assert!(tree.nodes().len() <= MAX_NODES + 1);
        assert_eq!(tree.all_text(0).matches('x').count(), MAX_NODES);
    }

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.is_sorted());
    }
}
