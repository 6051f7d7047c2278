//! Queries of the history and of a thread: the pure part, without SQL.

mod cursor;
mod days;
mod relation;
mod similar;
mod text;

pub(crate) use self::cursor::{cursor, place};
pub use self::days::{HistorySection, LocalDays, WrittenTime};
pub use self::relation::{HistoryView, Relation, Relations};
pub(crate) use self::similar::closest;
pub use self::text::{FOLD_VERSION, Question, Term, Token, TokenKind, tokens};
