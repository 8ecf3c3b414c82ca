//! `search`: ranked passages that answer a question or are about a topic.

use std::io::{self, BufWriter};

use anyhow::anyhow;
use gongbao_query::{Order, Request, Unit};

use crate::{
    cli::{self, Format, Search, Sort},
    commands::{Outcome, place::filters},
    config::Config,
    output,
};

/// Searches for what `args` say.
pub(crate) fn run(args: &Search, config: &Config) -> anyhow::Result<Outcome> {
    let text = args.query.join(" ");
    let topics;
    let topic = match &args.topic {
        None => None,
        Some(name) => {
            topics = config.topics()?;
            let found = topics.find(name);
            Some(found.ok_or_else(|| {
                anyhow!("there is no topic {name:?}; `gongbao topics` lists them")
            })?)
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
        explain: args.explain,
        ..Request::new(&text)
    };
    let response = config.engine()?.search(&request)?;
    let mut out = BufWriter::new(io::stdout().lock());
    match config.format {
        Format::Json => output::json_document(&mut out, &response)?,
        _ => {
            for hit in &response.hits {
                output::json_line(&mut out, hit)?;
            }
        }
    }
    Ok(if response.total > 0 {
        Outcome::Done
    } else {
        Outcome::Nothing
    })
}
