//! Traditional to simplified, character by character.

use std::sync::LazyLock;

/// OpenCC's table, without what simplified text prints too.
const TABLE: &str = include_str!("../../../data/dict/traditional.tsv");

/// The block of CJK ideographs that nearly all of the table is in.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

struct Fold {
    /// Simplified form of each character from `FIRST` to `LAST`, itself if
    /// there is no other: looked up for every character that is indexed.
    common: Vec<char>,
    /// The few outside that block, sorted.
    rare: Vec<(char, char)>,
}

static FOLD: LazyLock<Fold> = LazyLock::new(|| {
    let mut common: Vec<char> = (FIRST..=LAST).filter_map(char::from_u32).collect();
    let mut rare = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut chars = line.chars();
        let (Some(from), Some('\t'), Some(to)) = (chars.next(), chars.next(), chars.next()) else {
            continue;
        };
        match u32::from(from) {
            code @ FIRST..=LAST => common[(code - FIRST) as usize] = to,
            _ => rare.push((from, to)),
        }
    }
    rare.sort_unstable();
    Fold { common, rare }
});

/// The simplified form of `c`, or `c`.
pub(crate) fn simplified(c: char) -> char {
    match u32::from(c) {
        code @ FIRST..=LAST => FOLD.common[(code - FIRST) as usize],
        0..FIRST => c,
        _ => match FOLD.rare.binary_search_by_key(&c, |&(from, _)| from) {
            Ok(index) => FOLD.rare[index].1,
            Err(_) => c,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_is_folded_and_simplified_kept() {
        let fold = |text: &str| text.chars().map(simplified).collect::<String>();
        assert_eq!(fold("債務化解責任"), "债务化解责任");
        assert_eq!(
            fold("乾隆年间瞭望塔著作㘰村A。"),
            "乾隆年间瞭望塔著作㘰村A。"
        );
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for c in '\u{3400}'..='\u{2ffff}' {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
        }
    }
}
