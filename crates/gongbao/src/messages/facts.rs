//! What stands beside facts and records of inspections.

use super::plural;
use crate::cli::Lang;

impl Lang {
    /// So many facts.
    pub(crate) fn fact_count(self, number: u64) -> String {
        match self {
            Self::En => plural(number, "fact", "facts"),
            Self::Zh => format!("{number} 条事实"),
        }
    }

    /// So many records.
    pub(crate) fn record_count(self, number: u64) -> String {
        match self {
            Self::En => plural(number, "inspection", "inspections"),
            Self::Zh => format!("{number} 次巡视巡察"),
        }
    }

    /// Where else in a notice a figure is told.
    pub(crate) fn also_in(self, anchors: &[String]) -> String {
        let anchors = anchors.join(" ");
        self.pick(format!("also in {anchors}"), format!("又见 {anchors}"))
    }

    /// The name of a field of a record.
    pub(crate) fn record_field(self, field: RecordField) -> &'static str {
        let (en, zh) = match field {
            RecordField::Inspecting => ("inspecting", "巡视巡察组"),
            RecordField::Inspected => ("inspected", "被巡视巡察"),
            RecordField::Round => ("round", "轮次"),
            RecordField::From => ("from", "开始"),
            RecordField::To => ("to", "结束"),
            RecordField::Feedback => ("feedback", "反馈"),
            RecordField::Problems => ("problems", "问题"),
            RecordField::Measures => ("measures", "措施"),
            RecordField::Rules => ("rules", "制度"),
            RecordField::Cases => ("cases", "立案"),
            RecordField::Persons => ("persons", "处理人数"),
        };
        self.pick(en, zh)
    }
}

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordField {
    /// Who inspected.
    Inspecting,
    /// Who was inspected.
    Inspected,
    /// The number of the round.
    Round,
    /// The first day.
    From,
    /// The last day.
    To,
    /// The day of feedback.
    Feedback,
    /// Problems found.
    Problems,
    /// Measures drawn up.
    Measures,
    /// Rules made.
    Rules,
    /// Cases opened.
    Cases,
    /// Persons dealt with.
    Persons,
}
