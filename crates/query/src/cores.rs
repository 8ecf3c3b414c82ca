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

/// Threads that wait for work, which takes a tenth of the time that it takes to
/// start a thread: one for each core but that of who asks, who works too. With one
/// more, each that looks for work in vain would take a core from one that works.
static HELPERS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let helpers = *CORES - 1;
    // Without them who asks does everything, in more time.
    (helpers > 0)
        .then(|| ThreadPoolBuilder::new().num_threads(helpers).build().ok())
        .flatten()
});

/// So long who is done looks whether the others are too before going to sleep.
const PATIENCE: Duration = Duration::from_micros(200);

/// How many cores there are: to ask the system takes longer than many a search.
pub(crate) static CORES: LazyLock<usize> =
    LazyLock::new(|| available_parallelism().map_or(1, NonZero::get));

/// What `work` makes of each of `parts`, at the same time, in order: whoever is done
/// with one takes the next. `work` does not share out in turn: it would wait for
/// those who are busy with other parts.
pub(crate) fn on_all_cores<P: Send, T: Send>(
    parts: Vec<P>,
    work: impl Fn(P) -> T + Sync,
) -> Vec<T> {
    let many = parts.len();
    let helpers = HELPERS.as_ref().filter(|_| many > 1);
    let Some(helpers) = helpers else {
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
    let helping = helpers.current_num_threads().min(many - 1);
    let at_work = AtomicUsize::new(helping);
    helpers.in_place_scope(|scope| {
        for _ in 0..helping {
            scope.spawn(|_| {
                work_on();
                at_work.fetch_sub(1, Ordering::Release);
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
