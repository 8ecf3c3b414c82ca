//! A row an inspection.

use gongbao_desk::stated;
use gongbao_query::RecordRow;

use crate::{
    config::Config,
    messages::RecordField,
    terminal::{Style, escape},
};

/// The fields of a record in order, with what is stated in them.
fn fields(row: &RecordRow) -> impl Iterator<Item = (RecordField, Option<String>)> {
    [
        RecordField::Inspecting,
        RecordField::Inspected,
        RecordField::Round,
        RecordField::From,
        RecordField::To,
        RecordField::Feedback,
        RecordField::Problems,
        RecordField::Measures,
        RecordField::Rules,
        RecordField::Cases,
        RecordField::Persons,
    ]
    .into_iter()
    .zip(stated(row))
}

/// A record for people: its notice, then what is stated, a field after another.
pub(super) fn line(row: &RecordRow, config: &Config) -> String {
    let title = row.title.as_deref().unwrap_or(&row.id);
    let id = escape(&row.id);
    let stated: Vec<_> = fields(row)
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
