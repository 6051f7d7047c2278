//! How many new requests came in without a token.

use rusqlite::{Connection, params};

use super::Result;

/// The hour, in seconds.
const HOUR: i64 = 60 * 60;

/// Counts a request, unless `limit` were counted within the last hour. Then it returns the seconds until the next one is
/// accepted. The service does not say what it counts; here it is every request, accepted or refused.
pub fn admit(db: &Connection, limit: Option<u32>, now: i64) -> Result<std::result::Result<(), i64>> {
    db.execute("DELETE FROM anonymous_requests WHERE at <= ?1", [now - HOUR])?;
    let (counted, oldest): (i64, Option<i64>) =
        db.query_row("SELECT count(*), min(at) FROM anonymous_requests", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if limit.is_some_and(|limit| counted >= i64::from(limit)) {
        return Ok(Err(oldest.unwrap_or(now) + HOUR - now));
    }
    db.execute("INSERT INTO anonymous_requests (at) VALUES (?1)", params![now])?;
    Ok(Ok(()))
}
