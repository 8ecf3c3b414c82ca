//! A month of nights under a clock of its own: pages come, are edited, change
//! their looks and go; most nights something goes wrong, and the run after it
//! leaves all as if nothing had. What is looked at follows the recrawl rule, so
//! that what is told is what a visit could see; the site's own log says which.

mod faults; // how a night goes wrong

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
};

use gongbao_fakesite::{Family, Site};
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use self::faults::{Fault, Moment, Part};
use crate::{
    nights::Field,
    support::{Numbers, Ran, command, ran},
};

const NIGHTS: u64 = 30;

/// The site begins with so many articles, one for each day from 3 January 2023.
const FIRST: usize = 6;

/// So long an article is looked at each day, or every second where it stays the same.
const YOUNG_DAYS: u64 = 7;

struct Month {
    field: Field,
    numbers: Numbers,
    night: u64,
    /// Minutes after half past two in China.
    minutes: u64,
    /// How often each article was edited.
    editions: Vec<u32>,
    gone: BTreeSet<usize>,
    /// Which edition of an article was seen last, and in which night.
    seen: BTreeMap<usize, (u32, u64)>,
    /// Visits and alerts that are accounted for.
    visits: usize,
    told: usize,
}

impl Month {
    fn new() -> Self {
        let field = Field::new([Site::new("yunxi", Family::Trs, FIRST).per_day(1)]);
        let month = Self {
            field,
            numbers: Numbers(5),
            night: 0,
            minutes: 0,
            editions: vec![0; FIRST],
            gone: BTreeSet::new(),
            seen: BTreeMap::new(),
            visits: 0,
            told: 0,
        };
        fs::create_dir_all(month.told_dir()).expect("a folder");
        let (jsonl, atom) = (
            month.told_dir().join("a.jsonl"),
            month.told_dir().join("a.atom"),
        );
        let (jsonl, atom) = (jsonl.display().to_string(), atom.display().to_string());
        let add = [
            "watch", "add", "all", "--since", "1990", "--all", "--jsonl", &jsonl, "--atom", &atom,
        ];
        month.field.corpus.run(&add).with(0);
        month
    }

    /// Where alerts go: a folder of its own, which can be full by itself.
    fn told_dir(&self) -> PathBuf {
        self.field.corpus.dir().with_file_name("told")
    }

    fn now(&self) -> Timestamp {
        let first: Timestamp = "2023-01-08T18:30:00Z".parse().expect("a time");
        let hours = self.night.cast_signed() * 24;
        first
            .checked_add(hours.hours().minutes(self.minutes.cast_signed()))
            .expect("it is in 2023")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.arg("--corpus").arg(self.field.corpus.dir());
        command.env("GONGBAO_NOW", self.now().to_string());
        command
    }

    fn update(&self) -> Command {
        self.command(&[
            "update",
            "--allow-private",
            "--delay",
            "1ms",
            "--max-time",
            "60s",
            "yunxi",
        ])
    }

    fn status(&self) -> Value {
        let ran = self.command(&["status", "--format", "json"]).output();
        ran_well(ran.expect("it starts")).json()
    }

    /// What the site does by day.
    fn day(&mut self) {
        let any = |numbers: &mut Numbers, gone: &BTreeSet<usize>, count: usize| loop {
            let article = numbers.below(count as u64) as usize;
            if !gone.contains(&article) {
                return article;
            }
        };
        let count = self.editions.len();
        let mut site = self.field.web.site("yunxi");
        for _ in 0..2 {
            let edited = any(&mut self.numbers, &self.gone, count);
            site.edit(edited);
            self.editions[edited] += 1;
        }
        site.restyle(any(&mut self.numbers, &self.gone, count));
        if self.night.is_multiple_of(5) {
            let gone = any(&mut self.numbers, &self.gone, count);
            site.vanish(gone);
            self.gone.insert(gone);
        }
        site.publish(1);
        self.editions.push(0);
    }

    /// What visits since the last night could see, and so must have been told:
    /// paths, and whether they were new.
    fn expected(&mut self) -> BTreeSet<(String, &'static str)> {
        let visits = self.field.web.log().visits();
        let site = self.field.web.site("yunxi");
        let mut expected = BTreeSet::new();
        for visit in &visits[self.visits..] {
            let mut articles = 0..self.editions.len();
            let Some(article) = articles.find(|&article| site.path(article) == visit.target) else {
                continue;
            };
            if !matches!(visit.status, 200 | 304) {
                continue;
            }
            let edition = self.editions[article];
            let before = self.seen.insert(article, (edition, self.night));
            let change = match before {
                None => "new",
                Some((before, _)) if before < edition => "changed",
                Some(_) => continue,
            };
            expected.insert((visit.target.clone(), change));
        }
        self.visits = visits.len();
        expected
    }

