//! A row an inspection.

use gongbao_query::{RecordRow, StatedRow};

use crate::{
    config::Config,
    messages::RecordField,
    output::Row,
    terminal::{Style, escape},
};

impl Row for RecordRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "title",
        "region_code",
        "region",
        "published",
        "inspecting",
        "inspected",
        "round",
        "from",
        "to",
        "feedback",
        "problems",
        "measures",
        "rules",
        "cases",
        "persons",
    ];

    fn cells(&self) -> Vec<String> {
        let known = |field: &Option<String>| field.clone().unwrap_or_default();
        let region = self.region.as_ref();
        let mut cells = vec![
            self.id.clone(),
            known(&self.title),
            region.map_or_else(String::new, |region| region.code.clone()),
            region.map_or_else(String::new, |region| region.name.clone()),
            known(&self.published),
        ];
        cells.extend(fields(self).map(|(_, value)| value.unwrap_or_default()));
        cells
    }
}

/// The fields of a record in order, with what is stated in them.
fn fields(row: &RecordRow) -> [(RecordField, Option<String>); 11] {
    fn text<T: ToString>(stated: &Option<StatedRow<T>>) -> Option<String> {
        stated.as_ref().map(|stated| stated.value.to_string())
    }
    [
        (RecordField::Inspecting, text(&row.inspecting)),
        (RecordField::Inspected, text(&row.inspected)),
        (RecordField::Round, text(&row.round)),
        (RecordField::From, text(&row.from)),
        (RecordField::To, text(&row.to)),
        (RecordField::Feedback, text(&row.feedback)),
        (RecordField::Problems, text(&row.problems)),
        (RecordField::Measures, text(&row.measures)),
        (RecordField::Rules, text(&row.rules)),
        (RecordField::Cases, text(&row.cases)),
        (RecordField::Persons, text(&row.persons)),
    ]
}

/// A record for people: its notice, then what is stated, a field after another.
pub(super) fn line(row: &RecordRow, config: &Config) -> String {
    let title = row.title.as_deref().unwrap_or(&row.id);
    let id = escape(&row.id);
    let stated: Vec<_> = fields(row)
        .into_iter()
        .filter_map(|(field, value)| {
            Some(format!(
                "{} {}",
                config.lang.record_field(field),
                escape(&value?)
            ))
        })
        .collect();
    format!(
        "{}  {}\n    {}",
        config.screen.paint(Style::Mark, &escape(title)),
        config.screen.paint(Style::Dim, &id),
        stated.join(" · ")
    )
}
