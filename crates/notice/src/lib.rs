//! What a government notice is: a page's bytes become a [`Notice`] with its
//! fields, body and outline. Pure: no files, no network, no clock.

mod body;
mod doc_number;
mod id;
mod notice;
mod outline;

mod opened;
mod page; // what goes in: pages, rows, site profiles
mod read_by; // what pages are read by, to tell when to read them again
mod reader; // brings together what follows // a page decoded and parsed, for all who read it

mod charset; // bytes → text
mod html; // text → elements
mod segment; // elements → lines

mod chrome; // which lines are the page's own
mod content; // which are the notice

mod markup; // reads a page in HTML
mod plain; // reads a page saved as text

mod draft; // fields, offered in order of trust
mod labels; // 来源：, 索引号： …

mod date; // 2025年9月1日, 二〇二五年九月一日
mod divisions; // 镜湖区 → 340202
mod facts; // 查处违法渔具127件
mod genre; // 关于…的通知
mod organ; // 青川市财政局
mod signature; // organ and date at the end

mod sharing; // what readers of lists share with it

pub use crate::{
    body::{Block, BlockKind, Body},
    divisions::{Divisions, Level},
    doc_number::{DocNumber, ParseDocNumberError},
    facts::{
        Context as FactContext, Fact, FactKind, InspectionRecord, Period, Qualifier, Stated, facts,
        inspection_record, repeats,
    },
    id::{NoticeId, ParseNoticeIdError},
    notice::{Found, Genre, Moment, Notice, Origin, Region, Warning},
    opened::OpenedPage,
    outline::{Node, Outline, Passage},
    page::{MAX_PAGE_BYTES, NotAPage, Page, Profile, Row, Selectors, looks_like_text},
    read_by::{READING_RULES, ReadBy, ReadByChanges},
    reader::Reader,
    sharing::{date_in_url, decode_page, find_date, parse_html},
};
