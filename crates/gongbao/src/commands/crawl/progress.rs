//! How far each site is: bars on a terminal, a line now and then elsewhere.

use std::{
    collections::HashMap,
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use gongbao_crawler::{CrawlEvent, Site};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    config::Config,
    terminal::{escape, pad, shorten, width},
};

/// How often a line is printed where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// How often a bar that waits is drawn again.
const TICK: Duration = Duration::from_millis(200);
/// Columns for the name of a site.
const MAX_NAME: usize = 24;
/// More bars than this do not fit on a screen; the sites that are first get one.
const MAX_BARS: usize = 20;

/// A site under way.
struct Under {
    name: String,
    bar: Option<ProgressBar>,
    done: u64,
    queued: u64,
    errors: u64,
}

/// Tells how far a crawl is.
pub(super) struct Teller<'c> {
    config: &'c Config,
    bars: Option<MultiProgress>,
    sites: HashMap<String, Under>,
    order: Vec<String>,
    name_width: usize,
    began: Instant,
    told: Instant,
}

impl<'c> Teller<'c> {
    pub(super) fn new(config: &'c Config, sites: &[Site]) -> Self {
        let shown = !config.quiet && io::stderr().is_terminal();
        let bars =
            shown.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(5)));
        let names = sites.iter().map(|site| width(&site.name));
        Self {
            config,
            bars,
            order: sites.iter().map(|site| site.id.clone()).collect(),
            name_width: names.max().unwrap_or(0).min(MAX_NAME),
            sites: sites
                .iter()
                .map(|site| {
                    let under = Under {
                        name: site.name.clone(),
                        bar: None,
                        done: 0,
                        queued: 0,
                        errors: 0,
                    };
                    (site.id.clone(), under)
                })
                .collect(),
            began: Instant::now(),
            told: Instant::now(),
        }
    }

    pub(super) fn hear(&mut self, event: &CrawlEvent<'_>) {
        let CrawlEvent::Progress {
            site,
            done,
            queued,
            errors,
        } = event
        else {
            return;
        };
        let shown = self
            .sites
            .values()
            .filter(|site| site.bar.is_some())
            .count();
        let Some(under) = self.sites.get_mut(*site) else {
            return;
        };
        (under.done, under.queued, under.errors) = (*done, *queued, *errors);
        if let Some(bars) = &self.bars {
            if under.bar.is_none() && shown < MAX_BARS {
                let name = pad(&shorten(&under.name, self.name_width), self.name_width);
                under.bar = Some(bars.add(bar(name, self.config)));
            }
            if let Some(bar) = &under.bar {
                bar.set_length(done + queued);
                bar.set_position(*done);
                bar.set_message(self.config.lang.crawl_errors(*errors));
            }
        } else if self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            self.tell_lines();
        }
    }

    /// A line a site, for logs: `crawl site=… fetched=… queued=… errors=… rate=…`.
    fn tell_lines(&self) {
        if self.config.quiet {
            return;
        }
        let seconds = self.began.elapsed().as_secs_f64().max(0.001);
        for id in &self.order {
            let under = &self.sites[id];
            if under.done == 0 {
                continue;
            }
            let rate = under.done as f64 / seconds;
            let _ = writeln!(
                io::stderr(),
                "crawl site={} fetched={} queued={} errors={} rate={rate:.2}/s",
                escape(id),
                under.done,
                under.queued,
                under.errors
            );
        }
    }

    /// Takes the bars away.
    pub(super) fn finish(&mut self) {
        for under in self.sites.values() {
            if let Some(bar) = &under.bar {
                bar.finish_and_clear();
            }
        }
    }
}

fn bar(name: String, config: &Config) -> ProgressBar {
    let template = config.lang.pick(
        "{prefix} {bar:20} {human_pos}/{human_len} {per_sec} {msg}  {eta}",
        "{prefix} {bar:20} {human_pos}/{human_len} {per_sec} {msg}  剩余 {eta}",
    );
    let style = ProgressStyle::with_template(template)
        .expect("the templates above are well formed")
        .progress_chars("█▉▊▋▌▍▎▏ ");
    let bar = ProgressBar::new(0).with_style(style).with_prefix(name);
    bar.enable_steady_tick(TICK);
    bar
}
