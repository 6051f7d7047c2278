//! Attachments: files to upload, and cached copies of the server's files.
//!
//! # The story
//!
//! ```text
//!  picked ─► outgoing/x.part ─► outgoing/x + row ─► uploaded (token) ─► named by its message ─► row and file removed
//!             copied, checked     of a draft          may expire:         seen on the server
//!                                 or a message        uploaded again
//!
//!  tapped ─► row (wanted) ─► cache/x.part, piece by piece ─► cache/x + row (here) ─► evicted, or no longer visible
//! ```
//!
//! **Uploads.** A picked file is checked against the product: number, size, and type by ending and by content. It is
//! then copied into the account's folder in pieces, with a running hash, synced and renamed. Only after that does a
//! durable transaction write its row. The call returns when all of this is done, so the user sends the file that they
//! saw attached, whatever happens to the original later. The row belongs to a draft. When the draft becomes a message,
//! the row moves to the message, and one upload for each file is queued before the message itself
//! ([`outbox`](crate::outbox)).
//!
//! The answer to an upload is a token, which the message's request names. An upload whose outcome is ambiguous is
//! simply repeated: a file that no message names is visible to nobody and expires on the server. A token can expire
//! before its message is sent. If its time is over by the server's clock, and no attempt has named it yet, its file is
//! uploaded again. If the server refuses a token, it has not applied the message, unless an earlier attempt has used
//! the token. If there was no such attempt, or a read does not show its result, all uploads of the message are
//! repeated, and the message is queued as one that was never attempted.
//!
//! **Downloads.** A tap writes a row for the requested file. Sync fetches the bytes, resumes where a download was cut
//! off, and keeps the hash. The user's token is sent only to the server's own origin; the connector follows the
//! redirects to the file's storage by itself and without that token. All copies together stay below the product's
//! limit, and the copy that was opened longest ago is evicted first.
//!
//! # What a crash leaves behind
//!
//! A file without a row: the copy was not finished, or the row was deleted first. Opening the store removes both kinds.
//! A row is always deleted before its file, and the same transaction adds the file's name to the table of pending
//! deletes. The file is removed after the commit, by a later write, or when the account is opened again. So every
//! deletion of a row deletes the file too, whatever cascade causes it.
//!
//! A row without a file means that somebody cleared the folder. If the file was to be sent, its message gets a reason
//! that the user sees. A downloaded file counts as not downloaded, and the user can request it again.
//!
//! A download that was cut off keeps its first part. After a power cut that part is known to be on disk except for its
//! end, because every [`sink::STEP`] bytes are synced before the next are written.

mod content;
mod copy;
mod folder;
mod photo;
mod progress;
mod sink;

pub use self::copy::FileError;
pub(crate) use self::copy::{Copied, check, copy_in};
pub(crate) use self::folder::{Folder, OUTGOING};
pub(crate) use self::photo::smaller;
pub use self::photo::{PhotoAttempt, SmallerPhoto};
pub(crate) use self::progress::{Transfer, TransferProgress};
pub(crate) use self::sink::{Complete, FileSink, may_be_page};
