//! Reads notices: brings the parts together.

use std::collections::BTreeMap;

use crate::{
    Body, DocNumber, Found, Notice, Origin, Warning, charset, date,
    divisions::{Care, Divisions},
    draft::Draft,
    genre, markup,
    opened::OpenedPage,
    organ,
    page::{MAX_PAGE_BYTES, Page, Profile, Row},
    plain,
    read_by::{READING_RULES, ReadBy, digest_of, host_of},
    signature,
};

/// How many blocks from the start a document number is looked for.
const NUMBER_BLOCKS: usize = 8;
/// How much of a block is searched for places, in bytes.
const PLACE_BYTES: usize = 1200;

/// Reads pages and rows. Shared between threads freely.
#[derive(Clone, Debug)]
pub struct Reader {
    divisions: Divisions,
    profiles: Vec<Profile>,
}

impl Reader {
    /// A reader that resolves places with `divisions`.
    #[must_use]
    pub fn new(divisions: Divisions) -> Self {
        Self {
            divisions,
            profiles: Vec::new(),
        }
    }

    /// Reads pages that come without a profile by that of their host, if one
    /// of `profiles` names it among its hosts.
    #[must_use]
    pub fn with_profiles(mut self, profiles: Vec<Profile>) -> Self {
        self.profiles = profiles;
        self
    }

    /// What it reads by.
    #[must_use]
    pub fn read_by(&self) -> ReadBy {
        let mut profiles = BTreeMap::new();
        for profile in &self.profiles {
            for host in &profile.hosts {
                // The first that names a host is the one its pages are read by.
                let digest = || digest_of(profile);
                profiles.entry(host.clone()).or_insert_with(digest);
            }
        }
        ReadBy {
            rules: READING_RULES,
            divisions: self.divisions.digest(),
            profiles,
        }
    }

    fn profile_of(&self, url: &str) -> Option<&Profile> {
        let host = host_of(url)?;
        self.profiles
            .iter()
            .find(|profile| profile.hosts.contains(&host))
    }

    /// Reads one page. Never fails: what it could not read is `None`, with a
    /// warning that says why.
    #[must_use]
    pub fn read(&self, page: &Page<'_>) -> Notice {
        self.read_opened(&self.open(page))
    }

    /// Decodes a page, for [`read_opened`](Self::read_opened) and whoever else
    /// reads something from it.
    #[must_use]
    pub fn open<'p>(&'p self, page: &Page<'p>) -> OpenedPage<'p> {
        let mut warnings = Vec::new();
        let mut bytes = page.bytes;
        if bytes.len() > MAX_PAGE_BYTES {
            bytes = &bytes[..MAX_PAGE_BYTES];
            let (all, kept) = (page.bytes.len() >> 20, MAX_PAGE_BYTES >> 20);
            let message = format!("it has {all} MiB; only the first {kept} were read");
            warnings.push(Warning::new("page", message));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            warnings.push(Warning::new("page", "it is empty"));
        }
        let profile = page
            .profile
            .or_else(|| page.url.and_then(|url| self.profile_of(url)));
        let charset = profile.and_then(|profile| profile.charset.as_deref());
        let text = charset::decode(bytes, charset, page.content_type, &mut warnings);
        OpenedPage::new(*page, profile, text, warnings)
    }

    /// Like [`read`](Self::read), for a page that was opened already.
    #[must_use]
    pub fn read_opened(&self, opened: &OpenedPage<'_>) -> Notice {
        let mut draft = Draft::default();
        draft.notice.warnings.clone_from(&opened.warnings);
        let page = &opened.page;
        if is_html(page, opened.text()) {
            markup::read(opened.document(), opened.profile, &mut draft);
        } else {
            plain::read(opened.text(), &mut draft);
        }
        let address = page.url.or(page.file_name);
        self.finish(draft, address, opened.profile, None)
    }

