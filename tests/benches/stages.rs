//! Each stage of indexing and searching by itself, beside what bounds it:
//! `cargo bench -p gongbao-tests --bench stages`.
//!
//! Seconds are medians of five rounds. Where valgrind is installed, instructions
//! are counted too, in a run of its own: other programs do not change them, so
//! that a loss shows on a noisy machine.
//!
//! On the law texts where they are beside the project; `-- short` takes the sample
//! notices, in the project, instead. Nothing is judged.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::{
    collections::BTreeMap,
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::AtomicBool,
    time::Instant,
};

use gongbao_analysis::{Dictionary, Fields, Segmenter, normalize, register_tokenizers, schema};
use gongbao_indexer::{Options, Progress, update};
use gongbao_notice::{Divisions, Notice, Outline, Page, Reader, Row};
use gongbao_query::{Engine, Question, Request, Response};
use gongbao_tests::{TestCorpus, read_zst, shared};
use serde_json::{Value, json};
use tantivy::{
    DocSet, Index, Searcher, TERMINATED, Term, postings::Postings, schema::IndexRecordOption,
    tokenizer::TokenStream,
};

/// How often each stage is run.
const ROUNDS: usize = 5;

/// Set for the run in which instructions are counted: each stage once.
const COUNTED: &str = "GONGBAO_STAGES_COUNTED";

/// Of the law texts, this many are enough.
const TEXTS: usize = 1000;

const QUESTIONS: [&str; 12] = [
    "债务 化解",
    "长江 禁渔",
    "行政 处罚",
    "政府 采购",
    "安全 生产",
    "土地征收",
    "营商环境",
    "\"人民政府\"",
    "\"依法追究刑事责任\"",
    "谁可以成为个体工商户？",
    "用人单位不签劳动合同怎么办，劳动者可以要求双倍工资吗？",
    "哪些县报告了地方政府债务？",
];

fn main() {
    let is_short = env::args().any(|argument| argument == "short");
    let is_counted = env::var_os(COUNTED).is_some();
    let mut bench = Bench {
        rounds: if is_counted { 1 } else { ROUNDS },
        stages: Vec::new(),
    };
    let pages = pages();
    let laws = shared("corpora/laws.jsonl.zst").filter(|_| !is_short);
    let lines: Vec<String> = match &laws {
        Some(path) => {
            let laws = read_zst(path);
            laws.lines().take(TEXTS).map(str::to_owned).collect()
        }
        None => read_pages(&pages).iter().map(row).collect(),
    };
    text_stages(&mut bench, &pages, &lines);
    search_stages(&mut bench, &lines);
    if !is_counted {
        bench.print(&instructions());
    }
}

fn text_stages(bench: &mut Bench, pages: &[SavedPage], lines: &[String]) {
    let size = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
    let page_bytes = pages.iter().map(|page| page.bytes.len()).sum();
    bench.add("stage_pages", page_bytes, || stage_pages(pages));
    let decoded = bench.add("stage_decode", size(lines), || stage_decode(lines));
    let passages = bench.add("stage_read", size(lines), || stage_read(&decoded));
    let bytes = size(&passages);
    bench.add("limit_copy", bytes, || limit_copy(&passages));
    let normal = bench.add("stage_normalise", bytes, || stage_normalise(&passages));
    let jieba = jieba_rs::Jieba::new();
    bench.add("limit_jieba", bytes, || limit_jieba(&jieba, &normal));
    let segmenter = Segmenter::new(&Dictionary::built_in());
    bench.add("stage_words", bytes, || stage_words(&segmenter, &normal));
    let (schema, fields) = schema();
    let index = Index::create_in_ram(schema);
    register_tokenizers(index.tokenizers(), segmenter);
    bench.add("stage_letters", bytes, || {
        stage_letters(&index, &fields, &normal)
    });
}

