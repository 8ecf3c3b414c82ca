//! One saved search: what it looks for, and whom it tells.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use gongbao_query::{DayRange, Filters};
use serde::{Deserialize, Serialize};

/// How long a command or `sendmail` may take unless the file says otherwise.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// A saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Its name: that of its file.
    pub name: String,
    /// A question, as typed.
    pub query: String,
    /// Whether the question is an exact sequence of characters.
    pub literal: bool,
    /// A topic, by id or name.
    pub topic: Option<String>,
    /// Which notices to look at.
    pub filters: Filters,
    /// The change of the archive after which it begins; 0 for everything.
    /// `None`: after whatever is there at its first run.
    pub after: Option<u64>,
    /// Whom it tells; [`Channel::Terminal`] where the file names nobody.
    pub channels: Vec<Channel>,
}

/// A way to tell what is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Standard output of the run.
    Terminal,
    /// A file of JSON Lines that grows.
    Jsonl(PathBuf),
    /// An Atom feed, made anew each time.
    Atom(PathBuf),
    /// A command that takes JSON on standard input.
    Command {
        /// The program and its arguments. No shell reads them.
        argv: Vec<String>,
        /// How long it may take.
        timeout: Duration,
    },
    /// An address that JSON is posted to.
    Webhook {
        /// The address.
        url: String,
        /// Where the key that signs it is kept, if it is to be signed.
        secret: Option<Secret>,
    },
    /// Mail through the machine's own `sendmail`.
    Mail {
        /// To whom.
        to: String,
        /// From whom.
        from: Option<String>,
        /// The program and its arguments.
        sendmail: Vec<String>,
    },
}

/// Where a key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// In a variable of the environment.
    Variable(String),
    /// In a file.
    File(PathBuf),
}

impl Channel {
    /// Mail to that address through the usual `sendmail`.
    #[must_use]
    pub fn mail(to: String, from: Option<String>) -> Self {
        Self::Mail {
            to,
            from,
            sendmail: default_sendmail(),
        }
    }

    /// Names the channel in the catalogue. What was to be told on a channel
    /// is told on it, however the file changes else.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Terminal => "terminal".to_owned(),
            Self::Jsonl(path) => format!("jsonl:{}", path.display()),
            Self::Atom(path) => format!("atom:{}", path.display()),
            Self::Command { argv, .. } => format!("command:{}", argv.join(" ")),
            Self::Webhook { url, .. } => format!("webhook:{url}"),
            Self::Mail { to, .. } => format!("mail:{to}"),
        }
    }
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    query: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    literal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organ: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    region: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    site: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    genre: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tell: Vec<Tell>,
}

/// One `[[tell]]`: exactly one of the first six, and what belongs to it.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Tell {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    terminal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    jsonl: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    atom: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_s: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_env: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sendmail: Option<Vec<String>>,
}

impl Watch {
    /// Reads the file of the saved search `name`. Paths in it are taken from
    /// the folder `home`.
    pub(crate) fn parse(name: &str, text: &str, home: &Path) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        if file.literal && file.query.is_empty() {
            return Err("literal needs a query".to_owned());
        }
        let day = |text: &Option<String>| -> Result<DayRange, String> {
            text.as_deref().map_or(Ok(DayRange::default()), |text| {
                text.parse::<DayRange>().map_err(|error| error.to_string())
            })
        };
        let filters = Filters {
            organs: file.organ,
            regions: file.region,
            sites: file.site,
            genres: file.genre,
            days: DayRange {
                since: day(&file.since)?.since,
                until: day(&file.until)?.until,
            },
            notices: Vec::new(),
        };
        if file.query.trim().is_empty() && file.topic.is_none() && filters == Filters::default() {
            return Err("it asks for nothing: give query, topic or a filter".to_owned());
        }
        let mut channels = Vec::new();
        for tell in file.tell {
            let channel = tell.channel(home)?;
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        if channels.is_empty() {
            channels.push(Channel::Terminal);
        }
        Ok(Self {
            name: name.to_owned(),
            query: file.query,
            literal: file.literal,
            topic: file.topic,
            filters,
            after: file.after,
            channels,
        })
    }

    /// As the text of a file.
    pub(crate) fn to_toml(&self) -> Result<String, String> {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let file = File {
            query: self.query.clone(),
            literal: self.literal,
            topic: self.topic.clone(),
            organ: self.filters.organs.clone(),
            region: self.filters.regions.clone(),
            site: self.filters.sites.clone(),
            genre: self.filters.genres.clone(),
            since: day(self.filters.days.since),
            until: day(self.filters.days.until),
            after: self.after,
            tell: self.channels.iter().map(Tell::of).collect(),
        };
        toml::to_string(&file).map_err(|error| error.to_string())
    }
}

