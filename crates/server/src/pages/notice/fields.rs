//! The header fields of a notice with where each was read, and its versions.

use gongbao_archive::VersionRecord;
use gongbao_desk::Reading;
use gongbao_notice::{Found, Origin};
use maud::{Markup, Render, html};

use super::super::{
    citing::citing_link,
    links::Links,
    text::{Safe, web_address},
};
use crate::asked::Lang;

/// Warnings shown: a broken page can have thousands.
const MAX_WARNINGS: usize = 20;

/// The fields.
pub(super) fn fields(reading: &Reading, versions: &[VersionRecord], links: &Links) -> Markup {
    let lang = links.lang;
    let notice = &reading.notice;
    let archived = links.to(&format!("/notices/{}/archived", reading.record.id), &[]);
    html! {
        dl.fields lang=(lang.pick("en", "zh-CN")) {
            (field(lang.pick("Published", "发布日期"), &notice.published, lang))
            (field(lang.pick("Signed", "成文日期"), &notice.signed, lang))
            (field(lang.pick("Organ", "发文机关"), &notice.organ, lang))
            @if let Some(region) = &notice.region {
                (row(lang.pick("Place", "地区"), &region.value.name, Some(region.origin), lang))
            }
            @if let Some(genre) = &notice.genre {
                (row(lang.pick("Genre", "文种"), genre.value.name(), Some(genre.origin), lang))
            }
            (field(lang.pick("Document number", "发文字号"), &notice.doc_number, lang))
            (field(lang.pick("Index number", "索引号"), &notice.index_number, lang))
            (field(lang.pick("Source", "来源"), &notice.source, lang))
            (field(lang.pick("Editor", "编辑"), &notice.editor, lang))
            @if !notice.columns.is_empty() {
                (row(lang.pick("Columns", "栏目"), &notice.columns.join(" › "), None, lang))
            }
        }
        p.sources lang=(lang.pick("en", "zh-CN")) {
            @if let Some(url) = &reading.record.url {
                @match web_address(url) {
                    Some(address) => {
                        a href=(address) rel="noopener noreferrer nofollow external" { (lang.pick("Original page", "原网页")) }
                    }
                    None => { span.quiet { (Safe(url)) } }
                }
                " · "
            }
            a href=(archived) { (lang.pick("As archived", "存档网页")) }
            " · "
            (citing_link(reading.record.id.as_str(), None, links, html! { (lang.pick("Cite", "引用")) }))
            " · "
            a href={ "/api/v1/notices/" (reading.record.id) } { "JSON" }
        }
        @if versions.len() > 1 {
            details.versions lang=(lang.pick("en", "zh-CN")) {
                summary { (lang.pick(format!("{} versions", versions.len()), format!("{} 个版本", versions.len()))) }
                ol {
                    @for version in versions {
                        li {
                            a href=(links.to(&format!("/notices/{}/archived", reading.record.id), &[("version", &version.version.to_string())])) {
                                (lang.pick(format!("version {}", version.version), format!("第 {} 版", version.version)))
                            }
                            " " time datetime=(version.fetched) { (version.fetched) }
                            @if version.version > 1 {
                                " · " a href=(links.to(&format!("/notices/{}/changes", reading.record.id), &[("to", &version.version.to_string())])) {
                                    (lang.pick("what changed", "修改之处"))
                                }
                            }
                        }
                    }
                }
            }
        } @else {
            p.quiet.small lang=(lang.pick("en", "zh-CN")) {
                (lang.pick("Received ", "收录于 ")) time datetime=(reading.record.newest.fetched) { (reading.record.newest.fetched) }
            }
        }
        @if !notice.warnings.is_empty() {
            details.warnings lang=(lang.pick("en", "zh-CN")) {
                summary { (lang.pick("What could not be read for sure", "未能确定之处")) }
                ul {
                    @for warning in notice.warnings.iter().take(MAX_WARNINGS) {
                        li { (Safe(&warning.about)) ": " (Safe(&warning.message)) }
                    }
                }
            }
        }
    }
}

fn field<T: ToString>(name: &str, found: &Option<Found<T>>, lang: Lang) -> Markup {
    match found {
        Some(found) => row(name, &found.value.to_string(), Some(found.origin), lang),
        None => html! {},
    }
}

fn row(name: &str, value: &str, origin: Option<Origin>, lang: Lang) -> Markup {
    html! {
        div {
            dt { (name) }
            dd {
                span lang="zh-CN" { (Safe(value).render()) }
                @if let Some(origin) = origin {
                    " " span.origin { (origin_name(origin, lang)) }
                }
            }
        }
    }
}

/// Where on a page something was read.
fn origin_name(origin: Origin, lang: Lang) -> &'static str {
    match origin {
        Origin::Given => lang.pick("given with it", "随文件给出"),
        Origin::Profile => lang.pick("site profile", "站点规则"),
        Origin::Meta => lang.pick("meta tag", "meta 标签"),
        Origin::Table => lang.pick("formal table", "信息表"),
        Origin::Header => lang.pick("line under the title", "标题下一行"),
        Origin::Title => lang.pick("title", "标题"),
        Origin::Signature => lang.pick("signature", "落款"),
        Origin::Text => lang.pick("text", "正文"),
        Origin::Url => lang.pick("address", "网址"),
        Origin::Page => lang.pick("page title or file name", "网页标题或文件名"),
    }
}
