//! The account's file, opened from outside to write what the client never would.

use std::path::Path;

use pocketdesk::query::tokens;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// Opens the file at `path`. The triggers of its schema call a function, which is the client's own.
pub fn open(path: impl AsRef<Path>) -> Connection {
    let db = Connection::open(path).unwrap();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function("search_tokens", 1, flags, |context| {
        let text: String = context.get(0)?;
        Ok(tokens(&text).into_iter().map(|token| token.text).collect::<Vec<_>>().join(" "))
    })
    .unwrap();
    db
}
