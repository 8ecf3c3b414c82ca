//! A notice in the making: fields are offered in order of trust, the first
//! one stays, and what contradicts it is noted.

use jiff::civil::Date;

use crate::{
    DocNumber, Found, Moment, Notice, Origin, Warning, date, labels::Label, page::Profile,
};

#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) notice: Notice,
    /// The name of the site, to tell namesakes apart.
    pub(crate) site_name: Option<String>,
    /// The column that `<meta>` names: often only the last of the path.
    pub(crate) meta_columns: Option<String>,
}

impl Draft {
    pub(crate) fn warn(&mut self, about: &str, message: impl Into<String>) {
        self.notice.warnings.push(Warning::new(about, message));
    }

    pub(crate) fn title(&mut self, text: &str, origin: Origin) {
        let title = tidy(text);
        if self.notice.title.is_none() && (2..=200).contains(&title.chars().count()) {
            self.notice.title = Some(Found::new(title, origin));
        }
    }

    pub(crate) fn source(&mut self, text: &str, origin: Origin) {
        offer_text(&mut self.notice.source, text, origin);
    }

    pub(crate) fn organ(&mut self, text: &str, origin: Origin) {
        offer_text(&mut self.notice.organ, text, origin);
    }

    pub(crate) fn editor(&mut self, text: &str, origin: Origin) {
        offer_text(&mut self.notice.editor, text, origin);
    }

    pub(crate) fn columns(&mut self, text: &str) {
        if self.notice.columns.is_empty() {
            let parts = text.split([
                ',', '，', '、', ';', '；', '>', '›', '»', '|', '/', '→', '＞',
            ]);
            let named = |part: &&str| {
                !part.is_empty() && !matches!(*part, "首页" | "网站首页" | "正文" | "内容" | "详情")
            };
            self.notice.columns = parts
                .map(str::trim)
                .filter(named)
                .map(str::to_owned)
                .collect();
        }
    }

    pub(crate) fn index_number(&mut self, text: &str, origin: Origin) {
        let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let sound = (4..=60).contains(&number.chars().count())
            && number.contains(|c: char| c.is_ascii_digit());
        if sound && self.notice.index_number.is_none() {
            self.notice.index_number = Some(Found::new(number, origin));
        }
    }

    pub(crate) fn doc_number(&mut self, text: &str, origin: Origin) {
        let Ok(number) = text.parse::<DocNumber>() else {
            let said = text.chars().any(char::is_alphanumeric) && !matches!(text, "无" | "暂无");
            if origin == Origin::Table && said {
                let text: String = text.chars().take(60).collect();
                self.warn(
                    "doc_number",
                    format!("{text:?} in the table is no document number"),
                );
            }
            return;
        };
        match &self.notice.doc_number {
            None => self.notice.doc_number = Some(Found::new(number, origin)),
            Some(kept) if kept.value != number && kept.origin != origin => {
                let message = format!(
                    "{} and {number} are both named; the first is kept",
                    kept.value
                );
                self.warn("doc_number", message);
            }
            Some(_) => {}
        }
    }

    pub(crate) fn signed(&mut self, day: Date, origin: Origin) {
        match &self.notice.signed {
            None => self.notice.signed = Some(Found::new(day, origin)),
            Some(kept) if kept.value != day => {
                let message = format!(
                    "{} in the {} and {day} in the {} differ; the first is kept",
                    kept.value,
                    place(kept.origin),
                    place(origin)
                );
                self.warn("signed", message);
            }
            Some(_) => {}
        }
    }

    pub(crate) fn published(&mut self, moment: Moment, origin: Origin) {
        match &mut self.notice.published {
            None => self.notice.published = Some(Found::new(moment, origin)),
            // The same day with its time says more.
            Some(kept) if kept.value.date == moment.date => {
                if kept.value.time.is_none() && moment.time.is_some() {
                    *kept = Found::new(moment, origin);
                }
            }
            Some(kept) => {
                let message = format!(
                    "{} in the {} and {moment} in the {} differ; the first is kept",
                    kept.value,
                    place(kept.origin),
                    place(origin)
                );
                self.warn("published", message);
            }
        }
    }

