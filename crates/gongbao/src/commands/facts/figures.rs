//! A row a fact.

use gongbao_query::{FactRow, PeriodRow};

use crate::{
    config::Config,
    output::Row,
    terminal::{Style, escape, pad, shorten, width},
};

/// Columns of what is printed, and of `ID#ANCHOR` at the end.
const PRINTED_WIDTH: usize = 18;
const NAME_WIDTH: usize = 26;

impl Row for FactRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "title",
        "region_code",
        "region",
        "published",
        "anchor",
        "start",
        "end",
        "kind",
        "printed",
        "value",
        "upper",
        "unit",
        "action",
        "object",
        "qualifiers",
        "period",
        "period_from",
        "period_to",
        "name",
        "code",
        "also_in",
    ];

    fn cells(&self) -> Vec<String> {
        let known = |field: &Option<String>| field.clone().unwrap_or_default();
        let number = |field: Option<f64>| field.map_or_else(String::new, |n| n.to_string());
        let region = self.region.as_ref();
        let period = self.period.as_ref();
        let day = |day: fn(&PeriodRow) -> &Option<String>| {
            period.map_or_else(String::new, |period| known(day(period)))
        };
        let qualifiers: Vec<_> = self.qualifiers.iter().map(|q| q.word()).collect();
        vec![
            self.id.clone(),
            known(&self.title),
            region.map_or_else(String::new, |region| region.code.clone()),
            region.map_or_else(String::new, |region| region.name.clone()),
            known(&self.published),
            self.anchor.clone(),
            self.offsets[0].to_string(),
            self.offsets[1].to_string(),
            self.kind.name().to_owned(),
            self.printed.clone(),
            number(self.value),
            number(self.upper),
            known(&self.unit),
            known(&self.action),
            known(&self.object),
            qualifiers.join(" "),
            period.map_or_else(String::new, |period| period.printed.clone()),
            day(|period| &period.from),
            day(|period| &period.to),
            known(&self.name),
            known(&self.code),
            self.also_in.join(" "),
        ]
    }
}

/// A line of a table: what is printed, what it is of, and where.
pub(super) fn line(row: &FactRow, config: &Config) -> String {
    let screen = &config.screen;
    let printed = shorten(&row.printed, PRINTED_WIDTH);
    let before = " ".repeat(PRINTED_WIDTH.saturating_sub(width(&printed)));
    let mut what = String::new();
    if row.kind.is_figure() {
        let parts = [&row.action, &row.object].into_iter().flatten();
        what.extend(parts.flat_map(|part| [part.as_str(), " "]));
        if !row.qualifiers.is_empty() {
            let words: Vec<_> = row.qualifiers.iter().map(|q| q.word()).collect();
            what += &format!("[{}] ", words.join(" "));
        }
        if let Some(period) = &row.period {
            what += &format!("({}) ", period.printed);
        }
        if !row.also_in.is_empty() {
            what += &config.lang.also_in(&row.also_in);
        }
    } else {
        what += row.kind.name();
        let period = row.period.as_ref();
        let days = period.map(|period| match (&period.from, &period.to) {
            (Some(from), Some(to)) if from == to => from.clone(),
            (from, to) => format!(
                "{}..{}",
                from.as_deref().unwrap_or(""),
                to.as_deref().unwrap_or("")
            ),
        });
        for part in [&row.name, &row.code, &days].into_iter().flatten() {
            what += " ";
            what += part;
        }
    }
    let room = screen
        .width
        .saturating_sub(PRINTED_WIDTH + NAME_WIDTH + 4)
        .max(10);
    let name = format!("{}#{}", escape(&row.id), escape(&row.anchor));
    format!(
        "{before}{}  {}  {}",
        screen.paint(Style::Mark, &printed),
        pad(&shorten(what.trim_end(), room), room),
        screen.paint(Style::Dim, &name)
    )
}
