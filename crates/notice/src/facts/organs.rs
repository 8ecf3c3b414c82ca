//! Organs and places in running text.

use super::{
    fact::{Context, Fact, FactKind},
    text::{before, first_of, is_han},
};

/// Bodies that are named right after a place or its level: 区委常委会. Longest
/// first among those that begin alike.
const BODIES: [&str; 41] = [
    "委理论学习中心组",
    "委常委会",
    "委办公室",
    "委办公厅",
    "委组织部",
    "委宣传部",
    "委统战部",
    "委政法委",
    "委网信办",
    "委编办",
    "委巡察办",
    "委巡视办",
    "委社会工作部",
    "委老干部局",
    "委党校",
    "委督查室",
    "委改革办",
    "委财经办",
    "委农办",
    "委员会",
    "委",
    "人民政府办公室",
    "人民政府办公厅",
    "人民政府",
    "政府办公室",
    "政府办公厅",
    "政府党组",
    "政府办",
    "政府",
    "人大常委会",
    "人大",
    "政协",
    "纪委监委",
    "纪委",
    "监委",
    "人民法院",
    "人民检察院",
    "法院",
    "检察院",
    "总工会",
    "监狱",
];

/// After a body, what may go on its name, when it is found near.
const GO_ON: [&str; 5] = ["巡视组", "巡察组", "领导小组", "委员会办公室", "委员会"];

/// What a department's name ends in, each with what it must not be followed
/// by: 办理, 局面, 中心城区.
const ENDINGS: [(&str, &str); 24] = [
    ("委员会办公室", ""),
    ("委员会", ""),
    ("管委会", ""),
    ("委会", ""),
    ("领导小组办公室", ""),
    ("领导小组", ""),
    ("指挥部", ""),
    ("管理中心", ""),
    ("服务中心", ""),
    ("交易中心", ""),
    ("中心", "城区村校组工任思点线小镇"),
    ("大队", ""),
    ("支队", ""),
    ("总队", ""),
    ("集团公司", ""),
    ("公司", ""),
    ("监狱", ""),
    ("办公室", ""),
    ("巡视组", ""),
    ("巡察组", ""),
    ("局", "面势部限域"),
    ("厅", ""),
    ("委", "托派员任"),
    ("办", "理法事公结好学案件税证得了成实"),
];

/// Organs of the whole country, by their own names. Longest first among those
/// that begin alike.
const CENTRAL: [&str; 45] = [
    "国务院办公厅",
    "国务院安委会",
    "国务院国资委",
    "国务院",
    "中共中央办公厅",
    "中共中央",
    "党中央",
    "中央办公厅",
    "中央纪委国家监委",
    "中央纪委",
    "中央组织部",
    "中央宣传部",
    "中央政法委",
    "国家监委",
    "全国人大常委会",
    "全国人大",
    "全国政协",
    "最高人民法院",
    "最高人民检察院",
    "国家发展改革委",
    "国家发展和改革委员会",
    "国家发改委",
    "国家卫生健康委",
    "国家税务总局",
    "国家统计局",
    "国家能源局",
    "国家林草局",
    "国家医保局",
    "国家市场监管总局",
    "市场监管总局",
    "工业和信息化部",
    "人力资源社会保障部",
    "自然资源部",
    "生态环境部",
    "住房城乡建设部",
    "交通运输部",
    "农业农村部",
    "文化和旅游部",
    "退役军人事务部",
    "应急管理部",
    "财政部",
    "教育部",
    "公安部",
    "民政部",
    "水利部",
];

/// How many characters a department's name has before its ending.
const MAX_NAME_CHARS: usize = 12;

/// The last character of the name of a level, which stands for the place.
fn is_level(c: char) -> bool {
    matches!(c, '省' | '市' | '区' | '县' | '州' | '旗' | '镇' | '乡')
}

/// Whether a name can begin after `c`. Characters that are not Chinese, and
/// the last of the verbs and particles that names follow; 全市, 城区, 我县 begin
/// none.
fn may_follow(c: Option<char>) -> bool {
    c.is_none_or(|c| {
        !is_han(c)
            || "获过织开由经与和及对向是在请报到为以让将按据于从使同会召集给至并或含括如即受委府局院办厅部组级年月日后来前协赴把被是经当由请报".contains(c)
    })
}

/// The places of `text`.
pub(super) fn places(text: &str, context: &Context<'_>) -> Vec<Fact> {
    context
        .divisions
        .places(text, context.region)
        .into_iter()
        .map(|(range, region)| {
            let mut fact = Fact::new(FactKind::Place, range);
            fact.name = Some(region.name);
            fact.code = Some(region.code);
            fact
        })
        .collect()
}

