//! Names of organs: which text is one, and whose.

/// What names of organs end in.
const ENDINGS: [&str; 40] = [
    "委员会",
    "人民政府",
    "政府",
    "办公室",
    "办公厅",
    "国务院",
    "法院",
    "检察院",
    "领导小组",
    "指挥部",
    "纪委",
    "监委",
    "党组",
    "工委",
    "党委",
    "总局",
    "分局",
    "支局",
    "大队",
    "支队",
    "总队",
    "分行",
    "支行",
    "银行",
    "大学",
    "学院",
    "协会",
    "联合会",
    "研究院",
    "事务所",
    "管委会",
    "党校",
    "总工会",
    "代表大会",
    "基金会",
    "区委",
    "县委",
    "市委",
    "中心",
    "公司",
];
/// One character that ends a name of three or more: 财政部, 教育局, 省公安厅.
const LAST: [char; 13] = [
    '局', '厅', '部', '委', '署', '会', '院', '办', '处', '社', '站', '所', '团',
];
/// Organs of the whole country start with one of these.
const CENTRAL: [&str; 12] = [
    "国务院",
    "中共中央",
    "中央",
    "中华人民共和国",
    "全国人民代表大会",
    "全国人大",
    "全国政协",
    "最高人民",
    "国家",
    "中国",
    "全国",
    "第十四届全国",
];

/// What the one that buys, builds or expropriates is called.
const CLIENTS: [&str; 6] = [
    "招标人",
    "招标单位",
    "采购人",
    "采购单位",
    "征收部门",
    "征收单位",
];

/// Whether `text` is the name of an organ and nothing else.
pub(crate) fn is_organ(text: &str) -> bool {
    let len = text.chars().count();
    if !(3..=40).contains(&len)
        || text.starts_with(['第', '各', '本', '该', '请', '由', '报', '抄'])
    {
        return false;
    }
    let named = |c: char| {
        matches!(
            c,
            '\u{3400}'..='\u{9fff}' | '（' | '）' | '(' | ')' | '·' | '〇'
        )
    };
    if !text.chars().all(named) {
        return false;
    }
    let text = text.trim_end_matches(['）', ')']);
    let text = match text.rfind(['（', '(']) {
        Some(at) if at > 0 && text[at..].chars().count() <= 12 => &text[..at],
        _ => text,
    };
    ENDINGS.iter().any(|end| text.ends_with(end)) || text.ends_with(LAST)
}

/// The organs that a line names, if it names nothing else: 甲局 乙局.
pub(crate) fn organs_in(line: &str) -> Option<String> {
    let parts: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || c == '、')
        .filter(|part| !part.is_empty())
        .collect();
    if !parts.is_empty() && parts.iter().all(|part| is_organ(part)) {
        return Some(parts.join("、"));
    }
    let squeezed: String = parts.concat();
    (parts.len() > 1 && !line.contains('、') && is_organ(&squeezed)).then_some(squeezed)
}

/// The organ that a title names before 关于, 印发 and the like.
pub(crate) fn of_title(title: &str) -> Option<String> {
    let squeezed: String = title.chars().filter(|c| !c.is_whitespace()).collect();
    ["关于", "印发", "转发", "批转", "对", "公布", "公开通报"]
        .iter()
        .filter_map(|word| squeezed.find(word))
        .filter(|&at| at > 0)
        .min()
        .map(|at| squeezed[..at].trim_end_matches(['、', '，']).to_owned())
        .filter(|name| organs_in(name).is_some() || is_party_committee(name))
}

/// The organ that a notice of procurement names as the one that buys or builds
/// (招标人：…, 采购人：…), or one of expropriation as the one in charge, if all
/// such names in `lines` are the same. Only where `title` is of that kind.
pub(crate) fn of_client<'t>(title: &str, lines: impl Iterator<Item = &'t str>) -> Option<String> {
    let kinds = ["招标", "采购", "中标", "成交", "磋商", "询价", "征收"];
    if !kinds.iter().any(|kind| title.contains(kind)) {
        return None;
    }
    let mut found: Option<&str> = None;
    for line in lines {
        for (at, colon) in line.match_indices(['：', ':']) {
            let label = CLIENTS.iter().find(|label| line[..at].ends_with(**label));
            let Some(label) = label else { continue };
            let before = &line[..at - label.len()];
            // 由招标人：… is no label.
            if before.ends_with(|c: char| c.is_alphanumeric() && !c.is_ascii_digit()) {
                continue;
            }
            let value = line[at + colon.len()..].trim_start();
            let value = value
                .split(|c: char| c.is_whitespace() || "，。；,;（(".contains(c))
                .next()
                .unwrap_or("");
            if !is_organ(value) || found.is_some_and(|found| found != value) {
                return None;
            }
            found = Some(value);
        }
    }
    found.map(str::to_owned)
}

