//! Reading whole pages: fixtures written for this project, real input where it
//! stands beside the repository, and anything at all.

mod given;
mod golden;
mod hostile;
mod sample;
mod shared;