    /// Reads a row of a JSON Lines file: what it gives is taken as it is, the
    /// rest is read from its text, whose lines are the blocks.
    #[must_use]
    pub fn read_row(&self, row: &Row) -> Notice {
        let mut draft = Draft::default();
        draft.notice.body = Body::from_lines(&row.text);
        if let Some(title) = row
            .title
            .as_deref()
            .map(str::trim)
            .filter(|title| !title.is_empty())
        {
            draft.notice.title = Some(Found::new(
                title.chars().filter(|c| !c.is_control()).collect(),
                Origin::Given,
            ));
        } else {
            let lines: Vec<&str> = row
                .text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .take(5)
                .collect();
            if let Some((title, _)) = plain::title_of_lines(&lines) {
                draft.title(&title, Origin::Text);
            }
        }
        if let Some(text) = &row.date {
            match date::moment_at(text.trim()) {
                Some((moment, _)) => draft.published(moment, Origin::Given),
                None => draft.warn(
                    "published",
                    format!("{:?} is no date", text.chars().take(40).collect::<String>()),
                ),
            }
        }
        if let Some(organ) = &row.organ {
            draft.organ(organ, Origin::Given);
        }
        let mut region = None;
        if let Some(text) = row.region.as_deref().filter(|text| !text.trim().is_empty()) {
            region = self
                .divisions
                .named(text)
                .map(|region| Found::new(region, Origin::Given));
            if region.is_none() {
                draft.warn(
                    "region",
                    format!(
                        "no division is called {:?}",
                        text.chars().take(40).collect::<String>()
                    ),
                );
            }
        }
        draft.notice.region = region;
        self.finish(draft, row.url.as_deref(), None, Some(()))
    }

    /// Reads what follows from title, body and address.
    fn finish(
        &self,
        mut draft: Draft,
        address: Option<&str>,
        profile: Option<&Profile>,
        row: Option<()>,
    ) -> Notice {
        let title = draft
            .notice
            .title
            .as_ref()
            .map(|title| title.value.clone())
            .unwrap_or_default();
        let title_organ = organ::of_title(&title);
        read_doc_number(&mut draft, &title);
        read_signature(&mut draft, &title, title_organ.as_deref());
        if let Some(organ) = title_organ {
            draft.organ(&organ, Origin::Title);
        }
        if draft.notice.organ.is_none() {
            let body = &draft.notice.body;
            let lines = (0..body.blocks().len()).map(|index| body.block_text(index));
            if let Some(organ) = organ::of_client(&title, lines) {
                draft.organ(&organ, Origin::Text);
            }
        }
        if let Some(profile) = profile {
            draft.defaults(profile);
        }
        if draft.notice.published.is_none()
            && let Some(day) = address.and_then(date::in_url)
        {
            draft.published(day.into(), Origin::Url);
        }
        draft.notice.genre = genre::of_title(&title).map(|genre| Found::new(genre, Origin::Title));
        if draft.notice.region.is_none() {
            self.read_region(&mut draft, &title, profile);
        }
        note_missing(&mut draft.notice, row.is_some());
        draft.notice
    }

    fn read_region(&self, draft: &mut Draft, title: &str, profile: Option<&Profile>) {
        let notice = &draft.notice;
        let organ = notice
            .organ
            .as_ref()
            .map_or("", |organ| organ.value.as_str());
        let source = notice
            .source
            .as_ref()
            .map_or("", |source| source.value.as_str());
        let site = draft.site_name.as_deref().unwrap_or("");
        let of_profile = profile.and_then(|profile| profile.region.as_deref());
        let named = of_profile.and_then(|text| self.divisions.named(text));
        let profile_name = named.as_ref().map_or("", |region| region.name.as_str());
        let context = [profile_name, title, source, site];
        let by_organ = || {
            self.divisions
                .place_in(organ, &context, Care::Name)
                .map(|region| {
                    (
                        region,
                        notice.organ.as_ref().map_or(Origin::Text, |o| o.origin),
                    )
                })
        };
        let central =
            organ::is_central(organ) || organ.is_empty() && title.starts_with("中华人民共和国");
        let found = if central {
            None
        } else {
            by_organ()
                .or_else(|| named.clone().map(|region| (region, Origin::Profile)))
                .or_else(|| {
                    self.divisions
                        .place_in(title, &[source, site], Care::Title)
                        .map(|region| (region, Origin::Title))
                })
                .or_else(|| {
                    let place =
                        |text: &str| self.divisions.place_in(text, &[site, source], Care::Name);
                    place(site)
                        .map(|region| (region, Origin::Meta))
                        .or_else(|| place(source).map(|region| (region, Origin::Header)))
                })
                .or_else(|| {
                    self.divisions
                        .place_in(&edges(&notice.body), &[title, source], Care::Address)
                        .map(|region| (region, Origin::Text))
                })
        };
        match found {
            Some((region, origin)) => draft.notice.region = Some(Found::new(region, origin)),
            None if central => draft.warn("region", "the organ is one of the whole country"),
            None => draft.warn("region", "no division is named without doubt"),
        }
        if of_profile.is_some() && named.is_none() {
            draft.warn("profile", "its region is no known division");
        }
    }
}

