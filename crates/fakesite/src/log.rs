//! Who asked for what, when.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A request that came, as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The id of the site asked.
    pub site: String,
    /// `GET` and so on.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Whether the page was asked for only if it had changed.
    pub conditional: bool,
    /// The `User-Agent`.
    pub agent: String,
    /// The status answered.
    pub status: u16,
    /// When its head had been read.
    pub began: Instant,
    /// When the last byte of the response had been handed to the system;
    /// `None` while that goes on, and when the client left first.
    pub ended: Option<Instant>,
}

/// All requests to the sites of a [`Web`](crate::Web), in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<Visit>>>);

/// A visit that goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(usize);

impl Log {
    /// Every visit so far.
    #[must_use]
    pub fn visits(&self) -> Vec<Visit> {
        self.lock().clone()
    }

    /// How many there were so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there was none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Forgets what was. Not while a request is being answered.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The shortest time between the beginnings of two visits to `site` in a
    /// row; `None` where there were fewer than two.
    #[must_use]
    pub fn shortest_gap(&self, site: &str) -> Option<Duration> {
        let began: Vec<Instant> = self
            .lock()
            .iter()
            .filter(|visit| visit.site == site)
            .map(|visit| visit.began)
            .collect();
        began.windows(2).map(|pair| pair[1] - pair[0]).min()
    }

    pub(crate) fn begin(&self, visit: Visit) -> Ticket {
        let mut visits = self.lock();
        visits.push(visit);
        Ticket(visits.len() - 1)
    }

    pub(crate) fn end(&self, ticket: Ticket) {
        if let Some(visit) = self.lock().get_mut(ticket.0) {
            visit.ended = Some(Instant::now());
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Visit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
