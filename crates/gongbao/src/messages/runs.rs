//! What is said of unattended runs.

use gongbao_archive::{Step, StepOutcome};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{grouped, plural};
use crate::cli::Lang;

impl Lang {
    /// A step in one line.
    pub(crate) fn step(self, step: &Step) -> String {
        let name = self.step_name(&step.name);
        let outcome = match step.outcome {
            StepOutcome::Done => self.pick("done", "完成"),
            StepOutcome::Nothing => self.pick("nothing to do", "无事可做"),
            StepOutcome::Refused => self.pick("refused", "未采用"),
            StepOutcome::Failed => self.pick("failed", "失败"),
        };
        let seconds = step.duration.as_secs_f64();
        let counts = self.counts(&serde_json::from_str(&step.detail).unwrap_or_default());
        match self {
            Self::En => format!("{name}: {outcome} ({seconds:.1} s){counts}"),
            Self::Zh => format!("{name}：{outcome}（{seconds:.1} 秒）{counts}"),
        }
    }

    /// What a run does in that step.
    fn step_name(self, name: &str) -> &str {
        match name {
            "crawl" => self.pick("crawl", "采集"),
            "index" => self.pick("index", "索引"),
            "watch" => self.pick("watch", "订阅"),
            other => other,
        }
    }

    /// What a step counted, but for what it counted none of.
    fn counts(self, detail: &Map<String, Value>) -> String {
        const COUNTED: [(&str, &str, &str); 13] = [
            ("sites", "sites", "站点"),
            ("fetched", "fetched", "获取"),
            ("read", "read", "读取"),
            ("declined", "declined", "被拒"),
            ("failed", "failed", "失败"),
            ("indexed", "indexed", "已索引"),
            ("rederived", "derived anew", "重新处理"),
            ("held", "held back", "暂不采用"),
            ("unread", "unreadable", "无法读取"),
            ("notices", "notices in all", "公文共"),
            ("searches", "saved searches", "订阅"),
            ("alerts", "new alerts", "新提醒"),
            ("told", "told", "已通知"),
        ];
        let counts = COUNTED.iter().filter_map(|&(key, en, zh)| {
            let count = detail.get(key)?.as_u64().filter(|&count| count > 0)?;
            let count = grouped(count);
            Some(self.pick(format!("{count} {en}"), format!("{zh} {count}")))
        });
        let counts: Vec<_> = counts.collect();
        match (self, counts.is_empty()) {
            (_, true) => String::new(),
            (Self::En, _) => format!(": {}", counts.join(", ")),
            (Self::Zh, _) => format!("：{}", counts.join("，")),
        }
    }

    /// The steps of a run with how long each took, or else what came of its
    /// pages.
    pub(crate) fn run_parts<'r>(
        self,
        steps: impl Iterator<Item = (&'r str, u64)>,
        fates: impl Iterator<Item = (&'static str, u64)>,
    ) -> String {
        let steps = steps.map(|(name, milliseconds)| {
            let (name, seconds) = (self.step_name(name), milliseconds as f64 / 1000.0);
            self.pick(
                format!("{name} {seconds:.1} s"),
                format!("{name} {seconds:.1} 秒"),
            )
        });
        let fates = fates.map(|(fate, count)| {
            let (fate, count) = (self.fate(fate), grouped(count));
            self.pick(format!("{count} {fate}"), format!("{fate} {count}"))
        });
        let parts: Vec<_> = steps.chain(fates).collect();
        parts.join(self.pick(", ", "，"))
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
