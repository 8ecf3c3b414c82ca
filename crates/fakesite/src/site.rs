//! What a site publishes, and what becomes of it.

mod view; // what requests are answered from

use std::{collections::HashMap, time::Duration};

pub(crate) use self::view::{Listing, Row};
use crate::{
    article::{Author, Heading},
    given::GivenPage,
    misfortune::Misfortune,
    template::Family,
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
    host: Option<String>,
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
    pub(crate) distance: Duration,
    pub(crate) menus: usize,
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
            host: None,
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
            distance: Duration::ZERO,
            menus: 0,
        }
    }

    /// With a made-up name for its host, by which a proxy knows it.
    #[must_use]
    pub fn named(mut self, host: &str) -> Self {
        self.host = Some(host.to_ascii_lowercase());
        self
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

    /// With every answer so much later, as from afar.
    #[must_use]
    pub fn distant(mut self, pause: Duration) -> Self {
        self.distance = pause;
        self
    }

    /// With menus around its articles, of so many bytes: real pages are mostly
    /// made of them.
    #[must_use]
    pub fn menus(mut self, bytes: usize) -> Self {
        self.menus = bytes;
        self
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The made-up name of its host.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
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
