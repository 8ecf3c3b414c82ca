//! Names of fields, and of the places where they are read.

use gongbao_notice::Origin;

use crate::cli::Lang;

/// A line of a header block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// A notice's id.
    Id,
    /// Its address.
    Url,
    /// The issuing organ.
    Organ,
    /// The place.
    Region,
    /// The genre.
    Genre,
    /// The document number.
    DocNumber,
    /// The index number.
    IndexNumber,
    /// When it was published.
    Published,
    /// The day it was signed.
    Signed,
    /// Who published it.
    Source,
    /// Where it stands on its site.
    Columns,
    /// Its editor.
    Editor,
    /// When it was received, and as which version.
    Fetched,
    /// A corpus folder.
    Corpus,
    /// Notices and versions.
    Notices,
    /// The archive on disk.
    Archive,
    /// The index generation.
    Index,
    /// How far the index is behind.
    Behind,
    /// Notices that could not be read.
    Unread,
    /// The dictionary's fingerprint.
    Dictionary,
    /// A topic's other names.
    Aliases,
    /// What a topic is about.
    Scope,
    /// What a topic is recognised by.
    Expressions,
    /// What does not count.
    Exclusions,
    /// Topics that a topic is a part of.
    Broader,
    /// Topics that touch a topic.
    Related,
    /// Passages that a topic is tested on.
    Judged,
    /// Items of a notice that a topic must find.
    Finds,
    /// A version number.
    Version,
    /// Files that a notice links.
    Attachments,
    /// Pages that crawls know.
    Pages,
    /// The last run of a crawl.
    LastRun,
    /// A notice's title.
    Title,
    /// The text of a notice.
    Text,
    /// A file that belongs to a notice.
    Attachment,
}

impl Lang {
    /// The name of `label`.
    pub(crate) fn label(self, label: Label) -> &'static str {
        let (en, zh) = match label {
            Label::Id => ("id", "编号"),
            Label::Url => ("address", "网址"),
            Label::Organ => ("organ", "发文机关"),
            Label::Region => ("place", "地区"),
            Label::Genre => ("genre", "文种"),
            Label::DocNumber => ("doc. number", "发文字号"),
            Label::IndexNumber => ("index number", "索引号"),
            Label::Published => ("published", "发布日期"),
            Label::Signed => ("signed", "成文日期"),
            Label::Source => ("source", "来源"),
            Label::Columns => ("columns", "栏目"),
            Label::Editor => ("editor", "编辑"),
            Label::Fetched => ("fetched", "收录时间"),
            Label::Corpus => ("corpus", "语料库"),
            Label::Notices => ("notices", "公文"),
            Label::Archive => ("archive", "存档"),
            Label::Index => ("index", "索引"),
            Label::Behind => ("behind", "待更新"),
            Label::Unread => ("unread", "无法读取"),
            Label::Dictionary => ("dictionary", "词典"),
            Label::Aliases => ("also", "又称"),
            Label::Scope => ("scope", "范围"),
            Label::Expressions => ("expressions", "表达式"),
            Label::Exclusions => ("exclusions", "排除"),
            Label::Broader => ("part of", "上位专题"),
            Label::Related => ("related", "相关专题"),
            Label::Judged => ("judged", "判定段落"),
            Label::Finds => ("finds", "应检出"),
            Label::Title => ("title", "标题"),
            Label::Text => ("text", "正文"),
            Label::Attachment => ("attachment", "附件"),
            Label::Version => ("version", "版本"),
            Label::Attachments => ("attachment", "附件"),
            Label::Pages => ("pages", "网页"),
            Label::LastRun => ("last run", "上次运行"),
        };
        self.pick(en, zh)
    }

    /// Where on a page something was read.
    pub(crate) fn origin(self, origin: Origin) -> &'static str {
        let (en, zh) = match origin {
            Origin::Given => ("given with it", "随文件给出"),
            Origin::Profile => ("site profile", "站点规则"),
            Origin::Meta => ("meta tag", "meta 标签"),
            Origin::Table => ("formal table", "信息表"),
            Origin::Header => ("line under the title", "标题下一行"),
            Origin::Title => ("title", "标题"),
            Origin::Signature => ("signature", "落款"),
            Origin::Text => ("text", "正文"),
            Origin::Url => ("address", "网址"),
            Origin::Page => ("page title or file name", "网页标题或文件名"),
        };
        self.pick(en, zh)
    }
}
