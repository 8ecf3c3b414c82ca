//! Ctrl-C: once finishes what is whole, twice stops at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use tokio::sync::Notify;

/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// A flag that Ctrl-C (or a polite kill) raises. The second one ends the
/// program there and then.
pub(crate) fn interrupt_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    })
    .context("could not prepare for Ctrl-C")?;
    Ok(flag)
}

/// Resolves once `flag` is raised, within a tenth of a second.
pub(crate) async fn until_raised(flag: Arc<AtomicBool>) {
    while !flag.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Resolves at Ctrl-C or a polite kill. The second one ends the program there
/// and then.
pub(crate) fn until_told_to_end() -> anyhow::Result<impl Future<Output = ()>> {
    let told = Arc::new(Notify::new());
    let tell = Arc::clone(&told);
    let again = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if again.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
        tell.notify_one();
    })
    .context("could not prepare for Ctrl-C")?;
    Ok(async move { told.notified().await })
}
