//! Conversions between core's types and those of the bindings, field by field. Nothing is decided here.

mod articles;
mod bodies;
mod days;
mod definition;
mod details;
mod drafts;
mod history;
mod search;

use pocketdesk::{client, model, product, query, store};

use crate::types::{
    AccountProblem, Attachment, ChangeKind, Countdown, Delivery, DownloadProblem, DraftFile, FileState, FollowedTicket,
    FormField, HistorySection, Message, Obstacle, PendingChange, Reason, ReasonKind, Recovered, RefreshProblem,
    RowColumn, SignOut, SmallPicture, Snippet, StatusKind, SyncOutcome, SyncProgress, SyncStatus, ThreadPage, Ticket,
    TicketRow, Turn, UnreadMessages, Unsent,
};

/// Converts an enum of core whose variants have the same names here.
macro_rules! same_variants {
    ($($from:path => $to:ident { $($variant:ident),+ $(,)? })+) => {$(
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                use $from as Core;
                match value {
                    $(Core::$variant => Self::$variant,)+
                }
            }
        }
    )+};
}

use same_variants;

same_variants! {
    model::StatusKind => StatusKind { Open, Working, AwaitingUser, Solved, Closed }
    model::Turn => Turn { HelpDesk, You, Nobody }
    model::ReasonKind => ReasonKind {
        SignedOut, WrongUser, AgentToken, NotAllowed, TicketClosed, NoLongerVisible, Refused, Restored, AttachmentTooLarge,
        AttachmentType, AttachmentMissing, Unsupported,
    }
    model::DownloadProblem => DownloadProblem { Gone, NoSpace, TooLarge, Unavailable }
    client::AccountProblem => AccountProblem {
        SignedOut, WrongUser, AgentToken, NotAllowed, HistoryMissing, ServerUnreachable, ServerMisbehaves, StorageFull,
        InternalFault,
    }
    model::ChangeKind => ChangeKind { AddCc, Solve, Feedback, Toggle }
    query::HistorySection => HistorySection { Unsent, Today, Earlier, Others }
    product::FormField => FormField { Name, Email, Subject, IssueType, Cc, Description, Access, Attachments }
}

/// A key as it crosses.
fn owned(key: Option<&str>) -> Option<String> {
    key.map(str::to_owned)
}

impl From<client::Obstacle> for Obstacle {
    fn from(obstacle: client::Obstacle) -> Self {
        match obstacle {
            client::Obstacle::NoNetwork => Self::NoNetwork,
            client::Obstacle::ServerUnreachable => Self::HelpDeskUnreachable,
        }
    }
}

impl From<model::TicketRow> for TicketRow {
    fn from(row: model::TicketRow) -> Self {
        Self {
            has_status: row.has_status(),
            unsent_key: owned(row.unsent_key()),
            mark_key: owned(row.mark_key()),
            id: row.id.0,
            number: row.number.and_then(|number| u64::try_from(number.0).ok()),
            subject: row.subject,
            subject_key: row.subject_key,
            requester: row.requester,
            ticket_type: row.ticket_type,
            mark_keys: row.marks.iter().map(|id| format!("mark.{id}")).collect(),
            status: row.status.into(),
            created_at: row.created_at.0,
            last_activity_at: row.last_activity_at.0,
            unread: row.unread,
            reminder: row.reminder,
            has_attachments: row.has_attachments,
            waiting: row.waiting,
            needs_user: row.needs_user,
            visible: row.visible,
            linked: row.linked,
            columns: row.columns.into_iter().map(RowColumn::from).collect(),
            unsent: row.unsent,
            snippet: row.snippet.map(|model::Snippet { text, mine }| Snippet { text, mine }),
        }
    }
}

