//! Days and times as a text tells them: 2024年6月, 今年上半年, 截至2025年6月底.

use jiff::civil::Date;

use super::{
    fact::{Fact, FactKind, Period},
    number::{arabic, run_len},
    text::{before, first_of},
};
use crate::date::digit;

/// Whether a time or a figure can begin with `c`.
pub(super) fn may_start(c: char) -> bool {
    matches!(
        c,
        '0'..='9' | '０'..='９' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '两'
            | '今' | '去' | '明' | '本' | '上' | '下' | '前' | '截' | '近' | '第'
    )
}

/// Between the two ends of a time.
const JOINTS: [&str; 10] = ["——", "—", "–", "－", "-", "～", "~", "至", "到", "起至"];

/// A part of a time: its first and last day where certain, and whether it is
/// one day.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    from: Option<Date>,
    to: Option<Date>,
    /// It is a day: 6月15日.
    day: bool,
    end: usize,
    year: Option<i16>,
}

/// The day or period at byte `at`; `today` tells which year 今年 is.
pub(super) fn read(text: &str, at: usize, today: Option<Date>) -> Option<Fact> {
    let last = before(text, at);
    if last.is_some_and(|c| {
        c.is_ascii_alphanumeric() || arabic(c).is_some() || matches!(c, '.' | '-' | '/')
    }) {
        return None;
    }
    let mut start = at;
    let until = first_of(&text[at..], &["截止到", "截至到", "截至", "截止"]);
    if let Some(word) = until {
        start += word.len();
        if let Some(word) = first_of(&text[start..], &["目前", "当前"]) {
            return Some(fact(FactKind::Period, at..start + word.len(), None, None));
        }
    }
    let mut part = years(text, start)
        .or_else(|| dated(text, start, today))
        .or_else(|| bare(text, start))?;
    // 2023年11月24日至2024年1月31日, 2024年3月至今.
    if let Some(joint) = first_of(&text[part.end..], &JOINTS) {
        let next = part.end + joint.len();
        if let Some(end) = text[next..]
            .starts_with('今')
            .then_some(next + '今'.len_utf8())
        {
            let is_now = !text[end..].starts_with('年');
            if is_now {
                part = Part {
                    to: None,
                    end,
                    day: false,
                    ..part
                };
            }
        } else if let Some(second) =
            dated(text, next, today).or_else(|| month_of(text, next, part.year))
        {
            let ordered = match (part.from, second.to) {
                (Some(from), Some(to)) => from <= to,
                _ => true,
            };
            if ordered {
                let known = part.from.is_some() && second.to.is_some();
                part = Part {
                    from: part.from.filter(|_| known),
                    to: second.to.filter(|_| known),
                    end: second.end,
                    day: false,
                    year: second.year,
                };
            }
        }
    }
    let mut kind = if part.day {
        FactKind::Date
    } else {
        FactKind::Period
    };
    let rest = &text[part.end..];
    if let Some(word) = first_of(rest, &["以来", "至今", "以后", "之后", "起"]) {
        let is_other = word == "起"
            && (rest.starts_with("起草")
                || rest.starts_with("起步")
                || rest.starts_with("起诉")
                || rest.starts_with("起点"));
        if !is_other {
            part.to = None;
            part.end += word.len();
            kind = FactKind::Period;
        }
    } else if let Some(word) = first_of(rest, &["以前", "之前", "前"]) {
        let is_other = word == "前"
            && first_of(
                &rest["前".len()..],
                &["三", "往", "期", "列", "三季度", "后", "瞻", "置"],
            )
            .is_some();
        if !is_other {
            part.from = None;
            part.end += word.len();
            kind = FactKind::Period;
        }
    }
    if until.is_some() {
        part.from = None;
        kind = FactKind::Period;
    }
    Some(fact(kind, at..part.end, part.from, part.to))
}

