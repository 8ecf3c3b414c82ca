//! What `facts` takes.

use clap::{Args, builder::PossibleValuesParser};
use gongbao_query::FactKind;

use super::{Where, unshielded};

#[derive(Debug, Args)]
pub(crate) struct Facts {
    /// What to look for, as in search [default: every passage]
    #[arg(value_name = "QUERY", value_parser = unshielded)]
    pub(crate) query: Vec<String>,
    /// What a topic is about, by its id or name
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    /// Find exactly this sequence of characters
    #[arg(long)]
    pub(crate) literal: bool,
    #[command(flatten)]
    pub(crate) place: Where,
    /// Only facts of this kind
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(FactKind::ALL.map(FactKind::name)))]
    pub(crate) kind: Vec<String>,
    /// Only figures in this unit: 件, 元, %
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit_of: Vec<String>,
    /// Only figures of something that contains this, or of such an action
    #[arg(long, value_name = "WORDS")]
    pub(crate) object: Vec<String>,
    /// Show what reports on inspections tell of them, a row a notice
    #[arg(long, conflicts_with_all = ["kind", "unit_of", "object"])]
    pub(crate) records: bool,
    /// How many rows at most [default: all]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// How many rows to leave out before
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) offset: usize,
}

impl Facts {
    /// The kinds that were asked for.
    pub(crate) fn kinds(&self) -> Vec<FactKind> {
        let asked = |kind: &FactKind| self.kind.iter().any(|name| name == kind.name());
        FactKind::ALL.into_iter().filter(asked).collect()
    }
}
