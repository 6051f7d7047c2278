//! Searches: the index, and finding in it.

mod find;
mod index;
mod many;
mod new_documents;
mod spans;