fn search_stages(bench: &mut Bench, lines: &[String]) {
    let ids: Vec<String> = (0..lines.len())
        .map(|number| format!("n{number}"))
        .collect();
    let rows = ids.iter().zip(lines);
    let rows: Vec<_> = rows
        .map(|(id, line)| (id.as_str(), line.as_bytes()))
        .collect();
    let bytes = lines.iter().map(String::len).sum();
    let corpus = bench.add("stage_archive", bytes, || stage_archive(&rows));
    bench.add_two(["stage_index", "stage_merge"], bytes, || {
        stage_index(&corpus)
    });
    let (engine, searcher) = open(&corpus);
    // Questions, whose bytes tell nothing.
    bench.add("stage_parse", 0, stage_parse);
    bench.add("limit_postings", 0, || limit_postings(&searcher));
    bench.add("stage_match", 0, || stage_match(&engine));
    bench.add("stage_rank", 0, || stage_rank(&engine));
    bench.add("stage_collapse", 0, || stage_collapse(&engine));
    let answers = bench.add("stage_highlight", 0, || stage_highlight(&engine));
    bench.add("stage_print", 0, || stage_print(&answers));
}

/// What a stage is called in the table, and what it is held against.
fn told(stage: &str) -> (&'static str, Option<&'static str>) {
    match stage {
        "limit_copy" => ("limit: copy the bytes", None),
        "limit_jieba" => ("limit: jieba-rs alone cuts, its own dictionary", None),
        "limit_postings" => ("limit: cut the words, scan their lists", None),
        "stage_pages" => ("decode and read pages (HTML)", None),
        "stage_decode" => ("decode rows (JSON)", Some("limit_copy")),
        "stage_read" => ("read: fields, outline, passages", Some("limit_copy")),
        "stage_normalise" => ("normalise", Some("limit_copy")),
        "stage_words" => ("cut into words", Some("limit_jieba")),
        "stage_letters" => ("cut into pairs and characters", Some("limit_copy")),
        "stage_archive" => ("archive", None),
        "stage_index" => ("read back, cut, index", None),
        "stage_merge" => ("write out, merge, publish", None),
        "stage_parse" => ("parse", Some("limit_postings")),
        "stage_match" => ("parse and match, all", Some("limit_postings")),
        "stage_rank" => ("parse, match, score, show one", Some("limit_postings")),
        "stage_collapse" => ("the same, copies folded", Some("limit_postings")),
        "stage_highlight" => ("the same, ten read and highlighted", Some("limit_postings")),
        "stage_print" => ("print ten as JSON", Some("limit_postings")),
        other => unreachable!("{other} is no stage"),
    }
}

fn read_pages(pages: &[SavedPage]) -> Vec<Notice> {
    let reader = Reader::new(Divisions::builtin());
    let read = pages.iter().map(|page| {
        reader.read(&Page {
            bytes: &page.bytes,
            content_type: page.content_type.as_deref(),
            url: Some(&page.url),
            file_name: None,
            profile: None,
        })
    });
    read.collect()
}

#[inline(never)]
fn stage_pages(pages: &[SavedPage]) {
    black_box(read_pages(pages));
}

#[inline(never)]
fn stage_decode(lines: &[String]) -> Vec<Row> {
    let rows = lines
        .iter()
        .map(|line| serde_json::from_str(line).expect("a row"));
    rows.collect()
}

#[inline(never)]
fn stage_read(rows: &[Row]) -> Vec<String> {
    let reader = Reader::new(Divisions::builtin());
    let mut passages = Vec::new();
    for row in rows {
        let notice = reader.read_row(row);
        let text = notice.body.text();
        let outline = Outline::of(&notice.body);
        let texts = outline
            .passages
            .iter()
            .map(|passage| text[passage.range.clone()].to_owned());
        passages.extend(texts);
    }
    passages
}

#[inline(never)]
fn limit_copy(passages: &[String]) -> Vec<String> {
    passages.to_vec()
}

#[inline(never)]
fn stage_normalise(passages: &[String]) -> Vec<String> {
    passages
        .iter()
        .map(|passage| normalize(passage).into_owned())
        .collect()
}

#[inline(never)]
fn limit_jieba(jieba: &jieba_rs::Jieba, passages: &[String]) {
    for passage in passages {
        black_box(jieba.cut(passage, false));
    }
}

#[inline(never)]
fn stage_words(segmenter: &Segmenter, passages: &[String]) {
    for passage in passages {
        segmenter.words(passage).for_each(|word| {
            black_box(word);
        });
    }
}

#[inline(never)]
fn stage_letters(index: &Index, fields: &Fields, passages: &[String]) {
    for field in [fields.body_pairs, fields.body_chars] {
        let mut analyzer = index.tokenizer_for_field(field).expect("registered");
        for passage in passages {
            analyzer.token_stream(passage).process(&mut |token| {
                black_box(token);
            });
        }
    }
}

