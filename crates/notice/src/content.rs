//! Which lines of a page are the notice.

use std::{ops::Range, sync::LazyLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{chrome, date, html::Tree, labels, organ, segment::Segment};

/// Ids and classes that content systems give to the element with the text and
/// nothing else; in lower case, the most reliable first.
const BODIES: [&str; 44] = [
    "ucap-content",
    "trs_editor",
    "trs_ueditor",
    "trs_editor_view",
    "zoom",
    "article_content",
    "articlecontent",
    "article-content",
    "j-fontcontent",
    "js_content",
    "vsb_content",
    "wp_articlecontent",
    "pages_content",
    "zoomcon",
    "newscontent",
    "news_content",
    "news-content",
    "contenttext",
    "content-text",
    "article-body",
    "article_body",
    "articlebody",
    "article-text",
    "article_text",
    "detail-content",
    "detail_content",
    "detailcontent",
    "content_detail",
    "info-content",
    "info_content",
    "infocontent",
    "xxgk_content",
    "gk_content",
    "bt_content",
    "con_text",
    "content_text",
    "article-con",
    "article_con",
    "articlecon",
    "artibody",
    "main-text",
    "maintext",
    "ui-article-cont",
    "fontzoom",
];
/// Ids and classes of elements with the text and something around it.
const AROUND: [&str; 12] = [
    "content",
    "article",
    "con",
    "detail",
    "xxgk",
    "main-content",
    "main_content",
    "maincontent",
    "articlebox",
    "news",
    "zwxl-article",
    "wzcon",
];

/// All of them.
static NAMES: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| BODIES.iter().chain(&AROUND).copied().collect());

/// The lines of a page that are the notice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    /// Indices of segments in order.
    pub(crate) lines: Vec<usize>,
    /// Whether a container that holds text alone was found: its lines are kept
    /// as they stand.
    pub(crate) exact: bool,
}

/// What is known of the lines of a page.
pub(crate) struct Lines<'a> {
    tree: &'a Tree<'a>,
    segments: &'a [Segment],
    /// Lines of the formal table and the like: fields, no text.
    fields: &'a [bool],
    /// good[i]: the characters of running text before segment i.
    good: Vec<usize>,
    /// The elements of each name in [`BODIES`] and [`AROUND`].
    named: FxHashMap<&'static str, Vec<usize>>,
}

