//! From two texts to the sentences that were inserted, deleted and changed.

use std::time::{Duration, Instant};

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

/// Beyond it the shortest edit is given up for a correct one: two texts of a
/// hundred thousand sentences with nothing in common would take minutes.
const MAX_TIME: Duration = Duration::from_secs(5);

/// Two sentences that share less are no change of one into the other.
const LEAST_SHARED: f64 = 0.4;

/// Longer sentences are compared as wholes; there are none in good texts.
const MAX_SENTENCE_CHARS: usize = 4_000;

/// A letter or two between changes says little: the changes are shown as one.
const MAX_GAP_CHARS: usize = 1;

/// Marks that end a sentence, as in `notice`'s passages.
const ENDS: &str = "。！？；!?;";

/// Marks that still belong to the sentence that has just ended.
const CLOSERS: &str = "”’」』）)】》〉\"'";

/// A sentence that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Edit {
    pub(super) kind: Kind,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    /// What of `old` is not in `new`: [start, end) in characters.
    pub(super) old_marks: Vec<[usize; 2]>,
    /// What of `new` was not in `old`.
    pub(super) new_marks: Vec<[usize; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Inserted,
    Deleted,
    Changed,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Inserted => "inserted",
            Self::Deleted => "deleted",
            Self::Changed => "changed",
        }
    }
}

impl Edit {
    fn inserted(new: &str) -> Self {
        Self::whole(Kind::Inserted, None, Some(new.to_owned()))
    }

    fn deleted(old: &str) -> Self {
        Self::whole(Kind::Deleted, Some(old.to_owned()), None)
    }

    fn whole(kind: Kind, old: Option<String>, new: Option<String>) -> Self {
        Self {
            kind,
            old,
            new,
            old_marks: Vec::new(),
            new_marks: Vec::new(),
        }
    }
}

/// What turns `old` into `new`, in the order of the text.
pub(super) fn edits(old: &str, new: &str) -> Vec<Edit> {
    let (old, new) = (sentences(old), sentences(new));
    let mut edits = Vec::new();
    for operation in operations(&old, &new) {
        match operation {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete {
                old_index, old_len, ..
            } => {
                edits.extend(
                    old[old_index..old_index + old_len]
                        .iter()
                        .map(|&text| Edit::deleted(text)),
                );
            }
            DiffOp::Insert {
                new_index, new_len, ..
            } => {
                edits.extend(
                    new[new_index..new_index + new_len]
                        .iter()
                        .map(|&text| Edit::inserted(text)),
                );
            }
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => replaced(
                &old[old_index..old_index + old_len],
                &new[new_index..new_index + new_len],
                &mut edits,
            ),
        }
    }
    edits
}

fn operations<T: std::hash::Hash + Eq + Ord>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    capture_diff_slices_deadline(Algorithm::Myers, old, new, Some(Instant::now() + MAX_TIME))
}

/// The sentences of `text`: up to and with the mark that ends them, or to the
/// end of the line.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let mut start = 0;
        let mut ended = false;
        for (at, c) in line.char_indices() {
            if ended && !ENDS.contains(c) && !CLOSERS.contains(c) {
                sentences.push(&line[start..at]);
                start = at;
                ended = false;
            }
            ended |= ENDS.contains(c);
        }
        sentences.push(&line[start..]);
    }
    sentences.retain(|sentence| !sentence.trim().is_empty());
    sentences
        .iter_mut()
        .for_each(|sentence| *sentence = sentence.trim());
    sentences
}

/// Sentences in place of others: pairs that resemble one another are changes,
/// in order; what is left over was deleted or inserted.
fn replaced(old: &[&str], new: &[&str], edits: &mut Vec<Edit>) {
    let mut rest = new;
    for &text in old {
        let alike = rest
            .iter()
            .enumerate()
            .find_map(|(at, &other)| changed(text, other).map(|edit| (at, edit)));
        match alike {
            Some((at, edit)) => {
                edits.extend(rest[..at].iter().map(|&text| Edit::inserted(text)));
                edits.push(edit);
                rest = &rest[at + 1..];
            }
            None => edits.push(Edit::deleted(text)),
        }
    }
    edits.extend(rest.iter().map(|&text| Edit::inserted(text)));
}

