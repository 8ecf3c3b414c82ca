//! Where the parser builds: scraper's document, with a count of what is built.

use std::{
    borrow::Cow,
    cell::{Cell, Ref},
};

use ego_tree::NodeId;
use html5ever::{
    Attribute, QualName,
    tendril::StrTendril,
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
};
use scraper::{Html, HtmlTreeSink};

/// Passes everything on to scraper's sink but for errors, which nobody reads.
pub(super) struct Sink {
    inner: HtmlTreeSink,
    created: Cell<usize>,
    named: Cell<Option<NodeId>>,
}

impl Sink {
    pub(super) fn new() -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            created: Cell::new(0),
            named: Cell::new(None),
        }
    }

    /// How many elements were made, those by the parser's own repairs included.
    pub(super) fn created(&self) -> usize {
        self.created.get()
    }

    /// The element whose name the parser asked for last.
    pub(super) fn last_named(&self) -> Option<NodeId> {
        self.named.get()
    }

    /// Whether `id` stands at least `levels` deep.
    pub(super) fn is_deep(&self, id: NodeId, levels: usize) -> bool {
        let html = self.inner.0.borrow();
        html.tree
            .get(id)
            .is_some_and(|node| node.ancestors().nth(levels.saturating_sub(1)).is_some())
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.named.set(Some(*target));
        self.inner.elem_name(target)
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        self.created.set(self.created.get() + 1);
        self.inner.create_element(name, attributes, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        self.inner
            .append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.inner.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append_before_sibling(sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }
}
