//! Numbers in Chinese numerals and in Arabic digits of either width.

/// Whether `c` is an Arabic digit of either width.
pub(super) fn is_arabic_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// The number in Arabic digits, of either width, at the start of `text` and
/// its length in bytes. `None` if it has more than `max_digits`.
pub(super) fn arabic_number(text: &str, max_digits: usize) -> Option<(u32, usize)> {
    let mut number = 0;
    let mut len = 0;
    let mut digits = 0;
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            _ => break,
        };
        digits += 1;
        if digits > max_digits {
            return None;
        }
        number = number * 10 + digit;
        len += c.len_utf8();
    }
    (digits > 0).then_some((number, len))
}

/// 0 for the signs of zero, 10 for 十; `None` for all else.
pub(super) fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// The number in Chinese numerals at the start of `text`, up to 9999, and its
/// length in bytes: 十二, 二百零三, 一千二百六十, and by digits 一〇三.
pub(super) fn han_number(text: &str) -> Option<(u32, usize)> {
    let mut total = 0;
    let mut digit = None;
    let mut unit = 10_000;
    let mut by_digits = 0;
    let (mut units, mut zeros, mut count, mut len) = (0, 0, 0, 0);
    for c in text.chars() {
        let (value, scale) = match c {
            '百' => (0, 100),
            '千' => (0, 1000),
            _ => match han_digit(c) {
                Some(10) => (0, 10),
                Some(value) => (value, 1),
                None => break,
            },
        };
        count += 1;
        if count > 8 {
            return None;
        }
        len += c.len_utf8();
        if scale == 1 {
            zeros += u32::from(value == 0);
            by_digits = (by_digits * 10 + value) % 1_000_000;
            if value != 0 {
                // Two digits in a row make a number by digits, if they make one.
                if digit.is_some() && (units > 0 || count > 4) {
                    return None;
                }
                digit = Some(value);
            }
        } else {
            let times = match digit.take() {
                Some(times) => times,
                None if scale == 10 => 1,
                None => return None,
            };
            if scale >= unit || units == 0 && count > 2 {
                return None;
            }
            total += times * scale;
            unit = scale;
            units += 1;
        }
    }
    if count == 0 {
        return None;
    }
    if units > 0 {
        return Some((total + digit.unwrap_or(0), len));
    }
    let readable = count == 1 || zeros > 0 && count <= 4;
    readable.then_some((by_digits, len))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 1 to 9999 in Chinese numerals.
    pub(in crate::outline) fn han(number: u32) -> String {
        const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
        let mut text = String::new();
        let mut gap = false;
        for (scale, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = number / scale % 10;
            if digit == 0 {
                gap = !text.is_empty();
                continue;
            }
            if gap {
                text.push('零');
                gap = false;
            }
            if !(number < 20 && scale == 10) {
                text.push(DIGITS[digit as usize]);
            }
            text.push_str(unit);
        }
        text
    }

    #[test]
    fn numerals_that_make_no_number_are_refused() {
        for text in ["十十", "百", "一二", "三十百", "零", "一千千"] {
            assert!(!matches!(han_number(text), Some((1.., _))), "{text}");
        }
        assert_eq!(han_number("一〇三条"), Some((103, 9)));
        assert_eq!(han_number("一百一十五"), Some((115, 15)));
        assert_eq!(han_number("一百十五"), Some((115, 12)));
    }

    proptest! {
        #[test]
        fn a_printed_numeral_is_read_back(number in 1_u32..10_000) {
            prop_assert_eq!(han_number(&han(number)).map(|(n, _)| n), Some(number));
        }
    }
}
