//! Indexing and searching the law texts, each stage beside what its parts
//! alone take: `cargo bench -p gongbao-tests --bench laws`.
//!
//! Every figure is of this one run; compare ratios, not seconds.

#![expect(clippy::print_stdout, reason = "a bench is there to print")]

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use gongbao_analysis::{Dictionary, Segmenter, normalize, register_tokenizers, schema};
use gongbao_notice::{Divisions, Outline, Reader, Row};
use gongbao_query::{Request, Topics, Unit};
use gongbao_tests::{TestCorpus, read_zst, shared};
use tantivy::{
    Index, IndexWriter, TantivyDocument,
    schema::{IndexRecordOption, SchemaBuilder, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token, TokenStream},
};

/// Parts of the index that are smaller than this share of the text are not told.
const LEAST_SHARE: f64 = 0.005;

fn main() {
    let Some(path) = shared("corpora/laws.jsonl.zst") else {
        println!("skipped: the law texts are not beside the project");
        return;
    };
    let text = read_zst(&path);
    let rows: Vec<Row> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect();
    let bytes: usize = rows.iter().map(|row| row.text.len()).sum();
    println!(
        "law texts: {} documents, {:.1} MB",
        rows.len(),
        bytes as f64 / 1e6
    );

    let read = time("read rows and outlines, one thread", || read_all(&rows));
    let normal = time("normalise, one thread", || normalise_all(&read));
    let jieba = timed("limit: jieba-rs alone cuts for search, two threads", || {
        cut_with_jieba(&normal)
    });
    let tantivy = index_pre_cut(&normal);
    println!(
        "limit: tantivy alone indexes pre-cut words, pairs and characters, two threads: {:.2} s",
        tantivy.as_secs_f64()
    );
    let corpus = TestCorpus::new();
    time("import", || {
        let lines: Vec<_> = text
            .lines()
            .map(|line| (&line[8..17], line.as_bytes()))
            .collect();
        corpus.add_rows(&lines);
    });
    let index = timed("index from the archive", || {
        println!("  {:?}", corpus.index_with(400));
    });
    println!(
        "index / (jieba + tantivy): {:.2}; index size / text: {:.2}",
        index.as_secs_f64() / (jieba + tantivy).as_secs_f64(),
        folder_size(&corpus.corpus().index_dir()) as f64 / bytes as f64,
    );
    sizes(&corpus, bytes as f64);
    queries(&corpus);
}

/// What of the index takes how much room, beside the text.
fn sizes(corpus: &TestCorpus, bytes: f64) {
    let dir = corpus.generation_dir();
    let index = Index::open_in_dir(&dir).expect("an index");
    let searcher = index.reader().expect("a reader").searcher();
    let space = searcher.space_usage().expect("it is counted");
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for segment in space.segments() {
        let files = [
            ("terms", segment.termdict()),
            ("postings", segment.postings()),
            ("positions", segment.positions()),
            ("column", segment.fast_fields()),
            ("lengths", segment.fieldnorms()),
        ];
        for (kind, file) in files {
            for field in file.fields() {
                let part = format!("{} {kind}", field.field_name());
                *parts.entry(part).or_default() += field.total().get_bytes();
            }
        }
        *parts.entry("stored".to_owned()).or_default() += segment.store().total().get_bytes();
    }
    let others = folder_size(&dir).saturating_sub(space.total().get_bytes());
    parts.insert("beside tantivy's files".to_owned(), others);
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.retain(|&(_, size)| size as f64 > bytes * LEAST_SHARE);
    parts.sort_by_key(|&(_, size)| std::cmp::Reverse(size));
    println!("of it, in shares of the text:");
    for (part, size) in parts {
        println!("  {:.3}  {part}", size as f64 / bytes);
    }
}

fn time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    println!("{what}: {:.2} s", started.elapsed().as_secs_f64());
    done
}

fn timed(what: &str, work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    time(what, work);
    started.elapsed()
}

fn read_all(rows: &[Row]) -> Vec<Vec<String>> {
    let reader = Reader::new(Divisions::builtin());
    rows.iter()
        .map(|row| {
            let notice = reader.read_row(row);
            let outline = Outline::of(&notice.body);
            let text = notice.body.text();
            outline
                .passages
                .iter()
                .map(|passage| text[passage.range.clone()].to_owned())
                .collect()
        })
        .collect()
}

fn normalise_all(notices: &[Vec<String>]) -> Vec<String> {
    notices
        .iter()
        .flatten()
        .map(|passage| normalize(passage).into_owned())
        .collect()
}

/// Runs `work` on both halves of `passages` at once.
fn halves(passages: &[String], work: impl Fn(&[String]) + Sync) {
    let (first, second) = passages.split_at(passages.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| work(first));
        scope.spawn(|| work(second));
    });
}

