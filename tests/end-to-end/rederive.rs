//! An index that was brought up to another dictionary, other divisions or
//! profiles is the one that would be made from nothing, term by term; and only
//! what must be is derived anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use gongbao_analysis::{Dictionary, PIECES_FILE, Pieces, Stores, schema};
use gongbao_indexer::{Cause, Options, Report};
use gongbao_notice::{Divisions, Profile, Reader};
use gongbao_tests::TestCorpus;
use serde_json::json;
use tantivy::{
    DocAddress, DocSet, Index, TERMINATED, postings::Postings, schema::IndexRecordOption,
};

/// Random numbers that are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % end
    }

    fn text(&mut self, letters: usize) -> String {
        const LETTERS: [&str; 12] = [
            "债务",
            "化解",
            "方案",
            "长江",
            "十年",
            "禁渔",
            "工作",
            "的",
            "人民",
            "共和国",
            "中华",
            "泽",
        ];
        (0..letters)
            .map(|_| LETTERS[self.below(LETTERS.len())])
            .collect()
    }

    /// Up to five words of one to three pieces, some with a frequency.
    fn dictionary(&mut self) -> Dictionary {
        let words = (0..self.below(6)).map(|_| {
            let pieces = 1 + self.below(3);
            let word = self.text(pieces);
            let frequency = ["", "0", "7", "900", "60000"][self.below(5)];
            format!("{word} {frequency}\n")
        });
        let words: String = words.collect();
        Dictionary::with_own(&words).expect("good lines")
    }

    fn row(&mut self, number: usize) -> (String, Vec<u8>) {
        let id = format!("notice-{number}");
        let sentences: Vec<_> = (0..3)
            .map(|_| self.text(8) + "，" + &self.text(6) + "。")
            .collect();
        let text = format!(
            "一、{}\n{}\n（一）{}",
            self.text(3),
            sentences.join("\n"),
            self.text(9)
        );
        let title = self.text(4);
        let row = json!({ "id": id, "title": title, "text": text, "region": "泽川" });
        (id, row.to_string().into_bytes())
    }
}

/// Field, term or what is kept, notice, ordinal, positions and frequency.
type Entry = (String, Vec<u8>, u64, u64, Vec<u32>);

/// Every posting of the index in force and what it keeps, named by notice and
/// ordinal.
fn everything(corpus: &TestCorpus) -> BTreeSet<Entry> {
    let index = Index::open_in_dir(corpus.generation_dir()).expect("an index");
    let searcher = index.reader().expect("it opens").searcher();
    let (schema, fields) = schema();
    let mut all = BTreeSet::new();
    // In which pieces the texts are kept depends on what was there first.
    let pieces = fs::read(corpus.generation_dir().join(PIECES_FILE)).expect("readable");
    let pieces = Arc::new(Pieces::from_bytes(&pieces).expect("they are pieces"));
    let stores = Stores::open(&searcher, &fields, pieces).expect("they open");
    for (number, segment) in (0..).zip(searcher.segment_readers()) {
        let column = |name| segment.fast_fields().u64(name).expect("a column");
        let (notices, ordinals) = (column("notice"), column("ordinal"));
        let place = |doc| {
            let first =
                |column: &tantivy::columnar::Column<u64>| column.first(doc).expect("a value");
            (first(&notices), first(&ordinals))
        };
        for (field, entry) in schema.fields().filter(|(_, entry)| entry.is_indexed()) {
            let inverted = segment.inverted_index(field).expect("it opens");
            let mut terms = inverted.terms().stream().expect("terms");
            while let Some((term, info)) = terms.next() {
                let option = IndexRecordOption::WithFreqsAndPositions;
                let mut postings = inverted
                    .read_postings_from_terminfo(info, option)
                    .expect("postings");
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    if !segment.is_deleted(doc) {
                        let mut positions = Vec::new();
                        postings.positions(&mut positions);
                        positions.push(postings.term_freq());
                        let (notice, ordinal) = place(doc);
                        all.insert((
                            entry.name().to_owned(),
                            term.to_vec(),
                            notice,
                            ordinal,
                            positions,
                        ));
                    }
                    postings.advance();
                }
            }
        }
        for doc in segment.doc_ids_alive() {
            let (notice, ordinal) = place(doc);
            if ordinal == 0 {
                let head = DocAddress::new(number, doc);
                let kept = format!("{:?}", stores.notice(head).expect("a notice"));
                let kept = kept.into_bytes();
                all.insert(("stored".to_owned(), kept, notice, ordinal, Vec::new()));
            }
        }
    }
    all
}

/// Two corpora of the same archive, one brought up, one made anew each time.
struct Twins {
    kept: TestCorpus,
    anew: TestCorpus,
}

impl Twins {
    fn new() -> Self {
        Self {
            kept: TestCorpus::new(),
            anew: TestCorpus::new(),
        }
    }

    fn add(&self, rows: &[(String, Vec<u8>)]) {
        let rows: Vec<_> = rows.iter().map(|(id, row)| (&**id, &**row)).collect();
        self.kept.add_rows(&rows);
        self.anew.add_rows(&rows);
    }

    fn add_pages(&self, pages: &[(String, Vec<u8>)]) {
        let pages: Vec<_> = pages
            .iter()
            .map(|(name, page)| (&**name, &**page))
            .collect();
        self.kept.add(&pages);
        self.anew.add(&pages);
    }

