//! The server, asked one question after the other over one connection.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use tokio::runtime::Runtime;

use crate::{Ended, gongbao};

/// How long to wait for a new generation at most.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to ask whether it is there.
const PAUSE: Duration = Duration::from_millis(20);

pub(crate) struct Served {
    server: Ended,
    address: String,
    client: reqwest::Client,
    runtime: Runtime,
    pub(crate) ready_ms: f64,
}

impl Served {
    /// Starts a server of `corpus` and waits until it answers.
    pub(crate) fn start(corpus: &Path) -> Self {
        let began = Instant::now();
        let mut command = gongbao(corpus, &["serve", "--listen", "127.0.0.1:0"]);
        let mut server = Ended(command.stdout(Stdio::piped()).spawn().expect("it starts"));
        let stdout = server.0.stdout.take().expect("it is piped");
        let mut address = String::new();
        BufReader::new(stdout)
            .read_line(&mut address)
            .expect("it says where it is");
        let mut served = Self {
            server,
            address: address.trim().to_owned(),
            client: reqwest::Client::new(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("it starts"),
            ready_ms: 0.0,
        };
        served.get("readyz");
        served.ready_ms = began.elapsed().as_secs_f64() * 1000.0;
        served
    }

    pub(crate) fn process(&self) -> u32 {
        self.server.0.id()
    }

    /// The answer to a request, headers first.
    fn get(&self, path: &str) -> reqwest::Response {
        self.runtime.block_on(async {
            let url = format!("{}{path}", self.address);
            let mut answer = self.client.get(url).send().await.expect("it answers");
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            while answer.chunk().await.expect("it answers whole").is_some() {}
            answer
        })
    }

    /// Asks each of `questions`, after a first round that warms the cache of
    /// files.
    pub(crate) fn ask(&self, questions: &[String]) -> Took {
        let mut took = Vec::new();
        for round in 0..3 {
            for question in questions {
                let began = Instant::now();
                self.get(&format!("api/v1/search?{question}"));
                if round > 0 {
                    took.push(began.elapsed().as_secs_f64() * 1000.0);
                }
            }
        }
        took.sort_by(f64::total_cmp);
        Took(took)
    }

    /// Tells how long after `make`, which makes a new generation, it is served,
    /// and the slowest answer on the way.
    pub(crate) fn pick_up(&self, make: impl FnOnce()) {
        let tag = || {
            let answer = self.get("api/v1/search?q=%E5%80%BA%E5%8A%A1");
            answer
                .headers()
                .get("etag")
                .expect("a tag")
                .as_bytes()
                .to_owned()
        };
        let before = tag();
        make();
        let began = Instant::now();
        let mut slowest = 0_f64;
        loop {
            let asked = Instant::now();
            let now = tag();
            slowest = slowest.max(asked.elapsed().as_secs_f64() * 1000.0);
            if now != before {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "no new generation");
            thread::sleep(PAUSE);
        }
        println!(
            "a new generation served {:.0} ms after the indexing ended, slowest answer {slowest:.1} ms",
            began.elapsed().as_secs_f64() * 1000.0
        );
    }
}

/// How long each answer took, in milliseconds, sorted.
pub(crate) struct Took(Vec<f64>);

impl Took {
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        self.0[(self.0.len() - 1) * percent / 100]
    }
}
