//! Work on all cores.

/// What `work` makes of each of `parts`, at the same time, in order.
///
/// They are done by threads that wait for work, which takes a tenth of the time
/// that it takes to start a thread; the last is done here.
pub(crate) fn on_all_cores<P: Send, T: Send>(
    mut parts: Vec<P>,
    work: impl Fn(P) -> T + Sync,
) -> Vec<T> {
    let Some(here) = parts.pop() else {
        return Vec::new();
    };
    let mut elsewhere: Vec<Option<T>> = parts.iter().map(|_| None).collect();
    let here = rayon::in_place_scope(|scope| {
        for (part, done) in parts.into_iter().zip(&mut elsewhere) {
            scope.spawn(|_| *done = Some(work(part)));
        }
        work(here)
    });
    elsewhere.into_iter().flatten().chain([here]).collect()
}

/// What `work` makes of `items`, share by share, in order; fewer than `least` are
/// not worth to be handed to another core.
pub(crate) fn share_out<T: Sync, R: Send, E: Send>(
    items: &[T],
    least: usize,
    work: impl Fn(&[T]) -> Result<Vec<R>, E> + Sync,
) -> Result<Vec<R>, E> {
    let share = items.len().div_ceil(rayon::current_num_threads());
    let shares = items.chunks(share.max(least)).collect();
    let done = on_all_cores(shares, work);
    let done = done.into_iter().collect::<Result<Vec<_>, E>>()?;
    Ok(done.into_iter().flatten().collect())
}
