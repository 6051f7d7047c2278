//! The SQL functions that the triggers of the schema call.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use crate::query::tokens;
use crate::store::StoreError;

/// Makes the functions known to a connection. One without them can read, and fails where a trigger would run.
pub(in crate::store) fn register(connection: &Connection) -> Result<(), StoreError> {
    // Innocuous: they read nothing but their argument, so triggers may call them although the schema is not trusted.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    Ok(connection.create_scalar_function("search_tokens", 1, flags, |context| Ok(search_tokens(context)))?)
}

/// The tokens of a text, with a space between them; of an integer, its digits. Anything else has none.
fn search_tokens(context: &Context<'_>) -> String {
    match context.get_raw(0) {
        // A damaged text must leave the index as it came.
        ValueRef::Text(text) => words(&String::from_utf8_lossy(text)),
        ValueRef::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The tokens of a text, as the index gets them.
pub(in crate::store) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for token in tokens(text) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&token.text);
    }
    words
}