impl From<model::Ticket> for Ticket {
    fn from(ticket: model::Ticket) -> Self {
        Self {
            turn_key: owned(ticket.turn_key()),
            unsent_title_key: owned(ticket.unsent_title_key()),
            row: ticket.row.into(),
            issue_type: ticket.issue_type,
            access: ticket.access,
            cc: ticket.cc,
            created_by: ticket.created_by,
            created_by_me: ticket.created_by_me,
            can_reply: ticket.can_reply,
            reopens: ticket.reopens,
            can_solve: ticket.can_solve,
            thread_complete: ticket.thread_complete,
            delivery: ticket.delivery.into(),
            changes: ticket.changes.into_iter().map(PendingChange::from).collect(),
            refresh_problem: ticket
                .refresh_problem
                .map(|problem| RefreshProblem { next_attempt: problem.next_attempt.0 }),
            left_out: ticket.left_out,
            answers_go_to: ticket.answers_go_to,
            can_remove: ticket.can_remove,
            follows: ticket.follows.and_then(|followed| {
                let number = u64::try_from(followed.number.0).ok()?;
                Some(FollowedTicket { number, ticket: followed.ticket.map(|ticket| ticket.0) })
            }),
        }
    }
}

impl From<model::PendingChange> for PendingChange {
    fn from(change: model::PendingChange) -> Self {
        Self {
            id: change.id.0,
            kind: change.kind.into(),
            addresses: change.addresses,
            label_key: change.kind.string_key().to_owned(),
            delivery_key: owned(change.delivery.string_key()),
            reason_key: owned(change.delivery.reason_key()),
            retry_key: owned(change.can_retry.then(|| change.delivery.retry_key())),
            discard_question_key: owned(change.can_discard.then_some(model::PendingChange::DISCARD_QUESTION_KEY)),
            delivery: change.delivery.into(),
            can_retry: change.can_retry,
            can_discard: change.can_discard,
        }
    }
}

impl ThreadPage {
    /// A page of a thread of this product.
    pub(crate) fn of(page: store::ThreadPage, product: &product::Product) -> Self {
        Self {
            messages: page.messages.into_iter().map(|message| Message::of(message, product)).collect(),
            next: page.next,
            unread: page.unread.map(|unread| UnreadMessages { first: unread.first.0, count: unread.count }),
        }
    }
}

impl Message {
    fn of(message: model::Message, product: &product::Product) -> Self {
        Self {
            id: message.id.0,
            author_key: owned(message.author_key()),
            delivery_key: owned(product.delivery_key(&message.delivery)),
            reason_key: owned(message.reason_key()),
            retry_key: owned(message.can_retry.then(|| message.delivery.retry_key())),
            discard_question_key: owned(message.can_discard.then(|| message.discard_question_key())),
            author: message.author,
            mine: message.mine,
            from_agent: message.from_agent,
            author_photo: small_picture(message.author_photo),
            body: message.body,
            content: message.content.into(),
            created_at: message.created_at.0,
            description: message.description,
            shortened: message.shortened,
            attachments: message.attachments.into_iter().map(Attachment::from).collect(),
            delivery: message.delivery.into(),
            can_retry: message.can_retry,
            can_edit: message.can_edit,
            can_discard: message.can_discard,
        }
    }
}

impl From<model::Attachment> for Attachment {
    fn from(file: model::Attachment) -> Self {
        Self {
            refused_key: owned(file.refused_key()),
            state_key: owned(file.bytes.string_key()),
            percent: file.percent(),
            can_download: file.can_download(),
            warning_key: owned(file.warning_key()),
            thumbnail: small_picture(file.thumbnail_state),
            name: file.name,
            content_type: file.content_type,
            size: file.size,
            state: file.bytes.into(),
            refused: file.refused.map(Into::into),
        }
    }
}

pub(crate) fn small_picture(picture: model::SmallPicture) -> Option<SmallPicture> {
    match picture {
        model::SmallPicture::None => None,
        model::SmallPicture::OnServer => Some(SmallPicture::OnServer),
        model::SmallPicture::OnDevice => Some(SmallPicture::OnDevice),
    }
}

