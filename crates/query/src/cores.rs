//! Work on all cores.

use std::{
    num::NonZero,
    sync::{
        LazyLock, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, available_parallelism},
    time::{Duration, Instant},
};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How many cores there are, asked once.
pub(crate) static CORES: LazyLock<usize> =
    LazyLock::new(|| available_parallelism().map_or(1, NonZero::get));

/// Threads that wait for work, which takes a tenth of the time that it takes to
/// start a thread.
struct Helpers {
    /// One for each core but that of who asks, who works too. With one more, each that
    /// looks for work in vain would take a core from one that works.
    threads: ThreadPool,
    /// How many of them have nothing to do. Only these are called: who asks would wait
    /// for the others to end what they do for somebody else.
    idle: AtomicUsize,
}

/// Without them who asks does everything, in more time.
static HELPERS: LazyLock<Option<Helpers>> = LazyLock::new(|| {
    let many = *CORES - 1;
    let threads = (many > 0).then(|| ThreadPoolBuilder::new().num_threads(many).build());
    Some(Helpers {
        threads: threads?.ok()?,
        idle: AtomicUsize::new(many),
    })
});

/// So long who is done looks whether the others are too before going to sleep.
const PATIENCE: Duration = Duration::from_micros(200);

/// What `work` makes of each of `parts`, at the same time, in order: whoever is done
/// with one takes the next.
pub(crate) fn on_all_cores<P: Send, T: Send>(
    parts: Vec<P>,
    work: impl Fn(P) -> T + Sync,
) -> Vec<T> {
    let many = parts.len();
    let Some((helpers, called)) = call(many.saturating_sub(1)) else {
        return parts.into_iter().map(work).collect();
    };
    let left = Mutex::new(parts.into_iter().enumerate());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let done = Mutex::new(Vec::with_capacity(many));
    let work_on = || {
        while let Some((number, part)) = next() {
            let made = (number, work(part));
            done.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(made);
        }
    };
    let at_work = AtomicUsize::new(called);
    helpers.threads.in_place_scope(|scope| {
        for _ in 0..called {
            scope.spawn(|_| {
                let _helper = Helper {
                    helpers,
                    at_work: &at_work,
                };
                work_on();
            });
        }
        work_on();
        // To be woken takes longer than most of them need to come to an end.
        let since = Instant::now();
        while at_work.load(Ordering::Acquire) > 0 && since.elapsed() < PATIENCE {
            thread::yield_now();
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, made)| made).collect()
}

/// Calls idle helpers, no more than `most`; tells how many come, if any do.
fn call(most: usize) -> Option<(&'static Helpers, usize)> {
    if most == 0 {
        return None;
    }
    let helpers = HELPERS.as_ref()?;
    let left = |idle: usize| (idle > 0).then(|| idle.saturating_sub(most));
    let (set, get) = (Ordering::AcqRel, Ordering::Acquire);
    let idle = helpers.idle.fetch_update(set, get, left).ok()?;
    Some((helpers, idle.min(most)))
}

/// A helper that was called, of so many at work; idle again when it is dropped, even
/// by a panic.
struct Helper<'w> {
    helpers: &'static Helpers,
    at_work: &'w AtomicUsize,
}

impl Drop for Helper<'_> {
    fn drop(&mut self) {
        self.helpers.idle.fetch_add(1, Ordering::AcqRel);
        self.at_work.fetch_sub(1, Ordering::Release);
    }
}

/// What `work` makes of `items`, share by share, in order; fewer than `least` are
/// not worth to be handed to another core.
pub(crate) fn share_out<T: Sync, R: Send, E: Send>(
    items: &[T],
    least: usize,
    work: impl Fn(&[T]) -> Result<Vec<R>, E> + Sync,
) -> Result<Vec<R>, E> {
    let share = items.len().div_ceil(*CORES);
    let shares = items.chunks(share.max(least)).collect();
    let done = on_all_cores(shares, work);
    let done = done.into_iter().collect::<Result<Vec<_>, E>>()?;
    Ok(done.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn what_is_made_comes_in_order_whoever_asks_meanwhile() {
        let squares = |many: u64| {
            let made = on_all_cores((0..many).collect(), |part| {
                // Who asks in turn gets an answer too.
                on_all_cores(vec![part, 1], |factor| factor * part)[0]
            });
            assert_eq!(made, (0..many).map(|part| part * part).collect::<Vec<_>>());
        };
        thread::scope(|scope| {
            for many in [0, 1, 2, 3, 50, 1_000] {
                scope.spawn(move || (0..20).for_each(|_| squares(many)));
            }
        });
    }

    #[test]
    fn a_panic_is_told_and_costs_no_helper() {
        for _ in 0..2 * *CORES {
            let failed = catch_unwind(AssertUnwindSafe(|| {
                on_all_cores((0..64).collect(), |part: i32| {
                    assert!(part < 32, "on purpose")
                })
            }));
            assert!(failed.is_err());
        }
        assert_eq!(on_all_cores(vec![1, 2, 3], |part| part * 2), [2, 4, 6]);
    }
}
