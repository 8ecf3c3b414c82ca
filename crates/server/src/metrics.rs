//! What is counted, for Prometheus.

use std::{
    sync::atomic::AtomicU64,
    time::{Duration, SystemTime},
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::library::Generation;

/// Bounds of the time that requests take, in seconds.
const SECONDS: [f64; 12] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0,
];

/// A request, as far as it is counted apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    /// Its route, such as `/api/v1/notices/{id}`: few, whatever is asked.
    route: String,
    status: u16,
}

/// The routes only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Path {
    route: String,
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Route, Counter>,
    seconds: Family<Path, Histogram>,
    pub(crate) connections: Gauge,
    pub(crate) connections_refused: Counter,
    busy: Gauge,
    generation: Gauge,
    damaged: Gauge,
    notices: Gauge,
    passages: Gauge,
    index_age: Gauge<f64, AtomicU64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("gongbao");
        let metrics = Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            connections: Gauge::default(),
            connections_refused: Counter::default(),
            busy: Gauge::default(),
            generation: Gauge::default(),
            damaged: Gauge::default(),
            notices: Gauge::default(),
            passages: Gauge::default(),
            index_age: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time from the head of a request to that of its answer",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register(
            "connections",
            "Connections open",
            metrics.connections.clone(),
        );
        registry.register(
            "connections_refused",
            "Connections turned away because too many were open",
            metrics.connections_refused.clone(),
        );
        registry.register(
            "requests_busy",
            "Requests that are worked on or wait for it",
            metrics.busy.clone(),
        );
        registry.register(
            "index_generation",
            "Number of the generation in force",
            metrics.generation.clone(),
        );
        registry.register(
            "index_damaged",
            "1 if the index is not as it was written",
            metrics.damaged.clone(),
        );
        registry.register(
            "index_notices",
            "Notices in the index",
            metrics.notices.clone(),
        );
        registry.register(
            "index_passages",
            "Passages in the index",
            metrics.passages.clone(),
        );
        registry.register_with_unit(
            "index_age",
            "Time since the generation in force was published",
            Unit::Seconds,
            metrics.index_age.clone(),
        );
        Self {
            registry,
            ..metrics
        }
    }

    /// Counts a request.
    pub(crate) fn count(&self, route: &str, status: u16, took: Duration) {
        let path = Path {
            route: route.to_owned(),
        };
        self.seconds
            .get_or_create(&path)
            .observe(took.as_secs_f64());
        let route = Route {
            route: path.route,
            status,
        };
        self.requests.get_or_create(&route).inc();
    }

    /// All of it as text; the gauges are read now.
    pub(crate) fn text(&self, generation: &Generation, busy: usize) -> String {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let note = generation.engine.note();
        self.generation.set(number(generation.number()));
        self.damaged.set(i64::from(generation.altered().is_some()));
        self.notices.set(number(note.notices));
        self.passages.set(number(note.passages));
        let age = SystemTime::now().duration_since(generation.published);
        self.index_age.set(age.unwrap_or_default().as_secs_f64());
        self.busy.set(number(busy as u64));
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a string takes all");
        text
    }
}
