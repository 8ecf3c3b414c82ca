//! `kwic`: every occurrence of a text in its context.

use std::io::{self, BufWriter};

use crate::{
    cli::Kwic,
    commands::{Outcome, place::filters},
    config::Config,
    output,
};

/// Prints a row for every occurrence.
pub(crate) fn run(args: &Kwic, config: &Config) -> anyhow::Result<Outcome> {
    let engine = config.engine()?;
    let limit = args.limit.unwrap_or(usize::MAX);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut rows = 0;
    let mut failed = None;
    engine.kwic(
        &args.pattern,
        &filters(&args.place)?,
        args.context,
        &mut |row| {
            if rows == limit {
                return false;
            }
            rows += 1;
            match output::json_line(&mut out, &row) {
                Ok(()) => true,
                Err(error) => {
                    failed = Some(error);
                    false
                }
            }
        },
    )?;
    match failed {
        Some(error) => Err(error),
        None => Ok(if rows > 0 {
            Outcome::Done
        } else {
            Outcome::Nothing
        }),
    }
}
