//! Numerals in names, which count nothing.

/// Names that begin with a numeral and a word that is a unit elsewhere. Terms
/// of politics and plans; only those that occur without quotation marks.
const NAMES: &[&str] = &[
    "八项规定",
    "两个确立",
    "两个维护",
    "四个意识",
    "四个自信",
    "四个全面",
    "两个一百年",
    "三个代表",
    "两个责任",
    "三个区分开来",
    "三个务必",
    "两个毫不动摇",
    "十个明确",
    "四个最严",
    "四个不摘",
    "四个服从",
    "四项基本原则",
    "三项制度",
    "两个覆盖",
    "五个一批",
    "六个一批",
    "三个一批",
    "两个结合",
    "两个大局",
    "四个合格",
    "五个必须",
    "七个有之",
    "六项纪律",
    "三张清单",
    "三条红线",
    "三条控制线",
    "三条例",
    "两个尊重",
    "三个清单",
    "四个走在前列",
    "三个导向",
    "三个注重",
    "四个着力",
    "四个革命",
    "七个着力",
    "三个文明",
    "两个健康",
    "三年行动",
    "三年攻坚",
    "三次产业",
    "四个体系",
    "三个必须",
    "三项岗位",
    "三项改革",
    "百分百",
    "三位一体",
    "五位一体",
    "四位一体",
    "两票",
    "两部",
    "两高",
    "三家分",
    "十个坚持",
    "十项承诺",
];

/// Whether the numeral at byte `at` begins a name: one of the table, or a few
/// characters in quotation marks such as “三上三下”.
pub(super) fn starts_name(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    if NAMES.iter().any(|name| rest.starts_with(name)) {
        return true;
    }
    let quoted = text[..at].ends_with(['“', '‘', '"', '「', '『', '＂']);
    quoted
        && rest
            .chars()
            .take(13)
            .any(|c| matches!(c, '”' | '’' | '"' | '」' | '』' | '＂'))
}
