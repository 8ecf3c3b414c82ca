//! What the flags mean once defaults, `gongbao.toml` and the terminal are
//! known.

use std::{
    fs,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use anyhow::Context;
use gongbao_analysis::Dictionary;
use gongbao_archive::Corpus;
use gongbao_notice::Divisions;
use gongbao_query::{Engine, Topics};
use serde::Deserialize;

use crate::cli::{Cli, Color, Format, Lang};

/// The settings file, in the current folder.
const SETTINGS_FILE: &str = "gongbao.toml";

/// The resolved settings.
pub(crate) struct Config {
    pub(crate) corpus: Corpus,
    pub(crate) format: Format,
    pub(crate) lang: Lang,
    /// Whether standard output is coloured.
    pub(crate) color: bool,
    pub(crate) quiet: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    corpus: Option<PathBuf>,
    lang: Option<String>,
}

impl Config {
    /// Settles everything that `cli` left open.
    pub(crate) fn resolve(cli: &Cli) -> anyhow::Result<Self> {
        let settings = read_settings(Path::new(SETTINGS_FILE))?;
        let terminal = io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let corpus = cli.global.corpus.clone().or(settings.corpus);
        Ok(Self {
            corpus: Corpus::at(corpus.unwrap_or_else(|| PathBuf::from("corpus"))),
            format: cli.global.format.unwrap_or(if terminal {
                Format::Table
            } else {
                Format::Jsonl
            }),
            lang: cli
                .global
                .lang
                .unwrap_or_else(|| locale(settings.lang.as_deref())),
            color: match cli.global.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => terminal && !no_color,
            },
            quiet: cli.global.quiet,
        })
    }

    /// The dictionary: built in, and `dictionary.txt` of the corpus.
    pub(crate) fn dictionary(&self) -> anyhow::Result<Dictionary> {
        let path = self.corpus.dir().join("dictionary.txt");
        match fs::read_to_string(&path) {
            Ok(text) => Dictionary::with_own(&text)
                .with_context(|| format!("could not use {}", path.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Dictionary::built_in()),
            Err(error) => Err(error).with_context(|| format!("could not read {}", path.display())),
        }
    }

    /// The divisions: built in, and `divisions.tsv` of the corpus.
    pub(crate) fn divisions(&self) -> Divisions {
        divisions(self.corpus.dir())
    }

    /// The topic packs: built in, and those in `topics` of the corpus.
    pub(crate) fn topics(&self) -> anyhow::Result<Topics> {
        Ok(Topics::built_in().with_folder(&self.corpus.dir().join("topics"))?)
    }

    /// The current generation of the index.
    pub(crate) fn engine(&self) -> anyhow::Result<Engine> {
        let dir = self.corpus.dir().to_owned();
        Ok(Engine::open(
            &self.corpus.index_dir(),
            self.dictionary()?,
            move || divisions(&dir),
        )?)
    }
}

fn divisions(corpus: &Path) -> Divisions {
    let built_in = Divisions::builtin();
    match fs::read_to_string(corpus.join("divisions.tsv")) {
        Ok(own) => built_in.with_extra(&own),
        Err(_) => built_in,
    }
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

/// The language of the settings, else of the locale.
fn locale(setting: Option<&str>) -> Lang {
    let from_environment = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    };
    match setting.map(str::to_owned).or_else(from_environment) {
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}
