//! `daemon`: runs at its times, tells systemd how it fares, stops when told.

#![cfg(unix)]

use std::{
    fs,
    os::unix::net::UnixDatagram,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::support::{Corpus, NOTICE, command};

/// No state may take longer than this to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A daemon, and the socket on which systemd would listen.
struct Daemon {
    child: Child,
    told: UnixDatagram,
}

impl Daemon {
    fn start(corpus: &Corpus, schedule: &str, flags: &[&str]) -> Self {
        let folder = corpus.dir().join("run");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("gongbao.toml"), schedule).expect("room");
        let socket = folder.join("notify");
        let told = UnixDatagram::bind(&socket).expect("a socket");
        told.set_read_timeout(Some(PATIENCE)).expect("a limit");
        let child = command([&["daemon"], flags].concat())
            .arg("--corpus")
            .arg(corpus.dir())
            .current_dir(&folder)
            .env("NOTIFY_SOCKET", &socket)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        Self { child, told }
    }

    /// Waits until it says something with `part` in it; gives all of that.
    #[track_caller]
    fn await_state(&self, part: &str) -> String {
        let mut buffer = [0; 1024];
        for _ in 0..50 {
            let length = self
                .told
                .recv(&mut buffer)
                .expect("it says something in time");
            let state = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if state.contains(part) {
                return state;
            }
        }
        panic!("it never says {part}");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(sent.expect("kill").success());
    }

    fn stop(mut self) {
        self.signal("-TERM");
        self.await_state("STOPPING=1");
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0));
    }
}

fn runs(corpus: &Corpus) -> usize {
    let status = corpus.run(&["status", "--format", "json"]).json();
    status["last_runs"].as_array().expect("a list").len()
}

#[test]
fn it_runs_at_its_times_rereads_the_settings_and_stops_when_told() {
    let corpus = Corpus::new();
    let page = corpus.page("notice.txt", NOTICE);
    corpus.run(&["import", &page]).with(0);
    let never = "[schedule]\ncron = '0 0 29 2 *'\ntimezone = 'UTC'\njitter_s = 0\n";
    let daemon = Daemon::start(&corpus, never, &["--now"]);
    daemon.await_state("READY=1");
    daemon.await_state("running an update");
    assert!(
        daemon
            .await_state("STATUS=the next run")
            .contains("-02-29T00:00:00Z")
    );
    assert_eq!(runs(&corpus), 1);
    corpus.run(&["search", "债务"]).with(0);

    // Every second from now on, once it has read that.
    let often = "[schedule]\ncron = '* * * * * *'\njitter_s = 0\n";
    fs::write(corpus.dir().join("run/gongbao.toml"), often).expect("room");
    daemon.signal("-HUP");
    daemon.await_state("running an update");
    daemon.await_state("STATUS=the next run");
    assert!(runs(&corpus) > 1);

    // What cannot be used leaves things as they are.
    fs::write(
        corpus.dir().join("run/gongbao.toml"),
        "[schedule]\ncron = 'x'",
    )
    .expect("room");
    daemon.signal("-HUP");
    daemon.await_state("running an update");
    daemon.stop();
}

#[test]
fn a_schedule_that_cannot_be_read_is_refused_at_once() {
    let corpus = Corpus::new();
    let mut daemon = Daemon::start(&corpus, "[schedule]\nsites.a = 'often'\n", &[]);
    assert_eq!(daemon.child.wait().expect("it ends").code(), Some(2));
}
