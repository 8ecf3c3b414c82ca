//! How sites look: one file per content system.

mod discipline;
mod gkmlpt;
mod govcn;
mod jcms;
mod jpaas;
mod trs;

use std::fmt;

use crate::{
    article::{Article, Block, Heading},
    reply::Reply,
    request::Request,
    site::{Column, Row, Site},
};

/// A content system that a made-up site imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// TRS WCM: `index_1.html`, `createPageHTML`, `.TRS_Editor`.
    Trs,
    /// jcms: records from `dataproxy.jsp`, `#zoom`.
    Jcms,
    /// JPaaS: lists from `page/build/unit`.
    Jpaas,
    /// gov.cn: a table of eight fields, `#UCAP-CONTENT`.
    GovCn,
    /// gkmlpt: lists as JSON.
    Gkmlpt,
    /// The Anhui discipline site: `div.news_row`, `div.article_content`.
    Discipline,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 6] = [
        Self::Trs,
        Self::Jcms,
        Self::Jpaas,
        Self::GovCn,
        Self::Gkmlpt,
        Self::Discipline,
    ];

    /// Its name in a crawler's profiles.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Trs => "trs",
            Self::Jcms => "jcms",
            Self::Jpaas => "jpaas",
            Self::GovCn => "govcn",
            Self::Gkmlpt => "gkmlpt",
            Self::Discipline => "ahdiscipline",
        }
    }

    pub(crate) fn template(self) -> &'static dyn Template {
        match self {
            Self::Trs => &trs::Trs,
            Self::Jcms => &jcms::Jcms,
            Self::Jpaas => &jpaas::Jpaas,
            Self::GovCn => &govcn::GovCn,
            Self::Gkmlpt => &gkmlpt::Gkmlpt,
            Self::Discipline => &discipline::Discipline,
        }
    }

    /// The place of its site, and the organ that publishes it.
    pub(crate) fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Trs => ("雁洲县", "雁洲县人民政府"),
            Self::Jcms => ("棠溪区", "棠溪区人民政府"),
            Self::Jpaas => ("云陂县", "云陂县人民政府"),
            Self::GovCn => ("沅南省", "沅南省人民政府办公厅"),
            Self::Gkmlpt => ("苇渡区", "苇渡区人民政府办公室"),
            Self::Discipline => ("泽川市", "泽川市纪委监委"),
        }
    }

    pub(crate) fn columns(self) -> Vec<Column> {
        let names = match self {
            Self::Trs => [("通知公告", "tzgg"), ("政策文件", "zcwj")],
            Self::Jcms => [("公示公告", "gsgg"), ("规范性文件", "gfxwj")],
            Self::Jpaas => [("政府文件", "zfwj"), ("乡镇动态", "xzdt")],
            Self::GovCn => [("政策文件", "content"), ("政策解读", "jiedu")],
            Self::Gkmlpt => [("规范性文件", "gfxwj"), ("其他文件", "qtwj")],
            Self::Discipline => [("巡视公报", "xsgb"), ("监督曝光", "jdbg")],
        };
        (101..)
            .zip(names)
            .map(|(number, (name, slug))| Column {
                name: name.to_owned(),
                slug: slug.to_owned(),
                number,
            })
            .collect()
    }
}

/// How a content system addresses and draws its pages.
pub(crate) trait Template: fmt::Debug + Sync {
    /// The path of the first page of a list.
    fn column_path(&self, column: &Column) -> String;

    /// The path of an article.
    fn article_path(&self, column: &Column, heading: &Heading) -> String;

    /// The article that `path` would be the path of, which may not exist.
    fn article_number(&self, path: &str) -> Option<usize>;

    /// What is answered to a request for a page of a list, or for a part of
    /// one; `None` when it is for something else.
    fn list(&self, site: &Site, request: &Request) -> Option<Reply>;

    /// The page of an article.
    fn article(&self, site: &Site, article: &Article) -> String;
}

/// The number at the end of the last part of `path`, less `first`, which the
/// oldest article has.
fn number_at_end(path: &str, first: usize) -> Option<usize> {
    let name = path.rsplit('/').next()?;
    let stem = name.split('.').next()?;
    let digits = stem.len() - stem.bytes().rev().take_while(u8::is_ascii_digit).count();
    stem[digits..].parse::<usize>().ok()?.checked_sub(first)
}

/// Which column `pick` picks.
fn column_where(site: &Site, pick: impl Fn(&Column) -> bool) -> Option<usize> {
    site.columns().iter().position(pick)
}

/// A line at the top of every page, which changes with the style.
fn banner(site: &Site, style: u32) -> String {
    let organ = site.organ();
    match style {
        0 => format!("您好，欢迎访问{organ}门户网站！"),
        _ => format!("{organ}门户网站第{style}次改版，热点专题：优化营商环境"),
    }
}

/// What all pages of a content system have.
struct Frame {
    /// The start of the head, up to the charset.
    open: &'static str,
    /// Before and after the banner, from the start of the body.
    top: [&'static str; 2],
    /// Before and after the organ, at the end of the body.
    foot: [&'static str; 2],
}

impl Frame {
    /// A page with `head` and `content` of its own.
    fn draw(&self, site: &Site, style: u32, head: &str, content: &str) -> String {
        let Self { open, top, foot } = self;
        let (banner, organ) = (banner(site, style), site.organ());
        format!(
            "<!DOCTYPE html>\n{open}\n{head}</head>\n{}{banner}{}\n{content}\n{}{organ}{}\n</body></html>\n",
            top[0], top[1], foot[0], foot[1]
        )
    }
}

/// Links to the articles before and after.
fn neighbours(site: &Site, article: usize) -> [String; 2] {
    site.neighbours(article).map(|row| match row {
        Some(Row { path, title, .. }) => format!("<a href=\"{path}\">{title}</a>"),
        None => "没有了".to_owned(),
    })
}

/// The body, each paragraph as `draw` draws it.
fn body(article: &Article, draw: impl Fn(&Block) -> String) -> String {
    article
        .blocks
        .iter()
        .map(|block| draw(block) + "\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_the_end_of_a_path_are_read() {
        assert_eq!(
            number_at_end("/a/t20240718_1400007.html", 1_400_000),
            Some(7)
        );
        assert_eq!(number_at_end("/a/post_12.html", 13), None);
        assert_eq!(number_at_end("/a/index.html", 0), None);
    }

    #[test]
    fn every_article_is_found_by_its_path() {
        for family in Family::ALL {
            let site = Site::new("a", family, 400);
            for article in [0, 1, 17, 399] {
                let path = site.path(article);
                assert_eq!(site.article_at(&path), Some(article), "{path}");
            }
            let mut site = site;
            site.relocate(5);
            assert_eq!(site.article_at(&site.path(5)), Some(5));
            assert_ne!(site.path(5), site.first_path(5));
        }
    }

    #[test]
    fn restyling_leaves_the_body_alone() {
        for family in Family::ALL {
            let mut site = Site::new("a", family, 20);
            let page = |site: &Site| {
                let facts = site.article(7).expect("it is made up");
                family.template().article(site, &facts)
            };
            let (old, facts) = (page(&site), site.article(7).expect("it is made up"));
            site.restyle(7);
            let new = page(&site);
            assert_ne!(old, new);
            for block in &facts.blocks {
                let (Block::Heading(text) | Block::Text(text) | Block::Closing(text)) = block;
                assert!(old.contains(text) && new.contains(text), "{text}");
            }
        }
    }
}
