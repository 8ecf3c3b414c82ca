//! The labels that stand before the fields of a page: 来源：, 索引号：…

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::segment::squeezed;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Label {
    Published,
    Signed,
    Source,
    Columns,
    Editor,
    Author,
    Organ,
    DocNumber,
    IndexNumber,
    Title,
    /// A field of the formal table that is not kept.
    Topic,
    /// Font sizes, counters, printing.
    Tool,
}

/// Longer labels come before those that they end in or begin with.
const LABELS: &[(&str, Label)] = &[
    ("信息索引号", Label::IndexNumber),
    ("索引号", Label::IndexNumber),
    ("索引码", Label::IndexNumber),
    ("发布时间", Label::Published),
    ("发布日期", Label::Published),
    ("公开日期", Label::Published),
    ("公开时间", Label::Published),
    ("发表时间", Label::Published),
    ("信息时间", Label::Published),
    ("上传时间", Label::Published),
    ("添加时间", Label::Published),
    ("录入时间", Label::Published),
    ("时间", Label::Published),
    ("日期", Label::Published),
    ("成文日期", Label::Signed),
    ("成文时间", Label::Signed),
    ("生成日期", Label::Signed),
    ("发文日期", Label::Signed),
    ("印发日期", Label::Signed),
    ("制发日期", Label::Signed),
    ("签发日期", Label::Signed),
    ("信息来源", Label::Source),
    ("文章来源", Label::Source),
    ("稿件来源", Label::Source),
    ("来源", Label::Source),
    ("稿源", Label::Source),
    ("所属栏目", Label::Columns),
    ("栏目", Label::Columns),
    ("分类", Label::Columns),
    ("责任编辑", Label::Editor),
    ("网站编辑", Label::Editor),
    ("编辑", Label::Editor),
    ("责编", Label::Editor),
    ("作者", Label::Author),
    ("发文机关", Label::Organ),
    ("发文机构", Label::Organ),
    ("发文单位", Label::Organ),
    ("发布机构", Label::Organ),
    ("发布机关", Label::Organ),
    ("发布单位", Label::Organ),
    ("公开机构", Label::Organ),
    ("制发机关", Label::Organ),
    ("制定机关", Label::Organ),
    ("发文字号", Label::DocNumber),
    ("公文文号", Label::DocNumber),
    ("发文文号", Label::DocNumber),
    ("文件编号", Label::DocNumber),
    ("文号", Label::DocNumber),
    ("标题", Label::Title),
    ("信息名称", Label::Title),
    ("文件名称", Label::Title),
    ("公文名称", Label::Title),
    ("名称", Label::Title),
    ("主题分类", Label::Topic),
    ("信息分类", Label::Topic),
    ("组配分类", Label::Topic),
    ("体裁分类", Label::Topic),
    ("服务对象", Label::Topic),
    ("主题词", Label::Topic),
    ("关键词", Label::Topic),
    ("有效性", Label::Topic),
    ("信息有效性", Label::Topic),
    ("公文状态", Label::Topic),
    ("生效日期", Label::Topic),
    ("实施日期", Label::Topic),
    ("废止日期", Label::Topic),
    ("失效日期", Label::Topic),
    ("更新时间", Label::Tool),
    ("浏览次数", Label::Tool),
    ("浏览量", Label::Tool),
    ("阅读次数", Label::Tool),
    ("阅读量", Label::Tool),
    ("点击次数", Label::Tool),
    ("点击数", Label::Tool),
    ("点击量", Label::Tool),
    ("点击", Label::Tool),
    ("浏览", Label::Tool),
    ("阅读", Label::Tool),
    ("访问量", Label::Tool),
    ("访问次数", Label::Tool),
    ("字体大小", Label::Tool),
    ("字体", Label::Tool),
    ("字号", Label::Tool),
    ("审核", Label::Tool),
    ("分享到", Label::Tool),
    ("分享", Label::Tool),
    ("视力保护色", Label::Tool),
];

