//! Fetches notices politely: from a list of sites to archived, versioned
//! pages. Knows HTTP, lists and robots.txt; knows nothing of indexes.

mod site; // a site as data
mod sites; // all sites at hand

mod address; // one spelling for one page, one key for one host
mod list; // a list page: its articles, where it goes on

mod fetch; // one request and its answer, within bounds
mod guard; // which addresses may be connected to
mod politeness; // when a host may be asked next
mod robots;

mod attachments; // files that an article links
mod reading; // what is made of an answer
mod verdict; // gone, or kept from us, whatever the status says

mod clock;
mod crawl; // the loop that fetches
mod finding; // what somebody should look at
mod job; // what passes between it and the keeper
mod keeper; // the thread that writes
mod recrawl; // when a page is looked at again

mod draft; // a first profile of a site
mod look; // a look at one page, keeping nothing

pub use crate::{
    address::{canonical, host_key},
    clock::{Clock, SystemClock},
    crawl::{
        ColumnReport, CrawlError, CrawlEvent, CrawlOptions, CrawlReport, Ended, Located,
        SiteReport, crawl,
    },
    draft::{Draft, draft_profile, id_of},
    fetch::{ClientError, Limits},
    finding::{Finding, NumberGap},
    guard::{NotPublic, is_public},
    list::{Entry, Family, ListPage, Listing, NextClue, Reason, read_list},
    look::{Inspection, LookError, Looked, Verdict, inspect, look},
    politeness::{HostAnswer, Politeness, Turn, Turns, Why},
    robots::{RobotsRules, robots_url},
    site::{Column, ListRules, Site, SiteError, parse_duration},
    sites::{Entry as SiteEntry, Sites},
};