/// Notes the elements that an id or a class names in a way worth knowing.
fn named_elements(tree: &Tree<'_>) -> FxHashMap<&'static str, Vec<usize>> {
    let mut named: FxHashMap<&'static str, Vec<usize>> = FxHashMap::default();
    let mut lower = String::new();
    for (index, node) in tree.nodes().iter().enumerate() {
        if node.is_text() {
            continue;
        }
        if matches!(node.name, "ucapcontent" | "founder-content") {
            named.entry(BODIES[0]).or_default().push(index);
        }
        for key in ["id", "class"] {
            for part in tree
                .attribute(index, key)
                .unwrap_or("")
                .split_ascii_whitespace()
            {
                if part.len() > 24 {
                    continue;
                }
                lower.clear();
                lower.push_str(part);
                lower.make_ascii_lowercase();
                if let Some(name) = NAMES.get(lower.as_str()) {
                    let list = named.entry(name).or_default();
                    if list.last() != Some(&index) {
                        list.push(index);
                    }
                }
            }
        }
    }
    named
}

impl<'a> Lines<'a> {
    pub(crate) fn new(tree: &'a Tree<'a>, segments: &'a [Segment], fields: &'a [bool]) -> Self {
        let mut good = Vec::with_capacity(segments.len() + 1);
        let mut sum = 0;
        for (segment, field) in segments.iter().zip(fields) {
            good.push(sum);
            if !field && segment.part == 0 {
                sum += weight(segment);
            }
        }
        good.push(sum);
        Self {
            tree,
            segments,
            fields,
            good,
            named: named_elements(tree),
        }
    }

    /// The segments inside element `index`.
    fn inside(&self, index: usize) -> Range<usize> {
        let nodes = self.tree.inside(index);
        let at = |node| self.segments.partition_point(|segment| segment.node < node);
        at(nodes.start)..at(nodes.end)
    }

    fn good_in(&self, index: usize) -> usize {
        let range = self.inside(index);
        self.good[range.end] - self.good[range.start]
    }

    /// The lines in `elements`, which hold nothing but the text.
    pub(crate) fn exactly(&self, elements: &[usize]) -> Content {
        let mut lines = Vec::new();
        for &element in elements {
            lines.extend(
                self.inside(element)
                    .filter(|&i| !self.fields[i] && self.segments[i].part <= element),
            );
        }
        lines.dedup();
        Content { lines, exact: true }
    }

    /// The lines of the notice, for a page that nobody described.
    pub(crate) fn find(&self) -> Content {
        let all = self.good[self.segments.len()];
        if let Some(elements) = self.known_body(all) {
            return self.exactly(&elements);
        }
        let mut root = 0;
        for name in AROUND {
            let found = self
                .named(name)
                .iter()
                .copied()
                .max_by_key(|&element| self.good_in(element));
            if let Some(element) = found
                && self.good_in(element) * 10 >= all * 6
                && all > 0
            {
                root = element;
                break;
            }
        }
        if all == 0 {
            // No running text at all: what is no link and no chrome.
            let lines = self.inside(root).filter(|&i| {
                let segment = &self.segments[i];
                !self.fields[i]
                    && segment.part == 0
                    && !segment.is_links()
                    && !chrome::is_before(&segment.text)
            });
            return Content {
                lines: lines.collect(),
                exact: false,
            };
        }
        let element = self.densest(root);
        let range = self.inside(element);
        let mut lines: Vec<usize> = range.clone().filter(|&i| self.belongs(i)).collect();
        lines.extend(
            (range.end..self.segments.len())
                .take(6)
                .take_while(|&i| self.closes(i)),
        );
        self.trim(&mut lines);
        Content {
            lines,
            exact: false,
        }
    }

    /// The elements that content systems name as the text, if they hold a good
    /// part of the page's.
    fn known_body(&self, all: usize) -> Option<Vec<usize>> {
        for name in BODIES {
            // An element inside another of the name says nothing new.
            let mut found: Vec<usize> = Vec::new();
            for &element in self.named(name) {
                if found
                    .last()
                    .is_none_or(|&last| !self.tree.inside(last).contains(&element))
                {
                    found.push(element);
                }
            }
            found.retain(|&element| !self.inside(element).is_empty());
            // A name that many elements carry is no container.
            if found.is_empty() || found.len() > 8 {
                continue;
            }
            let good: usize = found.iter().map(|&element| self.good_in(element)).sum();
            let chars: usize = found
                .iter()
                .flat_map(|&e| self.inside(e))
                .map(|i| self.segments[i].chars)
                .sum();
            if good * 10 >= all * 4 && (good > 0 || chars >= 20) {
                return Some(found);
            }
        }
        None
    }

    /// The elements whose id or one of whose classes is `name`.
    fn named(&self, name: &str) -> &[usize] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// The innermost element below `root` that holds all but a twentieth of
    /// its running text.
    fn densest(&self, root: usize) -> usize {
        let mut element = root;
        let all = self.good_in(root);
        loop {
            let heavy = self
                .tree
                .children(element)
                .find(|&child| self.good_in(child) * 20 >= all * 19);
            match heavy {
                // Rows belong to their table and entries to their list.
                Some(child) if self.is_container(child) => element = child,
                _ => return element,
            }
        }
    }

    /// Whether an element can hold a text: no paragraph, no entry of a list,
    /// no part of a table of data.
    fn is_container(&self, element: usize) -> bool {
        match self.tree.nodes()[element].name {
            "li" | "p" => false,
            "tr" | "tbody" => self.segments[self.inside(element)]
                .iter()
                .any(|segment| segment.table == 0),
            _ => true,
        }
    }

    /// Whether a line in the densest element is text of the notice.
    fn belongs(&self, index: usize) -> bool {
        let segment = &self.segments[index];
        let attachment = |text: &str| {
            text.contains("附件")
                || [".doc", ".xls", ".pdf", ".zip", ".wps", ".rar"]
                    .iter()
                    .any(|end| text.contains(end))
        };
        !self.fields[index]
            && segment.part == 0
            && !chrome::is_tool(&segment.text)
            && (!segment.is_links() || attachment(&segment.text))
    }

    /// Whether a line right after the densest element still belongs to the
    /// notice: a signature, its date, a list of annexes.
    fn closes(&self, index: usize) -> bool {
        let segment = &self.segments[index];
        let text = segment.text.as_str();
        !self.fields[index]
            && segment.part == 0
            && segment.chars <= 60
            && !chrome::begins_after(text)
            && (organ::organs_in(text).is_some()
                || date::whole_moment(text).is_some_and(|moment| moment.time.is_none())
                || text.starts_with("附件")
                || text.starts_with("（此件"))
    }

    /// Drops the header lines before the text and the page's lines after it.
    fn trim(&self, lines: &mut Vec<usize>) {
        let text = |i: &usize| self.segments[*i].text.as_str();
        // The header stands before the first long paragraph.
        let first = lines
            .iter()
            .position(|&i| self.segments[i].chars >= 80)
            .unwrap_or(lines.len())
            .min(16);
        if let Some(header) = lines[..first]
            .iter()
            .rposition(|i| labels::is_header_line(text(i)) || is_bare_moment(text(i)))
        {
            lines.drain(..=header);
        }
        let start = lines
            .iter()
            .position(|i| !chrome::is_before(text(i)))
            .unwrap_or(lines.len());
        lines.drain(..start);
        let texts: Vec<&str> = lines.iter().map(text).collect();
        lines.truncate(chrome::end_of_notice(&texts));
    }
}

/// Whether a line is nothing but a date with a time, as under a title.
fn is_bare_moment(text: &str) -> bool {
    date::whole_moment(text).is_some_and(|moment| moment.time.is_some())
}

/// How much running text a line is, in characters.
fn weight(segment: &Segment) -> usize {
    let text = segment.text.as_str();
    if segment.link_chars * 3 > segment.chars
        || chrome::is_before(text)
        || chrome::is_imprint(text)
        || labels::is_header_line(text)
    {
        return 0;
    }
    let stops = text.contains(['，', '。', '；', '：', '、', ',', '！', '？', '\t']);
    if (stops && segment.chars >= 12) || segment.chars >= 40 {
        segment.chars
    } else {
        0
    }
}