fn fact(
    kind: FactKind,
    range: std::ops::Range<usize>,
    from: Option<Date>,
    to: Option<Date>,
) -> Fact {
    let mut fact = Fact::new(kind, range.clone());
    fact.period = Some(Period { range, from, to });
    fact
}

/// 2024-2026年, 2024—2026年度.
fn years(text: &str, at: usize) -> Option<Part> {
    let (first, end) = year_digits(text, at)?;
    let end = if text[end..].starts_with('年') {
        end + '年'.len_utf8()
    } else {
        end
    };
    let joint = first_of(&text[end..], &JOINTS)?;
    let (second, end) = year_digits(text, end + joint.len())?;
    let rest = text[end..].strip_prefix('年')?;
    // 2024年至2025年6月 goes on.
    if rest.starts_with(|c: char| c.is_ascii_digit()) || first >= second {
        return None;
    }
    let mut end = end + '年'.len_utf8();
    if rest.starts_with('度') {
        end += '度'.len_utf8();
    }
    Some(Part {
        from: Date::new(first, 1, 1).ok(),
        to: Date::new(second, 12, 31).ok(),
        day: false,
        end,
        year: Some(second),
    })
}

/// Four digits of a year, Arabic or Chinese, and where they end.
fn year_digits(text: &str, at: usize) -> Option<(i16, usize)> {
    let (mut year, mut count, mut end) = (0_i16, 0, at);
    for c in text[at..].chars() {
        let Some(digit) = digit(c).filter(|&digit| digit < 10) else {
            break;
        };
        count += 1;
        if count > 4 {
            return None;
        }
        year = year * 10 + i16::try_from(digit).ok()?;
        end += c.len_utf8();
    }
    (count == 4 && (1900..=2100).contains(&year)).then_some((year, end))
}

/// A time with its year: 2024年, 今年上半年, 2024年6月15日, 2024-06-15.
fn dated(text: &str, at: usize, today: Option<Date>) -> Option<Part> {
    let (year, end) = match year_digits(text, at) {
        Some((year, end)) => {
            let rest = &text[end..];
            let spaced = rest.trim_start_matches(' ');
            match spaced.strip_prefix('年') {
                Some(rest) => (Some(year), text.len() - rest.len()),
                None => return numeric_day(text, at),
            }
        }
        None => relative_year(text, at, today)?,
    };
    Some(within_year(text, end, year))
}

/// 2024-06-15, 2024.6.15, 2024/6/15.
fn numeric_day(text: &str, at: usize) -> Option<Part> {
    let (moment, len) = crate::date::moment_at(&text[at..at + run_len(&text[at..])])?;
    Some(Part {
        from: Some(moment.date),
        to: Some(moment.date),
        day: true,
        end: at + len,
        year: Some(moment.date.year()),
    })
}

/// 今年, 去年 … and the year that is, if one knows.
fn relative_year(text: &str, at: usize, today: Option<Date>) -> Option<(Option<i16>, usize)> {
    let words = [
        ("今年", 0),
        ("本年度", 0),
        ("本年", 0),
        ("去年", -1),
        ("上年度", -1),
        ("上年", -1),
        ("明年", 1),
    ];
    let (word, shift) = words
        .iter()
        .find(|(word, _)| text[at..].starts_with(word))?;
    Some((today.map(|day| day.year() + shift), at + word.len()))
}

