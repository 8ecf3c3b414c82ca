//! What a single line at the end of a notice is: a date, an organ that signs,
//! an attachment, a contact.

use super::{
    label::{is_blank, is_heading_line},
    numeral::{arabic_number, han_number},
};

/// Whether `line` is the head of an enclosed document: 附件, 附件1, 附件2：….
pub(super) fn is_attachment_header(line: &str) -> bool {
    attachment(line).is_some_and(|(numbered, title)| numbered || title.is_empty())
}

/// Reads 附件：…, 附件1：…, 附：…: whether it is numbered, and the title.
pub(super) fn attachment(line: &str) -> Option<(bool, &str)> {
    let line = line.trim_matches(is_blank);
    let after = if let Some(rest) = line
        .strip_prefix("附件")
        .or_else(|| line.strip_prefix("附表"))
    {
        rest
    } else {
        line.strip_prefix('附')
            .filter(|rest| rest.starts_with(['：', ':']))?
    };
    if !is_heading_line(line) {
        return None;
    }
    let after = after.trim_start_matches(is_blank);
    let number = arabic_number(after, 2).or_else(|| han_number(after));
    let rest = number.map_or(after, |(_, len)| &after[len..]);
    let is_mark = |c: char| is_blank(c) || matches!(c, '：' | ':' | '.' | '、');
    // 附件材料齐全 and 附件1所列 are text.
    (rest.is_empty() || rest.starts_with(is_mark))
        .then(|| (number.is_some(), rest.trim_start_matches(is_mark)))
}

/// Whether `line` is a date and nothing else: 2025年9月1日, 二〇二五年九月一日.
pub(super) fn is_date(line: &str) -> bool {
    const MAX_BYTES: usize = 72;
    if line.len() > MAX_BYTES {
        return false;
    }
    let mut fields = [0_usize; 3];
    let mut field = 0;
    for c in line
        .chars()
        .filter(|&c| !is_blank(c) && !matches!(c, '（' | '）' | '(' | ')'))
    {
        if field == 3 {
            return false;
        }
        match c {
            '年' | '月' | '日' => {
                let expected = ['年', '月', '日'][field];
                if c != expected || fields[field] == 0 {
                    return false;
                }
                field += 1;
            }
            '0'..='9'
            | '０'..='９'
            | '〇'
            | '○'
            | '零'
            | 'Ｏ'
            | 'O'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '元' => fields[field] += 1,
            _ => return false,
        }
    }
    field == 3 && fields[0] == 4 && fields[1] <= 2 && fields[2] <= 3
}

/// Whether `line` is an organ and a date in one: 云溪县人民政府 2025年9月1日.
pub(super) fn is_signed_line(line: &str) -> bool {
    const MAX_BYTES: usize = 150;
    if line.len() > MAX_BYTES || !line.ends_with(['日', '）', ')']) {
        return false;
    }
    let Some(year) = line.rfind('年') else {
        return false;
    };
    let Some((start, _)) = line[..year]
        .char_indices()
        .rev()
        .filter(|&(_, c)| !is_blank(c))
        .nth(3)
    else {
        return false;
    };
    start > 0 && is_date(&line[start..]) && is_signatory(&line[..start])
}

/// Whether `line` can sign: an organ, or a person with an office.
pub(super) fn is_signatory(line: &str) -> bool {
    const MAX_CHARS: usize = 40;
    const ORGANS: [&str; 36] = [
        "府",
        "厅",
        "局",
        "委",
        "会",
        "部",
        "院",
        "室",
        "办",
        "署",
        "处",
        "队",
        "中心",
        "司",
        "组",
        "校",
        "团",
        "社",
        "站",
        "所",
        "馆",
        "台",
        "大学",
        "党委",
        "支部",
        "银行",
        "联",
        "盟",
        "省",
        "自治区",
        "庭",
        "海关",
        "学院",
        "集团",
        "企业",
        "法院",
    ];
    const OFFICES: [&str; 17] = [
        "总理",
        "主席",
        "省长",
        "市长",
        "县长",
        "区长",
        "州长",
        "部长",
        "局长",
        "主任",
        "署长",
        "行长",
        "院长",
        "检察长",
        "委员长",
        "会长",
        "审计长",
    ];
    if line.len() > 4 * MAX_CHARS {
        return false;
    }
    let line = line.trim_matches(is_blank);
    // Signatures may be set wide, in brackets, or followed by （盖章）.
    let line = line.strip_suffix("（盖章）").unwrap_or(line);
    let line = line
        .trim_start_matches(['（', '('])
        .trim_end_matches(|c| is_blank(c) || matches!(c, '）' | ')'));
    let chars = line.chars().count();
    let is_person = || {
        OFFICES.iter().any(|office| {
            line.split_once(office).is_some_and(|(before, name)| {
                before.chars().count() <= 20
                    && (2..=8).contains(&name.trim_matches(is_blank).chars().count())
            })
        })
    };
    (2..=MAX_CHARS).contains(&chars)
        && !line.contains(['。', '；', '：', '，', '！', '？', ':', ';', '\t', '、'])
        && !line.starts_with("附件")
        && (ORGANS.iter().any(|organ| line.ends_with(organ)) || is_person())
}

