//! Texts like real ones, as many as are wanted: real ones first, then the same
//! with every sentence changed for another, drawn from all of them. Terms stay
//! as frequent as they are, and outlines and lengths as they were.

use std::ops::Range;

use gongbao_notice::{Outline, Reader, Row};
use serde::Deserialize;

/// Numbers that look random and are the same every time (xorshift).
#[derive(Clone, Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// A text of the corpora.
#[derive(Debug, Deserialize)]
pub(crate) struct Real {
    title: String,
    text: String,
}

/// A text like a real one.
pub(crate) struct Text {
    /// As a row for `import`.
    pub(crate) row: String,
    pub(crate) text: String,
    pub(crate) passages: usize,
}

/// Real texts and the sentences in them.
pub(crate) struct Grown<'r> {
    reader: &'r Reader,
    real: Vec<Real>,
    /// Text and place of each sentence.
    sentences: Vec<(u32, Range<u32>)>,
    chance: Chance,
    next: usize,
}

impl<'r> Grown<'r> {
    pub(crate) fn new(reader: &'r Reader, real: Vec<Real>) -> Self {
        let mut sentences = Vec::new();
        for (number, Real { text, .. }) in (0..).zip(&real) {
            for line in lines(text) {
                let own = sentence_ranges(text, line);
                sentences.extend(own.map(|range| (number, range.start as u32..range.end as u32)));
            }
        }
        Self {
            reader,
            real,
            sentences,
            chance: Chance(88_172_645_463_325_252),
            next: 0,
        }
    }

    /// The next text.
    pub(crate) fn next(&mut self) -> Text {
        let (round, at) = (self.next / self.real.len(), self.next % self.real.len());
        let id = format!("grown-{}", self.next);
        self.next += 1;
        let text = match round {
            0 => self.real[at].text.clone(),
            _ => self.other_sentences(at),
        };
        let title = match round {
            0 => self.real[at].title.clone(),
            _ => format!("{}（{round}）", self.real[at].title),
        };
        let row = serde_json::json!({ "id": id, "title": title, "text": text });
        let read: Row = serde_json::from_value(row.clone()).expect("a row");
        let passages = Outline::of(&self.reader.read_row(&read).body)
            .passages
            .len();
        Text {
            row: row.to_string(),
            text,
            passages,
        }
    }

    /// Text number `at` with other sentences in place of its own; labels stay.
    fn other_sentences(&mut self, at: usize) -> String {
        let text = &self.real[at].text;
        let mut other = String::with_capacity(text.len());
        for line in lines(text) {
            other += &text[line.start..line.start + label_len(&text[line.clone()])];
            for _ in sentence_ranges(text, line) {
                let (from, range) = &self.sentences[self.chance.below(self.sentences.len())];
                let range = range.start as usize..range.end as usize;
                other += &self.real[*from as usize].text[range];
            }
            other.push('\n');
        }
        other
    }
}

fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = start..start + line.trim_end().len();
        start += line.len();
        range
    })
}

/// The sentences of a line, without its label.
fn sentence_ranges(text: &str, line: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = line.start + label_len(&text[line.clone()]);
    let ends = |c| matches!(c, '。' | '；' | '：');
    text[start..line.end]
        .split_inclusive(ends)
        .map(move |sentence| {
            let range = start..start + sentence.len();
            start = range.end;
            range
        })
}

/// How many bytes of a line are its label or its mark as a heading: 第三条, (一), ##.
fn label_len(line: &str) -> usize {
    let head = line.char_indices().take(12);
    let end = head.clone().find_map(|(at, c)| {
        matches!(c, ' ' | '\u{3000}' | '、' | '）' | ')').then_some(at + c.len_utf8())
    });
    match end {
        Some(end) if !line[..end].contains(['。', '，', '；']) => end,
        _ => 0,
    }
}
