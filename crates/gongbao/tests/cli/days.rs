//! A month of days: pages come, are edited and go; each day's alerts and the
//! index equal what the test knows, kills or no kills.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Stdio,
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::{Corpus, Numbers, command};

const DAYS: u64 = 30;

/// One item of a notice. Its serial number makes it unlike any other.
#[derive(Clone)]
struct Item {
    serial: u64,
    about_debt: bool,
    amount: u64,
}

impl Item {
    fn text(&self) -> String {
        let (serial, amount) = (self.serial, self.amount);
        if self.about_debt {
            format!("第{serial}号事项化解债务{amount}万元，责任落实到人，年底以前完成。")
        } else {
            format!("第{serial}号事项修缮道路{amount}公里，责任落实到人，年底以前完成。")
        }
    }
}

/// What is on the web, and what a day's alerts must say of it.
struct World {
    numbers: Numbers,
    notices: BTreeMap<u64, Vec<Item>>,
    /// Everything that was there once stays in the archive.
    kept: BTreeMap<u64, Vec<Item>>,
    serial: u64,
    /// By notice: texts that are new, and texts that changed with what they were.
    expected: BTreeSet<(u64, String, Option<String>)>,
}

impl World {
    fn item(&mut self) -> Item {
        self.serial += 1;
        Item {
            serial: self.serial,
            about_debt: self.numbers.below(3) > 0,
            amount: 100 + self.numbers.below(800),
        }
    }

    fn tell(&mut self, notice: u64, item: &Item, before: Option<&Item>) {
        if item.about_debt {
            let before = before.map(Item::text);
            self.expected.insert((notice, item.text(), before));
        }
    }

    /// A day passes: two notices come, two or three are edited, one goes.
    fn day(&mut self, day: u64) {
        self.expected.clear();
        let known: Vec<_> = self.notices.keys().copied().collect();
        for number in 0..2 {
            let notice = day * 10 + number;
            let items: Vec<_> = (0..2 + self.numbers.below(4))
                .map(|_| self.item())
                .collect();
            for item in &items {
                self.tell(notice, item, None);
            }
            self.notices.insert(notice, items);
        }
        let mut edited = BTreeSet::new();
        for _ in 0..3 {
            if known.is_empty() {
                break;
            }
            let notice = known[self.numbers.below(known.len() as u64) as usize];
            if !edited.insert(notice) {
                continue;
            }
            let mut items = self.notices[&notice].clone();
            match self.numbers.below(3) {
                // An item in front moves the numbers of all others.
                0 => {
                    let item = self.item();
                    self.tell(notice, &item, None);
                    items.insert(0, item);
                }
                1 => {
                    let at = self.numbers.below(items.len() as u64) as usize;
                    let before = items[at].clone();
                    items[at].amount += 1000;
                    self.tell(notice, &items[at].clone(), Some(&before));
                }
                _ if items.len() > 1 => {
                    items.remove(0);
                }
                _ => {}
            }
            self.notices.insert(notice, items);
        }
        self.kept.extend(self.notices.clone());
        // What went before anybody saw how it was edited says nothing.
        let unedited = known.iter().filter(|notice| !edited.contains(notice));
        let unedited: Vec<_> = unedited.collect();
        if unedited.len() > 3 {
            let gone = unedited[self.numbers.below(unedited.len() as u64) as usize];
            self.notices.remove(gone);
        }
    }

    fn publish(&self, corpus: &Corpus) -> String {
        let folder = corpus.page("web/.keep", "");
        let folder = std::path::Path::new(&folder)
            .parent()
            .expect("a folder")
            .to_owned();
        fs::remove_dir_all(&folder).expect("it is ours");
        for (notice, items) in &self.kept {
            if !self.notices.contains_key(notice) && notice % 2 == 0 {
                continue;
            }
            let items: Vec<_> = items
                .iter()
                .enumerate()
                .map(|(at, item)| format!("（{}）{}\n", numeral(at + 1), item.text()))
                .collect();
            let text = format!(
                "关于第{notice}号通报的公告\n\n发布时间：2025-03-04  来源：某某镇人民政府\n\n一、事项\n{}",
                items.concat()
            );
            corpus.page(&format!("web/{notice}.txt"), &text);
        }
        folder.to_str().expect("a plain path").to_owned()
    }
}

fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

/// What the alerts of a day say: notice, text without its number, and for a
/// change what it said before.
fn told(alerts: &[Value]) -> BTreeSet<(u64, String, Option<String>)> {
    let bare = |text: &str| {
        text.split_once('）')
            .map_or(text, |(_, bare)| bare)
            .to_owned()
    };
    let mut told = BTreeSet::new();
    for alert in alerts {
        let title = alert["title"].as_str().expect("a title");
        let number: String = title.chars().filter(char::is_ascii_digit).collect();
        for passage in alert["passages"].as_array().expect("passages") {
            let text = bare(passage["text"].as_str().expect("a text"));
            let before = passage["before"].as_str().map(bare);
            assert!(
                told.insert((number.parse().expect("a number"), text, before)),
                "told twice in a day: {passage}"
            );
        }
    }
    told
}

#[test]
fn each_day_is_told_as_it_was() {
    let corpus = Corpus::new();
    let mut world = World {
        numbers: Numbers(7),
        notices: BTreeMap::new(),
        kept: BTreeMap::new(),
        serial: 0,
        expected: BTreeSet::new(),
    };
    let file = corpus.dir().join("alerts.jsonl");
    let jsonl = file.display().to_string();
    corpus
        .run(&["watch", "add", "debt", "债务", "--all", "--jsonl", &jsonl])
        .with(0);
    let dir = corpus.dir();
    let dir = dir.to_str().expect("a plain path");
    let mut seen = 0;
    let mut ids = BTreeSet::new();
    for day in 1..=DAYS {
        world.day(day);
        let folder = world.publish(&corpus);
        corpus.run(&["import", &folder]).with(0);
        if day % 3 == 0 {
            let mut child = command(["update", "--corpus", dir])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts");
            thread::sleep(Duration::from_millis(day * 41 % 500));
            child.kill().expect("it is ours");
            child.wait().expect("it ends");
        }
        corpus.run(&["update"]).with(0);

        let text = fs::read_to_string(&file).unwrap_or_default();
        let alerts: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("a whole line"))
            .collect();
        for alert in &alerts[seen..] {
            assert!(
                ids.insert(alert["alert"].to_string()),
                "repeated on day {day}"
            );
        }
        assert_eq!(told(&alerts[seen..]), world.expected, "day {day}");
        seen = alerts.len();

        let items = world.kept.values().flatten().filter(|item| item.about_debt);
        let found = corpus
            .run(&[
                "search", "债务", "--unit", "passage", "--limit", "0", "--format", "json",
            ])
            .json();
        assert_eq!(found["total"], items.count(), "day {day}");
    }
}
