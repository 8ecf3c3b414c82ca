//! Filter flags as filters.

use anyhow::Context;
use gongbao_query::{DayRange, Filters};

use crate::cli::Where;

/// The filters that `flags` stand for.
pub(crate) fn filters(flags: &Where) -> anyhow::Result<Filters> {
    let day = |text: &Option<String>, flag: &str| -> anyhow::Result<DayRange> {
        match text {
            None => Ok(DayRange::default()),
            Some(text) => text
                .parse()
                .with_context(|| format!("could not use {flag}")),
        }
    };
    Ok(Filters {
        organs: flags.organ.clone(),
        regions: flags.region.clone(),
        sites: flags.site.clone(),
        genres: flags.genre.clone(),
        days: DayRange {
            since: day(&flags.since, "--since")?.since,
            until: day(&flags.until, "--until")?.until,
        },
        notices: Vec::new(),
    })
}