impl Tell {
    fn of(channel: &Channel) -> Self {
        let mut tell = Self::default();
        match channel.clone() {
            Channel::Terminal => tell.terminal = true,
            Channel::Jsonl(path) => tell.jsonl = Some(path),
            Channel::Atom(path) => tell.atom = Some(path),
            Channel::Command { argv, timeout } => {
                tell.command = Some(argv);
                tell.timeout_s = (timeout != DEFAULT_TIMEOUT).then_some(timeout.as_secs());
            }
            Channel::Webhook { url, secret } => {
                tell.webhook = Some(url);
                match secret {
                    Some(Secret::Variable(name)) => tell.secret_env = Some(name),
                    Some(Secret::File(path)) => tell.secret_file = Some(path),
                    None => {}
                }
            }
            Channel::Mail { to, from, sendmail } => {
                tell.mail = Some(to);
                tell.from = from;
                tell.sendmail = (sendmail != default_sendmail()).then_some(sendmail);
            }
        }
        tell
    }

    fn channel(self, home: &Path) -> Result<Channel, String> {
        let place = |path: PathBuf| home.join(path);
        let mut found = Vec::new();
        if self.terminal {
            found.push(Channel::Terminal);
        }
        if let Some(path) = self.jsonl {
            found.push(Channel::Jsonl(place(path)));
        }
        if let Some(path) = self.atom {
            found.push(Channel::Atom(place(path)));
        }
        if let Some(argv) = self.command {
            if argv.is_empty() {
                return Err("command is empty".to_owned());
            }
            let timeout = self.timeout_s.map_or(DEFAULT_TIMEOUT, Duration::from_secs);
            found.push(Channel::Command { argv, timeout });
        }
        if let Some(url) = self.webhook {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(format!("webhook {url:?} is no http or https address"));
            }
            let secret = match (self.secret_env, self.secret_file) {
                (Some(name), None) => Some(Secret::Variable(name)),
                (None, Some(path)) => Some(Secret::File(place(path))),
                (None, None) => None,
                _ => return Err("give secret_env or secret_file, not both".to_owned()),
            };
            found.push(Channel::Webhook { url, secret });
        }
        if let Some(to) = self.mail {
            found.push(Channel::Mail {
                to,
                from: self.from,
                sendmail: self.sendmail.unwrap_or_else(default_sendmail),
            });
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(channel), None) => Ok(channel),
            _ => Err(
                "each [[tell]] has one of terminal, jsonl, atom, command, webhook, mail".to_owned(),
            ),
        }
    }
}

/// `sendmail` as every mail server installs it: recipients from the header,
/// and a line with a single dot is no end.
fn default_sendmail() -> Vec<String> {
    ["/usr/sbin/sendmail", "-t", "-i"].map(str::to_owned).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let text = "query = '债务化解'\ntopic = 'debt-resolution'\nregion = ['340202']\nsince = '2024'\nafter = 7\n\
            [[tell]]\njsonl = 'news.jsonl'\n[[tell]]\nwebhook = 'https://a.example/x'\nsecret_env = 'KEY'\n\
            [[tell]]\ncommand = ['notify', '-x']\ntimeout_s = 5\n[[tell]]\nmail = 'a@b.example'\n";
        let watch = Watch::parse("debt", text, Path::new("/c")).expect("it reads");
        assert_eq!(watch.channels.len(), 4);
        assert_eq!(watch.channels[0].key(), "jsonl:/c/news.jsonl");
        let again = watch.to_toml().expect("it writes");
        let again = Watch::parse("debt", &again, Path::new("/elsewhere")).expect("it reads");
        assert_eq!(again, watch);
    }

    #[test]
    fn what_asks_for_nothing_or_tells_nobody_is_refused() {
        let check = |text: &str, expected: &str| {
            let error = Watch::parse("x", text, Path::new("/c")).expect_err(text);
            assert!(error.contains(expected), "{error}");
        };
        check("", "asks for nothing");
        check("query = 'a'\ncolour = 'red'", "colour");
        check("query = 'a'\n[[tell]]\n", "each [[tell]]");
        check(
            "query = 'a'\n[[tell]]\nterminal = true\natom = 'x'",
            "each [[tell]]",
        );
        check("query = 'a'\n[[tell]]\nwebhook = 'ftp://x'", "no http");
        check("query = 'a'\nsince = 'soon'", "no date");
    }
}
