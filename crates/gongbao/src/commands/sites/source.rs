//! A page to look at: from the network as a crawl would fetch it, or a file.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use gongbao_crawler::{Looked, Site, canonical, host_key, look};
use url::Url;

use crate::{
    cli::{CheckedPage, Network},
    commands::crawl,
    config::Config,
};

/// The address that a file has which nobody gave one.
const NO_ADDRESS: &str = "https://page.invalid/";

/// The page `target`.
pub(super) fn page(
    target: &str,
    given: &CheckedPage,
    network: &Network,
    config: &Config,
) -> anyhow::Result<Looked> {
    let is_address = target.starts_with("http://") || target.starts_with("https://");
    if is_address {
        return fetch(target, network, config);
    }
    let path = Path::new(target);
    if !path.exists() {
        bail!("{}", config.lang.no_page(target));
    }
    let url = given.url.as_deref().unwrap_or(NO_ADDRESS);
    let url: Url = url
        .parse()
        .with_context(|| format!("could not use --url {url}"))?;
    Ok(Looked {
        url: canonical(&url).unwrap_or(url),
        bytes: fs::read(path).with_context(|| format!("could not read {target}"))?,
        content_type: None,
    })
}

/// The page at `address`.
pub(super) fn fetch(address: &str, network: &Network, config: &Config) -> anyhow::Result<Looked> {
    let url: Url = address
        .parse()
        .with_context(|| format!("could not use {address}"))?;
    let options = crawl::network_options(network, config);
    Ok(crawl::runtime()?.block_on(look(&url, &options))?)
}

/// The profile to read `page` by: the one given, else that of its host.
pub(super) fn site(
    page: &Looked,
    given: &CheckedPage,
    config: &Config,
) -> anyhow::Result<Option<Site>> {
    if let Some(path) = &given.profile {
        let text = fs::read_to_string(path)
            .with_context(|| format!("could not read {}", path.display()))?;
        return Ok(Some(Site::parse(&path.display().to_string(), &text)?));
    }
    Ok(config.sites()?.of_host(&host_key(&page.url)).cloned())
}
