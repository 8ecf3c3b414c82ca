//! Made-up government sites on loopback, for tests and for `demo`: thousands of
//! linked pages in the manner of six content systems, which can be made to
//! behave as badly as real ones do.
//!
//! A [`Site`] is all that a web server knows: what it publishes and what is
//! the matter with it. [`Web`] serves some, each on a port of its own, keeps a
//! log of all requests, and lets them be changed while it runs. The same seed
//! gives the same pages.
//!
//! Every place, organ, figure and sentence is invented.

mod answer; // a request to a site → its reply
mod article; // a notice as its site knows it
mod attachment; // files that notices link
mod connection; // requests of one connection, one after another
mod delivery; // a reply on the wire, whole or mangled
mod given; // sites of ready-made pages
mod log; // who asked for what, when
mod misfortune; // what can be the matter with a page
mod profile;
mod random; // numbers that a seed decides
mod reply; // what is sent, and in what manner
mod request; // a request as read
mod site; // what is published, and its changes
mod template; // how sites look: one file per content system
mod web; // servers, from start to stop
mod wording; // sentences for notices // a site as a crawler's profile describes it

pub use crate::{
    given::GivenPage,
    log::{Log, Visit},
    misfortune::Misfortune,
    site::{Column, Site},
    template::Family,
    web::Web,
};