/// The labels by their first character, those of one in the order above: at
/// most places of a text none begins, and one look must tell.
static BY_FIRST: LazyLock<Vec<(char, &'static str, Label)>> = LazyLock::new(|| {
    let first = |name: &str| name.chars().next().expect("no label is empty");
    let mut labels: Vec<_> = LABELS
        .iter()
        .map(|&(name, label)| (first(name), name, label))
        .collect();
    labels.sort_by_key(|label| label.0);
    labels
});

/// The labels with that first character.
fn beginning_with(first: char) -> impl Iterator<Item = &'static (char, &'static str, Label)> {
    let begin = BY_FIRST.partition_point(|label| label.0 < first);
    BY_FIRST[begin..]
        .iter()
        .take_while(move |label| label.0 == first)
}

/// Longer texts hold no labelled fields.
const MAX_CHARS: usize = 400;
/// Longer lines are no header lines.
const MAX_HEADER_BYTES: usize = 600;

/// The label that `cell` is, such as `索 引 号：` or `【发文机关】`.
pub(crate) fn label_of(cell: &str) -> Option<Label> {
    if cell.len() > 60 {
        return None;
    }
    let is_noise = |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '[' | ']' | '【' | '】');
    let squeezed = cell.chars().filter(|&c| !is_noise(c));
    beginning_with(squeezed.clone().next()?)
        .find(|(_, name, _)| squeezed.clone().eq(name.chars()))
        .map(|&(.., label)| label)
}

/// The labelled fields of a line, in order: `时间:2025-09-23 来源:某网`.
pub(crate) fn labelled(text: &str) -> Vec<(Label, String)> {
    if text.starts_with("发布时间") || text.starts_with("发布日期") {
        let loose = without_colons(text);
        if !loose.is_empty() {
            return loose;
        }
    }
    if !text.contains([':', '：']) || text.chars().nth(MAX_CHARS).is_some() {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<(Label, usize, usize)> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let is_free = || at == 0 || !is_word(chars[at - 1]);
        match label_at(&chars, at).filter(|_| is_free()) {
            Some((label, after)) => {
                found.push((label, at, after));
                at = after;
            }
            None => at += 1,
        }
    }
    (0..found.len())
        .map(|index| {
            let (label, _, from) = found[index];
            let to = found.get(index + 1).map_or(chars.len(), |next| next.1);
            let value: String = chars[from..to].iter().collect();
            (label, clean(&value).to_owned())
        })
        .collect()
}

/// The fields of a line whose labels stand without colons, as elements of
/// their own: 发布时间2025-10-13 16:18来源某局阅读0.
fn without_colons(text: &str) -> Vec<(Label, String)> {
    let rest = text["发布时间".len()..].trim_start();
    let Some((_, len)) = crate::date::moment_at(rest) else {
        return Vec::new();
    };
    let mut found = vec![(Label::Published, rest[..len].to_owned())];
    let rest = rest[len..].trim();
    if let Some(source) = rest
        .strip_prefix("信息来源")
        .or_else(|| rest.strip_prefix("来源"))
    {
        let source = source.trim_start_matches([':', '：', ' ']);
        let stops = [
            "阅读",
            "浏览",
            "点击",
            "访问",
            "编辑",
            "责任编辑",
            "作者",
            "字体",
            "字号",
        ];
        let end = stops
            .iter()
            .filter_map(|stop| source.find(stop))
            .min()
            .unwrap_or(source.len());
        found.push((Label::Source, clean(&source[..end]).to_owned()));
        return if source.contains(['：', ':']) {
            Vec::new()
        } else {
            found
        };
    }
    if rest.contains(['：', ':']) {
        Vec::new()
    } else {
        found
    }
}

