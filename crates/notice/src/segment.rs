//! A page as a row of lines: what stands on each, and in which element.

use std::borrow::Cow;

use crate::{
    BlockKind, chrome,
    html::{Tree, is_block},
};

/// A line of text of a page, between two block boundaries.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// Its text: white space collapsed, control characters left out, the cells
    /// of a row separated by tabs.
    pub(crate) text: String,
    /// What it is.
    pub(crate) kind: BlockKind,
    /// The node of its first text.
    pub(crate) node: usize,
    /// The innermost block element it stands in.
    pub(crate) block: usize,
    /// The table it is a row of, 0 for none.
    pub(crate) table: usize,
    /// Its characters but for white space, and those of them in links.
    pub(crate) chars: usize,
    pub(crate) link_chars: usize,
    /// The innermost element around it that is named as page chrome, 0 for none.
    pub(crate) part: usize,
}

impl Segment {
    /// Whether most of it is links.
    pub(crate) fn is_links(&self) -> bool {
        self.link_chars * 5 > self.chars * 3
    }
}

/// Elements whose text nobody reads.
fn is_unread(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "iframe"
            | "object"
            | "select"
            | "option"
            | "button"
            | "textarea"
            | "canvas"
            | "svg"
            | "head"
            | "title"
            | "audio"
            | "video"
            | "map"
            | "noframes"
            | "xmp"
    )
}

fn is_hidden(tree: &Tree<'_>, index: usize) -> bool {
    if tree.attribute(index, "hidden").is_some() {
        return true;
    }
    tree.attribute(index, "style").is_some_and(|style| {
        // Only a short look: most styles say nothing of display.
        let bytes = style.as_bytes();
        let says = |what: &[u8]| {
            bytes
                .windows(what.len())
                .any(|part| part.eq_ignore_ascii_case(what))
        };
        (says(b"display") || says(b"visibility")) && {
            let squeezed: String = style
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
                .to_ascii_lowercase();
            squeezed.contains("display:none") || squeezed.contains("visibility:hidden")
        }
    })
}

/// `text` without white space. Most lines have none, and each is looked at
/// several times.
pub(crate) fn squeezed(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_whitespace) {
        return Cow::Borrowed(text);
    }
    let mut squeezed = String::with_capacity(text.len());
    squeezed.extend(text.split_whitespace());
    Cow::Owned(squeezed)
}

/// The lines of a page in order.
pub(crate) fn segments(tree: &Tree<'_>) -> Vec<Segment> {
    let nodes = tree.nodes();
    // before[i] is the number of text bytes before node i.
    let mut before = Vec::with_capacity(nodes.len() + 1);
    let mut sum = 0_usize;
    for index in 0..nodes.len() {
        before.push(sum);
        sum += tree.text(index).trim().len();
    }
    before.push(sum);
    let data = data_tables(tree, &before);
    let mut walk = Walk::default();
    let mut index = 1;
    while index < nodes.len() {
        walk.leave(index);
        let node = &nodes[index];
        if node.is_text() {
            walk.text(tree.text(index), index);
            index += 1;
            continue;
        }
        if is_unread(node.name) || is_hidden(tree, index) {
            index = node.end as usize;
            continue;
        }
        let len = before[node.end as usize] - before[index];
        walk.enter(tree, index, len * 2 < sum, &data);
        index += 1;
    }
    walk.leave(nodes.len());
    walk.flush();
    walk.done
}

