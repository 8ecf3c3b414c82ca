//! What the flags mean once defaults, `gongbao.toml` and the terminal are
//! known.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::{ArgMatches, parser::ValueSource};
use gongbao_analysis::Dictionary;
use gongbao_archive::{ArchiveError, Corpus, FileLock};
use gongbao_crawler::Sites;
use gongbao_desk::{Desk, DeskError};
use gongbao_notice::{Divisions, Reader};
use gongbao_query::{Engine, Topics};
use serde::Deserialize;

use crate::{
    cli::{Cli, Color, Format, Lang},
    schedule::ScheduleSettings,
    terminal::{Guard, Screen},
};

/// The settings file, in the current folder.
const SETTINGS_FILE: &str = "gongbao.toml";

/// The width of a page where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 100;

/// The least width that is laid out for; a narrower terminal wraps by itself.
const LEAST_WIDTH: usize = 40;

/// The resolved settings.
pub(crate) struct Config {
    pub(crate) corpus: Corpus,
    /// Whether the corpus was named on the command line, and not by the
    /// environment or the settings.
    pub(crate) corpus_was_typed: bool,
    pub(crate) format: Format,
    /// Whether the format was asked for.
    pub(crate) format_was_typed: bool,
    /// Where rows go instead of standard output.
    pub(crate) output: Option<PathBuf>,
    /// Whether CSV begins with a byte order mark.
    pub(crate) bom: bool,
    pub(crate) lang: Lang,
    /// What standard output looks like to its reader.
    pub(crate) screen: Screen,
    pub(crate) quiet: bool,
    /// When unattended runs are due.
    pub(crate) schedule: ScheduleSettings,
    /// Whom the keepers of sites may write to.
    pub(crate) contact: Option<String>,
}

/// Which settings were typed, as opposed to taken from elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Typed {
    corpus: bool,
}

impl Typed {
    /// What `matches` say.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let source = matches.value_source("corpus");
        Self {
            corpus: source == Some(ValueSource::CommandLine),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    corpus: Option<PathBuf>,
    lang: Option<String>,
    #[serde(default)]
    schedule: ScheduleSettings,
    contact: Option<String>,
}

impl Config {
    /// Settles everything that `cli` left open.
    pub(crate) fn resolve(cli: &Cli, typed: Typed, lang: Lang) -> anyhow::Result<Self> {
        let settings = read_settings(Path::new(SETTINGS_FILE))?;
        let terminal = io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let color = match cli.global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !no_color,
        };
        let corpus = cli.global.corpus.clone().or(settings.corpus);
        let output = cli.global.output.clone();
        let format = cli.global.format.or(output.as_deref().and_then(by_ending));
        if terminal && output.is_none() && matches!(format, Some(Format::Xlsx | Format::Parquet)) {
            bail!(lang.needs_output());
        }
        Ok(Self {
            corpus: Corpus::at(corpus.unwrap_or_else(|| PathBuf::from("corpus"))),
            corpus_was_typed: typed.corpus,
            format: format.unwrap_or(if terminal && output.is_none() {
                Format::Table
            } else {
                Format::Jsonl
            }),
            format_was_typed: format.is_some(),
            output,
            bom: cli.global.bom,
            lang,
            screen: Screen {
                color,
                links: color && terminal,
                width: columns(),
            },
            quiet: cli.global.quiet,
            schedule: settings.schedule,
            contact: settings.contact,
        })
    }

    /// The same settings for another corpus.
    pub(crate) fn with_corpus(&self, corpus: Corpus) -> Self {
        Self {
            corpus,
            output: self.output.clone(),
            schedule: self.schedule.clone(),
            contact: self.contact.clone(),
            ..*self
        }
    }

    /// Where results go: the file asked for, else standard output.
    pub(crate) fn out(&self) -> anyhow::Result<Box<dyn Write>> {
        let mut out: Box<dyn Write> = match &self.output {
            None => {
                let out = BufWriter::new(io::stdout().lock());
                // The other formats see to it themselves, and a page has colours.
                if self.format == Format::Csv && io::stdout().is_terminal() {
                    Box::new(Guard::new(out))
                } else {
                    Box::new(out)
                }
            }
            Some(path) => {
                let file = File::create(path)
                    .with_context(|| format!("could not write {}", path.display()))?;
                Box::new(BufWriter::new(file))
            }
        };
        if self.bom && self.format == Format::Csv {
            out.write_all("\u{feff}".as_bytes())?;
        }
        Ok(out)
    }

