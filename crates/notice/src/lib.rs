//! What a government notice is: a page's bytes become a [`Notice`] with its
//! fields, body and outline. Pure: no files, no network, no clock.

mod body;
mod doc_number;
mod id;
mod notice;
mod outline;

pub use crate::{
    body::{Block, BlockKind, Body},
    doc_number::{DocNumber, ParseDocNumberError},
    id::{NoticeId, ParseNoticeIdError},
    notice::{Found, Genre, Moment, Notice, Origin, Region, Warning},
    outline::{Node, Outline, Passage},
};
