//! What a report on putting an inspection's findings right (巡视、巡察整改通报)
//! tells of the inspection and of what came of it.

use std::ops::Range;

use jiff::civil::Date;

use super::{
    fact::{Fact, FactKind},
    number,
    text::{ends_clause, ends_sentence, first_of, is_han},
};

/// Something stated, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated<T> {
    /// What is stated.
    pub value: T,
    /// The number of the passage it stands in; `None` for the title.
    pub passage: Option<usize>,
    /// Where in its text, or in the title, in bytes.
    pub range: Range<usize>,
}

/// The record of one inspection. What is not stated is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InspectionRecord {
    /// Who inspected: 省委第七巡视组.
    pub inspecting: Option<Stated<String>>,
    /// Who was inspected, as the text says it after 对, else as the title does.
    pub inspected: Option<Stated<String>>,
    /// The number of the round: 第五轮.
    pub round: Option<Stated<f64>>,
    /// The first day of the inspection.
    pub from: Option<Stated<Date>>,
    /// Its last day.
    pub to: Option<Stated<Date>>,
    /// The day its findings were handed over.
    pub feedback: Option<Stated<Date>>,
    /// Problems found.
    pub problems: Option<Stated<f64>>,
    /// Measures drawn up.
    pub measures: Option<Stated<f64>>,
    /// Rules made or mended.
    pub rules: Option<Stated<f64>>,
    /// Cases opened.
    pub cases: Option<Stated<f64>>,
    /// Persons punished or otherwise dealt with.
    pub persons: Option<Stated<f64>>,
}

/// How a figure of the record is recognised: by its unit, by what is counted,
/// and by words in the clause up to it.
struct Rule {
    units: &'static [&'static str],
    objects: &'static [&'static str],
    words: &'static [&'static str],
}

const PROBLEMS: Rule = Rule {
    units: &["个", "项", "条", "类"],
    objects: &["问题"],
    words: &[
        "梳理", "反馈", "指出", "提出", "分解", "细化", "列出", "明确",
    ],
};
const MEASURES: Rule = Rule {
    units: &["条", "项", "个"],
    objects: &["措施", "举措", "整改任务"],
    words: &["制定", "细化", "提出", "明确", "形成", "研究", "分解"],
};
const RULES: Rule = Rule {
    units: &["项", "个", "份", "件", "条"],
    objects: &["制度", "机制", "规章", "管理办法"],
    words: &["制定", "修订", "建立", "完善", "健全", "出台", "新建"],
};
const CASES: Rule = Rule {
    units: &["件", "起", "宗"],
    objects: &[],
    words: &["立案", "查办", "查处案件", "审查调查"],
};
const PERSONS: Rule = Rule {
    units: &["人", "名", "人次"],
    objects: &[],
    words: &["处分", "问责", "组织处理", "诫勉", "追责", "处理"],
};

/// The record of the inspection that a notice of this title reports on, from
/// its passages in order with their facts; `None` for a notice of another kind.
///
/// Where a figure is told several times, the first telling counts: reports
/// begin with a summary.
#[must_use]
pub fn inspection_record(title: &str, passages: &[(&str, &[Fact])]) -> Option<InspectionRecord> {
    let inspection = ["巡视", "巡察"].iter().any(|word| title.contains(word));
    let report = ["整改", "反馈", "进展"]
        .iter()
        .any(|word| title.contains(word));
    if !(inspection && report) {
        return None;
    }
    let mut record = InspectionRecord {
        round: round(title, None),
        ..InspectionRecord::default()
    };
    for (index, &(text, facts)) in passages.iter().enumerate() {
        let read = Passage { text, facts, index };
        read.inspection(&mut record);
        fill(&mut record.round, || round(text, Some(index)));
        fill(&mut record.problems, || read.figure(&PROBLEMS));
        fill(&mut record.measures, || read.figure(&MEASURES));
        fill(&mut record.rules, || read.figure(&RULES));
        fill(&mut record.cases, || read.figure(&CASES));
        fill(&mut record.persons, || read.figure(&PERSONS));
    }
    fill(&mut record.inspected, || {
        let end = title.find("关于").filter(|&at| at > 0)?;
        Some(Stated {
            value: title[..end].to_owned(),
            passage: None,
            range: 0..end,
        })
    });
    Some(record)
}

fn fill<T>(field: &mut Option<T>, read: impl FnOnce() -> Option<T>) {
    if field.is_none() {
        *field = read();
    }
}

/// The number in 第五轮巡视.
fn round(text: &str, passage: Option<usize>) -> Option<Stated<f64>> {
    text.match_indices('第').find_map(|(at, word)| {
        let number = number::read(text, at + word.len())?;
        let rest = text[number.end..].strip_prefix('轮')?;
        first_of(rest, &["巡视", "巡察", "常规巡", "专项巡", "机动巡"])?;
        let end = text.len() - rest.len();
        Some(Stated {
            value: number.value,
            passage,
            range: at..end,
        })
    })
}

struct Passage<'t> {
    text: &'t str,
    facts: &'t [Fact],
    index: usize,
}