fn cut_with_jieba(passages: &[String]) {
    let jieba = jieba_rs::Jieba::new();
    halves(passages, |half| {
        for passage in half {
            std::hint::black_box(jieba.cut_for_search(passage, false));
        }
    });
}

/// Words, pairs with positions and characters, cut beforehand, so that only
/// tantivy's own work is timed.
fn index_pre_cut(passages: &[String]) -> Duration {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut builder = SchemaBuilder::new();
    let indexed = |record| {
        let indexing = TextFieldIndexing::default().set_index_option(record);
        TextOptions::default().set_indexing_options(indexing)
    };
    let words = builder.add_text_field("words", indexed(IndexRecordOption::WithFreqs));
    let pairs = builder.add_text_field("pairs", indexed(IndexRecordOption::WithFreqsAndPositions));
    let chars = builder.add_text_field("chars", indexed(IndexRecordOption::WithFreqs));
    let index = Index::create_in_dir(dir.path(), builder.build()).expect("an index");
    let (ours, fields) = schema();
    let tokenizers = Index::create_in_ram(ours);
    register_tokenizers(
        tokenizers.tokenizers(),
        Segmenter::new(&Dictionary::built_in()),
    );
    let mut writer: IndexWriter = index
        .writer_with_num_threads(2, 400 << 20)
        .expect("a writer");
    let tokenize = |field, text: &str| {
        let mut analyzer = tokenizers.tokenizer_for_field(field).expect("registered");
        let mut tokens: Vec<Token> = Vec::new();
        analyzer
            .token_stream(text)
            .process(&mut |token| tokens.push(token.clone()));
        PreTokenizedString {
            text: String::new(),
            tokens,
        }
    };
    let mut spent = Duration::ZERO;
    for batch in passages.chunks(20_000) {
        let documents: Vec<_> = batch
            .iter()
            .map(|passage| {
                let mut document = TantivyDocument::new();
                document.add_pre_tokenized_text(words, tokenize(fields.body_words, passage));
                document.add_pre_tokenized_text(pairs, tokenize(fields.body_pairs, passage));
                document.add_pre_tokenized_text(chars, tokenize(fields.body_chars, passage));
                document
            })
            .collect();
        let started = Instant::now();
        for document in documents {
            writer.add_document(document).expect("room");
        }
        spent += started.elapsed();
    }
    let started = Instant::now();
    writer.commit().expect("room");
    writer.wait_merging_threads().expect("room");
    spent + started.elapsed()
}

fn folder_size(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).expect("a folder").flatten();
    entries
        .map(|entry| {
            let kind = entry.metadata().expect("metadata");
            if kind.is_dir() {
                folder_size(&entry.path())
            } else {
                kind.len()
            }
        })
        .sum()
}

fn queries(corpus: &TestCorpus) {
    let engine = time("open the index", || corpus.engine());
    let topics: Vec<_> = Topics::built_in()
        .iter()
        .map(|topic| topic.expect("whole packs"))
        .collect();
    let mut latencies: HashMap<&str, Vec<f64>> = HashMap::new();
    let sets: [(&str, &[&str]); 4] = [
        (
            "two words",
            &[
                "债务 化解",
                "长江 禁渔",
                "行政 处罚",
                "政府 采购",
                "安全 生产",
                "环境 保护",
                "土地 征收",
            ],
        ),
        (
            "one chunk",
            &[
                "债务化解",
                "营商环境",
                "劳动合同解除",
                "食品安全监督管理",
                "水污染防治",
                "人民政府",
            ],
        ),
        (
            "long question",
            &[
                "谁可以成为个体工商户？",
                "经营者的个人财产与其个体工商户财产混同影响个体工商户的债务承担吗？",
                "用人单位不签劳动合同怎么办，劳动者可以要求双倍工资吗？",
            ],
        ),
        (
            "phrase",
            &[
                "\"人民政府\"",
                "\"国有土地上房屋征收\"",
                "\"十年禁渔\"",
                "\"依法追究刑事责任\"",
            ],
        ),
    ];
    for _ in 0..20 {
        for (name, questions) in sets {
            for question in questions {
                let answer = engine.search(&Request::new(question)).expect("an answer");
                latencies.entry(name).or_default().push(answer.took_ms);
            }
        }
        for topic in &topics {
            let request = Request {
                topic: Some(topic),
                ..Request::new("")
            };
            latencies
                .entry("topic")
                .or_default()
                .push(engine.search(&request).expect("an answer").took_ms);
        }
        for literal in ["的", "，", "人民政府", "应当依法", "”、“", "(一)"] {
            let request = Request {
                literal: true,
                unit: Unit::Passage,
                ..Request::new(literal)
            };
            latencies
                .entry("literal")
                .or_default()
                .push(engine.search(&request).expect("an answer").took_ms);
        }
    }
    for (name, mut times) in latencies {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!("{name}: p50 {:.2} ms, p99 {:.2} ms", at(0.5), at(0.99));
    }
}
