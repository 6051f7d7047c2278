//! Attachments: files on their way to the server, and copies of the server's files.
//!
//! # The story
//!
//! ```text
//!  picked ─► outgoing/x.part ─► outgoing/x + row ─► uploaded (token) ─► named by its message ─► row gone, file gone
//!             copied, checked     with a draft        may expire:          seen at the server
//!                                 or a message        made again
//!
//!  tapped ─► row (wanted) ─► cache/x.part, piece by piece ─► cache/x + row (here) ─► pushed out, or no longer visible
//! ```
//!
//! **To the server.** A picked file is checked against the product (number, size, type by ending and by content), then copied
//! into the account's folder, in pieces and with a running hash, synced, renamed, and only then given a row, in a durable
//! transaction. The call returns when all of that is done, so whatever happens to the original later, what the user saw
//! attached is what is sent. The row belongs to a draft; when the draft becomes a message, so does the row, and one upload is
//! queued for each before the message itself ([`outbox`](crate::outbox)). An upload answers a token, which the message's
//! request names. An upload whose outcome is unclear is simply made again: one that nobody names is seen by nobody, and
//! expires at the server. So may a token: then the uploads are made again and the message is queued as if it were new, because a
//! server that refuses a token has not applied anything.
//!
//! **From the server.** A tap writes down the wish; sync fetches the bytes, goes on where it was cut off, and keeps their hash.
//! The bearer goes to the server's own origin only; the redirects to where the bytes lie are followed by hand, without it. The
//! copies together stay below the product's limit; whichever was opened longest ago goes first.
//!
//! # What a crash leaves behind
//!
//! A file without a row: the copy was not finished, or the row went first. Opening the store removes both kinds. A row
//! always goes before its file, in the transaction that also writes the file's name down as *doomed*; the file is removed
//! after the commit, or at the next opening. So whatever deletes a row, by whatever cascade, deletes the file. A row without
//! a file (somebody cleared the folder) is a reason shown to the user when it comes to sending; a download is fetched again.
//!
//! A cut download keeps its first part. What of it is certain after a power cut: every [`sink::STEP`] was synced before the
//! next was begun.

mod content;
mod copy;
mod folder;
mod name;
mod progress;
mod sink;

pub use self::copy::FileError;
pub(crate) use self::copy::{Copied, check, copy_in};
pub(crate) use self::folder::{Folder, OUTGOING};
pub use self::name::LONGEST_NAME;
pub(crate) use self::progress::{Transfer, TransferProgress};
pub(crate) use self::sink::FileSink;
