//! `diff`: what an edit did to a notice, as sentences inserted, deleted and
//! changed. Compares what is read of two versions, so the page around the
//! notice plays no part.

mod page; // edits for people

use std::io::Write;

use anyhow::anyhow;
use gongbao_archive::Archive;
use gongbao_desk::{CompareError, Compared, EditRow};

use super::named;
use crate::{
    cli::{Diff, Format},
    commands::Outcome,
    config::Config,
    output::{self, Rows},
};

/// Compares the versions that `args` names.
pub(crate) fn run(args: &Diff, config: &Config) -> anyhow::Result<Outcome> {
    let archive = Archive::open(&config.corpus)?;
    let record = named::find(&archive, &args.name, config)?;
    let compared = Compared::of(&record, args.from, args.to, &archive, &config.reader()?);
    let compared = match compared {
        Ok(compared) => compared,
        Err(CompareError::OneVersion) => {
            config.tell(config.lang.one_version());
            return Ok(Outcome::Nothing);
        }
        Err(CompareError::NoVersion { number, last }) => {
            return Err(anyhow!(config.lang.no_version(
                record.id.as_str(),
                number,
                last
            )));
        }
        Err(CompareError::Reading(error)) => return Err(named::told(error, config)),
        Err(other) => return Err(other.into()),
    };
    write(&compared, config)?;
    if compared.edits.is_empty() {
        config.tell(config.lang.no_difference());
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::Done)
}

fn write(compared: &Compared, config: &Config) -> anyhow::Result<()> {
    let mut out = config.out()?;
    match config.format {
        Format::Table => page::write(&mut out, compared, config)?,
        Format::Json => output::json_document(&mut out, compared)?,
        format => {
            let mut rows = Rows::new::<EditRow>(&mut out, format)?;
            for edit in &compared.edits {
                rows.push(edit)?;
            }
            rows.finish()?;
        }
    }
    Ok(out.flush()?)
}
