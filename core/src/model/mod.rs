//! The words that store, sync and screens share.

mod draft;
mod ids;
mod status;
mod ticket;

pub use draft::{ReplyDraft, TicketDraft};
pub use ids::{CommentId, DraftId, FileId, MessageId, OperationId, PersonId, TicketId, TicketNumber};
pub use status::{DeskStatus, Status, Turn};
pub use ticket::{
    Attachment, ChangeKind, Delivery, DownloadProblem, DraftFile, FileState, Message, PendingChange, Reason,
    ReasonKind, Ticket, TicketRow,
};
