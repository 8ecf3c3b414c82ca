//! Progress bars, on standard error and only where that is a terminal.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::config::Config;

/// How often a bar that waits is drawn again.
const TICK: Duration = Duration::from_millis(120);

/// A bar over bytes, with a text behind it.
pub(crate) fn bytes(config: &Config) -> ProgressBar {
    bar(
        config,
        "{bar:30} {percent:>3}% {bytes}/{total_bytes} {msg}  {eta}",
    )
}

/// A bar over notices or questions, with a text behind it.
pub(crate) fn notices(config: &Config) -> ProgressBar {
    bar(
        config,
        "{bar:30} {percent:>3}% {human_pos}/{human_len} {msg}  {eta}",
    )
}

fn bar(config: &Config, template: &str) -> ProgressBar {
    if config.quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template)
        .expect("the templates above are well formed")
        .progress_chars("█▉▊▋▌▍▎▏ ");
    let bar =
        ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()).with_style(style);
    bar.enable_steady_tick(TICK);
    bar
}
