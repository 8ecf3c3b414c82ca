//! What a report on an inspection tells.
