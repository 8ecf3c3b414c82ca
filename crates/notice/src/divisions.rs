//! Administrative divisions, and how names in a text are resolved to them.

mod names; // 芜湖市镜湖区 in a text
mod table; // rows, codes, successors

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

pub use self::table::Level;
use self::{
    names::Mention,
    table::{Division, Table, is_code},
};
use crate::{Region, read_by::digest_of};

/// The divisions of GB/T 2260 since 1980, those abolished with their
/// successors (data of mumuy/data_location, MIT).
const BUILTIN: &str = include_str!("../../../data/divisions/divisions.tsv");

/// The table of administrative divisions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Divisions(Arc<Table>);

/// The rows of a table that a user gives.
fn rows_of(tsv: &str) -> impl Iterator<Item = Division<'static>> {
    tsv.lines()
        .filter_map(|line| Division::parse(line).map(Division::into_owned))
}

impl Divisions {
    /// The table that comes with the program. The first call reads it, in about
    /// 3 ms; later ones share it.
    #[must_use]
    pub fn builtin() -> Self {
        static TABLE: OnceLock<Divisions> = OnceLock::new();
        TABLE
            .get_or_init(|| {
                let mut rows = Vec::with_capacity(BUILTIN.len() / 48);
                rows.extend(BUILTIN.lines().filter_map(Division::parse));
                Self(Arc::new(Table::new(rows)))
            })
            .clone()
    }

    /// A table from tab-separated text with a header line and the columns
    /// `code`, `name`, `short`, `level` (`province`, `prefecture` or `county`),
    /// `province`, `prefecture`, `status` (`current` or `abolished`) and
    /// `successor` (codes separated by commas). Lines that do not fit, and
    /// comments after `#`, are passed over.
    #[must_use]
    pub fn from_tsv(tsv: &str) -> Self {
        Self(Arc::new(Table::new(rows_of(tsv).collect())))
    }

    /// This table with the rows of `tsv` (see [`Self::from_tsv`]) laid over it:
    /// a row of a known code replaces it, the others are added.
    #[must_use]
    pub fn with_extra(&self, tsv: &str) -> Self {
        let mut rows = self.0.rows.clone();
        for row in rows_of(tsv) {
            match self.0.find(&row.code) {
                Some(index) => rows[index] = row,
                None => rows.push(row),
            }
        }
        Self(Arc::new(Table::new(rows)))
    }

    /// A digest of the table: equal ones name the same places.
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(&self.0.rows)
    }

    /// The division of that code, or what succeeded it; `None` for an unknown
    /// code and one whose successors have no common parent.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<Region> {
        let index = self.0.current(self.0.find(code)?)?;
        Some(self.0.region(index))
    }

    /// The division that `text` names: a code, a full name, with the divisions
    /// above it or without, or an unambiguous short name.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<Region> {
        let text = text.trim();
        if is_code(text) {
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

    /// Every place that `text` names and that is unambiguous, names of places
    /// in one another (常州市钟楼区) as one; `near` decides between namesakes.
    ///
    /// Short names count for provinces and prefectures alone, and not where
    /// they are often part of other words.
    pub(crate) fn places(&self, text: &str, near: Option<&Region>) -> Vec<(Range<usize>, Region)> {
        let table = &*self.0;
        let around = near.map_or_else(Vec::new, |region| table.mentions(&region.name));
        let mentions = table.mentions(text);
        let chains = mentions.chunk_by(|a, b| a.range.end == b.range.start);
        let found = chains.filter_map(|chain| {
            // Of short names alone the first counts: 芜湖|古城.
            let full = chain.iter().any(|mention| mention.name.full);
            let (last, index) = if full {
                (chain.last()?, table.resolve_chain(chain, &around, text)?)
            } else {
                (&chain[0], table.short_name(text, &chain[0])?)
            };
            Some((chain[0].range.start..last.range.end, table.region(index)))
        });
        found.collect()
    }

    /// The current divisions of `level` that lie in the division of code `within`,
    /// or are it, in the order of their codes.
    #[must_use]
    pub fn inside(&self, within: &str, level: Level) -> Vec<Region> {
        let table = &*self.0;
        let Some(outer) = table.find(within) else {
            return Vec::new();
        };
        let mut found: Vec<_> = (0..table.rows.len())
            .filter(|&index| {
                let row = &table.rows[index];
                row.current && row.level == level && (index == outer || table.holds(outer, index))
            })
            .map(|index| table.region(index))
            .collect();
        found.sort_by(|a, b| a.code.cmp(&b.code));
        found
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
    fn the_counties_of_a_city_are_listed() {
        let codes = |within, level| -> Vec<String> {
            let inside = Divisions::builtin().inside(within, level);
            inside.into_iter().map(|region| region.code).collect()
        };
        let counties = codes("340200", Level::County);
        assert!(counties.contains(&"340202".to_owned()), "{counties:?}");
        assert!(!counties.contains(&"340203".to_owned()), "it was abolished");
        assert!(counties.iter().all(|code| code.starts_with("3402")));
        assert_eq!(codes("340202", Level::County), ["340202"]);
        assert!(codes("340000", Level::Prefecture).contains(&"340200".to_owned()));
        assert!(codes("999999", Level::County).is_empty());
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
