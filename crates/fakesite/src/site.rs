//! What a site publishes, and what becomes of it.

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};

use crate::{
    article::{Article, Author, Heading},
    given::GivenPage,
    misfortune::Misfortune,
    template::{Family, Template},
};

/// A list of a site (栏目).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its number in addresses.
    pub number: u32,
}

/// A site: pages, and what is the matter with them. Articles are counted
/// from 0, the oldest.
#[derive(Clone, Debug)]
pub struct Site {
    id: String,
    content: Content,
    columns: Vec<Column>,
    pub(crate) per_page: usize,
    changes: HashMap<usize, Change>,
    unlisted: usize,
    asked: HashMap<String, u32>,
    pub(crate) style: u32,
    pub(crate) robots: String,
    pub(crate) validators: bool,
    pub(crate) endless: bool,
    pub(crate) redesigned: bool,
    pub(crate) failing: Option<u16>,
}

#[derive(Clone, Debug)]
enum Content {
    Made {
        family: Family,
        author: Author,
        count: usize,
    },
    Given(Vec<GivenPage>),
}

/// What became of an article.
#[derive(Clone, Copy, Debug, Default)]
struct Change {
    edition: u32,
    style: u32,
    moved: Option<Trail>,
    misfortune: Option<Misfortune>,
    unlisted: bool,
}

/// What a moved article leaves at its old address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trail {
    /// Status 301.
    Redirect,
    /// Status 404.
    Nothing,
}

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
    /// A site of `count` made-up articles in the manner of `family`, one a
    /// day, in two columns.
    #[must_use]
    pub fn new(id: &str, family: Family, count: usize) -> Self {
        let (place, organ) = family.place();
        let columns = family.columns();
        let author = Author {
            seed: 1,
            place: place.to_owned(),
            organ: organ.to_owned(),
            short: place.chars().next().expect("places have names"),
            columns: columns.len(),
            per_day: 1,
        };
        let content = Content::Made {
            family,
            author,
            count,
        };
        Self::with_content(id, content, columns)
    }

    /// A site of ready-made pages, linked from a list at `/`.
    #[must_use]
    pub fn of_pages(id: &str, pages: Vec<GivenPage>) -> Self {
        let column = Column {
            name: "全部".to_owned(),
            slug: "all".to_owned(),
            number: 1,
        };
        Self::with_content(id, Content::Given(pages), vec![column])
    }

    fn with_content(id: &str, content: Content, columns: Vec<Column>) -> Self {
        Self {
            id: id.to_owned(),
            content,
            columns,
            per_page: 15,
            changes: HashMap::new(),
            unlisted: 0,
            asked: HashMap::new(),
            style: 0,
            robots: "User-agent: *\nDisallow: /nb/\nSitemap: /sitemap.xml\n".to_owned(),
            validators: true,
            endless: false,
            redesigned: false,
            failing: None,
        }
    }

    /// With other articles than the same site with another seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        if let Content::Made { author, .. } = &mut self.content {
            author.seed = seed;
        }
        self
    }

    /// With so many articles a day. Without this a large site reaches far
    /// into the future.
    #[must_use]
    pub fn per_day(mut self, articles: usize) -> Self {
        if let Content::Made { author, .. } = &mut self.content {
            author.per_day = articles.max(1);
        }
        self
    }

    /// With so many lines on a page of a list.
    #[must_use]
    pub fn per_page(mut self, lines: usize) -> Self {
        self.per_page = lines.max(1);
        self
    }

    /// With `robots.txt` as given.
    #[must_use]
    pub fn robots(mut self, text: &str) -> Self {
        text.clone_into(&mut self.robots);
        self
    }

    /// Without `ETag` and `Last-Modified`, as many sites are, so that
    /// conditional requests gain nothing.
    #[must_use]
    pub fn without_validators(mut self) -> Self {
        self.validators = false;
        self
    }

    /// With lists whose last page links a next one, for ever.
    #[must_use]
    pub fn endless(mut self) -> Self {
        self.endless = true;
        self
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its lists.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many articles it ever had.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Made { count, .. } => *count,
            Content::Given(pages) => pages.len(),
        }
    }

    /// Whether it never had an article.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where an article is: its path, from `/`.
    #[must_use]
    pub fn path(&self, article: usize) -> String {
        let path = self.first_path(article);
        match self.change(article).moved {
            Some(_) => format!("/qz{path}"),
            None => path,
        }
    }

    /// Where an article was when it was published.
    #[must_use]
    pub fn first_path(&self, article: usize) -> String {
        match &self.content {
            Content::Made { author, .. } => self.path_of(&author.heading(article)),
            Content::Given(pages) => pages[article].path.clone(),
        }
    }

    /// Publishes so many more articles.
    ///
    /// # Panics
    ///
    /// When the site is one of ready-made pages.
    pub fn publish(&mut self, articles: usize) {
        match &mut self.content {
            Content::Made { count, .. } => *count += articles,
            Content::Given(_) => panic!("ready-made pages do not grow"),
        }
    }

    /// Changes something in the body of an article.
    pub fn edit(&mut self, article: usize) {
        self.change_mut(article).edition += 1;
    }

    /// Changes what stands around the body of an article.
    pub fn restyle(&mut self, article: usize) {
        self.change_mut(article).style += 1;
    }

    /// Changes what stands around the body of every article and list.
    pub fn restyle_all(&mut self) {
        self.style += 1;
    }

    /// Takes an article away: 404, and no list names it any more.
    pub fn vanish(&mut self, article: usize) {
        self.befall(article, Misfortune::Gone(404));
        self.unlist(article);
    }

    /// No list names the article any more.
    pub fn unlist(&mut self, article: usize) {
        if !std::mem::replace(&mut self.change_mut(article).unlisted, true) {
            self.unlisted += 1;
        }
    }

    /// Moves an article to another address, where lists now link it. The old
    /// one redirects there.
    pub fn relocate(&mut self, article: usize) {
        self.change_mut(article).moved = Some(Trail::Redirect);
    }

    /// Moves an article to another address, where lists now link it. At the
    /// old one there is nothing.
    pub fn relocate_silently(&mut self, article: usize) {
        self.change_mut(article).moved = Some(Trail::Nothing);
    }

    /// From now on that is the matter with an article.
    pub fn befall(&mut self, article: usize, misfortune: Misfortune) {
        self.change_mut(article).misfortune = Some(misfortune);
    }

    /// Nothing is the matter with an article any more.
    pub fn heal(&mut self, article: usize) {
        let change = self.change_mut(article);
        change.misfortune = None;
        if std::mem::take(&mut change.unlisted) {
            self.unlisted -= 1;
        }
    }

    /// From now on every request is answered with that status; with `None`
    /// as usual again.
    pub fn fail(&mut self, status: Option<u16>) {
        self.failing = status;
    }

    /// Makes a script's business of the lists, so that no page says what it
    /// used to; or lets them be as they were.
    pub fn redesign(&mut self, yes: bool) {
        self.redesigned = yes;
    }

    fn change(&self, article: usize) -> Change {
        self.changes.get(&article).copied().unwrap_or_default()
    }

    fn change_mut(&mut self, article: usize) -> &mut Change {
        assert!(article < self.len(), "{} has no article {article}", self.id);
        self.changes.entry(article).or_default()
    }

    fn path_of(&self, heading: &Heading) -> String {
        let column = &self.columns[heading.column];
        self.template()
            .expect("it has made-up articles")
            .article_path(column, heading)
    }
}

/// What requests are answered from.
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