/// Whether a page is HTML: its content type says so, or its content.
fn is_html(page: &Page<'_>, text: &str) -> bool {
    let kind = page.content_type.unwrap_or("").to_ascii_lowercase();
    if kind.contains("html") || kind.contains("xml") {
        return true;
    }
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = text[..end]
        .trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t'])
        .to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return true;
    }
    let plain = kind.starts_with("text/plain")
        || page
            .file_name
            .is_some_and(|name| name.ends_with(".txt") || name.ends_with(".md"));
    let tags = [
        "<html", "<head", "<body", "<meta ", "<div", "<p>", "<p ", "<table", "<span", "<title>",
        "<br",
    ];
    let found = tags.iter().filter(|tag| start.contains(*tag)).count();
    if plain { found >= 3 } else { found >= 1 }
}

/// A document number on a line of its own at the start of the text, or in the
/// title; never one that the text only cites.
fn read_doc_number(draft: &mut Draft, title: &str) {
    if draft.notice.doc_number.is_some() {
        return;
    }
    let body = &draft.notice.body;
    let count = body.blocks().len().min(NUMBER_BLOCKS);
    let mut found = None;
    for index in 0..count {
        let text = body.block_text(index);
        if text.len() > 200 {
            break;
        }
        let number = text.parse::<DocNumber>().ok().or_else(|| {
            // 中华人民共和国国务院令 / 第706号
            let above = index.checked_sub(1).map(|above| body.block_text(above))?;
            (above.ends_with('令') && text.starts_with('第'))
                .then(|| format!("{above}{text}").parse().ok())?
        });
        if number.is_some() {
            found = number;
            break;
        }
    }
    if let Some(number) = found {
        draft.notice.doc_number = Some(Found::new(number, Origin::Text));
    } else if let Ok(number) = title.parse() {
        draft.notice.doc_number = Some(Found::new(number, Origin::Title));
    }
}

fn read_signature(draft: &mut Draft, title: &str, title_organ: Option<&str>) {
    let stated = draft.notice.organ.as_ref().map(|organ| organ.value.clone());
    let known = stated.as_deref().or(title_organ);
    let signature = signature::read(&draft.notice.body, known);
    // Of a document that passes on another, the signature under the other is
    // not its own.
    let foreign = match (&signature.organ, known) {
        (Some(organ), Some(known)) => {
            let passes_on = ["转发", "批转", "印发"]
                .iter()
                .any(|word| title.contains(word));
            passes_on && !organ.contains(known) && !known.contains(organ.as_str())
        }
        _ => false,
    };
    if foreign {
        return;
    }
    if let Some(organ) = &signature.organ {
        // Of several that sign, the one that the title begins with leads.
        let mut organs: Vec<&str> = organ.split('、').collect();
        organs.sort_by_key(|organ| !title.starts_with(*organ));
        draft.organ(&organs.join("、"), Origin::Signature);
    }
    if let Some(day) = signature.date {
        draft.signed(day, Origin::Signature);
    }
}

/// The first and last lines of a body, where addresses stand.
fn edges(body: &Body) -> String {
    let count = body.blocks().len();
    let mut out = String::new();
    for index in (0..count.min(3)).chain(count.saturating_sub(6).max(3)..count) {
        let text = body.block_text(index);
        let mut end = text.len().min(PLACE_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        out.push_str(&text[..end]);
        out.push('\n');
    }
    out
}

/// Says of each field that is missing why it is.
fn note_missing(notice: &mut Notice, row: bool) {
    let mut missing = Vec::new();
    let mut note = |absent: bool, about: &str, message: &str| {
        if absent {
            missing.push(Warning::new(about, message));
        }
    };
    note(notice.body.is_empty(), "body", "no text was found");
    note(notice.title.is_none(), "title", "no title was found");
    note(
        notice.organ.is_none(),
        "organ",
        "neither table nor title nor signature names an organ",
    );
    note(
        notice.published.is_none(),
        "published",
        "no date of publication was found",
    );
    note(
        notice.signed.is_none(),
        "signed",
        "no date stands under a signature",
    );
    note(notice.genre.is_none(), "genre", "the title names no genre");
    note(
        notice.doc_number.is_none(),
        "doc_number",
        "no document number was found",
    );
    if !row {
        note(notice.source.is_none(), "source", "no source is named");
        note(notice.columns.is_empty(), "columns", "no column is named");
        note(notice.editor.is_none(), "editor", "no editor is named");
        note(
            notice.index_number.is_none(),
            "index_number",
            "no index number was found",
        );
    }
    notice.warnings.extend(missing);
}
