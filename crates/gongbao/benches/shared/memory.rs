//! What the system says of the memory of a process.

use std::{
    fs,
    process::{Child, ExitStatus},
    thread,
    time::Duration,
};

/// The figure of `name` in the status of a process, in MiB, where the system
/// tells: `VmHWM` is the most that it had at any time, `RssAnon` what it has of
/// its own now, the cache of files left out.
pub(crate) fn mib(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let mut lines = status.lines();
    let figure = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kib: u64 = figure.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib >> 10)
}

/// The most memory that a process had, in MiB.
#[derive(Clone, Copy, Default)]
pub(crate) struct Peak {
    /// At any time, pages of mapped files included.
    pub(crate) all: u64,
    /// Of its own, as far as it was looked at.
    pub(crate) own: u64,
}

/// How `child` ended, and the most memory that it had; looked at each `pause`.
pub(crate) fn watched(child: &mut Child, pause: Duration) -> (ExitStatus, Peak) {
    let mut peak = Peak::default();
    loop {
        peak.all = mib(child.id(), "VmHWM").unwrap_or(peak.all);
        peak.own = peak.own.max(mib(child.id(), "RssAnon").unwrap_or(0));
        if let Some(status) = child.try_wait().expect("it is ours") {
            return (status, peak);
        }
        thread::sleep(pause);
    }
}
