//! Names of divisions in texts, and which division each stands for.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::table::{Level, Table};

/// Short names that running text often has across two words or as a word:
/// 加大|理论, 推广|安全, 创新|乡村, 日照.
const OFTEN_PARTS: [&str; 51] = [
    "大理", "丽水", "日照", "来宾", "安康", "保定", "长治", "大同", "和田", "中山", "三明", "安顺",
    "定西", "海东", "海西", "海北", "黄山", "东方", "大连", "大庆", "本溪", "四平", "白山", "平凉",
    "通化", "中卫", "河池", "文山", "红河", "兴安", "阿里", "保山", "广安", "内江", "南平", "江门",
    "自贡", "伊春", "朝阳", "山南", "新乡", "开封", "海口", "运城", "天水", "百色", "汉中", "孝感",
    "恩施", "南通", "金华",
];

/// A name of divisions: full (镜湖区) or short (镜湖).
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) full: bool,
    /// Its part of [`Table::name_rows`], in order; never empty.
    rows: Range<usize>,
}

/// A name of a division in a text.
#[derive(Clone, Debug)]
pub(super) struct Mention<'t> {
    pub(super) range: Range<usize>,
    pub(super) name: &'t Name,
}

impl Table {
    /// Notes the names of the rows: by first character, longest first.
    pub(super) fn collect_names(&mut self) {
        let rows = &self.rows;
        // Compared first, so that few texts are: character, length, kind.
        let key = |text: &str, full: bool| {
            let first = text.chars().next().map_or(0, u64::from);
            let short = u64::from(!full);
            (first << 32) | (0xffff - text.len().min(0xffff) as u64) << 1 | short
        };
        let mut entries: Vec<(u64, &str, u32)> = Vec::with_capacity(rows.len() * 2);
        for (index, row) in (0..).zip(rows) {
            // These stand for a rank, not for a place.
            if matches!(&*row.name, "市辖区" | "市区" | "县")
                || row.name.len() > 12 && row.name.contains("直辖")
            {
                continue;
            }
            entries.push((key(&row.name, true), &row.name, index));
            if row.short != row.name && row.short.chars().nth(1).is_some() {
                entries.push((key(&row.short, false), &row.short, index));
            }
        }
        entries.sort_unstable();
        self.name_rows = entries.iter().map(|entry| entry.2).collect();
        self.names.reserve(entries.len());
        let mut at = 0;
        for same in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            self.names.push(Name {
                full: same[0].0 & 1 == 0,
                rows: at..at + same.len(),
            });
            at += same.len();
        }
        let first = |name: &Name| self.text_of(name).chars().next().unwrap_or(' ');
        let mut by_first = FxHashMap::default();
        by_first.reserve(self.names.len() / 4);
        let mut at = 0;
        for alike in self.names.chunk_by(|a, b| first(a) == first(b)) {
            by_first.insert(first(&alike[0]), at..at + alike.len());
            at += alike.len();
        }
        self.by_first = by_first;
    }

    pub(super) fn rows_of(&self, name: &Name) -> impl Iterator<Item = usize> + '_ {
        self.name_rows[name.rows.clone()]
            .iter()
            .map(|&row| row as usize)
    }

    fn text_of(&self, name: &Name) -> &str {
        let row = &self.rows[self.name_rows[name.rows.start] as usize];
        if name.full { &row.name } else { &row.short }
    }

    /// The names of divisions in `text`, from the left, the longest at each
    /// place, without overlap.
    pub(super) fn mentions<'t>(&'t self, text: &str) -> Vec<Mention<'t>> {
        let mut found: Vec<Mention<'t>> = Vec::new();
        let mut next = 0;
        for (at, c) in text.char_indices() {
            if at < next {
                continue;
            }
            let Some(names) = self.by_first.get(&c) else {
                continue;
            };
            let rest = &text[at..];
            let joined = found.last().is_some_and(|last| last.range.end == at);
            let start = at == 0
                || text[..at].ends_with(|c: char| !is_han(c))
                || text[..at].ends_with("中共");
            let fits = |name: &&Name| {
                let text = self.text_of(name);
                rest.strip_prefix(text)
                    .is_some_and(|after| !name.full || is_name_here(text, after, joined, start))
            };
            if let Some(name) = self.names[names.clone()].iter().find(fits) {
                next = at + self.text_of(name).len();
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
    pub(super) fn resolve_chain(
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
                let province = |&row: &usize| self.rows[row].level == Level::Province;
                let leads = mention.range.start == 0 || &text[..mention.range.start] == "中共";
                if leads
                    && at == 0
                    && let Some(row) = self.rows_of(mention.name).find(province)
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

    /// The province or prefecture that the short name `mention` stands for in
    /// `text`.
    pub(super) fn short_name(&self, text: &str, mention: &Mention<'_>) -> Option<usize> {
        let name = &text[mention.range.clone()];
        let street = text[mention.range.end..].starts_with(['路', '街', '桥', '巷', '菜', '话']);
        if street || OFTEN_PARTS.contains(&name) {
            return None;
        }
        let wide = |&row: &usize| self.rows[row].level != Level::County && self.rows[row].current;
        let mut rows = self.rows_of(mention.name).filter(wide);
        let first = rows.next()?;
        rows.next().is_none().then_some(first)
    }

    /// The one division that a mention stands for, given the names right
    /// before it and those elsewhere.
    pub(super) fn resolve(
        &self,
        mention: &Mention<'_>,
        before: &[Mention<'_>],
        around: &[Mention<'_>],
    ) -> Option<usize> {
        let named = |mentions: &[Mention<'_>], level: Level, name: &str| {
            mentions
                .iter()
                .flat_map(|m| self.rows_of(m.name))
                .any(|row| self.rows[row].level == level && self.rows[row].name == name)
        };
        let mut best: Vec<usize> = Vec::new();
        let mut best_score = (0, 0, false);
        for row in self.rows_of(mention.name) {
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

/// Whether a full name stands for a place where `after` follows it. `joined`:
/// right after another place; `start`: where a name can begin.
fn is_name_here(name: &str, after: &str, joined: bool, start: bool) -> bool {
    let next = after.chars().next().unwrap_or(' ');
    let last = name.chars().last().unwrap_or(' ');
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
    match (name.chars().count(), last) {
        (2, '区') => joined,
        (2, _) => joined || start,
        _ => true,
    }
}
