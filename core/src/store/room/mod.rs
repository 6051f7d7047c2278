//! Room for the user: how sync writes so that a reply need not wait for it.
//!
//! # The story
//!
//! A reply is durable when its call returns. During a first sync, four things can stand in its way:
//!
//! * **The transaction that is running.** There is one writing connection. A transaction of sync ends after the row that it
//!   is storing as soon as a user waits for the connection ([`Edit::has_room`](crate::store::Edit::has_room)).
//! * **The end of that transaction.** It adds the new texts to the index of searches, and its commit writes every page
//!   that it has changed. So a transaction of sync ends when it has enough new text ([`decide::NEW_TEXT`]), and while
//!   the user is writing, it has few rows ([`decide::Room`]).
//! * **The debt.** A commit of sync is not synced to the disk, and the next commit of the user has to sync it as well. So sync
//!   itself syncs what it wrote, after it has given the connection back: soon while the user is writing, and otherwise
//!   before much has come together ([`log`]).
//! * **Moving the log into the file** (a checkpoint). By default SQLite does so in the commit that makes the log long, while
//!   everybody else waits. Sync does it earlier, on a connection of the readers, while the user can write ([`log`]).
//!
//! Whether the user is writing is counted in rows that sync has stored since, not in time: the store has no clock, and
//! a schedule of the simulation has to write the same transactions each time.
//!
//! # What a crash leaves behind
//!
//! Nothing of this is on disk. A slice that ended early is a committed slice like any other: what follows a page is stored
//! with its last slice, so after a crash the page is read again. Neither syncing nor moving the log changes what is committed.

pub(super) mod decide;
pub(super) mod log;