    /// Indexes both; fails unless they are the same.
    #[track_caller]
    fn index(&self, reader: &Reader, dictionary: &Dictionary) -> Report {
        let options = Options {
            memory_mib: 64,
            ..Options::default()
        };
        let report = self.kept.index_by(reader, dictionary, &options);
        assert_eq!(report.rebuilt_because, None);
        let rebuild = Options {
            rebuild: true,
            ..options
        };
        self.anew.index_by(reader, dictionary, &rebuild);
        let (kept, anew) = (everything(&self.kept), everything(&self.anew));
        let first = kept.symmetric_difference(&anew).next();
        assert_eq!(first, None, "{report:?}");
        report
    }
}

#[test]
fn an_index_brought_up_to_other_words_is_one_made_with_them() {
    let mut numbers = Numbers(11);
    let twins = Twins::new();
    let rows: Vec<_> = (0..60).map(|number| numbers.row(number)).collect();
    twins.add(&rows);
    let reader = Reader::new(Divisions::builtin());
    let mut rederived = Vec::new();
    for round in 0..9 {
        // Every third time notices change too.
        if round % 3 == 2 {
            let rows: Vec<_> = (0..5).map(|_| numbers.below(65)).collect();
            let rows: BTreeMap<_, _> = rows.iter().map(|&number| numbers.row(number)).collect();
            twins.add(&rows.into_iter().collect::<Vec<_>>());
        }
        let report = twins.index(&reader, &numbers.dictionary());
        rederived.extend(
            report
                .rederived
                .map(|rederived| (rederived.reread, rederived.indexed)),
        );
    }
    assert!(rederived.len() > 5, "{rederived:?}");
    assert!(
        rederived.iter().all(|&(reread, _)| reread == 0),
        "{rederived:?}"
    );
    assert!(
        rederived.iter().any(|&(_, indexed)| indexed < 40),
        "{rederived:?}"
    );
    assert!(
        rederived.iter().any(|&(_, indexed)| indexed > 0),
        "{rederived:?}"
    );
}

#[test]
fn only_notices_with_the_word_are_cut_again() {
    let twins = Twins::new();
    let row = |number: usize, text: &str| {
        let id = format!("notice-{number}");
        let row = json!({ "id": id, "title": format!("通报{number}"), "text": text });
        (id, row.to_string().into_bytes())
    };
    let rows = [
        row(1, "一、长江禁渔办清理渔具。\n二、别的。"),
        row(2, "长江禁渔，办好实事。"),
        row(3, "设立長江禁漁辦。"),
        row(4, "没有这回事。"),
    ];
    twins.add(&rows);
    let reader = Reader::new(Divisions::builtin());
    assert_eq!(twins.index(&reader, &Dictionary::built_in()).indexed, 4);
    let own = Dictionary::with_own("长江禁渔办\n").expect("a good line");
    let report = twins.index(&reader, &own);
    assert_eq!(report.indexed, 2, "in either script");
    let rederived = report.rederived.expect("it was");
    assert_eq!((rederived.reread, rederived.indexed), (0, 2));
    let [Cause::Words(words)] = &*rederived.causes else {
        panic!("{rederived:?}")
    };
    assert_eq!(words.gained, ["长江禁渔办"]);
    assert_eq!(twins.index(&reader, &own).generation, None, "nothing to do");
    // A word so heavy that all others weigh less.
    let heavy = Dictionary::with_own("的 50000000\n").expect("a good line");
    let report = twins.index(&reader, &heavy);
    let rederived = report.rederived.expect("it was");
    assert_eq!(
        (rederived.indexed, &*rederived.causes),
        (4, &[Cause::Dictionary][..])
    );
}

#[test]
fn only_pages_that_read_otherwise_are_indexed_again() {
    let mut numbers = Numbers(3);
    let twins = Twins::new();
    let mut page = |number: usize| {
        let host = ["www.yunxi.example", "www.baihe.example"][number % 2];
        let place = if number < 3 { "泽川市" } else { "" };
        let title = format!("关于{place}第{number}号事项的通报");
        let text = numbers.text(30);
        let page = format!("<title>{title}</title><h1>{title}</h1><p>{text}。</p><p>{text}</p>");
        (format!("https://{host}/{number}.html"), page.into_bytes())
    };
    twins.add_pages(&(0..10).map(&mut page).collect::<Vec<_>>());
    let dictionary = Dictionary::built_in();
    let plain = Reader::new(Divisions::builtin());
    twins.index(&plain, &dictionary);

    // A place becomes known: all pages are read again, three say it.
    let zechuan = "code\tname\tshort\tlevel\n990100\t泽川市\t泽川\tprefecture\n";
    let divisions = Divisions::builtin().with_extra(zechuan);
    let reader = Reader::new(divisions.clone());
    let rederived = twins.index(&reader, &dictionary).rederived.expect("it was");
    assert_eq!((rederived.reread, rederived.indexed), (10, 3));
    assert_eq!(rederived.causes, [Cause::Divisions]);

    // The profile of one site comes: only its pages are read again.
    let profile = Profile {
        hosts: vec!["www.yunxi.example".to_owned()],
        organ: Some("云溪县人民政府".to_owned()),
        ..Profile::default()
    };
    let reader = Reader::new(divisions).with_profiles(vec![profile]);
    let rederived = twins.index(&reader, &dictionary).rederived.expect("it was");
    assert_eq!(rederived.reread, 5);
    let causes = [Cause::Profiles(vec!["www.yunxi.example".to_owned()])];
    assert_eq!(rederived.causes, causes);
    assert_eq!(twins.index(&reader, &dictionary).generation, None);

    // And back, with another dictionary and changed notices at once.
    let changed = (0..4).map(|number| page(number * 3));
    twins.add_pages(&changed.collect::<Vec<_>>());
    let own = Dictionary::with_own("化解方案\n").expect("a good line");
    let report = twins.index(&plain, &own);
    assert_eq!(report.rederived.expect("it was").causes.len(), 3);
}
