//! `sites add`: a first profile of a site, from one of its lists.

use std::{fs, io::Write, path::PathBuf};

use anyhow::{Context, bail};
use gongbao_crawler::{Draft, Inspection, Looked, Site, draft_profile, id_of, inspect};
use gongbao_notice::{Notice, Page, Reader, decode_page, parse_html};

use super::source;
use crate::{
    cli::{CheckedPage, Network},
    commands::Outcome,
    config::Config,
    terminal::escape,
};

/// What the user calls the site.
pub(super) struct Names {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
}

/// Describes the site whose list is `target`.
pub(super) fn run(
    target: &str,
    names: &Names,
    given: &CheckedPage,
    network: &Network,
    config: &Config,
) -> anyhow::Result<Outcome> {
    let page = source::page(target, given, network, config)?;
    let reader = Reader::new(config.divisions());
    let inspection = inspect(&page, None, &reader);
    if !inspection.listing.recognised {
        bail!("{}", config.lang.no_list(page.url.as_str()));
    }
    let article = first_article(&inspection, target, network, &reader, config);
    let id = names.id.clone().unwrap_or_else(|| id_of(&page.url));
    let title = title_of(&page);
    let (column, site_name) = parts_of(&title);
    let name = names
        .name
        .clone()
        .or(site_name)
        .unwrap_or_else(|| id.clone());
    let text = draft_profile(&Draft {
        id: &id,
        name: &name,
        column: &column,
        url: &page.url,
        listing: &inspection.listing,
        article: article.as_ref(),
    });
    Site::parse(&id, &text).context("the profile that was made cannot be used")?;
    let path = write(&id, &text, config)?;
    let found = inspection.listing.entries.len() as u64;
    let path = path.display().to_string();
    config.tell(&config.lang.site_added(&escape(&path), found, &escape(&id)));
    Ok(Outcome::Done)
}

/// An article of the list, where it can be had: it tells organ and place.
fn first_article(
    inspection: &Inspection,
    target: &str,
    network: &Network,
    reader: &Reader,
    config: &Config,
) -> Option<Notice> {
    // A file was saved to be read offline.
    if !target.starts_with("http") {
        return None;
    }
    let entry = inspection.listing.entries.first()?;
    match source::fetch(entry.url.as_str(), network, config) {
        Ok(page) => Some(inspect(&page, None, reader).notice),
        Err(error) => {
            config.tell(&escape(&format!("{}: {error:#}", entry.url)));
            None
        }
    }
}

fn title_of(page: &Looked) -> String {
    let text = decode_page(&Page {
        bytes: &page.bytes,
        content_type: page.content_type.as_deref(),
        ..Page::default()
    });
    let html = parse_html(&text);
    let title = html
        .tree
        .nodes()
        .filter_map(|node| node.value().as_element().map(|element| (node, element)))
        .find(|(_, element)| element.name() == "title");
    let text = title.and_then(|(node, _)| {
        node.first_child()?
            .value()
            .as_text()
            .map(|text| text.to_string())
    });
    text.unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The column and the site in a title such as 通知公告_禾泽市人民政府.
fn parts_of(title: &str) -> (String, Option<String>) {
    let parts: Vec<&str> = title
        .split(['_', '-', '|', '—', '–', '－'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        [] => ("公告".to_owned(), None),
        [only] => ((*only).to_owned(), None),
        [column, .., site] => ((*column).to_owned(), Some((*site).to_owned())),
    }
}

/// Writes the profile; never over another.
fn write(id: &str, text: &str, config: &Config) -> anyhow::Result<PathBuf> {
    let folder = config.corpus.dir().join("sites");
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    let path = folder.join(format!("{id}.toml"));
    let mut file = match fs::File::create_new(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{}", config.lang.site_exists(&path.display().to_string()));
        }
        Err(error) => {
            return Err(error).with_context(|| format!("could not write {}", path.display()));
        }
    };
    file.write_all(text.as_bytes())
        .with_context(|| format!("could not write {}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_column_and_site() {
        let parts = |title| parts_of(title);
        assert_eq!(
            parts("通知公告_禾泽市人民政府"),
            ("通知公告".to_owned(), Some("禾泽市人民政府".to_owned()))
        );
        assert_eq!(parts("公示"), ("公示".to_owned(), None));
        assert_eq!(parts(" - "), ("公告".to_owned(), None));
    }
}
