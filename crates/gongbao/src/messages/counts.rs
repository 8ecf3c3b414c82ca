//! What stands beside counts.

use gongbao_query::{Axis, CountTable};

use crate::cli::{Lang, Measure};

impl Lang {
    /// What is counted.
    pub(crate) fn measure(self, measure: Measure) -> &'static str {
        match measure {
            Measure::Notices => self.pick("notices", "公文"),
            Measure::Passages => self.pick("passages", "段落"),
            Measure::Occurrences => self.pick("occurrences", "出现次数"),
        }
    }

    /// The sums.
    pub(crate) fn total(self) -> &'static str {
        self.pick("all", "合计")
    }

    /// A row of what is not known.
    pub(crate) fn not_known(self) -> &'static str {
        self.pick("(not known)", "（不详）")
    }

    /// What the signs in a table mean.
    pub(crate) fn count_legend(self) -> &'static str {
        self.pick(
            "–: no notice there · 0: notices, none of which matches",
            "–：没有公文　0：有公文，但都不符合",
        )
    }

    /// What the hatching in a chart means.
    pub(crate) fn hatching(self) -> &'static str {
        self.pick(
            "hatched: no notice there; 0: notices, none of which matches",
            "斜线：没有公文；0：有公文，但都不符合",
        )
    }

    fn axis(self, axis: Axis) -> &'static str {
        match axis {
            Axis::Month => self.pick("month", "月份"),
            Axis::Year => self.pick("year", "年份"),
            Axis::Region(_) => self.pick("place", "地区"),
            Axis::Organ => self.pick("organ", "发文机关"),
            Axis::Site => self.pick("site", "网站"),
            Axis::Genre => self.pick("genre", "文种"),
            Axis::Topic => self.pick("topic", "专题"),
        }
    }

    /// What a chart shows.
    pub(crate) fn chart_title(self, table: &CountTable, measure: Measure) -> String {
        let measure = self.measure(measure);
        let rows = self.axis(table.rows_by);
        let by = match table.columns_by {
            None => rows.to_owned(),
            Some(columns) => {
                let columns = self.axis(columns);
                self.pick(
                    format!("{rows} and {columns}"),
                    format!("{rows}和{columns}"),
                )
            }
        };
        match table.query.trim() {
            "" => self.pick(format!("{measure} by {by}"), format!("按{by}统计{measure}")),
            query => self.pick(
                format!("{query}: {measure} by {by}"),
                format!("{query}：按{by}统计{measure}"),
            ),
        }
    }

    /// What the columns of a drawn matrix are, and how high the highest is.
    pub(crate) fn columns_from_to(self, first: &str, last: &str, greatest: &str) -> String {
        self.pick(
            format!("columns: {first} … {last}; █ = {greatest}"),
            format!("各列：{first}……{last}；█ = {greatest}"),
        )
    }

    /// Neither one thing to count by nor two.
    pub(crate) fn bad_axes(self) -> &'static str {
        self.pick(
            "count by one thing, or by two different ones: --by region --by topic",
            "请按一项统计，或按不同的两项统计：--by region --by topic",
        )
    }

    /// Several topics, which only a row or column each can tell apart.
    pub(crate) fn too_many_topics(self) -> &'static str {
        self.pick(
            "several topics need --by topic",
            "指定多个专题时需要 --by topic",
        )
    }
}
