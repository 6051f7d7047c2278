//! Core's model as Kotlin and Swift see it: plain values, copied when they cross, safe to keep and to share between threads.
//!
//! Conventions that hold for every type here:
//! * Numeric ids are local to this device, except those of articles, sections and categories of the help centre, which
//!   are the server's. A local id never changes and never comes to mean something else. After a damaged file was
//!   replaced (`SyncStatus.recovered`), what is read from the server again has new local ids.
//! * Points in time are milliseconds since 1970-01-01T00:00:00Z. Each field says by which clock.
//! * Texts of the user and of the server are UTF-8, as they were written; nothing is HTML.
//! * A field or variant that names a *key* means a key of [`strings`](crate::strings()).

mod account;
mod articles;
mod bodies;
mod days;
mod details;
mod drafts;
mod history;
mod product;
mod search;
mod tickets;

pub use self::account::*;
pub use self::articles::*;
pub use self::bodies::*;
pub use self::days::*;
pub use self::details::*;
pub use self::drafts::*;
pub use self::history::*;
pub use self::product::*;
pub use self::search::*;
pub use self::tickets::*;
