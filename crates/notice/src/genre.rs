//! The genre of a notice, from its title.

use crate::Genre;

/// Words that end a title and name its genre; longer ones come first where one
/// ends in another.
const ENDINGS: &[(&str, Genre)] = &[
    ("复函", Genre::Letter),
    ("答复", Genre::Letter),
    ("决议", Genre::Resolution),
    ("决定", Genre::Decision),
    ("命令", Genre::Order),
    ("公报", Genre::Communique),
    ("公告", Genre::Announcement),
    ("通告", Genre::PublicNotice),
    ("意见", Genre::Opinion),
    ("通知", Genre::Notification),
    ("通报", Genre::Circular),
    ("报告", Genre::Report),
    ("请示", Genre::Request),
    ("批复", Genre::Reply),
    ("议案", Genre::Motion),
    ("纪要", Genre::Minutes),
    ("办法", Genre::Measures),
    ("条例", Genre::Regulations),
    ("规定", Genre::Rules),
    ("方案", Genre::Plan),
    ("公示", Genre::Publicity),
    ("解读", Genre::Interpretation),
    ("函", Genre::Letter),
    ("令", Genre::Order),
];

/// What stands before the ending when a title tells of a document instead of
/// being one: 省政府印发通知, 向社会征求意见.
const TELLING: [&str; 14] = [
    "发布", "印发", "下发", "发出", "提出", "作出", "做出", "听取", "征求", "征集", "反馈", "下达",
    "宣读", "通过",
];

/// The genre that `title` names, `None` when it names none for sure.
pub(crate) fn of_title(title: &str) -> Option<Genre> {
    let squeezed: String = title.chars().filter(|c| !c.is_whitespace()).collect();
    let title = without_remark(&squeezed);
    // 《…办法》 alone is the measures; inside a title it is only a name.
    let whole = title
        .strip_prefix('《')
        .and_then(|rest| rest.strip_suffix('》'))
        .filter(|inner| !inner.contains(['《', '》']));
    let title = without_remark(whole.unwrap_or(title));
    let plain = without_names(title);
    if (plain.contains("巡视") || plain.contains("巡察"))
        && plain.contains("整改")
        && ["通报", "情况", "报告", "公告", "公示"]
            .iter()
            .any(|end| plain.ends_with(end))
    {
        return Some(Genre::InspectionReport);
    }
    if plain.contains("公开通报") && plain.ends_with("案例") {
        return Some(Genre::Circular);
    }
    if plain.starts_with("一图读懂") || plain.starts_with("图解") || plain.starts_with("政策解读")
    {
        return Some(Genre::Interpretation);
    }
    let law = plain.starts_with("中华人民共和国")
        || (plain.chars().count() <= 14 && !plain.contains("关于"));
    let no_law = [
        "办法", "方法", "做法", "执法", "司法", "立法", "用法", "普法", "守法", "违法", "合法",
        "看法", "书法",
    ];
    if law
        && ((plain.ends_with('法') && !no_law.iter().any(|end| plain.ends_with(end)))
            || plain.ends_with("法典")
            || plain.ends_with("法修正案"))
    {
        return Some(Genre::Law);
    }
    // An order that names itself by its number: 中华人民共和国国务院令第706号.
    if plain.ends_with('号') && plain.contains("令第") {
        return Some(Genre::Order);
    }
    let &(ending, genre) = ENDINGS.iter().find(|(ending, _)| plain.ends_with(ending))?;
    let before = &plain[..plain.len() - ending.len()];
    if TELLING.iter().any(|verb| before.ends_with(verb)) {
        return None;
    }
    // 令 and 函 end many a word; alone they count only as a document's name.
    if matches!(ending, "令" | "函")
        && !(before.ends_with('的') || before.ends_with(['院', '府', '席', '部', '号']))
    {
        return None;
    }
    (!before.is_empty() || whole.is_none()).then_some(genre)
}

/// `title` without the remark in brackets at its end: (试行), (2018—2035年).
fn without_remark(title: &str) -> &str {
    let mut title = title;
    while title.ends_with(['）', ')', '〕', ']']) {
        match title.rfind(['（', '(', '〔', '[']) {
            Some(at) if at > 0 => title = &title[..at],
            _ => break,
        }
    }
    title
}

/// `title` with the names inside 《》 and “” left out.
fn without_names(title: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(title.len());
    for c in title.chars() {
        match c {
            '《' | '“' => depth += 1,
            '》' | '”' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, expected: Option<Genre>) {
        assert_eq!(of_title(title), expected, "{title}");
    }

    #[test]
    fn formal_titles() {
        check(
            "青川市人民政府关于印发青川市节水方案的通知",
            Some(Genre::Notification),
        );
        check("关于修改《青川市节水办法》的决定", Some(Genre::Decision));
        check("青川市节水办法（试行）", Some(Genre::Measures));
        check("《青川市节水办法》", Some(Genre::Measures));
        check("对市人大代表第12号建议的答复", Some(Genre::Letter));
        check("关于同意设立保护区的复函", Some(Genre::Letter));
        check("关于总体规划（2018—2035年）的批复", Some(Genre::Reply));
        check("中华人民共和国专利法", Some(Genre::Law));
        check("中华人民共和国刑法修正案（十一）", Some(Genre::Law));
        check("几 个 问 题 的 通 知", Some(Genre::Notification));
        check("《青川市节水办法》解读", Some(Genre::Interpretation));
    }

    #[test]
    fn inspection_reports() {
        check(
            "中共青川县委关于巡视整改进展情况的通报",
            Some(Genre::InspectionReport),
        );
        check(
            "关于落实省委巡察反馈意见整改情况的报告",
            Some(Genre::InspectionReport),
        );
        check("关于巡视反馈情况的通报", Some(Genre::Circular));
    }

    #[test]
    fn a_title_that_tells_of_a_document_is_none() {
        for title in [
            "市政府印发通知",
            "向社会公开征求意见",
            "李明到镇上调研防汛工作",
            "关于印发《节水方案》",
            "",
            "谈谈学习方法",
        ] {
            check(title, None);
        }
    }
}