/// Whether `text` says whom to call or write to.
pub(super) fn is_contact(text: &str) -> bool {
    const MAX_BYTES: usize = 1200;
    const WORDS: [&str; 12] = [
        "联系电话",
        "监督电话",
        "举报电话",
        "咨询电话",
        "联系人",
        "邮政信箱",
        "电子邮箱",
        "电子邮件",
        "通信地址",
        "通讯地址",
        "邮政编码",
        "联系方式",
    ];
    if text.len() > MAX_BYTES {
        return false;
    }
    let is_welcome = text.contains("欢迎") && text.contains("监督");
    // 邮政编码 in a rule is not a contact: a contact prints figures.
    let has_figures = || text.bytes().filter(u8::is_ascii_digit).count() >= 5;
    is_welcome
        || WORDS.iter().any(|word| text.contains(word)) && (has_figures() || text.len() <= 90)
}

/// Whether `text` is a formula that closes a document.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with("特此") && text.len() <= 60
        || matches!(text, "此致" | "敬礼" | "敬礼！" | "专此函复。")
}

/// Whether `text` is a note below a signature.
pub(super) fn is_note(text: &str) -> bool {
    const MAX_BYTES: usize = 600;
    const STARTS: [&str; 17] = [
        "（本文",
        "(本文",
        "（此件",
        "(此件",
        "此件",
        "抄送",
        "抄报",
        "主送",
        "分送",
        "主题词",
        "（联系",
        "(联系",
        "责任编辑",
        "（公开",
        "公开方式",
        "信息公开选项",
        "印发",
    ];
    text.len() <= MAX_BYTES && STARTS.iter().any(|start| text.starts_with(start))
}

/// Whether `text` is a sentence of some length, and thus not a title or a cell.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.len() >= 45 && text.ends_with(['。', '；', '：', ':', '！', '？', '”', '）'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_whole_lines() {
        for line in [
            "2025年9月1日",
            "二〇二五年十二月三十一日",
            "（2025年9月1日）",
            "２０２５年９月１日",
        ] {
            assert!(is_date(line), "{line}");
        }
        for line in [
            "2025年9月",
            "2025年9月1日前",
            "1995年",
            "9月1日",
            "年月日",
            "",
        ] {
            assert!(!is_date(line), "{line}");
        }
    }

    #[test]
    fn organs_and_officers_sign() {
        for line in [
            "云溪县人民政府",
            "中共云溪县委员会",
            "县长　王小明",
            "云溪县财政局（盖章）",
        ] {
            assert!(is_signatory(line), "{line}");
        }
        for line in ["自发布之日起施行", "附件", "云溪县人民政府：", "总则", ""]
        {
            assert!(!is_signatory(line), "{line}");
        }
    }

    #[test]
    fn attachments_are_told_from_text_about_them() {
        assert_eq!(attachment("附件：责任清单"), Some((false, "责任清单")));
        assert_eq!(attachment("附件1：责任清单"), Some((true, "责任清单")));
        assert_eq!(attachment("附件 2"), Some((true, "")));
        assert_eq!(attachment("附：进度表"), Some((false, "进度表")));
        for line in ["附件材料齐全", "附件一览表", "附近乡镇", "附件1所列单位。"]
        {
            assert_eq!(attachment(line), None, "{line}");
        }
    }
}