/// `old` and `new` as one changed sentence, if they share enough.
fn changed(old: &str, new: &str) -> Option<Edit> {
    let (before, after): (Vec<_>, Vec<_>) = (old.chars().collect(), new.chars().collect());
    let sum = before.len() + after.len();
    // Lengths alone may tell that they cannot.
    let most = 2.0 * before.len().min(after.len()) as f64 / sum as f64;
    if most < LEAST_SHARED || before.len().max(after.len()) > MAX_SENTENCE_CHARS {
        return None;
    }
    let (mut shared, mut old_marks, mut new_marks) = (0, Vec::new(), Vec::new());
    for operation in operations(&before, &after) {
        if let DiffOp::Equal { len, .. } = operation {
            shared += len;
            continue;
        }
        mark(&mut old_marks, operation.old_range());
        mark(&mut new_marks, operation.new_range());
    }
    (2.0 * shared as f64 / sum as f64 >= LEAST_SHARED).then(|| Edit {
        kind: Kind::Changed,
        old: Some(old.to_owned()),
        new: Some(new.to_owned()),
        old_marks,
        new_marks,
    })
}

fn mark(marks: &mut Vec<[usize; 2]>, range: std::ops::Range<usize>) {
    if range.is_empty() {
        return;
    }
    match marks.last_mut() {
        Some([_, end]) if range.start <= *end + MAX_GAP_CHARS => *end = range.end,
        _ => marks.push([range.start, range.end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, told: &[&str]) {
        let found: Vec<_> = edits(old, new)
            .into_iter()
            .map(|edit| {
                let side = |text: Option<String>, marks: &[[usize; 2]]| {
                    let text: Vec<_> = text.unwrap_or_default().chars().collect();
                    let marked: Vec<String> = marks
                        .iter()
                        .map(|&[start, end]| text[start..end].iter().collect())
                        .collect();
                    match edit.kind {
                        Kind::Changed => marked.join("|"),
                        _ => text.iter().collect(),
                    }
                };
                let old = side(edit.old.clone(), &edit.old_marks);
                let new = side(edit.new.clone(), &edit.new_marks);
                format!("{} {old}>{new}", edit.kind.name())
            })
            .collect();
        assert_eq!(found, told);
    }

    #[test]
    fn an_edit_is_told_by_the_sentence() {
        let text = "一、总则。本办法自发布之日起施行。\n二、附则。由财政局负责解释。";
        check(text, text, &[]);
        check(
            text,
            "一、总则。本办法自2025年1月1日起施行。\n二、附则。由财政局负责解释。",
            &["changed 发布之>2025年1月1"],
        );
        check(
            text,
            "一、总则。\n二、附则。由财政局负责解释。",
            &["deleted 本办法自发布之日起施行。>"],
        );
        check(
            text,
            "一、总则。本办法自发布之日起施行。\n二、附则。由财政局负责解释。\n特此通知",
            &["inserted >特此通知"],
        );
        check(
            "甲乙丙丁。",
            "子丑寅卯。",
            &["deleted 甲乙丙丁。>", "inserted >子丑寅卯。"],
        );
        check("", "新的。", &["inserted >新的。"]);
    }

    #[test]
    fn sentences_keep_their_closing_marks() {
        assert_eq!(
            sentences("他说：“好。”然后走了。 完"),
            ["他说：“好。”", "然后走了。", "完"]
        );
        assert_eq!(sentences("真的？！\n\n  "), ["真的？！"]);
    }

    #[test]
    fn texts_without_anything_in_common_end_soon() {
        let text = |word: &str| {
            (0..20_000)
                .map(|n| format!("{word}{n}。"))
                .collect::<String>()
        };
        let begun = Instant::now();
        assert!(
            !edits(
                &text("甲"),
                &text("乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
            )
            .is_empty()
        );
        assert!(begun.elapsed() < 6 * MAX_TIME);
    }
}