/// For each node, whether it is a table of data; the others lay out the page.
///
/// A table lays out when another stands in it, when no row has two cells, or
/// when one cell holds most of its text in several paragraphs.
fn data_tables(tree: &Tree<'_>, before: &[usize]) -> Vec<bool> {
    let nodes = tree.nodes();
    let mut data = vec![false; nodes.len()];
    // The open tables: node, cells of the row, most cells of a row, whether it lays out.
    let mut open: Vec<(usize, usize, usize, bool)> = Vec::new();
    let mut close = |table: (usize, usize, usize, bool)| data[table.0] = table.2 >= 2 && !table.3;
    for (index, node) in nodes.iter().enumerate() {
        while open
            .last()
            .is_some_and(|table| nodes[table.0].end as usize <= index)
        {
            close(open.pop().expect("just seen"));
        }
        match node.name {
            "table" => {
                if let Some(outer) = open.last_mut() {
                    outer.3 = true;
                }
                open.push((index, 0, 0, false));
            }
            "tr" => {
                if let Some(table) = open.last_mut() {
                    table.1 = 0;
                }
            }
            "td" | "th" => {
                if let Some(table) = open.last_mut() {
                    table.1 += 1;
                    table.2 = table.2.max(table.1);
                    let len = before[node.end as usize] - before[index];
                    let all = before[nodes[table.0].end as usize] - before[table.0];
                    if len > 900 && len * 10 > all * 6 && !table.3 {
                        let inside = index + 1..node.end as usize;
                        table.3 = nodes[inside]
                            .iter()
                            .filter(|n| matches!(n.name, "p" | "div" | "br"))
                            .count()
                            >= 3;
                    }
                }
            }
            _ => {}
        }
    }
    while let Some(table) = open.pop() {
        close(table);
    }
    data
}

#[derive(Clone, Copy, Debug, Default)]
struct Frame {
    end: usize,
    block: Option<usize>,
    link: bool,
    heading: bool,
    item: bool,
    row: bool,
    part: Option<usize>,
    table: Option<usize>,
}

#[derive(Default)]
struct Walk {
    done: Vec<Segment>,
    open: Vec<Frame>,
    text: String,
    /// White space was read and not yet written; it held a line break.
    space: bool,
    line_break: bool,
    node: usize,
    chars: usize,
    link_chars: usize,
    // The state inside the open elements.
    links: usize,
    headings: usize,
    items: usize,
    rows: usize,
    cells: usize,
    block: usize,
    part: usize,
    table: usize,
}

impl Walk {
    fn enter(&mut self, tree: &Tree<'_>, index: usize, may_be_part: bool, data: &[bool]) {
        let node = &tree.nodes()[index];
        let name = node.name;
        let mut frame = Frame {
            end: node.end as usize,
            ..Frame::default()
        };
        if matches!(name, "br" | "hr") {
            return self.boundary();
        }
        if is_block(name) {
            self.boundary();
            frame.block = Some(self.block);
            self.block = index;
        }
        match name {
            "a" => frame.link = true,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => frame.heading = true,
            "li" => frame.item = true,
            "table" => {
                frame.table = Some(self.table);
                self.table = if data[index] { index } else { 0 };
            }
            "tr" if self.table != 0 && self.rows == 0 => {
                self.flush();
                frame.row = true;
                self.cells = 0;
            }
            "td" | "th" if self.rows > 0 => {
                if self.cells > 0 {
                    self.text.push('\t');
                    self.space = false;
                }
                self.cells += 1;
            }
            _ => {}
        }
        if may_be_part && (is_block(name) || name == "span") {
            let named = |key| {
                tree.attribute(index, key)
                    .is_some_and(chrome::names_page_part)
            };
            if matches!(name, "nav" | "footer" | "aside") || named("class") || named("id") {
                frame.part = Some(self.part);
                self.part = index;
            }
        }
        self.links += usize::from(frame.link);
        self.headings += usize::from(frame.heading);
        self.items += usize::from(frame.item);
        self.rows += usize::from(frame.row);
        self.open.push(frame);
    }

    /// Leaves the elements that end before node `index`.
    fn leave(&mut self, index: usize) {
        while let Some(frame) = self.open.pop_if(|frame| frame.end <= index) {
            if frame.block.is_some() {
                self.boundary();
            }
            if frame.row {
                self.flush();
            }
            self.links -= usize::from(frame.link);
            self.headings -= usize::from(frame.heading);
            self.items -= usize::from(frame.item);
            self.rows -= usize::from(frame.row);
            self.block = frame.block.unwrap_or(self.block);
            self.part = frame.part.unwrap_or(self.part);
            self.table = frame.table.unwrap_or(self.table);
        }
    }