    /// The lock of writers of a corpus that is there: what keeps or clears away
    /// must not make one.
    ///
    /// # Errors
    ///
    /// No such folder; another writer; a folder that cannot be written to.
    pub(crate) fn lock(&self) -> Result<FileLock, ArchiveError> {
        let dir = self.corpus.dir();
        if !dir.is_dir() {
            let dir = dir.to_owned();
            return Err(ArchiveError::NoCorpus { dir });
        }
        FileLock::take(&self.corpus.lock_path())
    }

    /// Tells `text`, a line or more that is safe to print, on standard error,
    /// unless only errors are wanted. A reader who is gone is no error.
    pub(crate) fn tell(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// What belongs to the corpus, for readers.
    pub(crate) fn desk(&self) -> Desk {
        Desk::of(self.corpus.clone())
    }

    /// The dictionary: built in, and `dictionary.txt` of the corpus.
    pub(crate) fn dictionary(&self) -> anyhow::Result<Dictionary> {
        self.desk().dictionary().map_err(plain)
    }

    /// The divisions: built in, and `divisions.tsv` of the corpus.
    pub(crate) fn divisions(&self) -> Divisions {
        self.desk().divisions()
    }

    /// What reads pages: by the divisions, and the profiles of sites.
    pub(crate) fn reader(&self) -> anyhow::Result<Reader> {
        self.desk().reader().map_err(plain)
    }

    /// The topic packs: built in, and those in `topics` of the corpus.
    pub(crate) fn topics(&self) -> anyhow::Result<Topics> {
        self.desk().topics().map_err(plain)
    }

    /// The site profiles: built in, and those in `sites` of the corpus.
    pub(crate) fn sites(&self) -> anyhow::Result<Sites> {
        self.desk().sites().map_err(plain)
    }

    /// The current generation of the index.
    pub(crate) fn engine(&self) -> anyhow::Result<Engine> {
        self.desk().engine().map_err(plain)
    }
}

/// The format that the ending of a file's name tells.
fn by_ending(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match &*ending {
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" => Some(Format::Csv),
        "xlsx" => Some(Format::Xlsx),
        "parquet" => Some(Format::Parquet),
        _ => None,
    }
}

/// The error itself, for those who look for its kind.
pub(crate) fn plain(error: DeskError) -> anyhow::Error {
    match error {
        DeskError::Index(error) => error.into(),
        DeskError::Topics(error) => error.into(),
        DeskError::Archive(error) => error.into(),
        DeskError::Sites(error) => error.into(),
        other => other.into(),
    }
}

/// The schedule of the settings file as it is now.
pub(crate) fn schedule() -> anyhow::Result<ScheduleSettings> {
    Ok(read_settings(Path::new(SETTINGS_FILE))?.schedule)
}

fn read_settings(path: &Path) -> anyhow::Result<Settings> {
    match fs::read_to_string(path) {
        Ok(text) => {
            toml::from_str(&text).with_context(|| format!("could not use {}", path.display()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(error).with_context(|| format!("could not read {}", path.display())),
    }
}

/// The columns of the terminal, else of `COLUMNS`.
fn columns() -> usize {
    let from_terminal = terminal_size_of(&io::stdout());
    let from_environment = || std::env::var("COLUMNS").ok()?.parse().ok();
    from_terminal
        .or_else(from_environment)
        .unwrap_or(DEFAULT_WIDTH)
        .max(LEAST_WIDTH)
}

fn terminal_size_of(stream: &io::Stdout) -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(stream)?;
    (columns > 0).then_some(columns.into())
}

/// The language to speak, known before `arguments` are read in full so that
/// help and errors about them are in it too: `--lang`, the settings, the
/// locale.
pub(crate) fn language(arguments: &[OsString]) -> Lang {
    let mut words = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            _ if word == "--" => break,
            Some("") => words.next(),
            Some(value) if value.starts_with('=') => Some(value[1..].to_owned().into()),
            _ => continue,
        };
        match value.as_deref() {
            Some("zh") => return Lang::Zh,
            Some("en") => return Lang::En,
            _ => {}
        }
    }
    // A settings file that cannot be read is told of later.
    let settings = read_settings(Path::new(SETTINGS_FILE)).unwrap_or_default();
    let from_environment = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    };
    match settings.lang.or_else(from_environment) {
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}
