//! Administrative divisions, and how names in a text are resolved to them.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, OnceLock},
};

use crate::Region;

/// The divisions of GB/T 2260 since 1980, those abolished with their
/// successors (data of mumuy/data_location, MIT).
const BUILTIN: &str = include_str!("../../../data/divisions/divisions.tsv");

/// A level of division, widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Province,
    Prefecture,
    County,
}

#[derive(Clone, Debug)]
struct Division {
    code: String,
    name: String,
    short: String,
    level: Level,
    province: String,
    prefecture: String,
    current: bool,
    successors: Vec<String>,
}

/// A name of divisions: full (镜湖区) or short (镜湖).
#[derive(Debug)]
struct Name {
    text: String,
    full: bool,
    rows: Vec<usize>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Division>,
    by_code: HashMap<String, usize>,
    /// Names by their first character, longest first.
    names: HashMap<char, Vec<Name>>,
}

/// The table of administrative divisions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Divisions(Arc<Table>);

/// A name of a division in a text.
#[derive(Clone, Debug)]
struct Mention<'t> {
    range: Range<usize>,
    name: &'t Name,
}

impl Divisions {
    /// The table that comes with the program. The first call reads it, in about
    /// 10 ms; later ones share it.
    #[must_use]
    pub fn builtin() -> Self {
        static TABLE: OnceLock<Divisions> = OnceLock::new();
        TABLE.get_or_init(|| Self::from_tsv(BUILTIN)).clone()
    }

    /// A table from tab-separated text with a header line and the columns
    /// `code`, `name`, `short`, `level` (`province`, `prefecture` or `county`),
    /// `province`, `prefecture`, `status` (`current` or `abolished`) and
    /// `successor` (codes separated by commas). Lines that do not fit, and
    /// comments after `#`, are passed over.
    #[must_use]
    pub fn from_tsv(tsv: &str) -> Self {
        Self(Arc::new(Table::new(
            tsv.lines().filter_map(parse_row).collect(),
        )))
    }

    /// This table with the rows of `tsv` (see [`Self::from_tsv`]) laid over it:
    /// a row of a known code replaces it, the others are added.
    #[must_use]
    pub fn with_extra(&self, tsv: &str) -> Self {
        let mut rows = self.0.rows.clone();
        for row in tsv.lines().filter_map(parse_row) {
            match self.0.by_code.get(&row.code) {
                Some(&index) => rows[index] = row,
                None => rows.push(row),
            }
        }
        Self(Arc::new(Table::new(rows)))
    }

    /// The division of that code, or what succeeded it; `None` for an unknown
    /// code and one whose successors have no common parent.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<Region> {
        let index = self.0.current(*self.0.by_code.get(code)?)?;
        Some(self.0.region(index))
    }

    /// The division that `text` names: a code, a full name, with the divisions
    /// above it or without, or an unambiguous short name.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<Region> {
        let text = text.trim();
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
            return self.region(text);
        }
        let mentions = self.0.mentions(text);
        let last = mentions.last()?;
        let whole = mentions.first()?.range.start == 0 && last.range.end == text.len();
        let joined = mentions
            .windows(2)
            .all(|pair| pair[0].range.end == pair[1].range.start);
        if !whole || !joined {
            return None;
        }
        let index = self.0.resolve(last, &mentions[..mentions.len() - 1], &[])?;
        Some(self.0.region(index))
    }

    /// The place that `text` starts with or speaks of, the most specific one
    /// that is unambiguous; `context` are other texts of the same page, whose
    /// names of divisions decide between namesakes.
    pub(crate) fn place_in(&self, text: &str, context: &[&str], care: Care) -> Option<Region> {
        let table = &*self.0;
        let mentions = table.mentions(text);
        if mentions.is_empty() {
            return None;
        }
        let around: Vec<Mention<'_>> = context
            .iter()
            .flat_map(|text| table.mentions(text))
            .collect();
        let mut found: Vec<usize> = Vec::new();
        let mut start = 0;
        while start < mentions.len() {
            let mut end = start + 1;
            while end < mentions.len() && mentions[end].range.start == mentions[end - 1].range.end {
                end += 1;
            }
            let chain = &mentions[start..end];
            start = end;
            if care == Care::Address && chain.len() < 2 {
                continue;
            }
            if let Some(index) = table.resolve_chain(chain, &around, text) {
                found.push(index);
                if care == Care::Name {
                    break;
                }
            }
        }
        // Several places: only those that lie in one another agree on one.
        let deepest = *found.iter().max_by_key(|&&index| table.rows[index].level)?;
        let agreed = found.iter().all(|&index| table.holds(index, deepest));
        agreed.then(|| table.region(deepest))
    }
}

