//! The routes, called on the router directly.

mod api; // /api/v1
mod feeds; // Atom
mod generations; // new ones picked up
mod hostile; // a page that means harm
mod pages; // the reading room
mod protection; // tokens, limits, headers
mod support;
