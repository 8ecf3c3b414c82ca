//! A program that takes what is new on standard input.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How often it is looked whether the program has ended.
const LOOK: Duration = Duration::from_millis(20);

/// So much of what it says of an error is kept.
const MAX_SAID_BYTES: u64 = 2000;

/// Runs `argv` with `input` on its standard input. Done if it ends with 0
/// within `timeout`.
pub(super) fn run(
    argv: &[String],
    input: &[u8],
    timeout: Duration,
    variables: &[(&str, &str)],
) -> Result<(), String> {
    let (program, arguments) = argv.split_first().ok_or("there is no command to run")?;
    let mut child = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        // Results of this program go to standard output, and those of no other.
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not run {program}: {error}"))?;
    let mut stdin = child.stdin.take().ok_or("it has no standard input")?;
    let input = input.to_vec();
    // A program that reads nothing must not hold us up, nor is that an error.
    thread::spawn(move || stdin.write_all(&input));
    let stderr = child.stderr.take().ok_or("it has no standard error")?;
    let said = thread::spawn(move || {
        let mut said = Vec::new();
        let mut stderr = stderr;
        let _ = stderr.by_ref().take(MAX_SAID_BYTES).read_to_end(&mut said);
        // A program whose pipe is full would wait for ever.
        let _ = std::io::copy(&mut stderr, &mut std::io::sink());
        said
    });
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() < timeout => thread::sleep(LOOK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "{program} did not end within {} s",
                    timeout.as_secs()
                ));
            }
            Err(error) => return Err(format!("could not wait for {program}: {error}")),
        }
    };
    if status.success() {
        return Ok(());
    }
    let said = said.join().unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let ended = match status.code() {
        Some(code) => format!("{program} ended with {code}"),
        None => format!("{program} was ended by a signal"),
    };
    Err(match said.trim() {
        "" => ended,
        said => format!("{ended}: {said}"),
    })
}
