//! What the last crawls did, what is to be looked at, what they saw of each
//! column.

use gongbao_archive::{Alarm, Archive, ArchiveError, Coverage, RunRecord};
use maud::{Markup, html};

use super::super::text::{grouped, plain};
use crate::asked::Lang;

/// Runs shown.
const RUNS: usize = 8;

/// Alarms of the last runs that are shown.
const ALARMS: usize = 30;

/// The last runs.
pub(super) struct Runs {
    runs: Vec<RunRecord>,
    alarms: Vec<Alarm>,
    /// Of the newest run that saw any column.
    coverage: Vec<Coverage>,
}

impl Runs {
    pub(super) fn of(archive: &Archive) -> Result<Self, ArchiveError> {
        let runs = archive.runs(RUNS)?;
        let mut alarms = Vec::new();
        let mut coverage = Vec::new();
        for run in &runs {
            if run.alarms > 0 && alarms.len() < ALARMS {
                alarms.extend(archive.alarms(run.id)?);
            }
            if coverage.is_empty() {
                coverage = archive.coverage(run.id)?;
            }
        }
        alarms.truncate(ALARMS);
        Ok(Self {
            runs,
            alarms,
            coverage,
        })
    }

    /// Nothing where nothing was ever crawled.
    pub(super) fn show(&self, lang: Lang) -> Markup {
        html! {
            @if !self.runs.is_empty() {
                section {
                    h2 { (lang.pick("Alarms", "警报")) }
                    @if self.alarms.is_empty() {
                        p.quiet { (lang.pick("none in the last runs", "最近各次运行均无")) }
                    }
                    ul.alarms {
                        @for alarm in &self.alarms {
                            li {
                                time { (alarm.raised) } " "
                                @if let Some(site) = &alarm.site { (plain(site)) " " }
                                (plain(&alarm.message))
                            }
                        }
                    }
                }
                section {
                    h2 { (lang.pick("Last runs", "最近的运行")) }
                    div.table-frame tabindex="0" role="region" aria-label=(lang.pick("Last runs", "最近的运行")) {
                        table.places {
                            thead { tr {
                                th scope="col" { (lang.pick("Began", "开始")) }
                                th scope="col" { (lang.pick("Outcome", "结果")) }
                                th scope="col" { (lang.pick("Fetched", "抓取")) }
                                th scope="col" .number { (lang.pick("Alarms", "警报")) }
                            } }
                            tbody { @for run in &self.runs { (row(run)) } }
                        }
                    }
                }
                @if !self.coverage.is_empty() { (self.covered(lang)) }
            }
        }
    }

    fn covered(&self, lang: Lang) -> Markup {
        let heads = [
            lang.pick("Listed", "列出"),
            lang.pick("Read", "已读"),
            lang.pick("Declined", "被拒"),
            lang.pick("Failed", "失败"),
        ];
        html! {
            section {
                h2 { (lang.pick("Coverage", "覆盖")) }
                div.table-frame tabindex="0" role="region" aria-label=(lang.pick("Coverage", "覆盖")) {
                    table.places {
                        thead { tr {
                            th scope="col" { (lang.pick("Site and column", "网站与栏目")) }
                            @for head in heads { th scope="col" .number { (head) } }
                        } }
                        tbody {
                            @for column in &self.coverage {
                                tr {
                                    th scope="row" { (plain(&column.site)) " " (plain(&column.column)) }
                                    @for number in [column.listed, column.read, column.declined, column.failed] {
                                        td.number { (grouped(number)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn row(run: &RunRecord) -> Markup {
    let fates: Vec<_> = run
        .fates
        .iter()
        .map(|(fate, number)| format!("{} {}", grouped(*number), fate.name()))
        .collect();
    html! {
        tr {
            th scope="row" { time { (run.started) } }
            td {
                (run.outcome.name())
                @if let Some(message) = &run.message { ": " (plain(message)) }
            }
            td { (fates.join(", ")) }
            td.number { (grouped(run.alarms)) }
        }
    }
}
