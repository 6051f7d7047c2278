//! Cached prepared statements. Compiling most of the store's statements takes longer than running them.

use rusqlite::{Connection, Params, Row};

/// How many statements a connection keeps compiled. The one that was used longest ago goes first.
pub(in crate::store) const CAPACITY: usize = 256;

/// Methods of [`Connection`] with the statement taken from the cache instead of compiled for one use.
pub(in crate::store) trait Cached {
    /// Runs a query and reads its first row. No row is an error.
    fn query_row_cached<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T>;

    /// Runs a statement. Returns how many rows it changed.
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