    fn boundary(&mut self) {
        if self.rows > 0 {
            self.space = true;
        } else {
            self.flush();
        }
    }

    fn text(&mut self, text: &str, node: usize) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.space = true;
                self.line_break |= c == '\n';
                continue;
            }
            // No-break spaces print; what is below prints nothing.
            if c.is_control() || matches!(c, '\u{200b}' | '\u{feff}') {
                continue;
            }
            if self.chars == 0 {
                self.node = node;
            }
            if self.space {
                self.space = false;
                let last = self.text.chars().last();
                // A line break between two ideographs prints nothing (CSS Text 3, 4.1.3).
                let joins = self.line_break && is_wide(c) && last.is_some_and(is_wide);
                if last.is_some_and(|last| last != '\t') && !joins {
                    self.text.push(' ');
                }
            }
            self.line_break = false;
            self.text.push(c);
            if !c.is_whitespace() {
                self.chars += 1;
                self.link_chars += usize::from(self.links > 0);
            }
        }
    }

    fn flush(&mut self) {
        self.space = false;
        self.line_break = false;
        if self.chars > 0 {
            let kind = if self.rows > 0 {
                BlockKind::TableRow
            } else if self.headings > 0 {
                BlockKind::Heading
            } else if self.items > 0 {
                BlockKind::ListItem
            } else {
                BlockKind::Paragraph
            };
            self.done.push(Segment {
                text: match kind {
                    // A tab at the start stands after an empty cell.
                    BlockKind::TableRow => self.text.trim_matches(' ').trim_end().to_owned(),
                    _ => self.text.trim().to_owned(),
                },
                kind,
                node: self.node,
                block: self.block,
                table: if self.rows > 0 { self.table } else { 0 },
                chars: self.chars,
                link_chars: self.link_chars,
                part: self.part,
            });
        }
        self.text.clear();
        self.chars = 0;
        self.link_chars = 0;
    }
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Document;

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let lines: Vec<String> = segments(&Document::parse(page).tree())
            .into_iter()
            .map(|s| s.text)
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn blocks_and_breaks_make_lines() {
        check(
            "<p>甲<b>乙</b><br>丙</p>丁<div>戊</div>",
            &["甲乙", "丙", "丁", "戊"],
        );
        check("<p> 甲\n乙  a\n b&nbsp;</p>", &["甲乙 a b"]);
        check("<p>\u{200b}甲\u{1}乙&#8203;</p>", &["甲乙"]);
    }

    #[test]
    fn a_data_table_gives_rows_and_a_layout_table_its_lines() {
        check(
            "<table><tr><td>甲<td><p>1</p><p>2</p><tr><td>乙<td></table>",
            &["甲\t1 2", "乙"],
        );
        check(
            "<table><tr><td><td>甲<td>乙<tr><td>1<td>2</table>",
            &["\t甲\t乙", "1\t2"],
        );
        check(
            "<table><tr><td><table><tr><td>a<td>b</table><td>c</table>",
            &["a\tb", "c"],
        );
        check("<table><tr><td>a<tr><td>b</table>", &["a", "b"]);
    }

    #[test]
    fn what_is_hidden_is_left_out() {
        check(
            "<p style='color:red; DISPLAY : none'>x</p><script>y</script><p hidden>z</p><p>甲</p>",
            &["甲"],
        );
    }

    #[test]
    fn named_parts_are_noted() {
        let page = format!("<div class=share>分享</div><p>{}</p>", "正文".repeat(20));
        let found = segments(&Document::parse(&page).tree());
        assert!(found[0].part > 0 && found[1].part == 0);
    }
}
