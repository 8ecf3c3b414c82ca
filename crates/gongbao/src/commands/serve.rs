//! `serve`: the reading room, the HTTP endpoint and the feeds.

use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    path::Path,
    time::Duration,
};

use anyhow::{Context, anyhow};
use gongbao_server::{App, Limits, Settings, Token, serve};
use tokio::net::TcpListener;
use tracing_subscriber::{filter::LevelFilter, fmt::format::FmtSpan};

use crate::{
    cli::Serve,
    commands::Outcome,
    config::{Config, plain},
    signals,
};

/// Descriptors for all that is no connection: the index, the archive, the log.
const OWN_FILES: u64 = 512;

/// Serves until it is interrupted.
pub(crate) fn run(args: &Serve, config: &Config) -> anyhow::Result<Outcome> {
    let settings = settings(args, config)?;
    start_log(config);
    make_room_for(settings.limits.connections);
    let shutdown = signals::until_told_to_end()?;
    listen(args.listen, settings, config, shutdown)
}

/// Serves at `listen` until `shutdown` resolves.
pub(super) fn listen(
    listen: SocketAddr,
    settings: Settings,
    config: &Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<Outcome> {
    let threads = settings.limits.threads.get();
    let warn = settings.tokens.is_empty() && !listen.ip().is_loopback();
    let app = App::open(config.desk(), settings).map_err(plain)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Those who look after the index have a thread besides.
        .max_blocking_threads(threads + 4)
        .build()
        .context("could not start threads")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("could not listen on {listen}"))?;
        let address = listener.local_addr().context("could not listen")?;
        if warn {
            config.tell(&config.lang.open_to_all(address));
        }
        config.tell(&config.lang.serving(app.notices()));
        // What a script that started it with port 0 wants to know.
        let mut out = io::stdout().lock();
        writeln!(out, "http://{address}/")?;
        out.flush()?;
        drop(out);
        serve(listener, app, shutdown).await?;
        Ok(Outcome::Done)
    })
}

fn settings(args: &Serve, config: &Config) -> anyhow::Result<Settings> {
    let default = Limits::default();
    Ok(Settings {
        limits: Limits {
            time: Duration::from_secs(args.timeout.get()),
            threads: args.threads.unwrap_or(default.threads),
            waiting: args.waiting,
            connections: args.connections,
            ..default
        },
        tokens: match &args.tokens {
            None => Vec::new(),
            Some(path) => tokens(path, config)?,
        },
        origins: args.origin.clone(),
        log_queries: args.log_queries,
    })
}

/// The tokens in the file at `path`, one a line; `#` begins a comment.
fn tokens(path: &Path, config: &Config) -> anyhow::Result<Vec<Token>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    let mut tokens = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let token = line
                .parse()
                .with_context(|| config.lang.bad_token(path, index + 1))?;
            tokens.push(token);
        }
    }
    if tokens.is_empty() {
        return Err(anyhow!(config.lang.no_tokens(path)));
    }
    Ok(tokens)
}

/// Logs to standard error, a JSON object a line; with --quiet warnings and
/// errors only.
fn start_log(config: &Config) {
    let level = if config.quiet {
        LevelFilter::WARN
    } else {
        LevelFilter::INFO
    };
    let log = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_events(FmtSpan::NONE)
        .with_max_level(level)
        .with_writer(io::stderr);
    // Where a log is set up already, it is as well.
    let _ = log.try_init();
}

/// Asks the system for as many open files as `connections` take; what it
/// grants less is told when it is missed.
fn make_room_for(connections: usize) {
    let wanted = connections as u64 + OWN_FILES;
    if let Err(error) = rlimit::increase_nofile_limit(wanted) {
        tracing::warn!(error = %error, wanted, "the limit of open files stays as it is");
    }
}