/// The rest of a time after its 年, which ends at `at`.
fn within_year(text: &str, at: usize, year: Option<i16>) -> Part {
    let rest = &text[at..];
    let months = |from: i8, to: i8, len: usize| Part {
        from: year.and_then(|year| Date::new(year, from, 1).ok()),
        to: year.and_then(|year| Some(Date::new(year, to, 1).ok()?.last_of_month())),
        day: false,
        end: at + len,
        year,
    };
    if let Some(part) = month_of(text, at, year) {
        return part;
    }
    if let Some((from, to, len)) = quarters(rest) {
        return months(from, to, len);
    }
    // When in the year is not certain; only 截至…底 and …底前 are, by their end.
    for word in ["年底", "底", "年末", "末"] {
        if rest.starts_with(word) {
            let known = year.and_then(|year| Date::new(year, 12, 31).ok());
            return Part {
                from: None,
                to: known,
                end: at + word.len(),
                day: false,
                year,
            };
        }
    }
    for word in ["年初", "初", "春节", "年中"] {
        if rest.starts_with(word) {
            return Part {
                from: None,
                to: None,
                end: at + word.len(),
                day: false,
                year,
            };
        }
    }
    let len = first_of(rest, &["全年", "度"]).map_or(0, str::len);
    months(1, 12, len)
}

/// 上半年, 第三季度, 二、三季度, 前三季度 at the start of `text`: first and last
/// month, and length.
fn quarters(text: &str) -> Option<(i8, i8, usize)> {
    let fixed = [
        ("上半年", 1, 6),
        ("下半年", 7, 12),
        ("前三季度", 1, 9),
        ("前3季度", 1, 9),
    ];
    if let Some((word, from, to)) = fixed.iter().find(|(word, ..)| text.starts_with(word)) {
        return Some((*from, *to, word.len()));
    }
    let rest = text.strip_prefix('第').unwrap_or(text);
    let number = |text: &str| {
        let c = text.chars().next()?;
        let quarter = i8::try_from(digit(c)?)
            .ok()
            .filter(|q| (1..=4).contains(q))?;
        Some((quarter, c.len_utf8()))
    };
    let (first, len) = number(rest)?;
    let mut rest = &rest[len..];
    let mut last = first;
    let joint = first_of(rest, &["、", "至", "—", "-", "和"]).map_or(0, str::len);
    if let Some((second, len)) = number(&rest[joint..])
        && second > first
    {
        (last, rest) = (second, &rest[joint + len..]);
    }
    let rest = rest.strip_prefix("季度")?;
    Some((first * 3 - 2, last * 3, text.len() - rest.len()))
}

/// One or two digits, Arabic or Chinese, up to `max`, and where they end.
fn small(text: &str, at: usize, max: i8) -> Option<(i8, usize)> {
    let (mut value, mut end, mut count) = (0_i32, at, 0);
    for c in text[at..].chars() {
        match c {
            '十' if count < 2 => value = value.max(1) * 10,
            _ => match digit(c).filter(|&d| d < 10) {
                // 十五, 二十五 against 15.
                Some(d) if value >= 10 && c > '9' && !('０'..='９').contains(&c) => {
                    value += d as i32
                }
                Some(d) => value = value * 10 + d as i32,
                None => break,
            },
        }
        count += 1;
        if count > 3 {
            return None;
        }
        end += c.len_utf8();
    }
    let value = i8::try_from(value).ok()?;
    (count > 0 && (1..=max).contains(&value)).then_some((value, end))
}

