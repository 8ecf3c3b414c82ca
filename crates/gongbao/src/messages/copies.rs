//! What is said of notices that hold the same text.

use gongbao_analysis::Kinship;

use crate::cli::Lang;

impl Lang {
    /// Above notices that hold text of the one shown.
    pub(crate) fn elsewhere(self) -> &'static str {
        self.pick("The same text elsewhere", "别处的相同文字")
    }

    /// What another notice is to the one shown, of which it holds so much.
    pub(crate) fn kinship(self, kinship: Kinship, percent: u8) -> String {
        let what = match kinship {
            Kinship::Copy => self.pick("the same text, or nearly", "文字相同或基本相同"),
            Kinship::Contained => self.pick("holds all of this", "包含本件全文"),
            Kinship::Contains => self.pick("is all in this", "全文在本件之中"),
            Kinship::Passages => self.pick("the same passages", "有相同段落"),
        };
        self.pick(
            format!("{what} ({percent} % of this)"),
            format!("{what}（占本件 {percent}%）"),
        )
    }
}