    fn alerts(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.told_dir().join("a.jsonl")).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a whole line"))
            .collect()
    }

    /// Fails unless alerts, report and index are those of what was seen.
    #[track_caller]
    fn check(&mut self, was_calm: bool) {
        let night = self.night;
        let expected = self.expected();
        let alerts = self.alerts();
        let new = &alerts[self.told..];
        let told: BTreeSet<_> = new
            .iter()
            .map(|alert| {
                let url = alert["url"].as_str().expect("an address");
                let path = &url[url.find(":").map_or(0, |at| at + 3)..];
                let path = path[path.find('/').expect("a path")..].to_owned();
                (path, alert["change"].as_str().expect("a word"))
            })
            .collect();
        let expected_told = expected
            .iter()
            .map(|(path, change)| (path.clone(), *change));
        assert_eq!(told, expected_told.collect(), "night {night}");
        assert_eq!(new.len(), expected.len(), "told twice in night {night}");
        self.told = alerts.len();
        let feed = fs::read_to_string(self.told_dir().join("a.atom")).expect("a feed");
        assert_eq!(
            feed.matches("<entry>").count(),
            alerts.len(),
            "night {night}"
        );

        let status = self.status();
        assert_eq!(
            status["index"]["state"], "current",
            "night {night}: {status}"
        );
        assert_eq!(status["index"]["notices"], self.seen.len(), "night {night}");
        let steps = status["last_runs"][0]["steps"].as_array().expect("steps");
        assert!(
            steps.iter().all(|step| step["outcome"] != "failed"),
            "{status}"
        );
        if was_calm {
            assert_eq!(
                steps[2]["detail"]["alerts"],
                expected.len(),
                "night {night}: {status}"
            );
        }
        let last = self.seen.values().map(|&(edition, _)| edition).max();
        for edition in 1..=last.unwrap_or(0) {
            let words = format!("第{edition}次调整");
            let search = [
                "search",
                &words,
                "--literal",
                "--format",
                "json",
                "--limit",
                "0",
            ];
            let found = ran(self.command(&search).output().expect("it starts")).json();
            let seen = self.seen.values().filter(|seen| seen.0 == edition).count();
            assert_eq!(found["total"], seen, "night {night}, edition {edition}");
        }
        for (article, &(_, looked)) in &self.seen {
            let age = night + FIRST as u64 - *article as u64;
            if age < YOUNG_DAYS && !self.gone.contains(article) {
                assert!(night - looked <= 3, "article {article} in night {night}");
            }
        }
    }
}

fn ran_well(output: std::process::Output) -> Ran {
    ran(output).with(0)
}

#[test]
fn a_month_of_nights_is_told_as_it_was_whatever_goes_wrong() {
    use Fault::{Calm, Killed, Locked, NoRoom};
    let mut month = Month::new();
    month.update().output().expect("it starts");
    month.check(true);
    let faults = [
        Calm,
        Killed(Moment::Crawl),
        NoRoom(Part::Archive),
        Killed(Moment::Index),
        NoRoom(Part::Index),
        Killed(Moment::Publish),
        NoRoom(Part::Told),
        Killed(Moment::Watch),
        NoRoom(Part::Corpus),
        Killed(Moment::Tell),
        Locked,
    ];
    let mut struck: BTreeMap<Fault, u32> = BTreeMap::new();
    for night in 1..=NIGHTS {
        month.day();
        month.night = night;
        month.minutes = month.numbers.below(60);
        let fault = faults[night as usize % faults.len()];
        if fault.strike(&mut month) {
            *struck.entry(fault).or_default() += 1;
        }
        // The next run, as from a timer.
        month.minutes += 20;
        let done = ran(month.update().output().expect("it starts"));
        assert_eq!(done.code, Some(0), "night {night}: {}", done.err);
        month.check(fault == Calm);
    }
    for fault in faults.iter().filter(|fault| fault.can_strike()) {
        assert!(
            struck.contains_key(fault),
            "{fault:?} never struck: {struck:?}"
        );
    }
    // Whatever was edited in between is seen once it is due.
    month.night += 60;
    assert!(month.update().output().expect("it starts").status.success());
    month.check(true);
    for (article, &edition) in month.editions.iter().enumerate() {
        if !month.gone.contains(&article) {
            assert_eq!(month.seen[&article].0, edition, "article {article}");
        }
    }
    let ids: BTreeSet<_> = month
        .alerts()
        .iter()
        .map(|alert| alert["alert"].to_string())
        .collect();
    assert_eq!(ids.len(), month.told, "none is told twice");
    month.field.corpus.run(&["verify"]).with(0);
}
