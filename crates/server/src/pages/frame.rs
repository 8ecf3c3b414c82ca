//! What stands around every page.

use maud::{DOCTYPE, Markup, html};

use super::{
    assets::{ICON_PATH, SCRIPT_PATH, STYLE_PATH},
    links::Links,
    text::plain,
};
use crate::asked::Lang;

/// What a page says of itself.
pub(super) struct Frame<'a> {
    pub(super) links: &'a Links,
    /// The title, as plain text.
    pub(super) title: &'a str,
    /// A feed of what is on it.
    pub(super) feed: Option<&'a str>,
    /// Which of the pages in the head of every page it is.
    pub(super) place: Place,
}

/// Where a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    Search,
    Topics,
    Status,
    Elsewhere,
}

impl Frame<'_> {
    /// The whole page around `main`.
    pub(super) fn around(&self, main: Markup) -> Markup {
        let lang = self.links.lang;
        let title = match self.place {
            Place::Home => lang.pick("gongbao 公报", "公报").to_owned(),
            _ => format!("{} · {}", plain(self.title), lang.pick("gongbao", "公报")),
        };
        html! {
            (DOCTYPE)
            html lang=(lang.pick("en", "zh-CN")) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    link rel="stylesheet" href=(*STYLE_PATH);
                    link rel="icon" href=(ICON_PATH) type="image/svg+xml";
                    @if let Some(feed) = self.feed {
                        link rel="alternate" type="application/atom+xml" href=(feed);
                    }
                    script src=(*SCRIPT_PATH) defer {}
                }
                body {
                    a.skip href="#page-main" { (lang.pick("Skip to content", "跳到正文")) }
                    (self.head())
                    main #page-main tabindex="-1" { (main) }
                    (self.foot())
                }
            }
        }
    }

    fn head(&self) -> Markup {
        let lang = self.links.lang;
        let other = lang.pick(Lang::Zh, Lang::En);
        let entry = |place: Place, path: &str, name: &str| {
            let current = (self.place == place).then_some("page");
            html! { a href=(self.links.to(path, &[])) aria-current=[current] { (name) } }
        };
        html! {
            header.top {
                a.wordmark href=(self.links.to("/", &[])) {
                    span.seal aria-hidden="true" { "公报" }
                    span.name { "gongbao" }
                }
                @if self.place != Place::Home {
                    (search_form(self.links, false))
                }
                nav aria-label=(lang.pick("Site", "全站")) {
                    (entry(Place::Topics, "/topics", lang.pick("Topics", "专题")))
                    (entry(Place::Status, "/status", lang.pick("Status", "状态")))
                    a.language href=(self.links.in_language(other)) lang=(other.pick("en", "zh-CN"))
                        hreflang=(other.pick("en", "zh-CN")) { (other.pick("English", "中文")) }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let lang = self.links.lang;
        html! {
            footer.foot {
                p {
                    (lang.pick(
                        "Texts as they were published; what was not stated is left empty.",
                        "文本照录原文；原文未载明者留空。",
                    ))
                    " "
                    a href="/openapi.json" { (lang.pick("API for programs", "程序接口")) }
                }
            }
        }
    }
}

/// The box to search in.
pub(super) fn search_form(links: &Links, large: bool) -> Markup {
    let lang = links.lang;
    let label = lang.pick("Search the notices", "检索公文");
    html! {
        form.search.large[large] action="/search" method="get" role="search" {
            @if let Some(code) = links.asked_language() {
                input type="hidden" name="lang" value=(code);
            }
            @for name in ["topic", "region", "organ", "genre", "site", "since", "until", "sort", "unit"] {
                @if !large && !links.value(name).is_empty() {
                    input type="hidden" name=(name) value=(links.value(name));
                }
            }
            input #page-query type="search" name="q" value=(links.value("q")) aria-label=(label)
                placeholder=(lang.pick("化解隐性债务 · “phrase” · NEAR/5 · -not", "化解隐性债务　“短语”　NEAR/5　-排除"))
                autocomplete="off" spellcheck="false" enterkeyhint="search" autofocus[large];
            button type="submit" { (lang.pick("Search", "检索")) }
        }
    }
}
