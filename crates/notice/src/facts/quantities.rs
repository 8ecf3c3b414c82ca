//! Numbers with their units.

use super::{
    fact::{Fact, FactKind, Qualifier},
    names, number,
    number::Number,
    text::{after, before, first_of},
    units,
};

/// The figure at byte `at`.
pub(super) fn read(text: &str, at: usize) -> Option<Fact> {
    if !may_stand_after(text, at) || names::starts_name(text, at) {
        return None;
    }
    part(text, at).or_else(|| figure(text, at))
}

/// Whether a number can begin at `at`: not inside a word of letters, another
/// number, or an ordinal.
fn may_stand_after(text: &str, at: usize) -> bool {
    let Some(last) = before(text, at) else {
        return true;
    };
    let is_numeral =
        |c: char| number::arabic(c).is_some() || number::read(&c.to_string(), 0).is_some();
    !(last.is_ascii_alphabetic()
        || is_numeral(last)
        || matches!(
            last,
            '第' | '.'
                | '+'
                | '＋'
                | '-'
                | '/'
                | '_'
                | '届'
                | '百'
                | '千'
                | '万'
                | '亿'
                | '零'
                | '〇'
        )
        || text[..at].ends_with("星期"))
}

/// 三分之一, 百分之二十, 六成, 半数, 1/3.
fn part(text: &str, at: usize) -> Option<Fact> {
    let rest = &text[at..];
    if let Some(word) = first_of(rest, &["半数", "一半", "过半数"]) {
        return Some(figure_of(FactKind::Ratio, at, word.len(), 0.5));
    }
    if let Some(tail) = rest.strip_prefix("百分之") {
        let start = at + rest.len() - tail.len();
        let number = number::read(text, start).or_else(|| {
            // 百分之百
            tail.starts_with('百').then_some(Number {
                end: start + '百'.len_utf8(),
                value: 100.0,
                odd: false,
                han: true,
                scaled: false,
            })
        })?;
        let mut fact = figure_of(FactKind::Percent, at, number.end - at, number.value);
        fact.unit = Some("%".into());
        return Some(fact);
    }
    let number = number::read(text, at)?;
    let tail = &text[number.end..];
    if let Some(above) = tail.strip_prefix("分之") {
        let upper = number::read(text, number.end + tail.len() - above.len())?;
        if number.value < 1.0 {
            return None;
        }
        return Some(figure_of(
            FactKind::Ratio,
            at,
            upper.end - at,
            upper.value / number.value,
        ));
    }
    if number.value <= 10.0 && tail.starts_with('成') {
        let end = number.end + '成'.len_utf8();
        let word = first_of(
            &text[end..],
            &[
                "立", "效", "果", "为", "员", "功", "本", "绩", "就", "熟", "长", "都", "交", "品",
                "套", "片", "年", "人", "型", "分", "群",
            ],
        );
        if word.is_none() {
            let mut fact = figure_of(FactKind::Percent, at, end - at, number.value * 10.0);
            fact.unit = Some("%".into());
            return Some(fact);
        }
    }
    None
}

fn figure_of(kind: FactKind, at: usize, len: usize, value: f64) -> Fact {
    let mut fact = Fact::new(kind, at..at + len);
    fact.value = Some(value);
    fact
}

/// A number or a range of two with a unit.
fn figure(text: &str, at: usize) -> Option<Fact> {
    let first = number::read(text, at)?;
    let mut last = first;
    let mut upper = None;
    if let Some(second) = second_of_range(text, first) {
        (last, upper) = (second, Some(second.value));
    }
    let mut odd = first.odd || last.odd;
    let space = text[last.end..].len() - text[last.end..].trim_start_matches(' ').len();
    let start = last.end + space;
    let unit = match units::read(&text[start..]) {
        Some(unit) => Some(unit),
        // 服务群众30余万: nothing but the object tells what is counted.
        None if last.scaled && !first.han && ends_here(text, last.end) => None,
        None => return None,
    };
    let value = match (upper, first.scaled) {
        // 3—5万元: both are in 万.
        (Some(_), false) if last.scaled && !last.han => first.value * scale_of(text, last),
        _ => first.value,
    };
    let Some(unit) = unit else {
        let mut fact = figure_of(FactKind::Quantity, at, last.end - at, value);
        fact.upper = upper;
        return Some(qualified(fact, odd));
    };
    if first.han && !counts(text, at, first, unit.name.unwrap_or(""), start + unit.len) {
        return None;
    }
    if unit.name == Some("年") && (first.value >= 1000.0 || !first.value.fract().eq(&0.0)) {
        return None;
    }
    // 12日 is a day of some month.
    if unit.name == Some("日") && !text[start + unit.len..].starts_with(['内', '以', '之']) {
        return None;
    }
    let mut end = start + unit.len;
    if text[end..].starts_with("多") && unit.name == Some("年") {
        odd = true;
        end += "多".len();
    }
    let mut fact = figure_of(unit.kind, at, end - at, value);
    fact.upper = upper;
    fact.unit = unit.name.map(str::to_owned);
    Some(qualified(fact, odd))
}

