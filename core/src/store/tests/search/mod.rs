//! Searches: the index.

mod index;
