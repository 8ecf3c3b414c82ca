//! Which action and object a figure belongs to, what qualifies it, and of which
//! time it is.
//!
//! Notices count in a few frames: 查处违法渔具127件 (verb, object, figure),
//! 新增12个监测镜头 (verb, figure, object), 收入21.86亿元 (object, figure).
//! Which one it is shows in what stands after the figure.

use std::ops::Range;

use super::{
    fact::{Fact, FactKind, Qualifier},
    text::{after, ends_clause, ends_sentence, first_of, is_han},
    words,
};

/// How far an object reaches from its figure, in characters. More is a clause
/// of its own.
const MAX_REACH_CHARS: usize = 60;

/// Fills in action, object, qualifiers and period of the figures among `facts`.
pub(super) fn fill(text: &str, facts: &mut [Fact]) {
    let mut before = Before::default();
    for index in 0..facts.len() {
        let (done, rest) = facts.split_at_mut(index);
        let (fact, rest) = rest.split_first_mut().expect("index is in bounds");
        before.move_to(text, fact.range.start);
        if !fact.kind.is_figure() {
            if matches!(fact.kind, FactKind::Date | FactKind::Period) {
                before.period = Some(done.len());
            }
            continue;
        }
        if let Some(time) = before.period.and_then(|at| done.get(at)) {
            fact.period.clone_from(&time.period);
        }
        let next = rest
            .iter()
            .find(|fact| fact.kind.is_figure())
            .map_or(text.len(), |fact| fact.range.start);
        let frame = Frame {
            text,
            clause: before.clause,
            left: before.left(text, fact.range.start),
            figure: fact.range.clone(),
            right: right_of(text, fact.range.end, next),
            facts: done,
        };
        frame.fill(fact, &mut before);
        before.figure = Some(fact.range.end);
    }
}

/// What was read before a figure.
#[derive(Default)]
struct Before {
    /// How far it was read.
    at: usize,
    /// Where the clause began.
    clause: usize,
    /// The last time in the sentence, by its number among the facts.
    period: Option<usize>,
    /// Where the last figure in the clause ended.
    figure: Option<usize>,
    /// The action and object of the last figure in the sentence, and whether it
    /// was counted one for each.
    action: Option<Range<usize>>,
    object: Option<Range<usize>>,
    each: bool,
}

impl Before {
    fn move_to(&mut self, text: &str, at: usize) {
        for (offset, c) in text[self.at..at].char_indices() {
            if ends_sentence(c) {
                (self.period, self.action, self.object, self.each) = (None, None, None, false);
            }
            if ends_clause(c) {
                self.clause = self.at + offset + c.len_utf8();
                self.figure = None;
            }
        }
        self.at = self.at.max(at);
    }

    /// The words before a figure that may be about it.
    fn left(&self, text: &str, at: usize) -> Range<usize> {
        let start = self.figure.unwrap_or(self.clause).max(self.clause).min(at);
        let reach = text[start..at].char_indices().rev().nth(MAX_REACH_CHARS);
        let cut = reach.is_some_and(|_| self.figure.is_some());
        let start = if cut {
            reach.map_or(start, |(offset, c)| start + offset + c.len_utf8())
        } else {
            start
        };
        start..at
    }
}

/// The words after a figure that may be about it.
fn right_of(text: &str, at: usize, next: usize) -> Range<usize> {
    let end = text[at..next.max(at)]
        .char_indices()
        .take(MAX_REACH_CHARS)
        .find(|&(_, c)| ends_clause(c) || c == '、')
        .map_or_else(
            || {
                text[at..next.max(at)]
                    .char_indices()
                    .nth(MAX_REACH_CHARS)
                    .map_or(next.max(at), |(offset, _)| at + offset)
            },
            |(offset, _)| at + offset,
        );
    at..end
}

struct Frame<'t> {
    text: &'t str,
    clause: usize,
    left: Range<usize>,
    figure: Range<usize>,
    right: Range<usize>,
    /// The facts before the figure.
    facts: &'t [Fact],
}