/// Adds the organs of `text`, and those of its `places` that are part of none.
pub(super) fn find(text: &str, places: &[Fact], found: &mut Vec<Fact>) {
    let mut places = places.iter().peekable();
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if at < end {
            while places.next_if(|place| place.range.start < end).is_some() {}
            continue;
        }
        if let Some(place) = places.next_if(|place| place.range.start == at) {
            let start = match text[..at].strip_suffix("中共") {
                Some(before) if before.len() >= end => before.len(),
                _ => at,
            };
            match department(text, place.range.end) {
                Some(last) => {
                    let mut fact = Fact::new(FactKind::Organ, start..last);
                    fact.code.clone_from(&place.code);
                    found.push(fact);
                    end = last;
                }
                None => {
                    found.push(place.clone());
                    end = place.range.end;
                }
            }
            continue;
        }
        let last = if is_level(c) && may_follow(before(text, at)) {
            department(text, at + c.len_utf8())
        } else if matches!(
            c,
            '国' | '中'
                | '党'
                | '全'
                | '最'
                | '市'
                | '工'
                | '人'
                | '自'
                | '生'
                | '住'
                | '交'
                | '农'
                | '文'
                | '退'
                | '应'
                | '财'
                | '教'
                | '公'
                | '民'
                | '水'
        ) {
            first_of(&text[at..], &CENTRAL).map(|name| at + name.len())
        } else {
            None
        };
        if let Some(last) = last {
            found.push(Fact::new(FactKind::Organ, at..last));
            end = last;
        }
    }
}

/// The end of the name of a body or department that begins at `at`, after the
/// name or level of its place.
fn department(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if let Some(body) = first_of(rest, &BODIES) {
        if body == "委" && rest[body.len()..].starts_with(['托', '派', '员', '任', '会']) {
            return None;
        }
        let end = at + body.len();
        return Some(goes_on(text, end).unwrap_or(end));
    }
    for (index, (offset, c)) in rest.char_indices().take(MAX_NAME_CHARS).enumerate() {
        let here = &rest[offset..];
        let ending = ENDINGS.iter().find(|(word, not)| {
            here.strip_prefix(word)
                .is_some_and(|after| !after.starts_with(|c| not.contains(c)))
        });
        if let Some((word, _)) = ending
            && index > 0
            && !(*word == "委" && index < 2)
        {
            return Some(at + offset + word.len());
        }
        let breaks = !is_han(c)
            || "的了在对将已被把是为向从到于等各我其里民级直属内外域赴".contains(c)
            || first_of(
                here,
                &[
                    "领导", "书记", "干部", "群众", "主要", "召开", "开展", "组织", "加强", "推进",
                ],
            )
            .is_some();
        if breaks {
            return None;
        }
    }
    None
}

/// The end of 第七巡视组 or 深化改革领导小组 right after a party committee.
fn goes_on(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    for (offset, c) in rest.char_indices().take(MAX_NAME_CHARS) {
        if let Some(word) = first_of(&rest[offset..], &GO_ON) {
            return Some(at + offset + word.len());
        }
        if !is_han(c) || "的了在对将已被把是为向从到于等各书".contains(c) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Divisions;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let divisions = Divisions::builtin();
        let context = Context::new(&divisions);
        let mut found = Vec::new();
        find(text, &places(text, &context), &mut found);
        let found: Vec<_> = found
            .iter()
            .map(|fact| match &fact.code {
                Some(code) => format!("{} {code}", &text[fact.range.clone()]),
                None => text[fact.range.clone()].to_owned(),
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn organs_and_places() {
        check("区委、区政府主要负责同志", &["区委", "区政府"]);
        check(
            "中共芜湖市镜湖区委员会印发",
            &["中共芜湖市镜湖区委员会 340202"],
        );
        check("赴常州市钟楼区考察", &["常州市钟楼区 320404"]);
        check("荣获省人社厅激励", &["省人社厅"]);
        check(
            "由市发展改革委和市市场监管局办理",
            &["市发展改革委", "市市场监管局"],
        );
        check(
            "省委第七巡视组对镜湖区开展",
            &["省委第七巡视组", "镜湖区 340202"],
        );
        check("全市委托办理，城区办公，社区中心工作", &[]);
        check("国务院办公厅、财政部", &["国务院办公厅", "财政部"]);
    }
}