fn qualified(mut fact: Fact, odd: bool) -> Fact {
    if odd {
        fact.qualify(Qualifier::Odd);
    }
    fact
}

/// What 万 and its kind at the end of a number multiply by.
fn scale_of(text: &str, number: Number) -> f64 {
    let digits = text[..number.end].trim_end_matches(['余', '多']);
    let powers = digits
        .chars()
        .rev()
        .take_while(|c| "十百千万亿".contains(*c));
    powers.fold(1.0, |product, c| {
        product
            * match c {
                '十' => 1e1,
                '百' => 1e2,
                '千' => 1e3,
                '万' => 1e4,
                _ => 1e8,
            }
    })
}

/// The second number of 3—5个, 10%—20%, 三至五年.
fn second_of_range(text: &str, first: Number) -> Option<Number> {
    let rest = text[first.end..].trim_start_matches(['%', '％']);
    let at = text.len() - rest.len();
    let joint = first_of(rest, &["——", "—", "–", "－", "-", "～", "~", "至", "到"])?;
    let second = number::read(text, at + joint.len())?;
    (second.value > first.value && second.han == first.han).then_some(second)
}

fn ends_here(text: &str, at: usize) -> bool {
    after(text, at).is_none_or(|c| matches!(c, '，' | ',' | '。' | '；' | ';' | '、' | '\n'))
}

/// Whether a Chinese numeral with a unit counts something. 一个 is an article,
/// 三期 the name of a stage, 三年行动 that of a plan.
fn counts(text: &str, at: usize, number: Number, unit: &str, end: usize) -> bool {
    let ordinal = matches!(
        unit,
        "期" | "轮"
            | "届"
            | "班"
            | "级"
            | "度"
            | "方"
            | "里"
            | "道"
            | "分"
            | "门"
            | "段"
            | "口"
            | "节"
            | "排"
            | "层"
            | "片"
            | "队"
            | "组"
            | "村"
            | "部"
            | "类"
            | "本"
            | "对"
            | "镇"
            | "站"
            | "头"
            | "单"
            | "款"
            | "位"
            | "包"
            | "票"
            | "封"
            | "卷"
            | "块"
            | "只"
            | "床"
            | "升"
            | "克"
            | "米"
            | "套"
            | "根"
            | "例"
    );
    let small = number.value < 2.0
        || (number.value < 20.0
            && ordinal
            && unit != "部"
            && unit != "类"
            && unit != "套"
            && unit != "位");
    // 十一届三次全会, 三一次 … and 一、二次.
    let joined = before(text, at).is_some_and(|c| {
        matches!(
            c,
            '届' | '数' | '几' | '上' | '成' | '新' | '统' | '专' | '唯' | '逐' | '同' | '进'
        )
    });
    let named = text[end..].starts_with("行动") || text[end..].starts_with("一");
    !(small || joined || named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, f64, Option<f64>, Option<&str>)>) {
        let found = text.char_indices().find_map(|(at, _)| read(text, at));
        let found = found.as_ref().map(|f| {
            (
                &text[f.range.clone()],
                f.value.unwrap_or(-1.0),
                f.upper,
                f.unit.as_deref(),
            )
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn figures_with_units() {
        check("127件", Some(("127件", 127.0, None, Some("件"))));
        check(
            "发送短信77万条",
            Some(("77万条", 770_000.0, None, Some("条"))),
        );
        check("3—5个", Some(("3—5个", 3.0, Some(5.0), Some("个"))));
        check(
            "3—5万元",
            Some(("3—5万元", 30_000.0, Some(50_000.0), Some("元"))),
        );
        check("10%—20%", Some(("10%—20%", 10.0, Some(20.0), Some("%"))));
        check("2个百分点", Some(("2个百分点", 2.0, None, Some("百分点"))));
        check("三分之二", Some(("三分之二", 2.0 / 3.0, None, None)));
        check("百分之二十", Some(("百分之二十", 20.0, None, Some("%"))));
        check("六成", Some(("六成", 60.0, None, Some("%"))));
        check(
            "3000元/月",
            Some(("3000元/月", 3000.0, None, Some("元/月"))),
        );
        check("服务30余万，", Some(("30余万", 300_000.0, None, None)));
    }

    #[test]
    fn what_counts_nothing() {
        for text in [
            "一是",
            "一个重要",
            "八项规定",
            "“两个维护”",
            "“1+4”体系",
            "12345热线",
            "三重一大",
            "一网通办",
            "第三次",
            "十四五",
            "二十大",
            "二期工程",
            "G318国道",
            "三次产业",
            "0553-3836001",
            "241000",
            "PM2.5",
        ] {
            check(text, None);
        }
    }
}
