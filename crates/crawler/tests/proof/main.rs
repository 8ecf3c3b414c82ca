//! What a crawler must never get wrong, shown on made-up sites: its pace, what
//! a kill costs, what a second look finds, what faults cost.

mod again; // a second look: unchanged, edited, gone, moved, declined
mod faults; // no room, no host, two at once, a wrong clock
mod field; // sites being served, and a corpus that crawls them
mod kills; // SIGKILL at any moment
mod pace; // never sooner than anyone wants
