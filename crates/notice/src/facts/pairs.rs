//! 甲县、乙县分别增长3%、5%: one figure for each of several, in their order.

use std::ops::Range;

use super::{
    fact::{Fact, FactKind, Qualifier},
    text::{ends_clause, first_of},
    words,
};

/// What tells that figures are for one each.
const EACH: &str = "分别";

/// What stands between members of a list.
const JOINTS: [&str; 6] = ["以及", "、", "和", "及", "与", "或"];

/// A list reaches no further back, in characters.
const MAX_LIST_CHARS: usize = 120;

/// Longer members are clauses and no members, in characters.
const MAX_MEMBER_CHARS: usize = 24;

/// Gives each figure of a run after 分别 the member of the list before it that
/// stands at the same place, if there are as many of them.
pub(super) fn assign(text: &str, facts: &mut [Fact]) {
    let mut index = 0;
    while index < facts.len() {
        let run = run(text, facts, index);
        if run.len() > 1
            && facts[index].qualifiers.contains(&Qualifier::Each)
            && let Some(members) = members(text, facts, index)
            && members.len() == run.len()
        {
            for (fact, member) in facts[run.clone()].iter_mut().zip(members) {
                fact.object = Some(member);
            }
        }
        index = run.end.max(index + 1);
    }
}

/// The figures of one kind from `first` on with nothing but joints between.
fn run(text: &str, facts: &[Fact], first: usize) -> Range<usize> {
    let mut end = first;
    while let Some(fact) = facts.get(end)
        && fact.kind.is_figure()
        && fact.kind == facts[first].kind
        && fact.unit == facts[first].unit
        && (end == first || is_joint(&text[facts[end - 1].range.end..fact.range.start]))
    {
        end += 1;
    }
    first..end
}

fn is_joint(between: &str) -> bool {
    JOINTS.contains(&between)
}

/// The members of the list that 分别 speaks of, before the figure `index`.
fn members(text: &str, facts: &[Fact], index: usize) -> Option<Vec<Range<usize>>> {
    let clause = clause_of(text, facts[index].range.start);
    let each = clause.start + text[clause.clone()].rfind(EACH)?;
    // A time before the list is of all of it.
    let time = facts[..index]
        .iter()
        .rev()
        .take_while(|fact| fact.range.end > clause.start)
        .find(|fact| matches!(fact.kind, FactKind::Date | FactKind::Period))
        .map_or(clause.start, |fact| fact.range.end);
    if time > each {
        return None;
    }
    let mut start = time + words::lead(&text[time..each]);
    start += words::verb(&text[start..each]).unwrap_or(0);
    let mut members = Vec::new();
    let mut at = start;
    while at < each {
        // Names of organs and places hold such characters too.
        let name = facts[..index]
            .iter()
            .rev()
            .find(|fact| fact.range.start <= at);
        if let Some(name) = name.filter(|fact| fact.range.end > at && !fact.kind.is_figure()) {
            at = name.range.end;
            continue;
        }
        match first_of(&text[at..each], &JOINTS) {
            Some(joint) => {
                members.push(start..at);
                at += joint.len();
                start = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    members.push(start..each);
    let is_member = |member: &Range<usize>| {
        let length = text[member.clone()].chars().count();
        (2..=MAX_MEMBER_CHARS).contains(&length)
    };
    members.iter().all(is_member).then_some(members)
}

/// The clause before `at`, as far as a list may reach.
fn clause_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at]
        .char_indices()
        .rev()
        .take(MAX_LIST_CHARS)
        .take_while(|&(_, c)| !ends_clause(c))
        .last();
    start.map_or(at, |(start, _)| start)..at
}

#[cfg(test)]
mod tests {
    use crate::{Divisions, FactContext, facts};

    /// What each figure of `text` is of.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, Option<&str>)]) {
        let divisions = Divisions::builtin();
        let found = facts(text, &FactContext::new(&divisions));
        let figures: Vec<_> = found
            .iter()
            .filter(|fact| fact.kind.is_figure())
            .map(|fact| {
                let object = fact.object.clone().map(|range| &text[range]);
                (&text[fact.range.clone()], object)
            })
            .collect();
        assert_eq!(figures, expected, "{text}");
    }

    #[test]
    fn each_has_its_own() {
        check(
            "甲县、乙县分别增长3%、5%。",
            &[("3%", Some("甲县")), ("5%", Some("乙县"))],
        );
        check(
            "2024年上半年，财政收入和固定资产投资分别增长3%和5%；",
            &[("3%", Some("财政收入")), ("5%", Some("固定资产投资"))],
        );
        check(
            "2024年鸠江区、镜湖区和弋江区分别偿还1200万元、3亿元和0.5亿元",
            &[
                ("1200万元", Some("鸠江区")),
                ("3亿元", Some("镜湖区")),
                ("0.5亿元", Some("弋江区")),
            ],
        );
        check(
            "查处违法渔具、违法渔网分别127件、16件",
            &[("127件", Some("违法渔具")), ("16件", Some("违法渔网"))],
        );
    }

    #[test]
    fn nothing_is_paired_that_does_not_count_the_same() {
        for text in [
            "甲县、乙县分别增长3%、5%和7%。",
            "甲县、乙县、丙县分别增长3%、5%。",
            "分别增长3%、5%。",
        ] {
            let divisions = Divisions::builtin();
            let found = facts(text, &FactContext::new(&divisions));
            for fact in found {
                let object = fact.object.clone().map(|range| &text[range]);
                assert!(!matches!(object, Some("甲县" | "乙县" | "丙县")), "{text}");
            }
        }
    }
}
