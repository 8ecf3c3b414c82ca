//! `search`: ranked passages that answer a question or are about a topic.

use anyhow::anyhow;
use gongbao_query::{Order, Request, Response, Unit};

use crate::{
    cli::{self, Search, Sort},
    commands::{Outcome, answer, place::filters},
    config::Config,
};

/// Searches for what `args` say.
pub(crate) fn run(args: &Search, config: &Config) -> anyhow::Result<Outcome> {
    let text = args.query.join(" ");
    let found;
    let topic = match &args.topic {
        None => None,
        Some(name) => {
            found = config.topics()?.find(name)?;
            let found = found.as_ref();
            Some(found.ok_or_else(|| anyhow!(config.lang.no_topic(name)))?)
        }
    };
    let request = Request {
        literal: args.literal,
        topic,
        filters: filters(&args.place)?,
        unit: match args.unit {
            cli::Unit::Notice => Unit::Notice,
            cli::Unit::Passage => Unit::Passage,
        },
        order: match args.sort {
            Sort::Relevance => Order::Relevance,
            Sort::Newest => Order::Newest,
            Sort::Oldest => Order::Oldest,
        },
        limit: args.limit,
        offset: args.offset,
        passages: args.passages,
        fold: !args.no_fold,
        explain: args.explain,
        ..Request::new(&text)
    };
    let response = config.engine()?.search(&request)?;
    tell_notes(&response, config);
    answer::print(&response, args.offset.saturating_add(1), config)?;
    if response.total > 0 {
        return Ok(Outcome::Done);
    }
    config.tell(config.lang.nothing());
    Ok(Outcome::Nothing)
}

/// Tells what was read otherwise than it may have been meant.
fn tell_notes(response: &Response, config: &Config) {
    for note in &response.notes {
        config.tell(&config.lang.note(note));
    }
}