/// How a text is read for places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// The name of an organ or a site: its first place counts.
    Name,
    /// A title: all places in it must agree.
    Title,
    /// Running text: only a place printed with one above it counts
    /// (芜湖市镜湖区), and all must agree.
    Address,
}

fn parse_row(line: &str) -> Option<Division> {
    let mut fields = line.trim_end_matches(['\r', '\n']).split('\t');
    let mut next = || fields.next().unwrap_or("").trim().to_owned();
    let (code, name, short, level) = (next(), next(), next(), next());
    let level = match level.as_str() {
        "province" => Level::Province,
        "prefecture" => Level::Prefecture,
        "county" => Level::County,
        _ => return None,
    };
    let valid = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty();
    let (province, prefecture, status, successor) = (next(), next(), next(), next());
    valid.then(|| Division {
        code,
        name,
        short,
        level,
        province,
        prefecture,
        current: status != "abolished",
        successors: successor
            .split(',')
            .filter(|code| code.len() == 6)
            .map(str::to_owned)
            .collect(),
    })
}

impl Table {
    fn new(rows: Vec<Division>) -> Self {
        let mut by_code = HashMap::new();
        let mut by_name: HashMap<(&str, bool), Vec<usize>> = HashMap::new();
        for (index, row) in rows.iter().enumerate() {
            by_code.entry(row.code.clone()).or_insert(index);
            // These stand for a rank, not for a place.
            if matches!(
                row.name.as_str(),
                "市辖区" | "省直辖行政单位" | "市区" | "县"
            ) || row.name.contains("直辖")
            {
                continue;
            }
            by_name.entry((&row.name, true)).or_default().push(index);
            if row.short != row.name && row.short.chars().count() >= 2 {
                by_name.entry((&row.short, false)).or_default().push(index);
            }
        }
        let mut names: HashMap<char, Vec<Name>> = HashMap::new();
        for ((text, full), rows) in by_name {
            let Some(first) = text.chars().next() else {
                continue;
            };
            let text = text.to_owned();
            names
                .entry(first)
                .or_default()
                .push(Name { text, full, rows });
        }
        for list in names.values_mut() {
            list.sort_by(|a, b| {
                (b.text.len(), b.full, &a.text).cmp(&(a.text.len(), a.full, &b.text))
            });
        }
        Self {
            by_code,
            names,
            rows,
        }
    }

    /// The current division that `index` is or became. Of several successors,
    /// the division that holds them all.
    fn current(&self, index: usize) -> Option<usize> {
        let mut index = index;
        for _ in 0..8 {
            let row = &self.rows[index];
            if row.current {
                return Some(index);
            }
            let (first, rest) = row.successors.split_first()?;
            let mut code = first.clone();
            for other in rest {
                let wider = [4, 2].into_iter().find(|&n| code[..n] == other[..n])?;
                code = format!("{:0<6}", &code[..wider]);
            }
            index = *self.by_code.get(&code)?;
        }
        None
    }

    fn region(&self, index: usize) -> Region {
        let row = &self.rows[index];
        let mut name = String::new();
        for part in [&row.province, &row.prefecture, &row.name] {
            if !part.is_empty() && !name.ends_with(part.as_str()) && !part.contains("直辖") {
                name.push_str(part);
            }
        }
        Region {
            code: row.code.clone(),
            name,
        }
    }

    /// Whether the division `inner` is `outer` or lies in it.
    fn holds(&self, outer: usize, inner: usize) -> bool {
        let (outer, inner) = (&self.rows[outer], &self.rows[inner]);
        outer.code == inner.code
            || match outer.level {
                Level::Province => inner.province == outer.name,
                Level::Prefecture => {
                    inner.prefecture == outer.name && inner.province == outer.province
                }
                Level::County => false,
            }
    }

