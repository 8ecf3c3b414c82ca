//! The judged passages of all packs as a corpus of their own, imported and
//! indexed as any other, and asked for each topic.

use std::{collections::HashMap, fs::File, io::Write};

use anyhow::Context;
use gongbao_archive::{Corpus, ImportOptions, Writer, import};
use gongbao_indexer::{Options, update};
use gongbao_notice::{Divisions, NoticeId, Reader};
use gongbao_query::{Engine, Filters, Found, Hit, Judged, Pack, Request, Unit};
use serde::Serialize;
use tempfile::TempDir;

use crate::{clock::now, config::Config};

/// What the engine puts before an expression that added to a score.
const EXPRESSION: &str = "topic expression ";

/// Memory for indexing them, in MiB; a pack has some fifteen passages.
const MEMORY_MIB: usize = 64;

/// An index of judged passages.
///
/// All packs share one, whichever are tested: what a word is worth depends on
/// how many passages have it, and passages on other topics make a fair rest.
pub(super) struct Trial {
    /// None where there are no passages at all.
    engine: Option<Engine>,
    /// Keeps the files while the engine reads them.
    _folder: TempDir,
    /// How many passages it holds.
    pub(super) passages: usize,
}

/// A row of JSON Lines, as people import them.
#[derive(Serialize)]
struct Row<'a> {
    id: NoticeId,
    title: Option<&'a str>,
    text: String,
}

impl Trial {
    /// Imports and indexes the judged passages of `packs`.
    ///
    /// # Errors
    ///
    /// When there is no room for that.
    pub(super) fn of(packs: &[Pack], config: &Config) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("gongbao-topics-")
            .tempdir()
            .context("could not make a temporary folder")?;
        let corpus = Corpus::at(folder.path().join("corpus"));
        let path = folder.path().join("judged.jsonl");
        let mut rows = Vec::new();
        let mut passages = 0;
        for pack in packs {
            for (index, judged) in pack.judged.iter().enumerate() {
                passages += 1;
                let row = Row {
                    id: name(pack, index),
                    title: judged.title.as_deref(),
                    text: page(judged),
                };
                serde_json::to_writer(&mut rows, &row)?;
                rows.push(b'\n');
            }
        }
        if passages == 0 {
            return Ok(Self {
                engine: None,
                _folder: folder,
                passages,
            });
        }
        File::create(&path)
            .and_then(|mut file| file.write_all(&rows))
            .context("writing the judged passages")?;

        let mut writer = Writer::open(&corpus)?;
        let options = ImportOptions::new(now(), |_| Ok(()));
        let report = import(&mut writer, &[path], &options, &mut |_| {})?;
        writer.finish()?;
        anyhow::ensure!(
            report.skipped == 0,
            "a judged passage could not be imported"
        );
        let dictionary = config.dictionary()?;
        let options = Options {
            memory_mib: MEMORY_MIB,
            ..Options::default()
        };
        let never = std::sync::atomic::AtomicBool::new(false);
        update(
            &corpus,
            &Reader::new(Divisions::from_tsv("")),
            &dictionary,
            &options,
            &never,
            &mut |_| {},
        )?;
        let engine = Engine::open(&corpus.index_dir(), dictionary, || Divisions::from_tsv(""))?;
        Ok(Self {
            engine: Some(engine),
            _folder: folder,
            passages,
        })
    }

    /// Which of its own judged passages the topic of `pack` finds, best first.
    ///
    /// # Errors
    ///
    /// Those of a search.
    pub(super) fn ask(&self, pack: &Pack) -> anyhow::Result<Vec<Found>> {
        let places: HashMap<String, usize> = (0..pack.judged.len())
            .map(|index| (name(pack, index).to_string(), index))
            .collect();
        let Some(engine) = self.engine.as_ref().filter(|_| !places.is_empty()) else {
            return Ok(Vec::new());
        };
        let request = Request {
            topic: Some(&pack.topic),
            filters: Filters {
                notices: (0..pack.judged.len())
                    .map(|index| name(pack, index))
                    .collect(),
                ..Filters::default()
            },
            unit: Unit::Passage,
            limit: usize::MAX,
            explain: true,
            ..Request::new("")
        };
        let mut found: Vec<Found> = Vec::new();
        for hit in engine.search(&request)?.hits {
            let Some(&judged) = places.get(&hit.id) else {
                continue;
            };
            // A long one may have been cut in parts, of which the best counts.
            let is_known = found.iter().any(|known| known.judged == judged);
            if !is_known && !is_heading(&hit, &pack.judged[judged]) {
                found.push(Found {
                    judged,
                    expressions: expressions(&hit),
                });
            }
        }
        Ok(found)
    }
}

/// The id of passage `index` of `pack`, the same whatever other packs there are.
fn name(pack: &Pack, index: usize) -> NoticeId {
    NoticeId::from_key(&format!("judged:{}:{index}", pack.topic.id))
}

/// The text of a notice with that passage under its heading.
fn page(judged: &Judged) -> String {
    let text = judged.text.trim();
    match judged.heading.as_deref().map(str::trim) {
        None | Some("") => text.to_owned(),
        Some(heading) => {
            let heading = labelled(heading, "一、");
            format!("{heading}\n{}", labelled(text, "①"))
        }
    }
}

/// `text` with a printed label: only what has one is an item.
fn labelled(text: &str, label: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let is_numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十第①②③④⑤⑥⑦⑧⑨⑩".contains(c);
    let is_label = match first {
        '(' | '（' => chars.next().is_some_and(is_numeral),
        '①'..='⑳' => true,
        first if is_numeral(first) => text
            .trim_start_matches(is_numeral)
            .starts_with(['、', '.', '．', '条', '章', '节']),
        _ => false,
    };
    if is_label {
        text.to_owned()
    } else {
        format!("{label}{text}")
    }
}

/// Whether `hit` is the heading above the judged passage, and not the passage.
fn is_heading(hit: &Hit, judged: &Judged) -> bool {
    let has_heading = judged
        .heading
        .as_deref()
        .is_some_and(|heading| !heading.trim().is_empty());
    has_heading && hit.passages.iter().all(|passage| passage.path.len() == 1)
}

/// The expressions that found `hit`.
fn expressions(hit: &Hit) -> Vec<String> {
    hit.passages
        .iter()
        .filter_map(|passage| passage.explanation.as_ref())
        .flatten()
        .filter_map(|part| part.what.strip_prefix(EXPRESSION))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_label_keeps_it() {
        for text in [
            "(20)坚定",
            "（一）摸底",
            "一、总体",
            "3.整改",
            "第二条 立案",
            "①整改",
        ] {
            assert_eq!(labelled(text, "①"), text);
        }
        for text in ["坚定", "2024年整改", "（试行）整改", "十年禁渔"] {
            assert_eq!(labelled(text, "①"), format!("①{text}"));
        }
    }
}
