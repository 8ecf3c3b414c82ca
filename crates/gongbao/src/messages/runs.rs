//! What is said of unattended runs.

use gongbao_archive::{Step, StepOutcome};
use jiff::Timestamp;

use super::{grouped, plural};
use crate::cli::Lang;

impl Lang {
    /// A step in one line.
    pub(crate) fn step(self, step: &Step) -> String {
        let name = match step.name.as_str() {
            "crawl" => self.pick("crawl", "采集"),
            "index" => self.pick("index", "索引"),
            "watch" => self.pick("watch", "订阅"),
            other => other,
        };
        let outcome = match step.outcome {
            StepOutcome::Done => self.pick("done", "完成"),
            StepOutcome::Nothing => self.pick("nothing to do", "无事可做"),
            StepOutcome::Refused => self.pick("refused", "未采用"),
            StepOutcome::Failed => self.pick("failed", "失败"),
        };
        let seconds = step.duration.as_secs_f64();
        match self {
            Self::En => format!("{name}: {outcome} ({seconds:.1} s) {}", step.detail),
            Self::Zh => format!("{name}：{outcome}（{seconds:.1} 秒）{}", step.detail),
        }
    }

    /// When the daemon runs next, and for which site if it is for one.
    pub(crate) fn next_run(self, next: Option<(Timestamp, Option<&str>)>) -> String {
        match (self, next) {
            (Self::En, Some((at, None))) => format!("the next run is due at {at}"),
            (Self::Zh, Some((at, None))) => format!("下次运行：{at}"),
            (Self::En, Some((at, Some(site)))) => {
                format!("the next run is due at {at}, for {site}")
            }
            (Self::Zh, Some((at, Some(site)))) => format!("下次运行：{at}（{site}）"),
            (Self::En, None) => "no run is ever due again".to_owned(),
            (Self::Zh, None) => "不会再有运行".to_owned(),
        }
    }

    /// So many alarms.
    pub(crate) fn alarms(self, count: u64) -> String {
        match self {
            Self::En => format!("({})", plural(count, "alarm", "alarms")),
            Self::Zh => format!("（{} 个警报）", grouped(count)),
        }
    }

    /// Something that somebody should look at.
    pub(crate) fn alarm(self, kind: &str, text: &str) -> String {
        self.pick(
            format!("alarm {kind}: {text}"),
            format!("警报 {kind}：{text}"),
        )
    }
}
