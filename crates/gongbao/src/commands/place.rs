//! Filter flags as filters.

use gongbao_desk::{Place, PlaceError};
use gongbao_query::Filters;

use crate::cli::Where;

/// The filters that `flags` stand for.
pub(crate) fn filters(flags: &Where) -> anyhow::Result<Filters> {
    let place = Place {
        organ: flags.organ.clone(),
        region: flags.region.clone(),
        site: flags.site.clone(),
        genre: flags.genre.clone(),
        since: flags.since.clone(),
        until: flags.until.clone(),
    };
    place.filters().map_err(|PlaceError { name, reason }| {
        anyhow::Error::new(reason).context(format!("could not use --{name}"))
    })
}