/// 6月, 6月15日, 6月底, 3至5月 at byte `at`.
fn month_of(text: &str, at: usize, year: Option<i16>) -> Option<Part> {
    let at = at + text[at..].len() - text[at..].trim_start_matches(' ').len();
    let (month, end) = small(text, at, 12)?;
    let rest = text[end..].trim_start_matches(' ');
    let first = |month| year.and_then(|year| Date::new(year, month, 1).ok());
    let Some(rest) = rest.strip_prefix('月') else {
        // 3至5月, 1-6月
        let joint = first_of(rest, &["至", "—", "-", "～", "~", "到"])?;
        let (last, end) = small(text, text.len() - rest.len() + joint.len(), 12)?;
        let rest = text[end..].strip_prefix('月')?;
        let rest = rest.strip_prefix('份').unwrap_or(rest);
        return (last > month && !rest.starts_with(|c: char| c.is_ascii_digit())).then(|| Part {
            from: first(month),
            to: first(last).map(Date::last_of_month),
            day: false,
            end: text.len() - rest.len(),
            year,
        });
    };
    let end = text.len() - rest.len();
    let days = end + rest.len() - rest.trim_start_matches(' ').len();
    if let Some((day, after)) = small(text, days, 31) {
        let rest = text[after..].trim_start_matches(' ');
        if let Some(rest) = rest.strip_prefix(['日', '号']) {
            let date = year.and_then(|year| Date::new(year, month, day).ok());
            return Some(Part {
                from: date,
                to: date,
                day: true,
                end: text.len() - rest.len(),
                year,
            });
        }
    }
    let mut part = Part {
        from: first(month),
        to: first(month).map(Date::last_of_month),
        day: false,
        end,
        year,
    };
    if let Some(word) = first_of(rest, &["底", "末", "初", "上旬", "中旬", "下旬", "份"])
    {
        part.end += word.len();
        match word {
            "份" => {}
            "底" | "末" => part.from = None,
            _ => (part.from, part.to) = (None, None),
        }
    }
    Some(part)
}

/// A time without its year, which is not certain: 6月, 上半年, 近三年.
fn bare(text: &str, at: usize) -> Option<Part> {
    let part = |end| Part {
        end,
        ..Part::default()
    };
    if let Some(month) = month_of(text, at, None) {
        return Some(month);
    }
    if text[at..].starts_with('近') {
        let (_, end) = small(text, at + '近'.len_utf8(), 12)?;
        let word = first_of(&text[end..], &["年来", "年", "个月"])?;
        return Some(part(end + word.len()));
    }
    let (_, _, len) = quarters(&text[at..])?;
    Some(part(at + len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let today = Some(Date::constant(2025, 9, 23));
        let found = text
            .char_indices()
            .find_map(|(at, _)| read(text, at, today));
        let shown = found.map_or_else(String::new, |fact| {
            let period = fact.period.expect("a time");
            let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
            format!(
                "{} {} {}..{}",
                fact.kind,
                &text[period.range],
                day(period.from),
                day(period.to)
            )
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn times_with_their_year() {
        check(
            "于2024年6月15日出台",
            "date 2024年6月15日 2024-06-15..2024-06-15",
        );
        check("2024年6月出台", "period 2024年6月 2024-06-01..2024-06-30");
        check("2024年以来，", "period 2024年以来 2024-01-01..");
        check("截至2025年6月底，", "period 截至2025年6月底 ..2025-06-30");
        check("今年上半年", "period 今年上半年 2025-01-01..2025-06-30");
        check("2023年度", "period 2023年度 2023-01-01..2023-12-31");
        check("(2024-2026年)", "period 2024-2026年 2024-01-01..2026-12-31");
        check(
            "2024年二、三季度",
            "period 2024年二、三季度 2024-04-01..2024-09-30",
        );
        check("2024年1—6月", "period 2024年1—6月 2024-01-01..2024-06-30");
        check(
            "2023年11月24日至2024年1月31日,",
            "period 2023年11月24日至2024年1月31日 2023-11-24..2024-01-31",
        );
        check(
            "2024年3月5日至4月8日",
            "period 2024年3月5日至4月8日 2024-03-05..2024-04-08",
        );
        check(
            "二〇二四年三月五日",
            "date 二〇二四年三月五日 2024-03-05..2024-03-05",
        );
        check("2024-03-05", "date 2024-03-05 2024-03-05..2024-03-05");
        check("2024年底前完成", "period 2024年底前 ..2024-12-31");
    }

    #[test]
    fn times_that_are_not_certain() {
        check("6月15日", "date 6月15日 ..");
        check("近三年", "period 近三年 ..");
        check("截至目前", "period 截至目前 ..");
        check("前三季度", "period 前三季度 ..");
        check("12个月", "");
        check("2024", "");
        check("12345年", "");
    }
}
