//! What a crawl says.

use gongbao_archive::PageFate;
use gongbao_crawler::{CrawlReport, Ended, Finding};

use super::{grouped, plural, size};
use crate::cli::Lang;

impl Lang {
    /// No site was named and none is known.
    pub(crate) fn no_sites(self) -> &'static str {
        self.pick(
            "no site is named; `gongbao sites` lists those that can be crawled, `gongbao sites add URL` describes another",
            "没有指定站点；`gongbao sites` 列出可采集的站点，`gongbao sites add 网址` 可新增站点",
        )
    }

    /// No site of that id.
    pub(crate) fn no_site(self, id: &str) -> String {
        self.pick(
            format!("there is no site {id:?}; `gongbao sites` lists them"),
            format!("没有站点“{id}”；`gongbao sites` 列出全部站点"),
        )
    }

    /// Sites are not told whom to write to.
    pub(crate) fn no_contact(self) -> &'static str {
        self.pick(
            "note: sites are not told whom to write to; --contact, GONGBAO_CONTACT or contact in gongbao.toml tells them",
            "提示：没有向站点说明联系方式；可用 --contact、GONGBAO_CONTACT 或 gongbao.toml 中的 contact 说明",
        )
    }

    /// So many pages failed or were declined.
    pub(crate) fn crawl_errors(self, errors: u64) -> String {
        match (self, errors) {
            (_, 0) => String::new(),
            (Self::En, _) => plural(errors, "error", "errors"),
            (Self::Zh, _) => format!("{} 个错误", grouped(errors)),
        }
    }

    /// The heads of the table of coverage.
    pub(crate) fn crawl_heads(self) -> [&'static str; 10] {
        self.pick(
            [
                "site", "column", "listed", "stated", "fetched", "read", "new", "edited",
                "declined", "failed",
            ],
            [
                "站点", "栏目", "列出", "自称", "获取", "读取", "新增", "修改", "被拒", "失败",
            ],
        )
    }

    /// What a fate is called.
    pub(crate) fn page_fate(self, fate: PageFate) -> &'static str {
        match fate {
            PageFate::New => self.pick("new", "新增"),
            PageFate::Unchanged => self.pick("unchanged", "未变"),
            PageFate::Edited => self.pick("edited", "修改"),
            PageFate::Chrome => self.pick("changed around the text", "仅页面样式改变"),
            PageFate::Moved => self.pick("moved", "移动"),
            PageFate::Gone => self.pick("gone", "删除"),
            PageFate::Declined => self.pick("declined", "被拒"),
            PageFate::Unreachable => self.pick("unreachable", "无法获取"),
        }
    }

    /// What came of a crawl, in a line.
    pub(crate) fn crawl_report(self, report: &CrawlReport) -> String {
        let mut parts = Vec::new();
        for fate in PageFate::ALL {
            let sum: u64 = report
                .sites
                .iter()
                .flat_map(|site| &site.fates)
                .filter(|(found, _)| *found == fate)
                .map(|(_, count)| count)
                .sum();
            if sum > 0 {
                let name = self.page_fate(fate);
                parts.push(self.pick(
                    format!("{} {name}", grouped(sum)),
                    format!("{name} {}", grouped(sum)),
                ));
            }
        }
        let total = |field: fn(&gongbao_crawler::SiteReport) -> u64| -> u64 {
            report.sites.iter().map(field).sum()
        };
        let (forbidden, left) = (total(|site| site.forbidden), total(|site| site.left));
        if forbidden > 0 {
            let number = grouped(forbidden);
            parts.push(self.pick(
                format!("{number} forbidden by robots.txt"),
                format!("robots.txt 禁止 {number}"),
            ));
        }
        if left > 0 {
            let number = grouped(left);
            parts.push(self.pick(
                format!("{number} left for the next run"),
                format!("留待下次 {number}"),
            ));
        }
        if parts.is_empty() {
            parts.push(self.pick("nothing was due", "没有到期的页面").to_owned());
        }
        let ended = match report.ended {
            Ended::Done => "",
            Ended::Interrupted => self.pick(
                "; interrupted: what was fetched is kept, the same crawl again goes on",
                "；已中断：已获取的内容已保存，再次采集即可继续",
            ),
            Ended::MaxPages => self.pick(
                "; stopped at --max-pages, the same crawl again goes on",
                "；已达 --max-pages，再次采集即可继续",
            ),
            Ended::MaxTime => self.pick(
                "; stopped at --max-time, the same crawl again goes on",
                "；已达 --max-time，再次采集即可继续",
            ),
        };
        let parts = parts.join(self.pick(", ", "，"));
        let size = size(report.bytes);
        self.pick(
            format!("{parts} ({size}){ended}"),
            format!("{parts}（{size}）{ended}"),
        )
    }

    /// What somebody should look at.
    pub(crate) fn finding(self, finding: &Finding) -> String {
        if self == Self::En {
            return finding.to_string();
        }
        match finding {
            Finding::EmptyList { url } => format!("列表为空：{url}"),
            Finding::UnknownList { url } => {
                format!(
                    "没有找到列表，站点可能已改版：{url}；`gongbao sites check 网址` 显示读取情况"
                )
            }
            Finding::ListFailed { url, fate, detail } => {
                let fate = fate.map_or("robots.txt 禁止", |fate| self.page_fate(fate));
                let detail = detail
                    .as_ref()
                    .map_or_else(String::new, |detail| format!("（{detail}）"));
                format!("列表{fate}：{url}{detail}")
            }
            Finding::EndlessList { url } => {
                format!("列表页数超过站点规则 depth 所限，停在 {url}")
            }
            Finding::ScriptedNext { url } => format!("{url} 之后的列表页只能由脚本打开，未采集"),
            Finding::ListGap { stated, listed } => {
                format!("列表自称有 {stated} 条，实际列出 {listed} 条")
            }
            Finding::NumberGap(gap) => {
                let missing: Vec<_> = gap
                    .missing
                    .iter()
                    .map(|number| format!("{number}号"))
                    .collect();
                let more = match gap.count - gap.missing.len() {
                    0 => String::new(),
                    more => format!("等，另有 {more} 个"),
                };
                format!("{} 缺 {}{more}", gap.series, missing.join("、"))
            }
            Finding::SameArticles { articles } => {
                format!("{articles} 个页面内容相同，可能是出错页面")
            }
            Finding::AllDeclined { declined } => {
                format!("{declined} 个页面全部被拒，站点不允许程序访问")
            }
            Finding::HostFailing { host } => format!("{host} 一再出错，本次不再访问"),
            Finding::HostDeclining { host } => format!("{host} 一再拒绝，本次不再访问"),
            Finding::ClockSetBack { until } => {
                format!("时钟早于上次运行开始的时间 {until}，已按该时间采集")
            }
            other => other.to_string(),
        }
    }
}
