//! Facts in a passage: its figures, with their units and the words they belong
//! to, and what it names: days, periods, documents, titles, organs, places.

mod documents; // 国办发〔2024〕12号, 《…》
mod fact; // what a fact is
mod frames; // which action and object a figure belongs to
mod names; // 八项规定, “两个维护”: numerals that count nothing
mod number; // 77万, 1.2亿, 三分之一, 二十余
mod organs; // 区委, 省人社厅
mod pairs; // 分别: which of several a figure belongs to
mod periods; // 2024年以来, 截至2025年6月底
mod quantities; // numbers with their units
mod ranks; // 排名第六
mod record; // what a report on an inspection tells
mod repeats; // the same figure in several items
mod text; // one character before and after
mod units; // 个, 人次, 万元
mod words; // verbs, qualifiers and where an object ends

pub use self::{
    fact::{Context, Fact, FactKind, Period, Qualifier},
    record::{InspectionRecord, Stated, inspection_record},
    repeats::repeats,
};

/// The facts of `text`, in the order of the text. Facts do not overlap, and
/// nothing inside a title in 《》 is one.
///
/// Offsets count UTF-8 **bytes** of `text`. Takes time in proportion to its
/// length. What the rules are, and what they miss, is told in `docs/facts.md`.
///
/// ```
/// use gongbao_notice::{Divisions, FactContext, FactKind, facts};
///
/// let divisions = Divisions::builtin();
/// let text = "2024年以来,累计发送短信77万条。";
/// let found = facts(text, &FactContext::new(&divisions));
/// let figure = found.iter().find(|fact| fact.kind == FactKind::Quantity).unwrap();
/// assert_eq!((figure.value, figure.unit.as_deref()), (Some(770_000.0), Some("条")));
/// assert_eq!(&text[figure.object.clone().unwrap()], "短信");
/// ```
#[must_use]
pub fn facts(text: &str, context: &Context<'_>) -> Vec<Fact> {
    let documents = documents::find(text);
    let mut found = scan(text, context, documents);
    let places = organs::places(text, context);
    let taken = found.len();
    organs::find(text, &places, &mut found);
    if found.len() > taken {
        found.sort_by_key(|fact| (fact.range.start, std::cmp::Reverse(fact.range.end)));
        let mut end = 0;
        found.retain(|fact| {
            let apart = fact.range.start >= end;
            if apart {
                end = fact.range.end;
            }
            apart
        });
    }
    frames::fill(text, &mut found);
    pairs::assign(text, &mut found);
    found
}

/// Documents, titles, periods and figures, from left to right; the first that
/// is read at a place has it.
fn scan(text: &str, context: &Context<'_>, documents: Vec<Fact>) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut documents = documents.into_iter().peekable();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some(document) = documents.next_if(|document| document.range.start <= at) {
            // 三十日某某令第7号: the day has been read, and a number that begins in
            // it was read wrongly.
            if document.range.start == at {
                at = document.range.end;
                found.push(document);
            }
            continue;
        }
        let read = match c {
            '《' => documents::title(text, at),
            _ if periods::may_start(c) => periods::read(text, at, context.day)
                .or_else(|| ranks::read(text, at))
                .or_else(|| quantities::read(text, at)),
            '第' | '半' | '百' => ranks::read(text, at).or_else(|| quantities::read(text, at)),
            _ => None,
        };
        match read {
            Some(fact) => {
                at = fact.range.end;
                found.push(fact);
            }
            None => at += number::run_len(&text[at..]).max(c.len_utf8()),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Divisions;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let divisions = Divisions::builtin();
        let found = facts(text, &Context::new(&divisions));
        let printed: Vec<_> = found.iter().map(|fact| &text[fact.range.clone()]).collect();
        assert_eq!(printed, expected, "{text}");
    }

    #[test]
    fn facts_do_not_overlap() {
        check(
            "2014年7月30日某某总局令第7号公布的《某某办法》同时废止。",
            &["2014年7月30日", "某某总局令第7号", "《某某办法》"],
        );
        check(
            "二〇一四年七月三十日某某总局令第7号公布",
            &["二〇一四年七月三十日"],
        );
    }
}
