//! Chinese text in lines: between any two characters, except where a line
//! would begin with a closing mark or end with an opening one.

use super::style::Piece;

/// Marks that begin no line (GB/T 15834—2011, 5.1.10).
const NO_START: &str = "，。、；：！？）》」』】〕〉”’％…—·,.;:!?)]}%›";

/// Marks that end no line.
const NO_END: &str = "（《「『【〔〈“‘([{¥￥$#";

/// Cuts `text` into lines of at most `first` columns, then `rest` columns.
/// Spaces at a line's end are left out. A word longer than a line is cut.
pub(crate) fn wrap(text: &[Piece], first: usize, rest: usize) -> Vec<&[Piece]> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut columns = first.max(2);
    while start < text.len() {
        let end = line_end(&text[start..], columns) + start;
        let mut line = &text[start..end];
        while let Some((last, before)) = line.split_last()
            && last.text == " "
        {
            line = before;
        }
        lines.push(line);
        start = end;
        while text.get(start).is_some_and(|piece| piece.text == " ") {
            start += 1;
        }
        columns = rest.max(2);
    }
    lines
}

/// How many pieces of `text` the first line takes; at least one.
fn line_end(text: &[Piece], columns: usize) -> usize {
    let mut taken = 0;
    let mut last_break = 0;
    for (index, piece) in text.iter().enumerate() {
        if index > 0 && can_break(&text[index - 1], piece) {
            last_break = index;
        }
        taken += piece.width;
        if taken > columns && piece.text != " " {
            return match last_break {
                0 => index.max(1),
                at => at,
            };
        }
    }
    text.len()
}

fn can_break(before: &Piece, after: &Piece) -> bool {
    if after.width == 0 || NO_START.contains(&after.text) || NO_END.contains(&before.text) {
        return false;
    }
    !(is_word(before) && is_word(after))
}

/// Part of a word that is not cut: Latin letters, figures, addresses.
fn is_word(piece: &Piece) -> bool {
    piece.width < 2 && piece.text != " "
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Style, pieces};

    #[track_caller]
    fn check(text: &str, columns: usize, lines: &[&str]) {
        let text = pieces(text, |_| Style::Plain);
        let wrapped: Vec<String> = wrap(&text, columns, columns)
            .into_iter()
            .map(|line| line.iter().map(|piece| piece.text.as_str()).collect())
            .collect();
        assert_eq!(wrapped, lines);
    }

    #[test]
    fn marks_keep_to_their_text() {
        check("坚决化解债务，确保", 12, &["坚决化解债", "务，确保"]);
        check("坚决化解（债务）", 10, &["坚决化解", "（债务）"]);
    }

    #[test]
    fn words_and_figures_stay_whole() {
        check("化解21.86亿元", 8, &["化解", "21.86亿", "元"]);
        check(
            "see https://a.example",
            10,
            &["see", "https://a.", "example"],
        );
        check("abcdefghijkl", 5, &["abcde", "fghij", "kl"]);
    }

    #[test]
    fn every_character_is_kept() {
        let text = pieces("一、聚焦“三个区分开来”，完善 1+4 方案。", |_| Style::Plain);
        for columns in 1..40 {
            let kept: String = wrap(&text, columns, columns)
                .concat()
                .iter()
                .map(|piece| piece.text.as_str())
                .collect();
            assert_eq!(
                kept.replace(' ', ""),
                "一、聚焦“三个区分开来”，完善1+4方案。"
            );
        }
    }
}