    /// A field as its label announces it.
    pub(crate) fn labelled(&mut self, label: Label, value: &str, origin: Origin) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        match label {
            Label::Published => {
                if let Some((moment, _)) = date::moment_at(value) {
                    self.published(moment, origin);
                }
            }
            Label::Signed => {
                if let Some((moment, _)) = date::moment_at(value) {
                    self.signed(moment.date, origin);
                }
            }
            Label::Source => self.source(value, origin),
            // In a formal table 分类 is the subject, not a column of the site.
            Label::Columns if origin == Origin::Table => {}
            Label::Columns => self.columns(value),
            Label::Editor | Label::Author => self.editor(value, origin),
            Label::Organ => self.organ(value, origin),
            Label::DocNumber => self.doc_number(value, origin),
            Label::IndexNumber => self.index_number(value, origin),
            Label::Title => self.title(value, origin),
            Label::Topic | Label::Tool => {}
        }
    }

    /// What the profile says of every page of its site.
    pub(crate) fn defaults(&mut self, profile: &Profile) {
        if let Some(organ) = &profile.organ {
            self.organ(organ, Origin::Profile);
        }
        if let Some(source) = &profile.source {
            self.source(source, Origin::Profile);
        }
        if self.notice.columns.is_empty() {
            self.notice.columns.clone_from(&profile.columns);
        }
    }
}

fn place(origin: Origin) -> &'static str {
    match origin {
        Origin::Given => "row",
        Origin::Profile => "place the profile names",
        Origin::Meta => "<meta> tags",
        Origin::Table => "formal table",
        Origin::Header => "header line",
        Origin::Title => "title",
        Origin::Signature => "signature",
        Origin::Text => "text",
        Origin::Url => "address",
        Origin::Page => "page's name",
    }
}

/// Keeps `text` if the slot is free and it can be a name.
fn offer_text(slot: &mut Option<Found<String>>, text: &str, origin: Origin) {
    let text = tidy(text);
    let placeholder = text.starts_with(['$', '{', '<'])
        || matches!(text.as_str(), "无" | "未知" | "本站" | "null" | "-" | "--");
    let named = text.chars().any(char::is_alphabetic)
        && text.chars().count() <= 60
        && !text.starts_with("http");
    if slot.is_none() && named && !placeholder {
        *slot = Some(Found::new(text, origin));
    }
}

/// `text` on one line: no control characters, white space collapsed. Between
/// ideographs a line break goes, and so do the spaces that only space a title
/// out (几 个 问 题); one that parts two phrases stays.
pub(crate) fn tidy(text: &str) -> String {
    let han = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}' | '“' | '”');
    let text: String = text
        .chars()
        .filter(|&c| c.is_whitespace() || !(c.is_control() || matches!(c, '\u{200b}' | '\u{feff}')))
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut before = 0;
    for (line, part) in text.split('\n').enumerate() {
        for (index, word) in part.split_whitespace().enumerate() {
            let count = word.chars().count();
            let first = word.chars().next().unwrap_or(' ');
            let wide = out.chars().last().is_some_and(han) && han(first);
            let joins = wide && ((index == 0 && line > 0) || count == 1 || before == 1);
            if !out.is_empty() && !joins {
                out.push(' ');
            }
            out.push_str(word);
            before = count;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_put_on_one_line() {
        assert_eq!(tidy(" 几 个 问\n题 的　通 知 "), "几个问题的通知");
        assert_eq!(
            tidy("关于 2024 年 GDP\u{0} 的通报"),
            "关于 2024 年 GDP 的通报"
        );
    }

    #[test]
    fn the_first_offer_stays_and_a_contradiction_is_noted() {
        let mut draft = Draft::default();
        let (first, _) = date::moment_at("2024-03-05").expect("a date");
        let (timed, _) = date::moment_at("2024-03-05 09:00").expect("a date");
        let (other, _) = date::moment_at("2024-03-06").expect("a date");
        draft.published(first, Origin::Meta);
        draft.published(timed, Origin::Header);
        draft.published(other, Origin::Table);
        assert_eq!(
            draft.notice.published,
            Some(Found::new(timed, Origin::Header))
        );
        assert_eq!(draft.notice.warnings.len(), 1);
    }
}
