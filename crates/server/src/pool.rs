//! Blocking work off the async threads, in bounded numbers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use crate::{problem::Problem, settings::Limits};

/// Works on so many requests at once, lets so many more wait, and refuses the
/// rest at once.
#[derive(Debug)]
pub(crate) struct Pool {
    /// Everyone who is worked on or waits.
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    time: Duration,
}

/// The work itself failed.
#[derive(Debug, thiserror::Error)]
#[error("a request's work ended early")]
struct Died(#[source] tokio::task::JoinError);

impl Pool {
    pub(crate) fn new(limits: &Limits) -> Self {
        let threads = limits.threads.get();
        Self {
            places: Arc::new(Semaphore::new(threads + limits.waiting)),
            workers: Arc::new(Semaphore::new(threads)),
            time: limits.time,
        }
    }

    /// Runs `work` on a thread of its own.
    ///
    /// Work that takes too long is given up, not stopped: it keeps its place
    /// until it ends, so there are never more threads at work than allowed.
    ///
    /// # Errors
    ///
    /// [`Problem`] when there is no place, or it took too long, or failed.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let started = Instant::now();
        let too_slow = || Problem::too_slow(self.time.as_secs());
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            return Err(Problem::overloaded());
        };
        let worker = tokio::time::timeout(self.time, self.workers.clone().acquire_owned())
            .await
            .map_err(|_| too_slow())?
            .expect("the workers are never closed");
        let work = tokio::task::spawn_blocking(move || {
            let _held = (place, worker);
            work()
        });
        tokio::time::timeout(self.time.saturating_sub(started.elapsed()), work)
            .await
            .map_err(|_| too_slow())?
            .map_err(|error| Problem::internal(&Died(error)))
    }

    /// How many requests are worked on or wait.
    pub(crate) fn busy(&self, limits: &Limits) -> usize {
        (limits.threads.get() + limits.waiting).saturating_sub(self.places.available_permits())
    }
}

#[cfg(test)]
mod tests {
    use std::{num::NonZero, sync::mpsc};

    use axum::http::StatusCode;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_is_refused_at_once() {
        let limits = Limits {
            threads: NonZero::<usize>::MIN,
            waiting: 1,
            time: Duration::from_millis(200),
            ..Limits::default()
        };
        let pool = Pool::new(&limits);
        let (release, blocked) = mpsc::channel::<()>();
        let slow = pool.run(move || blocked.recv());
        let waiting = pool.run(|| ());
        let refused = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert_eq!(pool.busy(&limits), 2);
            pool.run(|| ()).await
        };
        let (slow, waiting, refused) = tokio::join!(slow, waiting, refused);
        let status = |problem: Problem| (problem.status, problem.kind);
        let unavailable = StatusCode::SERVICE_UNAVAILABLE;
        let overloaded = "urn:gongbao:problem:overloaded";
        let too_slow = "urn:gongbao:problem:too-slow";
        assert_eq!(refused.map_err(status), Err((unavailable, overloaded)));
        assert_eq!(waiting.map_err(status), Err((unavailable, too_slow)));
        assert_eq!(slow.map(drop).map_err(status), Err((unavailable, too_slow)));
        // The work given up still holds its thread until it ends.
        assert_eq!(pool.busy(&limits), 1);
        drop(release);
        assert_eq!(pool.run(|| 7).await.map_err(status), Ok(7));
    }

    #[tokio::test]
    async fn work_that_panics_costs_one_request() {
        let pool = Pool::new(&Limits::default());
        let failed = pool.run(|| -> () { panic!("on purpose") }).await;
        assert_eq!(
            failed.map_err(|problem| problem.status),
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        );
        assert_eq!(
            pool.run(|| 7).await.map_err(|problem| problem.status),
            Ok(7)
        );
    }
}
