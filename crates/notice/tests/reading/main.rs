//! Reading whole pages: fixtures written for this project, real input where it
//! stands beside the repository, and anything at all.

mod shared;
