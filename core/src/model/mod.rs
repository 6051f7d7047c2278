//! The types that store, sync and screens share.

mod body;
mod capabilities;
mod clean;
mod draft;
mod editor;
mod failure;
mod file_type;
mod hashed_name;
mod help;
mod ids;
mod remote;
mod search;
mod status;
mod text;
mod ticket;
mod time;
mod transfer;

pub use body::{Block, BlockKind, Body, FormatRange, Link, Marker, Span, Structure};
pub(crate) use body::{Format, Standing, StructureBuilder, is_forward_line, safe_link};
pub use capabilities::{Capabilities, FileDelivery};
pub use clean::{LONGEST_NAME, clean_line, clean_name, clean_snippet, clean_subject};
pub use draft::{ReplyDraft, TicketDraft};
pub use editor::{Edited, Editor, FormattedText, ListKind, Look, Looks};
pub use failure::{Answered, Failed, Failure, Outcome, Reached, Trouble, undated};
pub use file_type::{AttachmentLimits, FileType};
pub use hashed_name::hashed_name;
pub use help::{
    Article, ArticlePage, ArticleRow, ArticleVote, HelpCategory, HelpCenter, HelpCenterState, HelpSection,
    RemoteArticle, RemoteCategory, RemoteSection, Similar,
};
pub use ids::{
    ArticleId, CategoryId, CommentId, DraftId, FileId, MessageId, OperationId, PUSH_KEY, PersonId, SectionId, TicketId,
    TicketNumber,
};
pub use remote::{
    CommentPage, CustomStatus, LARGEST_BODY, OptionLabel, RateLimit, RemoteComment, RemotePerson, RemoteTicket,
    RemoteUser, Requester, SetUp, Target, TicketList, TicketPage, Traffic, Unreadable, Write,
};
pub use search::{ArticleHit, FoundIn, MessageHit, SearchCoverage, SearchPage, Segment, ServerSearch, TicketHit};
pub use status::{ReplyRule, ServerStatus, StatusId, StatusKind, TicketStatus, Turn};
pub use text::{normalise, same_text};
pub use ticket::attachment::{Attachment, DownloadProblem, DraftFile, FileState, Scan, SmallPicture};
pub use ticket::change::{ChangeFacts, ChangeKind, FoundBy};
pub use ticket::delivery::{Delivery, Reason, ReasonKind};
pub use ticket::detail::{
    DetailItem, DetailPart, DetailSection, Estimate, Progress, ReplyAlternative, ShownLink, ShownValue, Timeline,
    TimelineStep,
};
pub use ticket::extras::{Extras, Feedback, FeedbackState, RemoteExtras, Toggle, WantedExtras};
pub use ticket::field::{ASSIGNEE, FieldValue, RawValue, VIA};
pub use ticket::followed::FollowedTicket;
pub use ticket::row::{HistoryColumn, RowColumn, Snippet, TicketRow};
pub use ticket::{Message, PendingChange, RefreshProblem, Ticket, UnreadMessages};
pub use time::{Chance, Timestamp, millis};
pub use transfer::{DownloadFailure, DownloadStart, Sink, SinkError, UploadFile, Uploaded};
