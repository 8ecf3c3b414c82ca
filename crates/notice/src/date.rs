//! Days and times as notices print them.

use jiff::civil::{Date, Time};

use crate::Moment;

/// Years that a notice can be of. What lies outside is a placeholder
/// (`0001-01-01`) or no date.
const YEARS: std::ops::RangeInclusive<i16> = 1912..=2100;

/// A moment at the start of `text` and its length in bytes: `2025-09-23 10:48`,
/// `2025年9月23日`, `2025/9/23`, `2025.9.23`, `二〇二五年九月二十三日`, with
/// full-width digits and spaces between.
pub(crate) fn moment_at(text: &str) -> Option<(Moment, usize)> {
    let mut scan = Scan { rest: text };
    let year = scan.year()?;
    let separator = scan.separator()?;
    let month = scan.number(2)?;
    let second = scan.separator()?;
    if separator != second && !(separator == '年' && second == '月') {
        return None;
    }
    let day = scan.number(2)?;
    if separator == '年' {
        scan.space();
        if !scan.eat(&['日', '号']) {
            return None;
        }
    } else if scan.rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let year = i16::try_from(year)
        .ok()
        .filter(|year| YEARS.contains(year))?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let end = text.len() - scan.rest.len();
    let (time, end) = match scan.time() {
        Some(time) => (Some(time), text.len() - scan.rest.len()),
        None => (None, end),
    };
    Some((Moment { date, time }, end))
}

/// The first moment in `text` and where it stands.
pub(crate) fn find_moment(text: &str) -> Option<(Moment, std::ops::Range<usize>)> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if !before.is_ascii_digit()
            && digit(c).is_some()
            && let Some((moment, len)) = moment_at(&text[at..])
        {
            return Some((moment, at..at + len));
        }
        before = c;
    }
    None
}

/// The moment that is the whole of `text` but for space and brackets around.
pub(crate) fn whole_moment(text: &str) -> Option<Moment> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "()（）[]【】".contains(c));
    let (moment, len) = moment_at(text)?;
    (len == text.len()).then_some(moment)
}

/// The date in the path of an address: `/t20240718_1444258.html`,
/// `/2018-11/09/`, `/2024/7/18/`, `/20240718/`.
pub(crate) fn in_url(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').collect();
    let number = |text: &str| -> Option<u32> {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse().ok())
            .flatten()
    };
    let packed = |text: &str| {
        (text.len() == 8).then(|| {
            day(
                number(&text[..4])?,
                number(&text[4..6])?,
                number(&text[6..])?,
            )
        })?
    };
    // The name of the page says most, then the folders from the inside out.
    for (index, part) in parts.iter().enumerate().rev() {
        if let Some(found) = part
            .strip_prefix('t')
            .and_then(|rest| rest.split_once('_'))
            .and_then(|(d, _)| d.is_ascii().then(|| packed(d))?)
        {
            return Some(found);
        }
        if part.is_ascii() && index > 0 {
            if let Some(found) = packed(part) {
                return Some(found);
            }
            let earlier = |back: usize| index.checked_sub(back).and_then(|i| parts.get(i)).copied();
            if part.len() <= 2
                && let Some(day_of) = number(part)
            {
                if let Some((year, month)) = earlier(1).and_then(|p| p.split_once('-'))
                    && let (Some(year), Some(month)) = (number(year), number(month))
                    && let Some(found) = day(year, month, day_of)
                {
                    return Some(found);
                }
                if let (Some(month), Some(year)) =
                    (earlier(1).and_then(number), earlier(2).and_then(number))
                    && let Some(found) = day(year, month, day_of)
                {
                    return Some(found);
                }
            }
        }
    }
    None
}

fn day(year: u32, month: u32, day: u32) -> Option<Date> {
    // No government site is older than 1994.
    let year = i16::try_from(year)
        .ok()
        .filter(|year| (1994..=*YEARS.end()).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The value of a decimal digit, ASCII, full-width or Chinese.
pub(crate) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '0'..='9' => c as u32 - '0' as u32,
        '０'..='９' => c as u32 - '０' as u32,
        '〇' | '○' | '零' | 'Ｏ' | 'О' | '◯' => 0,
        _ => "一二三四五六七八九".chars().position(|d| d == c)? as u32 + 1,
    })
}

struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, chars: &[char]) -> bool {
        match self.rest.chars().next() {
            Some(c) if chars.contains(&c) => {
                self.rest = &self.rest[c.len_utf8()..];
                true
            }
            _ => false,
        }
    }

    /// A year in four digits.
    fn year(&mut self) -> Option<u32> {
        let mut year = 0;
        for _ in 0..4 {
            let c = self.rest.chars().next()?;
            year = year * 10 + digit(c)?;
            self.rest = &self.rest[c.len_utf8()..];
            if c.is_ascii() {
                continue;
            }
            self.space();
        }
        Some(year)
    }

    fn separator(&mut self) -> Option<char> {
        self.space();
        let c = self.rest.chars().next()?;
        let kind = match c {
            '年' | '月' | '-' | '/' | '.' => c,
            '－' | '—' | '–' => '-',
            '／' => '/',
            '．' => '.',
            _ => return None,
        };
        self.rest = &self.rest[c.len_utf8()..];
        self.space();
        Some(kind)
    }

    /// A number of at most `max` digits, or a Chinese one up to 九十九.
    fn number(&mut self, max: usize) -> Option<u32> {
        let mut value: u32 = 0;
        let mut digits = 0;
        let mut tens = false;
        while let Some(c) = self.rest.chars().next() {
            let ten = match c {
                '十' => 1,
                '廿' => 2,
                '卅' => 3,
                _ => 0,
            };
            if ten > 0 && !tens {
                value = if ten == 1 {
                    value.max(1) * 10
                } else {
                    ten * 10
                };
                tens = true;
                digits = 1;
            } else if let Some(d) = digit(c).filter(|_| digits < max) {
                value = if tens { value + d } else { value * 10 + d };
                digits += 1;
            } else {
                break;
            }
            self.rest = &self.rest[c.len_utf8()..];
            // 5 月 and 二 十 三 are printed with spaces, 12 34 is two numbers.
            if !c.is_ascii_digit() {
                self.space();
            }
        }
        (digits > 0 && value <= 99).then_some(value)
    }

    /// A time of day, after white space or `T`: `10:48`, `10:48:05`, `10时48分`.
    fn time(&mut self) -> Option<Time> {
        if !self.eat(&['T']) {
            self.space();
        }
        let hour = self.number(2)?;
        if !self.eat(&[':', '：', '时', '点']) {
            return None;
        }
        let minute = self.number(2)?;
        let second = if self.eat(&[':', '：']) {
            self.number(2)?
        } else {
            0
        };
        self.eat(&['分']);
        let part = |n: u32| i8::try_from(n).ok();
        let time = Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
        // Systems print midnight for a day without a time.
        (time != Time::midnight()).then_some(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = whole_moment(text).map(|moment| moment.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn printed_forms() {
        check("2025-09-23 10:48", Some("2025-09-23 10:48"));
        check("2025年9月1日", Some("2025-09-01"));
        check("２０２４年３月５日", Some("2024-03-05"));
        check("2025/9/3 8:05:09", Some("2025-09-03 08:05:09"));
        check("2024.03.05", Some("2024-03-05"));
        check("2024 年 3 月 5 日", Some("2024-03-05"));
        check("2024-07-18T10:23:00", Some("2024-07-18 10:23"));
        check("2024年3月5日 10时48分", Some("2024-03-05 10:48"));
        check("（2024年3月5日）", Some("2024-03-05"));
        check("2024-03-05 00:00:00", None);
    }

    #[test]
    fn chinese_numerals() {
        check("二〇二四年三月五日", Some("2024-03-05"));
        check("一九八一年五月二十三日", Some("1981-05-23"));
        check("二○○四年十二月三十日", Some("2004-12-30"));
        check("二〇〇六年十月十八日", Some("2006-10-18"));
        check("二〇二四年三月二 十 日", Some("2024-03-20"));
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "2024-13-01",
            "2024年2月30日",
            "2024-03/05",
            "0001-01-01",
            "2024年3月",
            "12345-01-01",
            "2024-01-011",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn midnight_is_no_time_of_day() {
        let (moment, _) = moment_at("2024-03-05 00:00:00").expect("a date");
        assert_eq!(moment.to_string(), "2024-03-05");
    }

    #[test]
    fn dates_in_addresses() {
        let url = |text| in_url(text).map(|date| date.to_string());
        assert_eq!(
            url("http://a.cn/x/202407/t20240718_1444258.html").as_deref(),
            Some("2024-07-18")
        );
        assert_eq!(
            url("http://a.cn/content/2018-11/09/content_5338761.htm").as_deref(),
            Some("2018-11-09")
        );
        assert_eq!(
            url("https://a.cn/art/2024/7/18/art_123_456.html").as_deref(),
            Some("2024-07-18")
        );
        assert_eq!(
            url("https://a.cn/20240718/1.html").as_deref(),
            Some("2024-07-18")
        );
        assert_eq!(url("https://a.cn/sggb/p/51488.html"), None);
        assert_eq!(
            url("https://a.cn/col/col20240/index.html?d=/2024/7/18/"),
            None
        );
        assert_eq!(url("https://a.cn/公告/2024/99/99/x"), None);
    }
}
