//! What a crawler must never get wrong, shown on made-up sites: what a second
//! look finds, its pace, a wrong clock. What takes a process of its own, such as
//! a kill or a full disk, is shown with the program, in the tests of `gongbao`.

mod again; // a second look: edited, gone, moved, declined
mod clock; // set back, and set right again
mod field; // sites being served, and a corpus that crawls them
mod pace; // never sooner than anyone wants
