//! A `robots.txt` is asked for before anything else of a host.

use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::{Crawl, CrawlEvent, Heard, answers::told, hosts::Robots};
use crate::{
    address::canonical,
    fetch::{Answer, Condition},
    guard::check_literal,
    job::Order,
    keeper::retry_after,
    politeness::HostAnswer,
    robots::RobotsRules,
};

/// Redirects of a `robots.txt` that are followed (RFC 9309, 2.3.1.2).
const ROBOTS_HOPS: usize = 5;

/// How often a `robots.txt` is asked for that cannot be had.
const ROBOTS_ATTEMPTS: u32 = 3;

/// How much of one is taken: RFC 9309 asks for 500 KiB at least.
const ROBOTS_BYTES: u64 = 512 << 10;

impl<F: FnMut(CrawlEvent<'_>)> Crawl<'_, F> {
    pub(super) fn fetch_robots(&mut self, host: String, site: usize, url: Url, hops: usize) {
        self.fetching += 1;
        self.hosts.begin(&host);
        let (fetcher, heard) = (self.fetcher.clone(), self.heard.clone());
        tokio::spawn(async move {
            let began = Instant::now();
            let answer = fetcher.get(&url, &Condition::default(), ROBOTS_BYTES).await;
            let answer = answer.map_err(|error| told(&error, began));
            let _ = heard.send(Heard::Robots {
                host,
                site,
                url,
                hops,
                answer,
            });
        });
    }

    pub(super) fn on_robots(
        &mut self,
        host: String,
        site: usize,
        url: Url,
        hops: usize,
        answer: Result<Answer, (String, bool, Duration)>,
    ) {
        let now = Instant::now();
        let target = match &answer {
            Ok(answer) if (300..400).contains(&answer.status) && hops < ROBOTS_HOPS => {
                let location = answer.response.get("location").unwrap_or_default();
                let target = url.join(location).ok().and_then(|url| canonical(&url));
                target.filter(|url| check_literal(url, self.options.allow_private).is_ok())
            }
            _ => None,
        };
        let rules = match &answer {
            Ok(answer) if answer.cut.is_none() || !answer.entity.is_empty() => {
                let encoding = answer.response.get("content-encoding");
                let text =
                    gongbao_archive::decode_entity(encoding, &answer.entity, ROBOTS_BYTES * 4);
                RobotsRules::of_answer(answer.status, text.as_deref().unwrap_or_default())
            }
            _ => None,
        };
        let asked = match &answer {
            Ok(answer) => retry_after(answer, answer.fetched),
            Err(_) => None,
        };
        // The delay that it asks for holds from this very request on.
        if let Some(delay) = rules.as_ref().and_then(RobotsRules::delay) {
            self.hosts.turns().slow_down(&host, delay);
        }
        self.hosts.end(&host, now, HostAnswer::Answered);
        let end = answer.map(Box::new).map_err(|(why, _, took)| (why, took));
        self.order(Order::KeepRobots {
            site,
            url: url.clone(),
            end,
        });
        match (target, rules) {
            (Some(target), _) => self.hosts.ask_robots_at(&host, target, hops + 1),
            (None, Some(rules)) => self.hosts.robots(&host, Robots::Known(rules, now)),
            (None, None) => self.hosts.robots_failed(&host, now, asked, ROBOTS_ATTEMPTS),
        }
    }
}
