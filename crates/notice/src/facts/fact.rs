//! What a fact is.

use std::{fmt, ops::Range};

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::{Divisions, Region};

/// What is known of a text besides the text.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The places there are.
    pub divisions: &'c Divisions,
    /// The place of the notice; decides between namesakes.
    pub region: Option<&'c Region>,
    /// The day the notice was signed or published; 今年 is its year.
    pub day: Option<Date>,
}

impl<'c> Context<'c> {
    /// Nothing is known of the notice.
    #[must_use]
    pub fn new(divisions: &'c Divisions) -> Self {
        Self {
            divisions,
            region: None,
            day: None,
        }
    }
}

/// What a fact is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactKind {
    /// So many of something: 127件, 8公里.
    Quantity,
    /// An amount of money; Chinese money is counted in 元.
    Money,
    /// Hundredths: 33%, 六成.
    Percent,
    /// Percentage points: 2个百分点.
    Points,
    /// A part of a whole, 0 to 1: 三分之一, 半数.
    Ratio,
    /// A place in an order: 第六, 前三.
    Rank,
    /// A day.
    Date,
    /// A longer time: 2024年上半年, 2019年以来.
    Period,
    /// A document number.
    Document,
    /// A title in 《》.
    Title,
    /// An organ.
    Organ,
    /// An administrative division.
    Place,
}

impl FactKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Quantity,
        Self::Money,
        Self::Percent,
        Self::Points,
        Self::Ratio,
        Self::Rank,
        Self::Date,
        Self::Period,
        Self::Document,
        Self::Title,
        Self::Organ,
        Self::Place,
    ];

    /// Its name in rows and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Points => "points",
            Self::Ratio => "ratio",
            Self::Rank => "rank",
            Self::Date => "date",
            Self::Period => "period",
            Self::Document => "document",
            Self::Title => "title",
            Self::Organ => "organ",
            Self::Place => "place",
        }
    }

    /// Whether it has a number: all kinds up to [`Rank`](Self::Rank).
    #[must_use]
    pub fn is_figure(self) -> bool {
        self <= Self::Rank
    }
}

impl fmt::Display for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for FactKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What is said of a figure, by its usual word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Qualifier {
    /// 累计, 累积: since the beginning.
    Cumulative,
    /// 新增: more than before.
    New,
    /// 共, 共计, 合计, 总计: all together.
    Total,
    /// 分别: one for each of several.
    Each,
    /// 每: for every one, or every so often.
    Every,
    /// 平均: on average.
    Average,
    /// 约, 左右: about.
    About,
    /// 余, 多: somewhat more.
    Odd,
    /// 近, 接近: almost.
    Nearly,
    /// 超, 超过, 逾, 突破: more than.
    Over,
    /// 以上, 不少于, 不低于, 至少: that or more.
    AtLeast,
    /// 以下, 以内, 不超过, 不足, 至多: that or less.
    AtMost,
    /// 前: among the first.
    Among,
    /// 同比: against the same time of last year.
    YearOnYear,
    /// 环比: against the time before.
    PeriodOnPeriod,
    /// 较, 比: against something.
    Against,
    /// 增长, 提高, 上升.
    Up,
    /// 下降, 减少, 降低.
    Down,
    /// 预计, 计划, 力争: not yet.
    Planned,
}

impl Qualifier {
    /// Its usual word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cumulative => "累计",
            Self::New => "新增",
            Self::Total => "共",
            Self::Each => "分别",
            Self::Every => "每",
            Self::Average => "平均",
            Self::About => "约",
            Self::Odd => "余",
            Self::Nearly => "近",
            Self::Over => "超",
            Self::AtLeast => "以上",
            Self::AtMost => "以下",
            Self::Among => "前",
            Self::YearOnYear => "同比",
            Self::PeriodOnPeriod => "环比",
            Self::Against => "较",
            Self::Up => "增长",
            Self::Down => "下降",
            Self::Planned => "预计",
        }
    }
}

impl Serialize for Qualifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// A time as it is printed, and its days where they are certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Its first day; `None` where it is open or not certain.
    pub from: Option<Date>,
    /// Its last day; `None` where it is open or not certain.
    pub to: Option<Date>,
}

/// Something that a text states. Ranges are in bytes of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Where it is printed, its unit included.
    pub range: Range<usize>,
    /// What it is of.
    pub kind: FactKind,
    /// The number, in `unit`; the lower one of a range.
    pub value: Option<f64>,
    /// The higher number of a range such as 3—5个.
    pub upper: Option<f64>,
    /// The unit, 元 for Chinese money of any size, % for hundredths.
    pub unit: Option<String>,
    /// What was done: 查处.
    pub action: Option<Range<usize>>,
    /// To or of what: 违法渔具.
    pub object: Option<Range<usize>>,
    /// What is said of the figure, each once, in the order of [`Qualifier`].
    pub qualifiers: Vec<Qualifier>,
    /// For a figure: the time that the sentence gives. For a date or period:
    /// itself.
    pub period: Option<Period>,
    /// The canonical form of a document number; the text of a title between
    /// its brackets; the full name of a place.
    pub name: Option<String>,
    /// The division code of a place, or of the place an organ is of, where it
    /// is printed.
    pub code: Option<String>,
}

impl Fact {
    pub(super) fn new(kind: FactKind, range: Range<usize>) -> Self {
        Self {
            range,
            kind,
            value: None,
            upper: None,
            unit: None,
            action: None,
            object: None,
            qualifiers: Vec::new(),
            period: None,
            name: None,
            code: None,
        }
    }

    pub(super) fn qualify(&mut self, qualifier: Qualifier) {
        if let Err(at) = self.qualifiers.binary_search(&qualifier) {
            self.qualifiers.insert(at, qualifier);
        }
    }
}
