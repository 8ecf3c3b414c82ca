//! The body of a notice: its text without page chrome, in blocks.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What a block was on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A heading (`<h1>` to `<h6>`, or a line that reads as one).
    Heading,
    /// Running text.
    Paragraph,
    /// An entry of an HTML list.
    ListItem,
    /// A table row; its cells are separated by a tab, empty ones at its end
    /// left out.
    TableRow,
}

/// One block: a kind and its place in [`Body::text`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it was on the page.
    pub kind: BlockKind,
    /// UTF-8 byte range in [`Body::text`]; never blank, holds no line break.
    pub range: Range<usize>,
}

/// The text of a notice and its blocks.
///
/// `text` is the blocks in order, joined by single line feeds: every byte is
/// in one block or is the `\n` between two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    text: String,
    blocks: Vec<Block>,
}

impl Body {
    /// An empty body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a block. White space around `text` is dropped, each line break
    /// in it becomes a space, control characters other than the tab are left
    /// out, and a block with nothing left is not added. The tabs that a table
    /// row starts with stay: they stand after empty cells.
    pub fn push(&mut self, kind: BlockKind, text: &str) {
        let trimmed = |text: &str| {
            match kind {
                BlockKind::TableRow => {
                    text.trim_start_matches(|c| c != '\t' && char::is_whitespace(c))
                }
                _ => text.trim_start(),
            }
            .len()
        };
        let text = text.trim_end();
        let text = &text[text.len() - trimmed(text)..];
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        if needs_cleaning(text) {
            let kept = text
                .chars()
                .filter(|&c| c == '\t' || is_line_break(c) || !c.is_control());
            self.text
                .extend(kept.map(|c| if is_line_break(c) { ' ' } else { c }));
            let end = self.text.trim_end().len().max(start);
            self.text.truncate(end);
            let lead = self.text.len() - start - trimmed(&self.text[start..]);
            self.text.drain(start..start + lead);
            if self.text.len() == start {
                self.text.truncate(start.saturating_sub(1));
                return;
            }
        } else {
            self.text.push_str(text);
        }
        self.blocks.push(Block {
            kind,
            range: start..self.text.len(),
        });
    }

    /// A body with one paragraph for each non-empty line of `text`.
    #[must_use]
    pub fn from_lines(text: &str) -> Self {
        let mut body = Self::new();
        for line in text.split(is_line_break) {
            body.push(BlockKind::Paragraph, line);
        }
        body
    }

    /// The body whose [`text`](Self::text) and [`blocks`](Self::blocks) these
    /// are; `None` if they belong to none.
    #[must_use]
    pub fn from_parts(text: String, blocks: Vec<Block>) -> Option<Self> {
        let mut end = None;
        for block in &blocks {
            let Range { start, end: next } = block.range.clone();
            let is_behind = end.map_or(start == 0, |end| {
                start == end + 1 && text.as_bytes().get(end) == Some(&b'\n')
            });
            if !is_behind || text.get(start..next).is_none_or(str::is_empty) {
                return None;
            }
            end = Some(next);
        }
        (end.unwrap_or(0) == text.len()).then_some(Self { text, blocks })
    }

    /// The whole text, blocks joined by `\n`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The blocks in order.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The text of block `index`.
    ///
    /// # Panics
    ///
    /// When there is no such block.
    #[must_use]
    pub fn block_text(&self, index: usize) -> &str {
        &self.text[self.blocks[index].range.clone()]
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

/// Whether `text` holds a control character or a line break. Most does not, and
/// is copied as it stands.
fn needs_cleaning(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, &b)| match b {
        b'\t' => false,
        0..0x20 | 0x7f => true,
        // U+0080 to U+009F, and the separators U+2028 and U+2029.
        0xc2 => bytes[at + 1] < 0xa0,
        0xe2 => bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0xa8 | 0xa9),
        _ => false,
    })
}

fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_joined_by_one_line_feed() {
        let mut body = Body::new();
        body.push(BlockKind::Heading, " 一、总体要求 ");
        body.push(BlockKind::Paragraph, "\u{3000}\u{3000}");
        body.push(BlockKind::Paragraph, "第一行\r\n第二行");
        assert_eq!(body.text(), "一、总体要求\n第一行  第二行");
        assert_eq!(body.blocks().len(), 2);
        assert_eq!(body.block_text(1), "第一行  第二行");
    }

    #[test]
    fn a_body_is_made_of_its_own_parts_only() {
        let body = Body::from_lines("一、总体要求\n推进化解。");
        let (text, blocks) = (body.text().to_owned(), body.blocks().to_vec());
        assert_eq!(
            Body::from_parts(text.clone(), blocks.clone()),
            Some(body.clone())
        );
        assert_eq!(
            Body::from_parts(String::new(), Vec::new()),
            Some(Body::new())
        );
        assert_eq!(Body::from_parts(text.clone(), blocks[..1].to_vec()), None);
        assert_eq!(Body::from_parts(text.clone(), blocks[1..].to_vec()), None);
        assert_eq!(
            Body::from_parts(text.replace('\n', " "), blocks.clone()),
            None
        );
        assert_eq!(Body::from_parts(text[3..].to_owned(), blocks), None);
    }

    #[test]
    fn a_row_keeps_its_empty_first_cell() {
        let mut body = Body::new();
        body.push(BlockKind::TableRow, " \t\u{3000}甲\t乙\t\t ");
        body.push(BlockKind::TableRow, "\t \t");
        body.push(BlockKind::TableRow, "\u{1} \t丙");
        body.push(BlockKind::Paragraph, "\t丁");
        assert_eq!(body.text(), "\t\u{3000}甲\t乙\n\t丙\n丁");
    }

    #[test]
    fn control_characters_are_left_out() {
        let mut body = Body::new();
        body.push(BlockKind::TableRow, "甲\t\u{0}乙\u{9f}\u{1b}[1m");
        body.push(BlockKind::Paragraph, "\u{1} \u{2}");
        body.push(BlockKind::Paragraph, "\u{1} 丙\u{2028}丁 \u{7f}");
        assert_eq!(body.text(), "甲\t乙[1m\n丙 丁");
        assert_eq!(body.blocks().len(), 2);
        assert_eq!(body.block_text(1), "丙 丁");
    }
}
