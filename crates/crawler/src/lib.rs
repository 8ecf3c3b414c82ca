//! Fetches notices politely: from a list of sites to archived, versioned
//! pages. Knows HTTP, lists and robots.txt; knows nothing of indexes.

mod address; // one spelling for one page, one key for one host
mod guard; // which addresses may be connected to
mod list; // a list page: its articles, where it goes on
mod politeness; // when a host may be asked next
mod robots;
mod site; // a site as data
mod sites; // all sites at hand

pub use crate::{
    address::{canonical, host_key},
    guard::{NotPublic, is_public},
    list::{Entry, Family, ListPage, Listing, NextClue, Reason, read_list},
    politeness::{HostAnswer, Politeness, Turn, Turns, Why},
    robots::{RobotsRules, robots_url},
    site::{Column, ListRules, Site, SiteError, parse_duration},
    sites::{Entry as SiteEntry, Sites},
};