impl From<model::FileState> for FileState {
    fn from(state: model::FileState) -> Self {
        match state {
            model::FileState::OnServer => Self::OnServer,
            model::FileState::Waiting => Self::Waiting,
            model::FileState::Sending(bytes) => Self::Sending { bytes },
            model::FileState::Requested => Self::Requested,
            model::FileState::Downloading(bytes) => Self::Downloading { bytes },
            model::FileState::OnDevice => Self::OnDevice,
            model::FileState::Failed(problem) => Self::Failed { problem: problem.into() },
        }
    }
}

impl From<model::DraftFile> for DraftFile {
    fn from(file: model::DraftFile) -> Self {
        Self { id: file.id.0, name: file.name, content_type: file.content_type, size: file.size }
    }
}

impl From<model::Delivery> for Delivery {
    fn from(delivery: model::Delivery) -> Self {
        match delivery {
            model::Delivery::Sent => Self::Sent,
            model::Delivery::Held(until) => Self::Held { until: until.0 },
            model::Delivery::Queued => Self::Queued,
            model::Delivery::Sending => Self::Sending,
            model::Delivery::Waiting(until) => Self::Waiting { until: until.0 },
            model::Delivery::Checking => Self::Checking,
            model::Delivery::NeedsUser(reason) => {
                Self::NeedsUser { reason: Reason { kind: reason.kind.into(), server_message: reason.server_message } }
            }
            model::Delivery::MayHaveBeenSent => Self::MayHaveBeenSent,
            model::Delivery::NotShown => Self::NotShown,
        }
    }
}

impl From<client::SyncStatus> for SyncStatus {
    fn from(state: client::SyncStatus) -> Self {
        Self {
            obstacle: state.obstacle().map(Obstacle::from),
            obstacle_key: owned(state.obstacle().map(client::Obstacle::string_key)),
            account_problem: state.account_problem().map(AccountProblem::from),
            problem_key: owned(state.problem.map(client::AccountProblem::string_key)),
            rest_key: owned(state.rest_key()),
            online: state.online,
            syncing: state.syncing,
            last_sync_at: state.last_sync_at.map(|moment| moment.0),
            waiting: state.waiting,
            problem: state.problem.map(AccountProblem::from),
            first_sync_done: state.first_sync_done,
            first_sync: state.first_sync.map(|progress| SyncProgress {
                read: progress.read,
                of: progress.of,
                percent: progress.percent(),
            }),
            known_tickets: state.known_tickets,
            known_threads: state.known_threads,
            recovered: state.recovered.map(|recovered| Recovered {
                salvaged: recovered.salvaged,
                lost: recovered.lost,
                key: recovered.string_key().to_owned(),
            }),
            network: state.network,
            busy_until: state.busy_until.map(|moment| moment.0),
        }
    }
}

impl From<client::Countdown> for Countdown {
    fn from(left: client::Countdown) -> Self {
        Self { seconds: left.seconds, changes_in: u32::try_from(left.changes_in.as_millis()).unwrap_or(u32::MAX) }
    }
}

impl From<client::SyncOutcome> for SyncOutcome {
    fn from(outcome: client::SyncOutcome) -> Self {
        Self {
            more: outcome.more,
            retry_in: outcome.retry_in.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            waiting: outcome.waiting,
            problem_key: owned(outcome.problem_key()),
            problem: outcome.problem.map(AccountProblem::from),
        }
    }
}

impl From<store::Unsent> for Unsent {
    fn from(store::Unsent { messages, drafts }: store::Unsent) -> Self {
        Self { messages, drafts }
    }
}

impl From<SignOut> for store::SignOut {
    fn from(mode: SignOut) -> Self {
        match mode {
            SignOut::Discard => Self::Discard,
            SignOut::Keep => Self::Keep,
        }
    }
}
