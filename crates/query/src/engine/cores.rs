//! Reading many notices, on all cores.

use std::{num::NonZero, thread};

/// Fewer items are not worth a thread of their own.
const WORTH_A_THREAD: usize = 16;

/// Nor are more threads worth while beside other searches.
const MOST_THREADS: usize = 8;

/// What `work` makes of `items`, share by share, in order.
pub(super) fn on_all_cores<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&[T]) -> Result<Vec<R>, E> + Sync,
) -> Result<Vec<R>, E> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores.min(MOST_THREADS));
    let share = share.max(WORTH_A_THREAD);
    if items.len() <= share {
        return work(items);
    }
    let parts = thread::scope(|scope| {
        let (first, rest) = items.split_at(share);
        let workers: Vec<_> = rest
            .chunks(share)
            .map(|part| scope.spawn(|| work(part)))
            .collect();
        let first = work(first);
        let rest = workers.into_iter().map(|worker| worker.join());
        let rest = rest.map(|part| part.expect("reading does not panic"));
        std::iter::once(first)
            .chain(rest)
            .collect::<Result<Vec<_>, _>>()
    })?;
    Ok(parts.into_iter().flatten().collect())
}
