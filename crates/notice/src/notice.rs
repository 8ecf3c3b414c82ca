//! A notice and where each of its fields was read.

use std::fmt;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::{Body, DocNumber};

/// Where on a page a field was read, most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Came with the document: a field of its JSON Lines row, say.
    Given,
    /// The profile of the site.
    Profile,
    /// A `<meta>` tag.
    Meta,
    /// The table of a formal document (索引号, 发文机关, 成文日期 …).
    Table,
    /// The line under the title (时间, 来源, 分类 …).
    Header,
    /// The title.
    Title,
    /// The signature at the end (落款).
    Signature,
    /// A pattern in the text.
    Text,
    /// The address of the page.
    Url,
    /// The page's `<title>` or file name, for want of better.
    Page,
}

/// A value and where it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found<T> {
    /// What was read.
    pub value: T,
    /// Where.
    pub origin: Origin,
}

impl<T> Found<T> {
    /// `value`, read at `origin`.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

/// A calendar day as printed, with the time of day where that is printed too.
/// No time zone: notices print none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day, to the second.
    pub time: Option<Time>,
}

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Self { date, time: None }
    }
}

/// `2025-09-23`, `2025-09-23 10:48` or `2025-09-23 10:48:05`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        match self.time {
            None => Ok(()),
            Some(time) if time.second() == 0 => {
                write!(f, " {:02}:{:02}", time.hour(), time.minute())
            }
            Some(time) => write!(
                f,
                " {:02}:{:02}:{:02}",
                time.hour(),
                time.minute(),
                time.second()
            ),
        }
    }
}

/// An administrative division.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Region {
    /// The six-digit division code (GB/T 2260), such as `340202`.
    pub code: String,
    /// The full name from the province down, such as 安徽省芜湖市镜湖区.
    pub name: String,
}

/// What kind of document a notice is. The formal kinds (法定公文种类) follow
/// 《党政机关公文处理工作条例》 (2012), article 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is named by its Chinese name in `name`")]
pub enum Genre {
    InspectionReport,
    Resolution,
    Decision,
    Order,
    Communique,
    Announcement,
    PublicNotice,
    Opinion,
    Notification,
    Circular,
    Report,
    Request,
    Reply,
    Motion,
    Letter,
    Minutes,
    Measures,
    Regulations,
    Rules,
    Plan,
    Publicity,
    Interpretation,
    Law,
}

impl Genre {
    /// Every genre.
    pub const ALL: [Self; 23] = [
        Self::InspectionReport,
        Self::Resolution,
        Self::Decision,
        Self::Order,
        Self::Communique,
        Self::Announcement,
        Self::PublicNotice,
        Self::Opinion,
        Self::Notification,
        Self::Circular,
        Self::Report,
        Self::Request,
        Self::Reply,
        Self::Motion,
        Self::Letter,
        Self::Minutes,
        Self::Measures,
        Self::Regulations,
        Self::Rules,
        Self::Plan,
        Self::Publicity,
        Self::Interpretation,
        Self::Law,
    ];

    /// The Chinese name, which is also its name in JSON and in filters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InspectionReport => "巡视整改通报",
            Self::Resolution => "决议",
            Self::Decision => "决定",
            Self::Order => "命令",
            Self::Communique => "公报",
            Self::Announcement => "公告",
            Self::PublicNotice => "通告",
            Self::Opinion => "意见",
            Self::Notification => "通知",
            Self::Circular => "通报",
            Self::Report => "报告",
            Self::Request => "请示",
            Self::Reply => "批复",
            Self::Motion => "议案",
            Self::Letter => "函",
            Self::Minutes => "纪要",
            Self::Measures => "办法",
            Self::Regulations => "条例",
            Self::Rules => "规定",
            Self::Plan => "方案",
            Self::Publicity => "公示",
            Self::Interpretation => "解读",
            Self::Law => "法律",
        }
    }

    /// The genre of that Chinese name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|genre| genre.name() == name)
    }
}

impl fmt::Display for Genre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something about a page that a reader should know: a field that is missing
/// or contradicted, numbering that skips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    /// The field or part it is about: `published`, `outline`, `charset` …
    pub about: String,
    /// What is the matter, in English.
    pub message: String,
}

impl Warning {
    /// A warning about `about`.
    pub fn new(about: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            about: about.into(),
            message: message.into(),
        }
    }
}

/// A government notice. What is not known is `None`, with a warning that says
/// why: wrong is worse than absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The title.
    pub title: Option<Found<String>>,
    /// The organ that issued it (发文机关).
    pub organ: Option<Found<String>>,
    /// Who published it on the page (来源).
    pub source: Option<Found<String>>,
    /// The columns it stands in (栏目, 分类), widest first as printed.
    pub columns: Vec<String>,
    /// The editor of the page (编辑).
    pub editor: Option<Found<String>>,
    /// The document number (发文字号).
    pub doc_number: Option<Found<DocNumber>>,
    /// The index number of open government information (索引号).
    pub index_number: Option<Found<String>>,
    /// The day it was signed (成文日期).
    pub signed: Option<Found<Date>>,
    /// When it was published on the page (发布日期).
    pub published: Option<Found<Moment>>,
    /// Its genre.
    pub genre: Option<Found<Genre>>,
    /// The place it is about or comes from.
    pub region: Option<Found<Region>>,
    /// Its text.
    pub body: Body,
    /// What a reader should know about all this.
    pub warnings: Vec<Warning>,
}
