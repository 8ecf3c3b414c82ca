//! Numbers as notices print them: 127, 1,059.5, 77万, 1亿2千万, 十二, 二十余.

use super::text::after;
use crate::date::digit;

/// A number and where it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// The byte after it, 余 and 多 included.
    pub(super) end: usize,
    pub(super) value: f64,
    /// 余, 多 or 几 stands in it.
    pub(super) odd: bool,
    /// It is printed in Chinese numerals.
    pub(super) han: bool,
    /// It is printed with 万 or 亿.
    pub(super) scaled: bool,
}

/// More digits are the number of an account or a telephone, not a figure.
const MAX_DIGITS: u32 = 15;

/// The digit `c`, Arabic of either width.
pub(super) fn arabic(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// The value of the Chinese digit `c`, 两 included.
fn han_digit(c: char) -> Option<u32> {
    match c {
        '两' => Some(2),
        _ if c.is_ascii() || arabic(c).is_some() => None,
        _ => digit(c),
    }
}

fn power(c: char) -> Option<i32> {
    Some(match c {
        '十' => 1,
        '百' => 2,
        '千' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

/// The bytes of the digits, letters and points at the start of `text`: what has
/// to be passed over together when it is no figure, so that `318` is not read
/// out of `G318` nor `36000` out of a telephone number.
pub(super) fn run_len(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = || matches!(c, '.' | '-' | '+' | '/' | ':' | '_' | '．' | '＋');
        let next = chars.peek().map(|&(_, next)| next);
        let solid = |c: char| c.is_ascii_alphanumeric() || arabic(c).is_some();
        if !(solid(c) || (end > 0 && joins() && next.is_some_and(solid))) {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// The number at byte `at` of `text`.
pub(super) fn read(text: &str, at: usize) -> Option<Number> {
    let c = after(text, at)?;
    if arabic(c).is_some() {
        read_arabic(text, at)
    } else if han_digit(c).is_some() || c == '十' {
        read_han(text, at)
    } else {
        None
    }
}

fn read_arabic(text: &str, start: usize) -> Option<Number> {
    let (mut total, mut at) = (0.0, start);
    let (mut odd, mut scaled) = (false, false);
    let mut last_power = i32::MAX;
    loop {
        let (mantissa, decimals, end) = mantissa(text, at)?;
        let mut end = end;
        let mut has_odd = eat_odd(text, &mut end);
        let mut power_here = 0;
        while let Some(step) = after(text, end).and_then(power) {
            power_here += step;
            end += '万'.len_utf8();
            if power_here > 12 {
                return None;
            }
        }
        if power_here > 0 {
            has_odd |= eat_odd(text, &mut end);
        }
        if power_here >= last_power {
            // 3万5万 is no number.
            break;
        }
        total += scale(mantissa, power_here - decimals);
        at = end;
        odd |= has_odd;
        scaled |= power_here >= 4;
        last_power = power_here;
        // 1亿2千万: a smaller part may follow.
        let goes_on = power_here > 0 && !has_odd && decimals == 0;
        let part = mantissa_with_power(text, at);
        if !(goes_on && part.is_some_and(|power| power < last_power)) {
            break;
        }
    }
    Some(Number {
        end: at,
        value: total,
        odd,
        han: false,
        scaled,
    })
}

/// The power of the next part, if digits and 千 or 万 follow at `at`.
fn mantissa_with_power(text: &str, at: usize) -> Option<i32> {
    let (_, _, mut end) = mantissa(text, at)?;
    let mut sum = 0;
    while let Some(step) = after(text, end).and_then(power) {
        sum += step;
        end += '万'.len_utf8();
    }
    (sum > 0).then_some(sum)
}

/// Digits with thousands separators and a decimal point: the digits as one
/// number, how many of them are decimals, and where they end.
fn mantissa(text: &str, start: usize) -> Option<(u64, i32, usize)> {
    let (mut number, mut digits, mut decimals) = (0_u64, 0_u32, 0);
    let mut point = false;
    let mut end = start;
    let mut at = start;
    while let Some(c) = after(text, at) {
        if let Some(digit) = arabic(c) {
            digits += 1;
            if digits > MAX_DIGITS {
                return None;
            }
            number = number * 10 + u64::from(digit);
            decimals += i32::from(point);
            at += c.len_utf8();
            end = at;
            continue;
        }
        let rest = &text[at + c.len_utf8()..];
        match c {
            '.' | '．' if !point && digits > 0 && rest.starts_with(|c| arabic(c).is_some()) => {
                point = true;
            }
            ',' if !point && is_thousands(rest) && starts_thousands(text, start, at) => {}
            _ => break,
        }
        at += c.len_utf8();
    }
    (digits > 0).then_some((number, decimals, end))
}

/// Whether exactly three digits follow.
fn is_thousands(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.len() >= 3
        && bytes[..3].iter().all(u8::is_ascii_digit)
        && !bytes.get(3).is_some_and(u8::is_ascii_digit)
}

/// Whether what stands before the comma at `at` can be: 1 to 3 digits, then threes.
fn starts_thousands(text: &str, start: usize, at: usize) -> bool {
    let before = text[start..at].rsplit(',').next().unwrap_or("");
    let first = !text[start..at].contains(',');
    (before.len() == 3 || (first && before.len() < 3)) && before.bytes().all(|b| b.is_ascii_digit())
}

fn scale(mantissa: u64, power: i32) -> f64 {
    // Exact up to 2^53, and a quotient of two exact numbers is rounded once.
    let mantissa = mantissa as f64;
    if power >= 0 {
        mantissa * 10_f64.powi(power)
    } else {
        mantissa / 10_f64.powi(-power)
    }
}

/// Passes over 余, 多 or 几, unless it begins another word: 余额, 多个, 多次.
fn eat_odd(text: &str, end: &mut usize) -> bool {
    let rest = &text[*end..];
    let found = rest.starts_with(['余', '多', '几'])
        && ![
            "余额",
            "余下",
            "余款",
            "多元",
            "多功能",
            "多方",
            "多式",
            "多层",
        ]
        .iter()
        .any(|word| rest.starts_with(word));
    if found {
        *end += '余'.len_utf8();
    }
    found
}

fn read_han(text: &str, start: usize) -> Option<Number> {
    let (mut total, mut section, mut last) = (0_u64, 0_u64, None);
    let (mut odd, mut scaled) = (false, false);
    let (mut at, mut count, mut unit) = (start, 0, u64::MAX);
    while let Some(c) = after(text, at) {
        count += 1;
        if count > 16 {
            return None;
        }
        match power(c) {
            None => {
                let Some(digit) = han_digit(c) else { break };
                // Two digits in a row: 三四个, 二〇二四.
                if last.is_some_and(|last| last != 0) {
                    return None;
                }
                last = Some(u64::from(digit));
            }
            Some(power @ 1..=3) => {
                let step = 10_u64.pow(power as u32);
                let times = match last.take() {
                    Some(0) | None if power == 1 => 1,
                    Some(times) if times > 0 => times,
                    _ => return None,
                };
                if step >= unit {
                    return None;
                }
                unit = step;
                section += times * step;
            }
            Some(power) => {
                section += last.take().unwrap_or(0);
                if section == 0 {
                    return None;
                }
                total = (total + section)
                    .checked_mul(10_u64.pow(power as u32))
                    .filter(|&n| n < 1 << 52)?;
                (section, unit, scaled) = (0, u64::MAX, true);
            }
        }
        at += c.len_utf8();
        let mut end = at;
        if last.is_none() && eat_odd(text, &mut end) {
            (odd, at) = (true, end);
        }
    }
    Some(Number {
        end: at,
        value: (total + section + last.unwrap_or(0)) as f64,
        odd,
        han: true,
        scaled,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(f64, &str)>) {
        let found = read(text, 0).map(|n| (n.value, &text[..n.end]));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn arabic_digits() {
        check("127件", Some((127.0, "127")));
        check("21.86亿元", Some((2_186_000_000.0, "21.86亿")));
        check("77万条", Some((770_000.0, "77万")));
        check("１２个", Some((12.0, "１２")));
        check("1,059.5吨", Some((1059.5, "1,059.5")));
        check("1,05件", Some((1.0, "1")));
        check("12,345,678元", Some((12_345_678.0, "12,345,678")));
        check("1100余万元", Some((11_000_000.0, "1100余万")));
        check("1.2万亿元", Some((1.2e12, "1.2万亿")));
        check("3万5千元", Some((35_000.0, "3万5千")));
        check("1234567890123456元", None);
    }

    #[test]
    fn chinese_numerals() {
        check("十二个", Some((12.0, "十二")));
        check("二十余名", Some((20.0, "二十余")));
        check("一百零三户", Some((103.0, "一百零三")));
        check("三万五千", Some((35_000.0, "三万五千")));
        check("两个", Some((2.0, "两")));
        check("二〇二四年", None);
        check("三四个", None);
        check("万人", None);
    }
}
