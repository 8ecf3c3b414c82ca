//! The header fields of a notice.

use gongbao_notice::{NoticeId, Region};
use serde::{Deserialize, Serialize};

/// The header fields of a notice, in the order in which the index keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name.
    pub id: NoticeId,
    /// Where it was published on the web.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The issuing organ.
    pub organ: Option<String>,
    /// Its place.
    pub region: Option<Region>,
    /// The genre's Chinese name.
    pub genre: Option<String>,
    /// When it was published, as `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`.
    pub published: Option<String>,
    /// The day it was signed, as `YYYY-MM-DD`.
    pub signed: Option<String>,
}

impl Header {
    /// The day it was published, as `YYYY-MM-DD`.
    #[must_use]
    pub fn published_day(&self) -> Option<String> {
        let published = self.published.as_ref()?;
        Some(published.chars().take("YYYY-MM-DD".len()).collect())
    }
}
