//! The words of core's model, as Kotlin and Swift see them. Ids are local and stable for life; times are milliseconds
//! since 1970-01-01T00:00:00Z.

mod account;
mod drafts;
mod product;
mod tickets;

pub use self::account::*;
pub use self::drafts::*;
pub use self::product::*;
pub use self::tickets::*;
