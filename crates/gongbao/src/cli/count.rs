//! `count` as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gongbao_query::Axis;

use super::{Where, unshielded};

#[derive(Debug, Args)]
pub(crate) struct Count {
    /// What to look for, as in search [default: count all notices]
    #[arg(value_name = "QUERY", value_parser = unshielded)]
    pub(crate) query: Vec<String>,
    /// What to count by; twice, or two with a comma, for rows and columns
    #[arg(
        long,
        required = true,
        value_enum,
        value_delimiter = ',',
        value_name = "WHAT"
    )]
    pub(crate) by: Vec<By>,
    /// Which level of places to count by
    #[arg(long, value_enum, default_value = "county", value_name = "LEVEL")]
    pub(crate) level: Level,
    /// What a topic is about, by its id or name; several with --by topic
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Vec<String>,
    /// Find exactly this sequence of characters
    #[arg(long)]
    pub(crate) literal: bool,
    #[command(flatten)]
    pub(crate) place: Where,
    /// What the cells of a matrix, plots and charts show
    #[arg(long, value_enum, default_value = "notices", value_name = "WHAT")]
    pub(crate) measure: Measure,
    /// Name the passages of each cell in the table too
    #[arg(long)]
    pub(crate) passages: bool,
    /// Draw bars in the terminal, or a line
    #[arg(
        long,
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "bars",
        value_name = "SHAPE"
    )]
    pub(crate) plot: Option<Plot>,
    /// Write a chart to this SVG file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Month of publishing, else of signing
    Month,
    /// Year of it
    Year,
    /// Place
    Region,
    /// Issuing organ
    Organ,
    /// Host of the address
    Site,
    /// Genre
    Genre,
    /// Topic
    Topic,
}

impl By {
    /// The axis it stands for.
    pub(crate) fn axis(self, level: Level) -> Axis {
        match self {
            Self::Month => Axis::Month,
            Self::Year => Axis::Year,
            Self::Region => Axis::Region(match level {
                Level::Province => gongbao_notice::Level::Province,
                Level::Prefecture => gongbao_notice::Level::Prefecture,
                Level::County => gongbao_notice::Level::County,
            }),
            Self::Organ => Axis::Organ,
            Self::Site => Axis::Site,
            Self::Genre => Axis::Genre,
            Self::Topic => Axis::Topic,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Provinces
    Province,
    /// Cities and prefectures
    Prefecture,
    /// Counties and districts
    County,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// Notices that match
    Notices,
    /// Passages that match
    Passages,
    /// How often it stands there
    Occurrences,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plot {
    /// A bar for each row
    Bars,
    /// A line through the rows
    Line,
}
