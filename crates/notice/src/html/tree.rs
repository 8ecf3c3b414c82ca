//! The document as a flat list of nodes in document order, so that nothing
//! that walks it recurses.

use std::{collections::HashSet, ops::Range};

use ego_tree::{NodeId, iter::Edge};
use scraper::{Html, Selector};

use super::guard;

/// A page as parsed. Not `Send`: it is parsed and read in one call.
pub(crate) struct Document {
    html: Html,
    /// Whether tags were left out for being too many or too deep.
    pub(crate) trimmed: bool,
}

impl Document {
    /// Reads a page.
    pub(crate) fn parse(page: &str) -> Self {
        let (html, trimmed) = guard::parse(page);
        Self { html, trimmed }
    }

    /// The document itself.
    pub(crate) fn html(&self) -> &Html {
        &self.html
    }

    /// The same, taken out.
    pub(crate) fn into_html(self) -> Html {
        self.html
    }

    /// Its nodes in document order.
    pub(crate) fn tree(&self) -> Tree<'_> {
        Tree::of(&self.html)
    }
}

/// An element or a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'h> {
    /// The name of an element in lower case; empty for a text.
    pub(crate) name: &'h str,
    /// The element it stands in.
    pub(crate) parent: u32,
    /// The node after the last one inside it.
    pub(crate) end: u32,
    id: NodeId,
    value: &'h scraper::Node,
}

impl Node<'_> {
    /// Whether it is text.
    pub(crate) fn is_text(&self) -> bool {
        self.name.is_empty()
    }
}

/// A page's elements and texts in document order. Node 0 is the root.
pub(crate) struct Tree<'h> {
    html: &'h Html,
    nodes: Vec<Node<'h>>,
}

impl<'h> Tree<'h> {
    fn of(html: &'h Html) -> Self {
        let mut nodes: Vec<Node<'h>> = Vec::new();
        let mut open: Vec<u32> = Vec::new();
        for edge in html.tree.root().traverse() {
            let (Edge::Open(node) | Edge::Close(node)) = edge;
            let name = match node.value() {
                scraper::Node::Text(_) => "",
                scraper::Node::Element(element) => element.name(),
                scraper::Node::Document | scraper::Node::Fragment => "#",
                _ => continue,
            };
            if matches!(edge, Edge::Close(_)) {
                let index = open.pop().expect("each node is opened before it is closed");
                nodes[index as usize].end = nodes.len() as u32;
                continue;
            }
            let index = nodes.len() as u32;
            nodes.push(Node {
                name,
                parent: open.last().copied().unwrap_or(0),
                end: index + 1,
                id: node.id(),
                value: node.value(),
            });
            open.push(index);
        }
        Self { html, nodes }
    }

    /// The nodes in document order.
    pub(crate) fn nodes(&self) -> &[Node<'h>] {
        &self.nodes
    }

    /// The text of a text node; empty for an element.
    pub(crate) fn text(&self, index: usize) -> &'h str {
        match self.nodes[index].value {
            scraper::Node::Text(text) => text,
            _ => "",
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
    pub(crate) fn attribute(&self, index: usize, name: &str) -> Option<&'h str> {
        let element = self.nodes[index].value.as_element()?;
        // A handful each: looking at them all is quicker than interning `name`.
        element
            .attrs()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// All text inside node `index`, hidden or not.
    pub(crate) fn all_text(&self, index: usize) -> String {
        self.inside(index).map(|i| self.text(i)).collect()
    }

    /// The elements that `selector` selects, in document order.
    pub(crate) fn select(&self, selector: &Selector) -> Vec<usize> {
        // One pass with scraper's caches: `:nth-child` counts siblings once.
        let selected: HashSet<NodeId> = self.html.select(selector).map(|e| e.id()).collect();
        (0..self.nodes.len())
            .filter(|&index| selected.contains(&self.nodes[index].id))
            .collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in the body, as `name(children)` with text in quotes.
    fn shape(page: &str) -> String {
        let document = Document::parse(page);
        let tree = document.tree();
        let body = (0..tree.nodes().len())
            .find(|&index| tree.nodes()[index].name == "body")
            .expect("a body");
        let mut out = String::new();
        let mut open = Vec::new();
        for index in tree.inside(body) {
            let node = &tree.nodes()[index];
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
            r#"table(tbody(tr(td("1")td("2"))tr(td("3"))))"x""#
        );
    }

    #[test]
    fn stray_end_tags_close_nothing_else() {
        assert_eq!(
            shape("<div><b>a</span></html>b</b></div>c"),
            r#"div(b("ab"))"c""#
        );
        assert_eq!(
            shape("<div><table><tr><td></div>a"),
            r#"div(table(tbody(tr(td("a")))))"#
        );
    }

    #[test]
    fn elements_are_selected_in_document_order() {
        let document = Document::parse(
            "<div class='a b' id=x><h2>1</h2><p class=c>2</p><div><p>3</p></div></div><a href='/t1.html'>4</a>",
        );
        let tree = document.tree();
        for (selector, texts) in [
            ("h2", &["1"][..]),
            ("div.a.b > p", &["2"]),
            ("#x p", &["2", "3"]),
            ("div#x div > p, h2", &["1", "3"]),
            ("a[href$='.html']", &["4"]),
            ("div.a > :nth-child(2)", &["2"]),
            ("div:has(> h2) p:not(.c)", &["3"]),
            ("a[title]", &[]),
        ] {
            let selector = Selector::parse(selector).expect("a selector");
            let found: Vec<String> = tree
                .select(&selector)
                .into_iter()
                .map(|index| tree.all_text(index))
                .collect();
            assert_eq!(found, texts, "{selector:?}");
        }
    }
}