/// Whether a line stands between title and text: two labels of a header, or
/// one that nothing else uses.
pub(crate) fn is_header_line(text: &str) -> bool {
    if text.len() > MAX_HEADER_BYTES {
        return false;
    }
    let fields = labelled(text);
    let header = |label: &Label| {
        matches!(
            label,
            Label::Published
                | Label::Source
                | Label::Columns
                | Label::Editor
                | Label::Author
                | Label::Tool
        )
    };
    let count = fields.iter().filter(|(label, _)| header(label)).count();
    if count == 0 {
        return false;
    }
    let squeezed = squeezed(text);
    let sure = [
        "发布时间",
        "发布日期",
        "来源",
        "信息来源",
        "文章来源",
        "字体",
        "【字体",
        "[字体",
        "信息时间",
        "字号",
    ];
    let short = text.chars().count() <= 50;
    count >= 2
        || short && sure.iter().any(|label| squeezed.starts_with(label))
        || short && crate::date::moment_at(text.trim_start()).is_some()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !c.is_ascii_digit()
}

/// A label with its colon at `at`, and where its value begins.
fn label_at(chars: &[char], at: usize) -> Option<(Label, usize)> {
    beginning_with(chars[at]).find_map(|&(_, name, label)| {
        let mut next = at + 1;
        for wanted in name.chars().skip(1) {
            while chars.get(next).is_some_and(|c| c.is_whitespace()) {
                next += 1;
            }
            if chars.get(next) != Some(&wanted) {
                return None;
            }
            next += 1;
        }
        while chars
            .get(next)
            .is_some_and(|c| c.is_whitespace() || "]】".contains(*c))
        {
            next += 1;
        }
        matches!(chars.get(next), Some(':' | '：')).then_some((label, next + 1))
    })
}

/// What begins the tools and brackets that follow a value on its line.
static STOPS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let stops = [
        "【",
        "打印",
        "分享",
        "字体",
        "浏览",
        "关闭",
        "收藏",
        "扫一扫",
        "|",
        "｜",
        "我要纠错",
    ];
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(stops)
        .expect("they are few")
});

/// `value` without the tools and brackets that follow it on the line.
fn clean(value: &str) -> &str {
    let end = STOPS.find(value).map_or(value.len(), |stop| stop.start());
    let value = value[..end]
        .trim()
        .trim_end_matches(['[', '（', '(', '，', ',', ';', '；']);
    let value = if value.contains(['（', '(']) {
        value
    } else {
        value.trim_end_matches(['）', ')', '】', ']'])
    };
    value.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_line_is_cut_at_its_labels() {
        let line = "时间:2025-09-23 10:48    来源:青川监察网     分类:整改,通报     编辑:张三  【字体： 】 打印";
        let fields = labelled(line);
        let expected = [
            (Label::Published, "2025-09-23 10:48"),
            (Label::Source, "青川监察网"),
            (Label::Columns, "整改,通报"),
            (Label::Editor, "张三"),
        ];
        for (field, (label, value)) in fields.iter().zip(expected) {
            assert_eq!((field.0, field.1.as_str()), (label, value));
        }
        assert!(is_header_line(line));
    }

    #[test]
    fn spaced_labels_are_read() {
        assert_eq!(label_of("索 引 号："), Some(Label::IndexNumber));
        assert_eq!(label_of("标　　题："), Some(Label::Title));
        assert_eq!(label_of("【发文字号】"), Some(Label::DocNumber));
        assert_eq!(label_of("备注"), None);
        assert_eq!(
            labelled("发 文 机 关： 青川市财政局")[0],
            (Label::Organ, "青川市财政局".to_owned())
        );
    }

    #[test]
    fn text_is_no_header_line() {
        for text in [
            "会议时间：2024年5月6日上午",
            "时间：2024年5月6日",
            "数据来源：统计局",
            "一、时间安排：5月",
            "",
        ] {
            assert!(!is_header_line(text), "{text}");
        }
        assert!(is_header_line("2024-03-05 09:12 来源：青川日报"));
        assert!(is_header_line("发布日期：2024-03-05"));
    }
}
