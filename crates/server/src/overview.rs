//! What a generation says on every topic: how much, and what came last.

use gongbao_query::{Hit, Order, Request, Unit};

use crate::library::Generation;

/// The topics of a generation.
#[derive(Debug)]
pub(crate) struct Overview {
    /// One for each topic, the one with the newest notice first.
    pub(crate) cards: Vec<Card>,
}

/// A topic and what came last on it.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    /// Notices on it.
    pub(crate) notices: u64,
    /// The newest of them with its best passage.
    pub(crate) newest: Option<Hit>,
}

impl Overview {
    /// Asks the index about each topic.
    pub(crate) fn of(generation: &Generation) -> Self {
        let mut cards: Vec<Card> = generation
            .topics
            .iter()
            .map(|topic| {
                let request = Request {
                    topic: Some(topic),
                    unit: Unit::Notice,
                    order: Order::Newest,
                    limit: 1,
                    passages: 1,
                    ..Request::new("")
                };
                let found = generation.engine.search(&request);
                if let Err(error) = &found {
                    tracing::error!(error = %error, topic = topic.id, "a topic could not be searched for");
                }
                let (notices, newest) = found.map_or((0, None), |mut found| {
                    (found.total, found.hits.pop())
                });
                Card {
                    id: topic.id.clone(),
                    zh: topic.name.zh.clone(),
                    en: topic.name.en.clone(),
                    notices,
                    newest,
                }
            })
            .collect();
        let day = |card: &Card| {
            let newest = card.newest.as_ref();
            newest.and_then(|hit| hit.published.clone().or(hit.signed.clone()))
        };
        cards.sort_by_key(|card| std::cmp::Reverse((card.notices > 0, day(card), card.notices)));
        Self { cards }
    }
}
