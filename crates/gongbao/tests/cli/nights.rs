//! Unattended runs over sites that change: crawled, indexed and told in one.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use gongbao_fakesite::{Family, Site, Web};
use serde_json::Value;

use crate::support::{Corpus, Numbers, Ran, command, ran};

/// So many nights make a month.
const NIGHTS: u64 = 30;

/// Made-up sites, and a corpus whose `sites` folder describes them.
struct Field {
    web: Web,
    corpus: Corpus,
}

impl Field {
    fn new(sites: impl IntoIterator<Item = Site>) -> Self {
        let web = Web::serve(sites).expect("it serves");
        let corpus = Corpus::new();
        let profiles = corpus.dir().join("sites");
        fs::create_dir_all(&profiles).expect("a folder");
        for id in web.ids() {
            let path = profiles.join(format!("{id}.toml"));
            fs::write(path, web.profile(id)).expect("it is written");
        }
        Self { web, corpus }
    }
}

/// One run over all sites, every page of which is looked at again.
fn night(field: &Field) -> Ran {
    ran(update(field).output().expect("it starts"))
}

fn update(field: &Field) -> Command {
    let mut command = command(["update", "--allow-private", "--refresh"]);
    command.args(["--delay", "1ms", "--max-time", "60s"]);
    command.arg("--corpus").arg(field.corpus.dir());
    command.args(field.web.ids());
    command
}

/// A run that is killed after so many milliseconds, wherever it is then.
fn killed(field: &Field, after: u64) {
    let mut child = update(field)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    thread::sleep(Duration::from_millis(after));
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
}

fn alerts(field: &Field) -> Vec<Value> {
    let text = fs::read_to_string(field.corpus.dir().join("alerts.jsonl")).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a whole line"))
        .collect()
}

fn status(field: &Field) -> Value {
    field
        .corpus
        .run(&["status", "--format", "json"])
        .with(0)
        .json()
}

#[test]
fn each_night_is_told_and_a_failing_site_holds_up_no_other() {
    let sites = [
        Site::new("yunxi", Family::Trs, 6),
        Site::new("baihe", Family::Trs, 6),
    ];
    let field = Field::new(sites);
    let jsonl = field
        .corpus
        .dir()
        .join("alerts.jsonl")
        .display()
        .to_string();
    let add = [
        "watch", "add", "all", "--since", "1990", "--all", "--jsonl", &jsonl,
    ];
    field.corpus.run(&add).with(0);
    night(&field);
    assert_eq!(alerts(&field).len(), 12, "{}", status(&field));

    // One site has an edit, another look and a new page; the other is down.
    {
        let mut site = field.web.site("yunxi");
        site.edit(0);
        site.restyle(1);
        site.publish(1);
    }
    field.web.site("baihe").fail(Some(503));
    night(&field).with(2);
    let told = alerts(&field);
    let changes: Vec<_> = told[12..]
        .iter()
        .map(|alert| alert["change"].clone())
        .collect();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(
        changes.contains(&"new".into()) && changes.contains(&"changed".into()),
        "{changes:?}"
    );
    let report = status(&field);
    assert_eq!(
        report["index"]["notices"], 13,
        "what is down stays searchable"
    );
    let steps = report["last_runs"][0]["steps"].as_array().expect("steps");
    let names: Vec<_> = steps.iter().map(|step| step["name"].clone()).collect();
    assert_eq!(names, ["crawl", "index", "watch"]);
    assert!(
        !report["problems"].as_array().expect("a list").is_empty(),
        "{report}"
    );

    // It is up again, and a page of the other is gone: nothing new.
    field.web.site("baihe").fail(None);
    field.web.site("yunxi").vanish(2);
    night(&field);
    assert_eq!(alerts(&field).len(), 14);
    assert_eq!(
        status(&field)["index"]["notices"],
        13,
        "the archive keeps it"
    );
}

/// Pages come, are edited, change their looks and go; every third night is
/// killed once, in whatever step it is, and run again.
#[test]
fn a_month_of_nights_is_told_as_it_was() {
    let field = Field::new([Site::new("yunxi", Family::Trs, 6)]);
    let jsonl = field.corpus.dir().join("alerts.jsonl");
    let jsonl = jsonl.display().to_string();
    let add = [
        "watch", "add", "all", "--since", "1990", "--all", "--jsonl", &jsonl,
    ];
    field.corpus.run(&add).with(0);
    night(&field);
    let mut numbers = Numbers(5);
    let (mut pages, mut told) = (6, 6);
    let mut live: BTreeSet<usize> = (0..pages).collect();
    assert_eq!(alerts(&field).len(), told, "{}", status(&field));
    for day in 1..=NIGHTS {
        let mut any = |live: &BTreeSet<usize>| {
            let number = numbers.below(live.len() as u64);
            *live.iter().nth(number as usize).expect("one of them")
        };
        let (edited, restyled) = (any(&live), any(&live));
        {
            let mut site = field.web.site("yunxi");
            site.edit(edited);
            site.restyle(restyled);
            site.publish(1);
            if day % 5 == 0 {
                let gone = *live
                    .iter()
                    .find(|&&page| page != edited)
                    .expect("one of them");
                site.vanish(gone);
                live.remove(&gone);
            }
        }
        live.insert(pages);
        pages += 1;
        if day % 3 == 0 {
            killed(&field, numbers.below(900));
        }
        night(&field);

        let new = &alerts(&field)[told..];
        let mut changes: Vec<_> = new
            .iter()
            .map(|alert| alert["change"].to_string())
            .collect();
        changes.sort();
        assert_eq!(changes, ["\"changed\"", "\"new\""], "day {day}: {new:?}");
        told += 2;
        let status = status(&field);
        assert_eq!(status["index"]["notices"], pages, "day {day}: {status}");
    }
    let ids: BTreeSet<_> = alerts(&field)
        .iter()
        .map(|alert| alert["alert"].to_string())
        .collect();
    assert_eq!(ids.len(), told, "none is told twice");
}