impl Frame<'_> {
    fn fill(&self, fact: &mut Fact, before: &mut Before) {
        let text = self.text;
        let found = words::qualifiers(&text[self.left.clone()], &text[self.figure.end..]);
        let percent = matches!(
            fact.kind,
            FactKind::Percent | FactKind::Points | FactKind::Ratio
        );
        for qualifier in found {
            // 较 is said of changes only.
            fact.qualify(qualifier);
        }
        let listed = self.left.start > self.clause
            && text[self.left.clone()].starts_with(['、', '和', '及']);
        before.each = fact.qualifiers.contains(&Qualifier::Each) || (listed && before.each);
        if before.each {
            fact.qualify(Qualifier::Each);
        }
        if fact.kind == FactKind::Rank {
            return;
        }
        let right = if percent { None } else { self.object_right() };
        let (action, left_object) = self.read_left(right.is_some(), listed, percent);
        let inherits = listed && action.is_none();
        fact.action = if inherits && !percent {
            before.action.clone()
        } else {
            action
        };
        fact.object = right.or(left_object);
        // 累计达32个, 同比增长30%: of what was counted before.
        if fact.object.is_none() && fact.action.is_none() && self.says_nothing_new() {
            fact.object.clone_from(&before.object);
        }
        before.action.clone_from(&fact.action);
        if fact.object.is_some() {
            before.object.clone_from(&fact.object);
        }
    }

    /// The noun right after the figure.
    fn object_right(&self) -> Option<Range<usize>> {
        let text = self.text;
        let rest = &text[self.right.clone()];
        let skip = if rest.starts_with('的') {
            '的'.len_utf8()
        } else {
            0
        };
        let skip = skip
            + first_of(&rest[skip..], &["及以上", "以上", "以下", "左右", "以内"])
                .map_or(0, str::len);
        let skip = skip
            + if rest[skip..].starts_with('的') {
                '的'.len_utf8()
            } else {
                0
            };
        let start = self.right.start + skip;
        // 7个亿元以上重大项目
        let size = first_of(
            &text[start..self.right.end],
            &["亿元以上", "千万元以上", "万元以上", "亿元"],
        );
        let inner = start + size.map_or(0, str::len);
        let mut end = inner;
        for (offset, c) in text[inner..self.right.end].char_indices() {
            let rest = &text[inner + offset..self.right.end];
            let joins =
                is_han(c) || c.is_alphanumeric() || matches!(c, '“' | '”' | '·' | '＋' | '+' | '-');
            if !joins
                || words::stops(rest)
                || words::verb(rest)
                    .is_some_and(|len| !self.is_noun(inner + offset, len, end > start))
            {
                break;
            }
            end = inner + offset + c.len_utf8();
        }
        let object = text[start..end].trim_end_matches(['等', '的']);
        let quotes = object.trim_matches(['“', '”']).is_empty();
        (!quotes && object.chars().nth(1).is_some()).then(|| start..start + object.len())
    }

    /// Whether the verb of `len` bytes at `at` is part of a noun: 专项整治行动,
    /// 重大项目建设 at the end.
    fn is_noun(&self, at: usize, len: usize, inside: bool) -> bool {
        let after = &self.text[at + len..self.right.end];
        let ends = after.is_empty()
            && self.text[self.right.end..]
                .chars()
                .next()
                .is_none_or(|c| ends_clause(c) || c == '、');
        inside
            && (ends
                || first_of(
                    after,
                    &[
                        "行动", "工作", "项目", "活动", "任务", "工程", "计划", "方案", "问题",
                        "制度", "机制", "会", "点", "站", "员", "组", "机构", "措施", "体系",
                        "平台", "中心", "基地", "企业", "人员", "单位", "案件", "线索", "小区",
                        "岗位",
                    ],
                )
                .is_some())
    }

    /// The action, and the object between it and the figure.
    fn read_left(
        &self,
        has_object: bool,
        listed: bool,
        percent: bool,
    ) -> (Option<Range<usize>>, Option<Range<usize>>) {
        let text = self.text;
        let mut start = self.left.start;
        start = (start + words::lead(text[start..self.left.end].trim_end())).min(self.left.end);
        // A time stands before what it is of, and its verb may stand before it:
        // 2024年完成12个, 分解2024年任务12项.
        let time = self
            .facts
            .iter()
            .rev()
            .take_while(|fact| fact.range.end > start);
        let mut time = time.filter(|fact| matches!(fact.kind, FactKind::Date | FactKind::Period));
        let time = time.next().map(|fact| fact.range.clone());
        let early = time
            .as_ref()
            .and_then(|time| self.verbs(start..time.start.max(start), false));
        let time_end = time.map_or(start, |time| time.end);
        if early.is_none() {
            start = time_end + words::lead(&text[time_end..self.left.end]);
        }
        let left = start.min(self.left.end)..self.left.end;
        let words = &text[left.clone()];
        let relative = words.ends_with('的');
        let among = ["在", "全市", "全区", "全县", "全省", "全国"]
            .iter()
            .any(|word| words.ends_with(word));
        let change = ["新增", "增加", "减少"]
            .into_iter()
            .find(|word| words.ends_with(word));
        let action = if percent || (has_object && among) {
            None
        } else if let Some(change) = change {
            Some(left.end - change.len()..left.end)
        } else if listed {
            self.verbs_at(left.start)
        } else {
            self.verbs(left.clone(), has_object && relative)
        };
        let object_start = action.as_ref().map_or(left.start, |action| action.end);
        let object_start = if early.is_some() {
            object_start.max(time_end)
        } else {
            object_start
        };
        if has_object {
            return (action, None);
        }
        let raw = text[object_start..left.end].trim_start_matches(['了', '“', '、', '”', ' ']);
        let object_start = left.end - raw.len();
        let object = words::without_tail(raw);
        let is_object =
            object.chars().nth(1).is_some() && object.chars().nth(MAX_REACH_CHARS).is_none();
        let range = object_start..object_start + object.len();
        (
            action,
            (is_object && !self.only_names(&range)).then_some(range),
        )
    }

    /// Whether nothing but names of organs and places stands in `range`.
    fn only_names(&self, range: &Range<usize>) -> bool {
        self.facts
            .iter()
            .rev()
            .take_while(|fact| fact.range.end > range.start)
            .any(|fact| {
                fact.range.start <= range.start
                    && fact.range.end >= range.end
                    && fact.kind != FactKind::Title
            })
    }

    /// The action in `left`: its first verb, or its last if what follows is
    /// the relative clause of an object. Verbs in names do not count.
    fn verbs(&self, left: Range<usize>, last: bool) -> Option<Range<usize>> {
        let mut found = None;
        let mut at = left.start;
        while let Some(c) = after(&self.text[..left.end], at) {
            if let Some(name) = self.name_at(at) {
                at = name;
                continue;
            }
            match self.verbs_at(at) {
                Some(verbs) if verbs.end <= left.end => {
                    at = verbs.end;
                    found = Some(verbs);
                    if !last {
                        break;
                    }
                }
                _ => at += c.len_utf8(),
            }
        }
        found
    }

    /// The end of the name that byte `at` is in.
    fn name_at(&self, at: usize) -> Option<usize> {
        let index = self.facts.partition_point(|fact| fact.range.end <= at);
        let fact = self.facts.get(index)?;
        (fact.range.start <= at).then_some(fact.range.end)
    }

    /// The verbs that follow one another from `at`: 考察学习. The last of those
    /// that 并 joins: 收集并解决; and that which 组织 is said of: 组织召开.
    fn verbs_at(&self, at: usize) -> Option<Range<usize>> {
        let rest = &self.text[at..self.left.end];
        let mut start = at;
        let mut end = at + words::verb(rest)?;
        loop {
            // What follows these is their object: 开展督查2次.
            if matches!(
                &self.text[start..end],
                "开展" | "进行" | "实施" | "采纳" | "完成"
            ) {
                break;
            }
            let rest = &self.text[end..self.left.end];
            let joint = first_of(rest, &["并", "和", "及"]).map_or(0, str::len);
            let Some(len) = words::verb(&rest[joint..]) else {
                break;
            };
            let light = matches!(
                &self.text[start..end],
                "组织" | "累计" | "依法" | "新增" | "主持" | "实地" | "集中"
            );
            if (joint > 0 && rest.starts_with('并')) || (joint == 0 && light) {
                start = end + joint;
            } else if joint > 0 {
                break;
            }
            end += joint + len;
        }
        Some(start..end)
    }

    /// Whether the words before the figure in its clause are only such as
    /// qualify it.
    fn says_nothing_new(&self) -> bool {
        words::without_tail(&self.text[self.left.clone()])
            .trim_start_matches(['、', '其', '中'])
            .chars()
            .count()
            < 2
    }
}
