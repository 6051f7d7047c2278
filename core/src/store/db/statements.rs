//! Statements that stay prepared: compiling most of the store's costs more than running them.

use rusqlite::{Connection, Params, Row};

/// How many a connection keeps; more than the store has.
pub(in crate::store) const CAPACITY: usize = 256;

/// What [`Connection`] does with a statement compiled for this one time, with one that is kept.
pub(in crate::store) trait Cached {
    /// The first row; an error if there is none.
    fn query_row_cached<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T>;

    /// How many rows were changed.
    fn execute_cached(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize>;
}

impl Cached for Connection {
    fn query_row_cached<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.prepare_cached(sql)?.query_row(params, read)
    }

    fn execute_cached(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }
}
