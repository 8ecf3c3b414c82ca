//! The part of a passage that is shown: whole sentences around what matched.

use std::ops::Range;

use crate::terminal::Piece;

/// Marks that end a sentence (GB/T 15834—2011, 4.1).
const SENTENCE_ENDS: &str = "。！？；!?;";

/// Marks that end a clause, where a sentence alone is too long.
const CLAUSE_ENDS: &str = "，、：,";

/// Marks that belong to the sentence they close.
const CLOSERS: &str = "”’』」）)》】\"";

/// The pieces of `text` to show in `columns`: all where they fit, else the
/// sentences with most of `marks` (`[start, end)` in pieces), and as many
/// around them as fit.
pub(super) fn excerpt(text: &[Piece], marks: &[[usize; 2]], columns: usize) -> Range<usize> {
    let widths = Widths::of(text);
    if widths.of_range(&(0..text.len())) <= columns {
        return 0..text.len();
    }
    let sentences = cut(text, 0..text.len(), SENTENCE_ENDS);
    let window = best(&sentences, marks, columns, &widths);
    if widths.of_range(&window) <= columns {
        return window;
    }
    // One sentence, longer than there is room for.
    let clauses = cut(text, window.clone(), CLAUSE_ENDS);
    let window = best(&clauses, marks, columns, &widths);
    if widths.of_range(&window) <= columns {
        return window;
    }
    let start = marks
        .iter()
        .map(|&[start, _]| start)
        .find(|start| window.contains(start))
        .map_or(window.start, |start| {
            start.saturating_sub(8).max(window.start)
        });
    let fits = (start..=window.end)
        .take_while(|&end| widths.of_range(&(start..end)) <= columns)
        .last();
    start..fits.unwrap_or(start)
}

/// Columns up to each piece.
struct Widths(Vec<usize>);

impl Widths {
    fn of(text: &[Piece]) -> Self {
        let mut sum = 0;
        let mut sums = Vec::with_capacity(text.len() + 1);
        sums.push(0);
        for piece in text {
            sum += piece.width;
            sums.push(sum);
        }
        Self(sums)
    }

    fn of_range(&self, range: &Range<usize>) -> usize {
        self.0[range.end] - self.0[range.start]
    }
}

/// `range` in parts that end behind one of `ends`.
fn cut(text: &[Piece], range: Range<usize>, ends: &str) -> Vec<Range<usize>> {
    let is_one_of = |marks: &str, index: usize| {
        let text = &text[index].text;
        !text.is_empty() && marks.contains(text.as_str())
    };
    let mut parts = Vec::new();
    let mut start = range.start;
    let mut index = range.start;
    while index < range.end {
        let ends_here = is_one_of(ends, index);
        index += 1;
        if ends_here {
            while index < range.end && is_one_of(CLOSERS, index) {
                index += 1;
            }
            parts.push(start..index);
            start = index;
        }
    }
    if start < range.end {
        parts.push(start..range.end);
    }
    parts
}

/// The run of `parts` with most of `marks` that fits in `columns`, grown by
/// its neighbours while there is room; one part at least.
fn best(
    parts: &[Range<usize>],
    marks: &[[usize; 2]],
    columns: usize,
    widths: &Widths,
) -> Range<usize> {
    let marked = |range: &Range<usize>| {
        marks
            .iter()
            .filter(|&&[start, end]| range.start < end && start < range.end)
            .count()
    };
    let join = |from: usize, to: usize| parts[from].start..parts[to].end;
    let fits = |from: usize, to: usize| widths.of_range(&join(from, to)) <= columns;

    let (mut from, mut to, mut most) = (0, 0, 0);
    let mut last = 0;
    for first in 0..parts.len() {
        last = last.max(first);
        while last + 1 < parts.len() && fits(first, last + 1) {
            last += 1;
        }
        // A run that begins without a mark begins too early.
        if marked(&parts[first]) == 0 {
            continue;
        }
        let found = marked(&join(first, last));
        if found > most {
            (from, to, most) = (first, last, found);
        }
    }
    while to > from && marked(&parts[to]) == 0 {
        to -= 1;
    }
    // What follows explains more than what went before.
    while to + 1 < parts.len() && fits(from, to + 1) {
        to += 1;
    }
    while from > 0 && fits(from - 1, to) {
        from -= 1;
    }
    join(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Style, pieces};

    #[track_caller]
    fn check(text: &str, wanted: &str, columns: usize, shown: &str) {
        let marks: Vec<_> = text
            .match_indices(wanted)
            .map(|(at, _)| {
                let start = text[..at].chars().count();
                [start, start + wanted.chars().count()]
            })
            .collect();
        let text = pieces(text, |_| Style::Plain);
        let range = excerpt(&text, &marks, columns);
        let found: String = text[range]
            .iter()
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(found, shown);
    }

    const TEXT: &str =
        "一是压实责任。二是化解债务，严控“新增”。三是盘活资产；四是偿还债务。五是督查。";

    #[test]
    fn a_short_text_is_shown_whole() {
        check(TEXT, "债务", 200, TEXT);
    }

    #[test]
    fn whole_sentences_with_most_marks() {
        check(
            TEXT,
            "债务",
            62,
            "二是化解债务，严控“新增”。三是盘活资产；四是偿还债务。",
        );
        check(TEXT, "债务", 30, "二是化解债务，严控“新增”。");
        check(TEXT, "督查", 30, "四是偿还债务。五是督查。");
    }

    #[test]
    fn a_long_sentence_is_cut_at_clauses_or_at_the_mark() {
        check(TEXT, "新增", 16, "严控“新增”。");
        check(
            "本区全体党员领导干部务必高度重视并切实做好债务化解有关各项工作",
            "债务",
            30,
            "度重视并切实做好债务化解有关各",
        );
        check(
            "没有标点也没有符合的很长很长的文字",
            "债务",
            12,
            "没有标点也没",
        );
    }
}