#[inline(never)]
fn stage_archive(rows: &[(&str, &[u8])]) -> TestCorpus {
    let corpus = TestCorpus::new();
    corpus.add_rows(rows);
    corpus
}

/// Seconds until all is handed to tantivy, and from there until the generation is
/// published.
#[inline(never)]
fn stage_index(corpus: &TestCorpus) -> [f64; 2] {
    let options = Options {
        rebuild: true,
        memory_mib: 200,
        ..Options::default()
    };
    let started = Instant::now();
    let mut handed_over = 0.0;
    let done = update(
        &corpus.corpus(),
        &Reader::new(Divisions::builtin()),
        &Dictionary::built_in(),
        &options,
        &AtomicBool::new(false),
        &mut |progress| {
            if progress == Progress::Writing {
                handed_over = started.elapsed().as_secs_f64();
            }
        },
    );
    done.expect("an index");
    [handed_over, started.elapsed().as_secs_f64() - handed_over]
}

#[inline(never)]
fn stage_parse() {
    for question in QUESTIONS {
        black_box(Question::parse(question));
    }
}

#[inline(never)]
fn limit_postings(searcher: &Searcher) -> u64 {
    let (_, fields) = schema();
    let mut sum = 0;
    for question in QUESTIONS {
        let normal = normalize(question);
        let segmenter = Segmenter::for_text(&Dictionary::built_in(), &normal);
        for (_, word) in segmenter.words(&normal) {
            let term = Term::from_field_text(fields.body_words, word);
            for reader in searcher.segment_readers() {
                let index = reader.inverted_index(fields.body_words).expect("a field");
                let option = IndexRecordOption::WithFreqs;
                let postings = index.read_postings(&term, option).expect("readable");
                if let Some(mut postings) = postings {
                    while postings.doc() != TERMINATED {
                        sum += u64::from(postings.term_freq());
                        postings.advance();
                    }
                }
            }
        }
    }
    sum
}

#[inline(never)]
fn stage_match(engine: &Engine) {
    for question in QUESTIONS {
        black_box(engine.matching(&Request::new(question)).expect("an answer"));
    }
}

#[inline(never)]
fn stage_rank(engine: &Engine) -> Vec<Response> {
    ask(engine, 1, false)
}

#[inline(never)]
fn stage_collapse(engine: &Engine) -> Vec<Response> {
    ask(engine, 1, true)
}

#[inline(never)]
fn stage_highlight(engine: &Engine) -> Vec<Response> {
    ask(engine, 10, true)
}

#[inline(never)]
fn stage_print(answers: &[Response]) {
    for answer in answers {
        black_box(serde_json::to_string(answer).expect("it is plain"));
    }
}

fn ask(engine: &Engine, limit: usize, fold: bool) -> Vec<Response> {
    let answers = QUESTIONS.iter().map(|question| {
        let request = Request {
            limit,
            fold,
            ..Request::new(question)
        };
        engine.search(&request).expect("an answer")
    });
    answers.collect()
}

/// The index of `corpus`, and the same as tantivy alone sees it.
fn open(corpus: &TestCorpus) -> (Engine, Searcher) {
    let index = Index::open_in_dir(corpus.generation_dir()).expect("an index");
    (
        corpus.engine(),
        index.reader().expect("a reader").searcher(),
    )
}

/// A page of the sample.
struct SavedPage {
    url: String,
    content_type: Option<String>,
    bytes: Vec<u8>,
}

fn pages() -> Vec<SavedPage> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample");
    let manifest = fs::read_to_string(folder.join("manifest.jsonl")).expect("the sample");
    let pages = manifest.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("a line");
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let file: PathBuf = folder.join(text("file").expect("a file"));
        SavedPage {
            url: text("url").expect("an address"),
            content_type: text("content_type"),
            bytes: fs::read(file).expect("a page"),
        }
    });
    pages.collect()
}

/// A notice as a line of JSON Lines.
fn row(notice: &Notice) -> String {
    let title = notice.title.as_ref().map(|title| title.value.clone());
    json!({"title": title, "text": notice.body.text()}).to_string()
}

