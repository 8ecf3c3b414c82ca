//! Whether a topic finds the items of real notices that it must find.

use gongbao_archive::Archive;
use gongbao_notice::NoticeId;
use gongbao_query::{Engine, Filters, Finds, Hit, PassageHit, Request, Topic, Unit};

use crate::config::Config;

/// Titles that share words with the one looked for; more are not looked at.
const MAX_TITLES: usize = 50;

/// The corpus in force, to look notices up in.
pub(super) struct Holdings {
    engine: Option<Engine>,
    archive: Option<Archive>,
}

/// What came of one of a pack's finds.
pub(super) enum Outcome {
    /// The corpus does not hold the notice.
    Skipped,
    /// The items come first and in order.
    Kept,
    /// The topic finds these instead: as many labels as were asked for, and
    /// a few more.
    Differs(Vec<String>),
}

impl Holdings {
    /// What `config` names; nothing where there is no index yet.
    pub(super) fn of(config: &Config) -> Self {
        let has_index = config
            .corpus
            .index_dir()
            .join(gongbao_analysis::CURRENT_FILE)
            .exists();
        if !has_index {
            return Self {
                engine: None,
                archive: None,
            };
        }
        Self {
            engine: config.engine().ok(),
            archive: Archive::open(&config.corpus).ok(),
        }
    }

    /// Whether what `topic` finds in the notice begins with those items.
    ///
    /// # Errors
    ///
    /// Those of a search.
    pub(super) fn check(&self, topic: &Topic, finds: &Finds) -> anyhow::Result<Outcome> {
        let Some(engine) = &self.engine else {
            return Ok(Outcome::Skipped);
        };
        let Some(id) = self.notice(engine, &finds.notice)? else {
            return Ok(Outcome::Skipped);
        };
        let request = Request {
            topic: Some(topic),
            filters: Filters {
                notices: vec![id],
                ..Filters::default()
            },
            unit: Unit::Passage,
            limit: usize::MAX,
            ..Request::new("")
        };
        let mut items: Vec<PassageHit> = Vec::new();
        for passage in engine
            .search(&request)?
            .hits
            .into_iter()
            .flat_map(|hit| hit.passages)
        {
            // Parts of one long item are one item.
            if !items.iter().any(|known| item(known) == item(&passage)) {
                items.push(passage);
            }
        }
        let begins = finds.items.len() <= items.len()
            && finds.items.iter().zip(&items).all(|(wanted, passage)| {
                passage.label.as_deref() == Some(wanted.as_str()) || item(passage) == wanted
            });
        if begins {
            return Ok(Outcome::Kept);
        }
        let shown = items.iter().take(finds.items.len() + 3);
        let name = |passage: &PassageHit| {
            let label = passage.label.clone();
            label.unwrap_or_else(|| item(passage).to_owned())
        };
        Ok(Outcome::Differs(shown.map(name).collect()))
    }

    /// The notice of that id, address or title.
    fn notice(&self, engine: &Engine, name: &str) -> anyhow::Result<Option<NoticeId>> {
        let name = name.trim();
        if let Ok(id) = name.parse::<NoticeId>()
            && engine.notice(&id)?.is_some()
        {
            return Ok(Some(id));
        }
        if name.contains("://")
            && let Some(archive) = &self.archive
            && let Some(record) = archive.find(name)?
        {
            return Ok(Some(record.id));
        }
        let letters = |text: &str| -> String {
            let text = gongbao_analysis::normalize(text);
            gongbao_analysis::letters(&text)
                .map(|letter| letter.letter)
                .collect()
        };
        let wanted = letters(name);
        let question = format!("标题:\"{wanted}\"");
        let request = Request {
            limit: MAX_TITLES,
            passages: 1,
            ..Request::new(&question)
        };
        let is_it = |hit: &Hit| {
            hit.title
                .as_deref()
                .is_some_and(|title| letters(title) == wanted)
        };
        let hit = engine.search(&request)?.hits.into_iter().find(is_it);
        Ok(hit.map(|hit| hit.id.parse()).transpose()?)
    }
}

/// The anchor of the item that a passage is of: parts add `+2` to it.
fn item(passage: &PassageHit) -> &str {
    let anchor = &passage.anchor;
    anchor.split_once('+').map_or(anchor, |(item, _)| item)
}
