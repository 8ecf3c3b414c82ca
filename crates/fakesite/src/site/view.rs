//! A site as requests are answered from it.

use jiff::{ToSpan, civil::Date};

use super::{Content, Site, Trail};
use crate::{
    article::Article,
    given::GivenPage,
    misfortune::Misfortune,
    template::{Family, Template},
};

/// A page of a list.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) pages: usize,
    /// How many articles the whole list has.
    pub(crate) total: usize,
    pub(crate) rows: Vec<Row>,
}

/// A line of a list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) path: String,
    pub(crate) title: String,
    /// Printed beside the title, where it is known.
    pub(crate) date: Option<Date>,
}

impl Site {
    pub(crate) fn template(&self) -> Option<&'static dyn Template> {
        match &self.content {
            Content::Made { family, .. } => Some(family.template()),
            Content::Given(_) => None,
        }
    }

    pub(crate) fn family(&self) -> Option<Family> {
        match &self.content {
            Content::Made { family, .. } => Some(*family),
            Content::Given(_) => None,
        }
    }

    /// Who publishes it.
    pub(crate) fn organ(&self) -> &str {
        match &self.content {
            Content::Made { author, .. } => &author.organ,
            Content::Given(_) => &self.id,
        }
    }

    pub(crate) fn given(&self, article: usize) -> Option<&GivenPage> {
        match &self.content {
            Content::Given(pages) => pages.get(article),
            Content::Made { .. } => None,
        }
    }

    /// The article that is or was at `path`.
    pub(crate) fn article_at(&self, path: &str) -> Option<usize> {
        let first = path.strip_prefix("/qz").unwrap_or(path);
        let article = match &self.content {
            Content::Made { family, .. } => family.template().article_number(first)?,
            Content::Given(pages) => pages.iter().position(|page| page.path == first)?,
        };
        let is_there = article < self.len() && self.first_path(article) == first;
        let may_move = path == first || self.change(article).moved.is_some();
        (is_there && may_move).then_some(article)
    }

    /// Where a request to the old address of a moved article is sent:
    /// `Some(None)` when nothing is left there.
    pub(crate) fn trail(&self, article: usize, path: &str) -> Option<Option<String>> {
        let trail = self.change(article).moved?;
        let at_old = path == self.first_path(article);
        at_old.then(|| (trail == Trail::Redirect).then(|| self.path(article)))
    }

    pub(crate) fn misfortune(&self, article: usize) -> Option<Misfortune> {
        self.change(article).misfortune
    }

    /// How many requests for `target` came before this one, which is counted.
    pub(crate) fn asked_before(&mut self, target: &str) -> u32 {
        let asked = self.asked.entry(target.to_owned()).or_default();
        *asked += 1;
        *asked - 1
    }

    /// The article as it is now.
    pub(crate) fn article(&self, article: usize) -> Option<Article> {
        match &self.content {
            Content::Made { author, .. } => {
                Some(author.article(article, self.change(article).edition))
            }
            Content::Given(_) => None,
        }
    }

    /// A number that changes with what stands around the body of the article.
    pub(crate) fn style_of(&self, article: usize) -> u32 {
        self.style + self.change(article).style
    }

    /// When the page of an article last changed: days after its publication
    /// that its changes number.
    pub(crate) fn modified(&self, article: usize) -> Option<Date> {
        let Content::Made { author, .. } = &self.content else {
            return None;
        };
        let change = self.change(article);
        let changes = change.edition + self.style_of(article);
        Some(
            author
                .heading(article)
                .date
                .saturating_add(i64::from(changes).days()),
        )
    }

    /// The line of an article in a list.
    pub(crate) fn row(&self, article: usize) -> Row {
        let path = self.path(article);
        match &self.content {
            Content::Made { author, .. } => {
                let heading = author.heading(article);
                Row {
                    path,
                    date: Some(heading.date),
                    title: heading.title,
                }
            }
            Content::Given(pages) => Row {
                path,
                title: pages[article].title.clone(),
                date: pages[article].date,
            },
        }
    }

    /// The articles that lists name, newest first.
    pub(crate) fn listed(&self) -> impl Iterator<Item = usize> {
        (0..self.len())
            .rev()
            .filter(|article| self.unlisted == 0 || !self.change(*article).unlisted)
    }

    /// Page `page` of the list `column`, with `lines` lines.
    pub(crate) fn listing(&self, column: usize, page: usize, lines: usize) -> Listing {
        let of_column = || {
            self.listed()
                .filter(|article| article % self.columns.len() == column)
        };
        let total = of_column().count();
        let mut pages = total.div_ceil(lines).max(1);
        let mut shown = page;
        if self.endless {
            shown = page % pages;
            pages = page + 2;
        }
        Listing {
            pages,
            total,
            rows: of_column()
                .skip(shown * lines)
                .take(lines)
                .map(|article| self.row(article))
                .collect(),
        }
    }

    /// The articles before and after one in its column, as pages link them.
    pub(crate) fn neighbours(&self, article: usize) -> [Option<Row>; 2] {
        let step = self.columns.len();
        let before = article.checked_sub(step);
        let after = Some(article + step).filter(|after| *after < self.len());
        [before, after].map(|other| other.map(|other| self.row(other)))
    }
}