impl Passage<'_> {
    fn stated<T>(&self, value: T, range: Range<usize>) -> Stated<T> {
        Stated {
            value,
            passage: Some(self.index),
            range,
        }
    }

    /// Who inspected whom and when, and when that was told.
    fn inspection(&self, record: &mut InspectionRecord) {
        let mut start = 0;
        for sentence in self.text.split_inclusive(ends_sentence) {
            let range = start..start + sentence.len();
            start = range.end;
            let Some(group) = ["巡视组", "巡察组"]
                .iter()
                .find_map(|word| Some(sentence.find(word)? + word.len()))
            else {
                continue;
            };
            let group = range.start + group;
            fill(&mut record.inspecting, || self.group(range.start, group));
            let times = self.facts.iter().filter(|fact| {
                range.contains(&fact.range.start)
                    && matches!(fact.kind, FactKind::Date | FactKind::Period)
            });
            for time in times.filter_map(|fact| fact.period.as_ref()) {
                let (Some(from), Some(to)) = (time.from, time.to) else {
                    continue;
                };
                if sentence.contains("反馈") && from == to {
                    fill(&mut record.feedback, || {
                        Some(self.stated(from, time.range.clone()))
                    });
                } else if from != to
                    && ["开展", "进行", "巡"]
                        .iter()
                        .any(|word| sentence.contains(word))
                {
                    fill(&mut record.from, || {
                        Some(self.stated(from, time.range.clone()))
                    });
                    fill(&mut record.to, || Some(self.stated(to, time.range.clone())));
                }
            }
            if let Some(whom) = self.whom(range.clone()) {
                fill(&mut record.inspected, || {
                    Some(self.stated(self.text[whom.clone()].to_owned(), whom))
                });
            }
        }
    }

    /// The group whose name ends at byte `end`: 省委第七巡视组.
    fn group(&self, floor: usize, end: usize) -> Option<Stated<String>> {
        let floor = self
            .facts
            .iter()
            .filter(|fact| {
                fact.range.end <= end && matches!(fact.kind, FactKind::Date | FactKind::Period)
            })
            .map(|fact| fact.range.end)
            .chain([floor])
            .max()?;
        let start = self.text[floor..end]
            .char_indices()
            .rev()
            .take_while(|&(_, c)| is_han(c) && !matches!(c, '由' | '在'))
            .last()
            .map(|(at, _)| floor + at)?;
        let range = start..end;
        Some(self.stated(self.text[range.clone()].to_owned(), range))
    }

    /// What stands between 对 and 开展了巡视.
    fn whom(&self, sentence: Range<usize>) -> Option<Range<usize>> {
        let text = &self.text[sentence.clone()];
        let at = text.find('对')? + '对'.len_utf8();
        let end = at
            + ["开展", "进行", "实施"]
                .iter()
                .filter_map(|word| text[at..].find(word))
                .min()?;
        let about = text[end..].contains(['巡']);
        let plain = text[at..end].chars().all(|c| !ends_clause(c)) && end > at;
        (about && plain).then(|| sentence.start + at..sentence.start + end)
    }

    /// The first figure that `rule` describes.
    fn figure(&self, rule: &Rule) -> Option<Stated<f64>> {
        self.facts.iter().find_map(|fact| {
            let value = fact.value.filter(|_| fact.kind == FactKind::Quantity)?;
            let unit = fact.unit.as_deref()?;
            if !rule.units.contains(&unit) {
                return None;
            }
            let object = fact.object.clone().map_or("", |range| &self.text[range]);
            let counted =
                rule.objects.is_empty() || rule.objects.iter().any(|word| object.contains(word));
            let clause = self.text[..fact.range.start]
                .char_indices()
                .rev()
                .take(MAX_LEAD_CHARS)
                .take_while(|&(_, c)| !ends_sentence(c))
                .last()
                .map_or(fact.range.start, |(at, _)| at);
            let near = &self.text[clause..fact.range.start];
            let near = near.rsplit(ends_clause).next().unwrap_or(near);
            let said = rule
                .words
                .iter()
                .any(|word| near.contains(word) || object.contains(word));
            (counted && said).then(|| self.stated(value, fact.range.clone()))
        })
    }
}

/// How far before a figure the words about it may stand.
const MAX_LEAD_CHARS: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Divisions, FactContext, facts};

    #[test]
    fn a_report_on_an_inspection() {
        let texts = [
            "2023年5月8日至7月7日,市委第三巡察组对青川区开展了巡察。2023年9月4日,市委巡察组反馈了巡察意见。",
            "梳理具体问题42个、制定整改措施120条,建立完善制度机制31项。立案审查调查5件,给予党纪处分7人。",
        ];
        let divisions = Divisions::from_tsv("");
        let found = texts.map(|text| facts(text, &FactContext::new(&divisions)));
        let passages = [(texts[0], &found[0][..]), (texts[1], &found[1][..])];
        let title = "中共青川区委关于四届市委第二轮巡察整改进展情况的通报";
        let record = inspection_record(title, &passages).expect("a report");
        let text = |stated: Option<Stated<String>>| stated.map(|s| s.value).unwrap_or_default();
        let day =
            |stated: Option<Stated<Date>>| stated.map(|s| s.value.to_string()).unwrap_or_default();
        let number = |stated: Option<Stated<f64>>| stated.map(|s| s.value);
        assert_eq!(text(record.inspecting), "市委第三巡察组");
        assert_eq!(text(record.inspected), "青川区");
        assert_eq!(number(record.round), Some(2.0));
        assert_eq!(day(record.from), "2023-05-08");
        assert_eq!(day(record.to), "2023-07-07");
        assert_eq!(day(record.feedback), "2023-09-04");
        assert_eq!(number(record.problems), Some(42.0));
        assert_eq!(number(record.measures), Some(120.0));
        assert_eq!(number(record.rules), Some(31.0));
        assert_eq!(number(record.cases), Some(5.0));
        assert_eq!(number(record.persons), Some(7.0));
        assert_eq!(inspection_record("关于减税的通知", &passages), None);
    }
}