/// What was measured.
struct Bench {
    rounds: usize,
    /// Name, median in seconds, bytes worked on; 0 where they tell nothing.
    stages: Vec<(&'static str, f64, usize)>,
}

impl Bench {
    /// Runs a stage; gives what it made.
    fn add<T>(&mut self, name: &'static str, bytes: usize, work: impl Fn() -> T) -> T {
        let mut seconds = Vec::with_capacity(self.rounds);
        loop {
            let started = Instant::now();
            let made = black_box(work());
            seconds.push(started.elapsed().as_secs_f64());
            if seconds.len() == self.rounds {
                seconds.sort_by(f64::total_cmp);
                self.stages.push((name, seconds[self.rounds / 2], bytes));
                return made;
            }
        }
    }

    /// The same for work that is done in two parts, and says how long each took.
    fn add_two(&mut self, names: [&'static str; 2], bytes: usize, work: impl Fn() -> [f64; 2]) {
        let rounds: Vec<_> = (0..self.rounds).map(|_| work()).collect();
        for (part, name) in names.into_iter().enumerate() {
            let mut seconds: Vec<_> = rounds.iter().map(|round| round[part]).collect();
            seconds.sort_by(f64::total_cmp);
            self.stages.push((name, seconds[self.rounds / 2], bytes));
        }
    }

    /// Prints a table of what was measured, with `instructions` by stage.
    fn print(&self, instructions: &BTreeMap<String, u64>) {
        println!(
            "| stage | ms | MB/s | times its limit | million instructions | times its limit |"
        );
        println!("| --- | --- | --- | --- | --- | --- |");
        for &(stage, seconds, bytes) in &self.stages {
            let (title, limit) = told(stage);
            let rate = |seconds: f64, bytes: usize| bytes.max(1) as f64 / seconds / 1e6;
            let mut stages = self.stages.iter();
            let of_limit = limit.and_then(|limit| stages.find(|(name, ..)| *name == limit));
            // Per byte: what comes first works on a little more.
            let ratio = of_limit
                .map(|&(_, of_limit, of_bytes)| rate(of_limit, of_bytes) / rate(seconds, bytes));
            let counted = instructions.get(stage).map(|&count| count as f64);
            let of_limit = limit.and_then(|limit| instructions.get(limit));
            let counted_ratio = counted
                .zip(of_limit)
                .map(|(counted, &limit)| counted / limit as f64);
            println!(
                "| {title} | {:.2} | {} | {} | {} | {} |",
                seconds * 1e3,
                or_dash((bytes > 0).then(|| rate(seconds, bytes)), 1),
                or_dash(ratio, 2),
                or_dash(counted.map(|counted| counted / 1e6), 1),
                or_dash(counted_ratio, 2),
            );
        }
    }
}

fn or_dash(figure: Option<f64>, digits: usize) -> String {
    figure.map_or("–".to_owned(), |figure| format!("{figure:.digits$}"))
}

/// The instructions of each stage on the sample, counted by valgrind; none
/// without it.
fn instructions() -> BTreeMap<String, u64> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("callgrind.out");
    let run = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe().expect("this program"))
        .arg("short")
        .env(COUNTED, "1")
        .env("RAYON_NUM_THREADS", "1")
        .output();
    if !run.is_ok_and(|run| run.status.success()) {
        println!("instructions: not counted, for valgrind is missing or failed");
        return BTreeMap::new();
    }
    println!("instructions: on the sample, one thread, by valgrind --tool=callgrind");
    let annotated = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100", "--auto=no"])
        .arg(&out)
        .output();
    let annotated = annotated.expect("it comes with valgrind").stdout;
    let lines = String::from_utf8_lossy(&annotated);
    let mut instructions = BTreeMap::new();
    for (stage, count) in lines.lines().filter_map(counted) {
        // What it is called by is told too, and is less.
        let most: &mut u64 = instructions.entry(stage).or_default();
        *most = count.max(*most);
    }
    instructions
}

/// A stage and its instructions, from a line such as
/// `1,234,567 (12.3%)  benches/stages.rs:stages::stage_read [stages]`.
fn counted(line: &str) -> Option<(String, u64)> {
    let (_, name) = line.split_once("stages::")?;
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    let name = &name[..end.unwrap_or(name.len())];
    if !(name.starts_with("stage_") || name.starts_with("limit_")) {
        return None;
    }
    let count = line.split_whitespace().next()?.replace(',', "");
    Some((name.to_owned(), count.parse().ok()?))
}
