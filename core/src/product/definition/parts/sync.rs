//! How often and how much the client asks the server, and how far its answers may lag.

use serde::Deserialize;

/// The limits on requests, and the server's consistency. All have values in `pocketdesk/base`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sync {
    /// Which threads are read without being opened.
    pub threads: Threads,
    /// How far behind the watermark an incremental sync reads again, in seconds: 1 to 86,400.
    pub overlap_seconds: u64,
    /// Rows on a page: 1 to 100.
    pub page_size: u32,
    /// From the end of a full reconciliation to the beginning of the next, in seconds: 0 to 31 days.
    pub reconciliation_seconds: u64,
    /// Requests of a full reconciliation in one run: 1 to 10,000.
    pub reconciliation_requests: u32,
    /// How long after a change an open thread is first asked for again, in seconds: 1 to 86,400. The wait grows from there.
    pub front_thread_seconds: u64,
    /// How long after a change the history is first asked for again, in seconds: 1 to 86,400. The wait grows from there.
    pub front_history_seconds: u64,
    /// The longest time after a write for which a read may miss it, in seconds: 0 to 3,600.
    pub stale_read_seconds: u64,
    /// The longest time after which a request that was cut off may still be applied, in seconds: 0 to 3,600.
    pub late_apply_seconds: u64,
    /// How many bytes the cache of downloaded files may hold: 0 to 10,000,000,000.
    pub cache_bytes: u64,
}

/// Which threads are read as soon as they have changed, and the budget for all others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Threads {
    /// Those with an update in this many days: 0 to 3,660.
    pub active_days: u32,
    /// Those whose ticket is neither solved nor closed.
    pub open: bool,
    /// Those with something unread.
    pub unread: bool,
    /// The budget in requests: 0 to 10,000.
    pub requests_per_hour: u32,
    /// The budget in bytes: 0 to 1,000,000,000.
    pub bytes_per_hour: u64,
}
