//! Printing for people: page text made safe, measured, wrapped and coloured.
//!
//! Knows nothing of notices. Everything printed passes through [`pieces`] or
//! [`escape()`], so that no page can speak to the terminal itself.

mod escape; // control and bidi characters
mod guard; // bytes on their way to a terminal
mod style; // colours and links
mod width; // columns
mod wrap; // lines

pub(crate) use self::{
    escape::escape,
    guard::Guard,
    style::{Piece, Screen, Style, pieces},
    width::{keep_end, pad, shorten, width},
    wrap::wrap,
};
