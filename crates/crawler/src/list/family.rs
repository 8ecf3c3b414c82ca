//! Content systems, and how a list shows which one made it.

use url::Url;

/// A content system, or another form that lists come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// TRS WCM: `createPageHTML(…)`, `index_1.shtml`, `t20240718_1.html`.
    Trs,
    /// jcms: records from `dataproxy.jsp`.
    Jcms,
    /// JPaaS: records from `page/build/unit`.
    Jpaas,
    /// Policy lists of gov.cn.
    GovCn,
    /// The platform for open government (gkmlpt): records as JSON.
    Gkmlpt,
    /// The Anhui discipline site.
    AhDiscipline,
    /// `sitemap.xml`.
    Sitemap,
    /// RSS or Atom.
    Feed,
    /// Any other: links with dates.
    Generic,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 9] = [
        Self::Trs,
        Self::Jcms,
        Self::Jpaas,
        Self::GovCn,
        Self::Gkmlpt,
        Self::AhDiscipline,
        Self::Sitemap,
        Self::Feed,
        Self::Generic,
    ];

    /// Its name in profiles.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Trs => "trs",
            Self::Jcms => "jcms",
            Self::Jpaas => "jpaas",
            Self::GovCn => "govcn",
            Self::Gkmlpt => "gkmlpt",
            Self::AhDiscipline => "ahdiscipline",
            Self::Sitemap => "sitemap",
            Self::Feed => "feed",
            Self::Generic => "generic",
        }
    }

    /// The family of the list `text` at `url`, and what shows it.
    pub(super) fn of(url: &Url, text: &str) -> (Self, String) {
        let start = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
        let start = &start[..floor(start, 1024)];
        let by = |family, clue: &str| (family, clue.to_owned());
        for root in ["<urlset", "<sitemapindex"] {
            if start.contains(root) {
                return by(Self::Sitemap, root);
            }
        }
        for root in ["<rss", "<feed", "<rdf:RDF"] {
            if start.contains(root) {
                return by(Self::Feed, root);
            }
        }
        let address = url.as_str();
        if start.starts_with(['{', '[']) {
            for (family, clue) in [
                (Self::Gkmlpt, "\"articles\""),
                (Self::Jpaas, "\"html\""),
                (Self::GovCn, "\"URL\""),
            ] {
                if text.contains(clue) {
                    return by(family, clue);
                }
            }
        }
        for (family, clue) in [
            (Self::Jpaas, "jpaas-publish-server/front/page/build/unit"),
            (Self::Jcms, "dataproxy.jsp"),
            (Self::Jcms, "<recordset>"),
            (Self::Gkmlpt, "/gkmlpt/api/"),
            (Self::AhDiscipline, "news_row"),
            (Self::Trs, "createPageHTML("),
        ] {
            if text.contains(clue) {
                return by(family, clue);
            }
        }
        for (family, clue) in [
            (Self::Gkmlpt, "/gkmlpt/"),
            (Self::GovCn, "://www.gov.cn/"),
            (Self::GovCn, "://sousuo.www.gov.cn/"),
        ] {
            if address.contains(clue) {
                return by(family, clue);
            }
        }
        (Self::Generic, String::new())
    }

    /// Selectors of an entry, its link, its date and the next page, where the
    /// family fixes them.
    pub(super) fn selectors(self) -> Option<[Option<&'static str>; 4]> {
        match self {
            Self::AhDiscipline => Some([
                Some("div.news_row dl.clearfix"),
                Some("dt > a"),
                Some("dd"),
                None,
            ]),
            Self::GovCn => Some([
                Some("div.news_box .list li, ul.list li, div.list_2 li"),
                Some("h4 a, a"),
                Some("span.date, .date"),
                None,
            ]),
            _ => None,
        }
    }
}

/// The last character boundary of `text` at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
