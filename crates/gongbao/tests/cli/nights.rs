//! Unattended runs over sites that change: crawled, indexed and told in one.

use std::{fs, process::Command};

use gongbao_fakesite::{Family, Site, Web};
use serde_json::Value;

use crate::support::{Corpus, Ran, command, ran};

/// Made-up sites, and a corpus whose `sites` folder describes them.
pub(crate) struct Field {
    pub(crate) web: Web,
    pub(crate) corpus: Corpus,
}

impl Field {
    pub(crate) fn new(sites: impl IntoIterator<Item = Site>) -> Self {
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