    /// The names of divisions in `text`, from the left, the longest at each
    /// place, without overlap.
    fn mentions<'t>(&'t self, text: &str) -> Vec<Mention<'t>> {
        let mut found: Vec<Mention<'t>> = Vec::new();
        let mut next = 0;
        for (at, c) in text.char_indices() {
            if at < next {
                continue;
            }
            let Some(names) = self.names.get(&c) else {
                continue;
            };
            let rest = &text[at..];
            let joined = found.last().is_some_and(|last| last.range.end == at);
            let start = at == 0
                || text[..at].ends_with(|c: char| !is_han(c))
                || text[..at].ends_with("中共");
            let fits = |name: &&Name| {
                rest.starts_with(name.text.as_str())
                    && is_name_here(name, &rest[name.text.len()..], joined, start)
            };
            if let Some(name) = names.iter().find(fits) {
                next = at + name.text.len();
                found.push(Mention {
                    range: at..next,
                    name,
                });
            }
        }
        found
    }

    /// The deepest division of a chain such as 安徽省·芜湖市·镜湖区 that is
    /// unambiguous.
    fn resolve_chain(
        &self,
        chain: &[Mention<'_>],
        around: &[Mention<'_>],
        text: &str,
    ) -> Option<usize> {
        for at in (0..chain.len()).rev() {
            let mention = &chain[at];
            // A short name is a place of its own only where a text starts with
            // that of a province: 安徽纪检监察网.
            if !mention.name.full {
                let province = |&&row: &&usize| self.rows[row].level == Level::Province;
                let leads = mention.range.start == 0 || &text[..mention.range.start] == "中共";
                if leads
                    && at == 0
                    && let Some(&row) = mention.name.rows.iter().find(province)
                {
                    return Some(row);
                }
                continue;
            }
            if let Some(index) = self.resolve(mention, &chain[..at], around) {
                return Some(index);
            }
        }
        None
    }

    /// The one division that a mention stands for, given the names right
    /// before it and those elsewhere.
    fn resolve(
        &self,
        mention: &Mention<'_>,
        before: &[Mention<'_>],
        around: &[Mention<'_>],
    ) -> Option<usize> {
        let named = |mentions: &[Mention<'_>], level: Level, name: &str| {
            mentions
                .iter()
                .flat_map(|m| &m.name.rows)
                .any(|&row| self.rows[row].level == level && self.rows[row].name == name)
        };
        let mut best: Vec<usize> = Vec::new();
        let mut best_score = (0, 0, false);
        for &row in &mention.name.rows {
            let division = &self.rows[row];
            let score = |mentions: &[Mention<'_>]| {
                let prefecture = !division.prefecture.is_empty()
                    && named(mentions, Level::Prefecture, &division.prefecture);
                let province = named(mentions, Level::Province, &division.province);
                2 * i32::from(prefecture) + i32::from(province)
            };
            let score = (score(before), score(around), division.current);
            if best.is_empty() || score > best_score {
                best_score = score;
                best.clear();
            }
            if score == best_score {
                best.push(row);
            }
        }
        // A full name above that none of them lies in: another place of that
        // name, which the table does not know.
        if before.iter().any(|m| m.name.full) && best_score.0 == 0 {
            return None;
        }
        let mut codes: Vec<usize> = best
            .into_iter()
            .filter_map(|row| self.current(row))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        match codes.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a name stands for a place where `after` follows it. `joined`: right
/// after another place; `start`: where a name can begin.
fn is_name_here(name: &Name, after: &str, joined: bool, start: bool) -> bool {
    if !name.full {
        return true;
    }
    let next = after.chars().next().unwrap_or(' ');
    let last = name.text.chars().last().unwrap_or(' ');
    // 市场, 区域, 区块, 县域, 城市群 are words of their own.
    let word = match last {
        '市' => next == '场' || next == '值',
        '区' => matches!(next, '域' | '块' | '间' | '别'),
        '县' => matches!(next, '域' | '处'),
        _ => false,
    };
    if word {
        return false;
    }
    // 郊区, 城区, 东区: places only right after the city they belong to.
    // 泾县, 新县: only where a name can begin.
    match (name.text.chars().count(), last) {
        (2, '区') => joined,
        (2, _) => joined || start,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, context: &[&str], care: Care, expected: Option<&str>) {
        let found = Divisions::builtin().place_in(text, context, care);
        assert_eq!(
            found.as_ref().map(|region| region.code.as_str()),
            expected,
            "{text}: {found:?}"
        );
    }

    #[test]
    fn organs() {
        check("中共镜湖区委员会", &[], Care::Name, Some("340202"));
        check(
            "芜湖市镜湖区人民政府办公室",
            &[],
            Care::Name,
            Some("340202"),
        );
        check("安徽省市场监督管理局", &[], Care::Name, Some("340000"));
        check("安徽纪检监察网", &[], Care::Name, Some("340000"));
        check("上海市市场监督管理局", &[], Care::Name, Some("310000"));
        check("泾县人民政府", &[], Care::Name, Some("341823"));
        check("区委办公室", &[], Care::Name, None);
    }

    #[test]
    fn namesakes_need_context() {
        check("鼓楼区人民政府", &[], Care::Name, None);
        check(
            "鼓楼区人民政府",
            &["南京市鼓楼区政府网"],
            Care::Name,
            Some("320106"),
        );
        check(
            "福州市鼓楼区人民政府",
            &["南京"],
            Care::Name,
            Some("350102"),
        );
        check("朝阳区人民政府", &["北京"], Care::Name, Some("110105"));
        check("铜陵市郊区人民政府", &[], Care::Name, Some("340711"));
        check("芜湖市朝阳区人民政府", &[], Care::Name, Some("340200"));
    }

    #[test]
    fn abolished_divisions_are_resolved() {
        check("繁昌县人民政府", &[], Care::Name, Some("340212"));
        check("上海市南市区人民政府", &[], Care::Name, Some("310101"));
        assert_eq!(
            Divisions::builtin()
                .region("340203")
                .map(|r| r.code)
                .as_deref(),
            Some("340209")
        );
        assert_eq!(
            Divisions::builtin()
                .region("130504")
                .map(|r| r.code)
                .as_deref(),
            Some("130500")
        );
        assert_eq!(Divisions::builtin().region("999999"), None);
    }

    #[test]
    fn running_text_must_agree() {
        check(
            "地址：安徽省芜湖市镜湖区文化路35号",
            &[],
            Care::Address,
            Some("340202"),
        );
        check("芜湖市镜湖区和合肥市包河区", &[], Care::Address, None);
        check("在镜湖区开展", &[], Care::Address, None);
        check(
            "安徽省芜湖市和芜湖市镜湖区",
            &[],
            Care::Address,
            Some("340202"),
        );
    }

    #[test]
    fn words_that_hold_a_name_are_no_place() {
        check(
            "关于规范上海城市管理的通知",
            &[],
            Care::Title,
            Some("310000").filter(|_| false),
        );
        check("关于南通市场监管的通知", &[], Care::Title, None);
        check("关于郊区治理的通知", &[], Care::Title, None);
    }

    #[test]
    fn names_and_codes_are_looked_up() {
        let named = |text| Divisions::builtin().named(text).map(|region| region.name);
        assert_eq!(named("340202").as_deref(), Some("安徽省芜湖市镜湖区"));
        assert_eq!(
            named("安徽省芜湖市镜湖区").as_deref(),
            Some("安徽省芜湖市镜湖区")
        );
        assert_eq!(named("芜湖市").as_deref(), Some("安徽省芜湖市"));
        assert_eq!(named("安徽").as_deref(), Some("安徽省"));
        assert_eq!(named("上海市").as_deref(), Some("上海市"));
        assert_eq!(named("海淀区").as_deref(), Some("北京市海淀区"));
        assert_eq!(named("没有这个地方"), None);
    }

    #[test]
    fn a_user_adds_and_replaces_rows() {
        let extra = "code\tname\tshort\tlevel\tprovince\tprefecture\tstatus\tsuccessor\n\
                     990000\t云岭省\t云岭\tprovince\t云岭省\t\tcurrent\t\n\
                     990100\t青川市\t青川\tprefecture\t云岭省\t\tcurrent\t\n\
                     990102\t柳河区\t柳河\tcounty\t云岭省\t青川市\tcurrent\t\n";
        let divisions = Divisions::builtin().with_extra(extra);
        let region = divisions.named("青川市柳河区").expect("added");
        assert_eq!(
            (region.code.as_str(), region.name.as_str()),
            ("990102", "云岭省青川市柳河区")
        );
        assert!(divisions.named("镜湖区").is_some());
    }
}
