//! The routes, called on the router directly.

mod api; // /api/v1
mod generations; // new ones picked up
mod protection; // tokens, limits, headers
mod support;