/// 中共芜湖市镜湖区委 and its kind.
fn is_party_committee(name: &str) -> bool {
    name.starts_with("中共") && name.ends_with('委') && name.chars().count() <= 24
}

/// Whether `organ` is one of the whole country, so that no place is its own.
pub(crate) fn is_central(organ: &str) -> bool {
    let first = organ.split('、').next().unwrap_or(organ);
    if CENTRAL.iter().any(|start| first.starts_with(start)) {
        // 中国共产党芜湖市委员会, 国家税务总局芜湖市税务局 belong to a place.
        return !["市", "县", "区", "省", "州", "盟", "旗"]
            .iter()
            .any(|level| {
                first.char_indices().skip(3).any(|(at, _)| {
                    first[at..].starts_with(level) && !first[at..].starts_with("市场")
                })
            });
    }
    let count = first.chars().count();
    (count <= 8 && first.ends_with('部') && !first.contains(['省', '市', '县', '区', '州', '委']))
        || first == "审计署"
        || first.ends_with("总局")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organs_are_told_from_text() {
        for text in [
            "国务院",
            "国务院办公厅",
            "中共镜湖区委员会",
            "青川市财政局",
            "青川市人民政府（代章）",
            "财政部",
        ] {
            assert!(is_organ(text), "{text}");
        }
        for text in [
            "",
            "附件",
            "2024年3月5日",
            "现印发给你们，请认真贯彻执行",
            "各乡镇人民政府",
            "第七章",
            "联系人",
        ] {
            assert!(!is_organ(text), "{text}");
        }
        assert_eq!(
            organs_in("青川市财政局  青川市水利局").as_deref(),
            Some("青川市财政局、青川市水利局")
        );
        assert_eq!(organs_in("国 务 院").as_deref(), Some("国务院"));
        assert_eq!(organs_in("请财政局办理 谢谢"), None);
    }

    #[test]
    fn titles_name_their_organ() {
        let organ = |title| of_title(title).unwrap_or_default();
        assert_eq!(
            organ("青川市人民政府办公室关于印发节水方案的通知"),
            "青川市人民政府办公室"
        );
        assert_eq!(
            organ("中共芜湖市镜湖区委关于巡视整改进展情况的通报"),
            "中共芜湖市镜湖区委"
        );
        assert_eq!(organ("国务院办公厅对人大建议的答复"), "国务院办公厅");
        assert_eq!(organ("关于开展检查的通知"), "");
        assert_eq!(organ("青川节水办法"), "");
    }

    #[test]
    fn procurement_names_its_client() {
        #[track_caller]
        fn check(title: &str, lines: &[&str], expected: Option<&str>) {
            let found = of_client(title, lines.iter().copied());
            assert_eq!(found.as_deref(), expected, "{lines:?}");
        }
        let line = "向招标人提出。招标人：青川市水利局，电话：1。";
        check("节水工程招标公告", &[line], Some("青川市水利局"));
        check("节水工程情况通报", &[line], None);
        check("节水工程招标公告", &[line, "采购人：青川市财政局"], None);
        check("节水工程招标公告", &["由招标人：青川市水利局"], None);
        check("节水工程招标公告", &["招标人：见附件"], None);
        check(
            "房屋征收公告",
            &["1.征收部门: 青川市水利局（见图）"],
            Some("青川市水利局"),
        );
    }

    #[test]
    fn central_organs_have_no_place() {
        for organ in [
            "国务院办公厅",
            "财政部",
            "国家税务总局",
            "全国人民代表大会常务委员会",
            "中共中央办公厅",
        ] {
            assert!(is_central(organ), "{organ}");
        }
        for organ in [
            "国家税务总局芜湖市税务局",
            "青川市人民政府",
            "中国共产党芜湖市委员会",
            "省委组织部",
        ] {
            assert!(!is_central(organ), "{organ}");
        }
    }
}
