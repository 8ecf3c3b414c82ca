//! What to highlight: where the patterns of a question stand in a text.

use std::ops::Range;

use gongbao_analysis::{Normalized, letters};

use crate::pattern::Pattern;

/// The patterns to mark, each with longer ones in which it is not meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<(Pattern, Vec<Pattern>)>);

impl Marks {
    pub(crate) fn add(&mut self, pattern: Pattern, excluded: Vec<Pattern>) {
        if pattern.len() > 0 && !self.0.iter().any(|(known, _)| *known == pattern) {
            self.0.push((pattern, excluded));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes of `text` to mark: sorted, without overlaps. Nothing runs from
    /// one line to the next.
    pub(crate) fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut line_start = 0;
        for line in text.split('\n') {
            self.find_in_line(line, line_start, &mut found);
            line_start += line.len() + 1;
        }
        found.sort_by_key(|range: &Range<usize>| (range.start, std::cmp::Reverse(range.end)));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match merged.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        merged
    }

    fn find_in_line(&self, line: &str, line_start: usize, found: &mut Vec<Range<usize>>) {
        let normalized = Normalized::new(line);
        let letters: Vec<_> = letters(normalized.text()).collect();
        let starts = |pattern: &Pattern| -> Vec<usize> {
            let wanted = pattern.letters();
            let last = (letters.len() + 1).saturating_sub(wanted.len());
            let first = letters[..last].iter().enumerate();
            // Mostly the first letter tells.
            let first = first.filter(|(_, have)| have.letter == wanted[0]);
            let stands_at = |at: usize| {
                let here = letters[at..].iter().zip(wanted);
                here.into_iter().all(|(have, want)| have.letter == *want)
            };
            first
                .map(|(at, _)| at)
                .filter(|&at| stands_at(at))
                .collect()
        };
        for (pattern, excluded) in &self.0 {
            let excluded: Vec<Range<usize>> = excluded
                .iter()
                .flat_map(|longer| starts(longer).into_iter().map(|at| at..at + longer.len()))
                .collect();
            for at in starts(pattern) {
                let end = at + pattern.len();
                if excluded
                    .iter()
                    .any(|longer| longer.start <= at && end <= longer.end)
                {
                    continue;
                }
                let last = letters[end - 1];
                let normal = letters[at].at..last.at + last.letter.len_utf8();
                let source = normalized.source(normal);
                found.push(line_start + source.start..line_start + source.end);
            }
        }
    }
}

/// Byte ranges of `text` as `[start, end)` in characters.
pub(crate) fn in_chars(text: &str, ranges: &[Range<usize>]) -> Vec<[usize; 2]> {
    let mut chars = 0;
    let mut at = 0;
    let mut count_to = |byte: usize| {
        chars += text[at..byte].chars().count();
        at = byte;
        chars
    };
    ranges
        .iter()
        .map(|range| [count_to(range.start), count_to(range.end)])
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(patterns: &[&str], text: &str, marked: &[&str]) {
        let mut marks = Marks::default();
        for pattern in patterns {
            marks.add(Pattern::new(pattern), Vec::new());
        }
        let found: Vec<_> = marks
            .find(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, marked);
    }

    #[test]
    fn marks_lie_on_the_printed_text() {
        check(
            &["债务", "化解"],
            "(20)坚定坚决扛起债务化解责任",
            &["债务", "化解"],
        );
        check(
            &["长江十年禁渔"],
            "加大长江“十年禁渔”工作",
            &["长江“十年禁渔"],
        );
        check(&["GDP"], "ＧＤＰ增长", &["ＧＤＰ"]);
        check(&["人民", "民政"], "人民政府", &["人民政"]);
        check(&["债务"], "债\n务", &[]);
    }

    #[test]
    fn part_of_a_longer_name_is_not_meant() {
        let mut marks = Marks::default();
        marks.add(Pattern::new("印度"), vec![Pattern::new("印度尼西亚")]);
        let text = "印度尼西亚和印度";
        let found: Vec<_> = marks
            .find(text)
            .into_iter()
            .map(|range| range.start)
            .collect();
        assert_eq!(found, [text.rfind("印度").expect("stands there")]);
    }

    proptest! {
        #[test]
        fn marks_are_sorted_and_whole(text in "[债务化解“”a①\\n]{0,40}", pattern in "[债务化解a1]{1,3}") {
            let mut marks = Marks::default();
            marks.add(Pattern::new(&pattern), Vec::new());
            let found = marks.find(&text);
            prop_assert!(found.windows(2).all(|two| two[0].end <= two[1].start));
            let chars: Vec<_> = text.chars().collect();
            for (bytes, [start, end]) in found.iter().zip(in_chars(&text, &found)) {
                let by_chars: String = chars[start..end].iter().collect();
                prop_assert_eq!(&text[bytes.clone()], by_chars);
            }
        }
    }
}
