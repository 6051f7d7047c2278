//! The desk, as Kotlin and Swift hold it.
#![expect(clippy::needless_pass_by_value, reason = "what crosses is owned by the other side until it is copied here")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pocketdesk::model::{DraftId, MessageId, OperationId, TicketId};
use pocketdesk::remote::{Http, ReqwestHttp};
use pocketdesk::store::StoreKey;
use tokio::task::AbortHandle;

use crate::callbacks::{ChangeListener, Provider, TokenProvider, forward};
use crate::errors::{ChangeError, DeskError, OpenError, ReplyError, SubmitError};
use crate::platform::Device;
use crate::runtime::{self, guarded};
use crate::types::{DeskStatus, DraftCheck, HistoryPage, Profile, ReplyDraft, ThreadPage, Ticket, TicketDraft};

/// Where the desk is, and for whom.
#[derive(Debug, Clone, uniffi::Record)]
pub struct DeskConfig {
    /// A folder that Pocketdesk may fill; made if it is not there. Keep it out of device backups.
    pub directory: String,
    /// The host app's own stable id of the signed-in user, 1 to 200 characters. Never sent, never shown.
    pub account: String,
    /// The desk's address, `https://company.example`; `http` only on this machine itself.
    pub desk_url: String,
    /// A profile as JSON; none for the built-in one.
    pub profile: Option<String>,
    /// The 32-byte key of an encrypted file; this build answers `KeyNotSupported`.
    pub key: Option<Vec<u8>>,
    /// What tells this installation from every other: an id made once and kept where no backup and no move to another
    /// device takes it. None: copies of the file on another device are not recognised.
    #[uniffi(default = None)]
    pub installation: Option<String>,
    /// Seconds for which a message can be undone before it is sent, while the app is in front; at most 30, 0 for none.
    #[uniffi(default = 5)]
    pub send_delay_seconds: u32,
}

/// One account's help desk. Open one for each signed-in user of the process, and keep it.
#[derive(uniffi::Object)]
pub struct Desk {
    desk: Arc<pocketdesk::Desk>,
    /// What ends with the desk; `None` once it was closed.
    tasks: Mutex<Option<Vec<AbortHandle>>>,
}

/// A listener's registration. Ends when cancelled or dropped.
#[derive(uniffi::Object)]
pub struct Subscription {
    task: AbortHandle,
}

#[uniffi::export]
impl Subscription {
    /// No call begins after this one. A call that is under way ends by itself.
    pub fn cancel(&self) {
        self.task.abort();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[uniffi::export]
impl Desk {
    /// Opens the account's file, or makes it, and begins to sync. Blocks for the time that SQLite needs; the network is
    /// not waited for, and `tokens` is not asked before this has returned.
    #[uniffi::constructor]
    pub fn open(config: DeskConfig, tokens: Arc<dyn TokenProvider>) -> Result<Arc<Self>, OpenError> {
        guarded(OpenError::InternalFault, || {
            let handle = runtime::handle().ok_or(OpenError::InternalFault)?;
            let http: Arc<dyn Http> = Arc::new(ReqwestHttp::new().map_err(|_| OpenError::InternalFault)?);
            let tokens = Arc::new(Provider { provider: tokens, busy: Arc::default() });
            let core = pocketdesk::DeskConfig::try_from(config)?;
            let desk = Arc::new(pocketdesk::Desk::open(&core, http, tokens, Arc::new(Device))?);
            let driver = runtime::drive(handle, Arc::clone(&desk));
            Ok(Arc::new(Self { desk, tasks: Mutex::new(Some(vec![driver])) }))
        })
    }

    /// What this desk allows.
    pub fn profile(&self) -> Profile {
        self.desk.profile().into()
    }

    /// Up to `limit` (1 to 200) rows of the history behind `after`.
    pub fn history(&self, after: Option<String>, limit: u32) -> Result<HistoryPage, DeskError> {
        self.call(|desk| Ok(desk.history(after.as_deref(), limit)?.into()))
    }

    /// A ticket's head.
    pub fn ticket(&self, ticket: i64) -> Result<Ticket, DeskError> {
        self.call(|desk| Ok(desk.ticket(TicketId(ticket))?.into()))
    }

    /// Up to `limit` (1 to 200) messages of a thread behind `after`, oldest first.
    pub fn thread(&self, ticket: i64, after: Option<String>, limit: u32) -> Result<ThreadPage, DeskError> {
        self.call(|desk| Ok(desk.thread(TicketId(ticket), after.as_deref(), limit)?.into()))
    }

    /// Numbers and problems for a banner.
    pub fn status(&self) -> Result<DeskStatus, DeskError> {
        self.call(|desk| Ok(desk.state()?.into()))
    }

    /// The new ticket that is being written, or an empty one with the preselected issue type.
    pub fn ticket_draft(&self) -> Result<TicketDraft, DeskError> {
        self.call(|desk| Ok(desk.ticket_draft()?.into()))
    }

    /// Keeps the draft, durably. Call it at every pause in typing.
    pub fn save_ticket_draft(&self, draft: TicketDraft) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.save_ticket_draft(&draft.into())?))
    }

    /// Every field that is wrong, and what will be dropped. Changes nothing; cheap enough for every key press.
    pub fn check_ticket_draft(&self, draft: TicketDraft) -> Result<DraftCheck, DeskError> {
        self.call(|desk| Ok(desk.check_ticket_draft(&draft.into())?.into()))
    }

    /// Forgets the draft. One that is not there is no error.
    pub fn discard_ticket_draft(&self, draft_id: String) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.discard_draft(&DraftId(draft_id))?))
    }

    /// Creates the ticket and answers its local id: durable on return, sent when the network allows. The same draft id
    /// again answers the same ticket.
    pub fn submit(&self, draft: TicketDraft) -> Result<i64, SubmitError> {
        guarded(SubmitError::InternalFault, || Ok(self.desk.submit(&draft.into())?.0))
    }

    /// The reply that is being written in `ticket`, or an empty one.
    pub fn reply_draft(&self, ticket: i64) -> Result<ReplyDraft, DeskError> {
        self.call(|desk| Ok(desk.reply_draft(TicketId(ticket))?.into()))
    }

    /// Keeps the draft, durably. Call it at every pause in typing.
    pub fn save_reply_draft(&self, draft: ReplyDraft) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.save_reply_draft(&draft.into())?))
    }

    /// Writes the reply and answers its message's local id: durable on return, sent when the network allows. The same
    /// draft id again answers the same message.
    pub fn reply(&self, draft: ReplyDraft) -> Result<i64, ReplyError> {
        guarded(ReplyError::InternalFault, || Ok(self.desk.reply(&draft.into())?.0))
    }

    /// The thread is on screen: it counts as read, and is asked for first and again until `left`.
    pub fn opened(&self, ticket: i64) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.opened(TicketId(ticket))?))
    }

    /// The thread is no longer on screen.
    pub fn left(&self, ticket: i64) -> Result<(), DeskError> {
        self.call(|desk| {
            desk.left(TicketId(ticket));
            Ok(())
        })
    }

    /// Sends a message again; `NotFound` where that is not safe (see `Message.can_retry`).
    pub fn retry(&self, message: i64) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.retry(MessageId(message))?))
    }

    /// Takes back a message; `NotFound` where that is not safe (see `Message.can_discard`). Its text is kept as a draft, and
    /// returned.
    pub fn discard(&self, message: i64) -> Result<String, DeskError> {
        self.call(|desk| Ok(desk.discard(MessageId(message))?))
    }

    /// Gives a reply that was not sent yet another text; its place among the others stays. `NotFound` where that is not
    /// safe (see `Message.can_edit`).
    pub fn edit_reply(&self, message: i64, body: String) -> Result<(), ReplyError> {
        guarded(ReplyError::InternalFault, || Ok(self.desk.edit_reply(MessageId(message), &body)?))
    }

    /// The fields of a ticket that was not sent yet, for a form that edits them.
    pub fn unsent_ticket(&self, ticket: i64) -> Result<TicketDraft, DeskError> {
        self.call(|desk| Ok(desk.unsent_ticket(TicketId(ticket))?.into()))
    }

    /// Gives a ticket that was not sent yet other fields. `NotFound` where that is not safe (see `Message.can_edit` of its
    /// description).
    pub fn edit_ticket(&self, ticket: i64, draft: TicketDraft) -> Result<(), SubmitError> {
        guarded(SubmitError::InternalFault, || Ok(self.desk.edit_ticket(TicketId(ticket), &draft.into())?))
    }

    /// Asks the desk to mail more addresses about a ticket: durable on return, sent when the network allows.
    pub fn add_cc(&self, ticket: i64, addresses: Vec<String>) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.desk.add_cc(TicketId(ticket), &addresses)?))
    }

    /// Tells the desk that this user's own ticket is solved: durable on return, sent when the network allows.
    pub fn solve(&self, ticket: i64) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.desk.solve(TicketId(ticket))?))
    }

    /// Sends a change again; `NotFound` where that is not safe (see `PendingChange.can_retry`).
    pub fn retry_change(&self, change: i64) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.retry_change(OperationId(change))?))
    }

    /// Takes back a change; `NotFound` where that is not safe (see `PendingChange.can_discard`).
    pub fn discard_change(&self, change: i64) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.discard_change(OperationId(change))?))
    }

    /// Asks for a sync and returns at once. Watch the status for its end.
    pub fn sync_now(&self) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.sync_now()?))
    }

    /// What the platform says of the network. `true` asks for a sync.
    pub fn set_online(&self, online: bool) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.set_online(online)?))
    }

    /// Whether the app is in front. Only then the desk is asked every now and then, and a message can be undone for some
    /// seconds; leaving sends at once what could still be undone.
    pub fn set_in_front(&self, in_front: bool) -> Result<(), DeskError> {
        self.call(|desk| Ok(desk.set_in_front(in_front)?))
    }

    /// Tells `listener` what changes from now on, until the subscription is cancelled or dropped, or the desk closed.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<Subscription>, DeskError> {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let tasks = tasks.as_mut().ok_or(DeskError::Closed)?;
        let handle = runtime::handle().ok_or(DeskError::InternalFault)?;
        let task = forward(handle, self.desk.subscribe(), listener);
        tasks.retain(|task| !task.is_finished());
        tasks.push(task.clone());
        Ok(Arc::new(Subscription { task }))
    }

    /// Closes the file and ends every subscription. Calls from now on answer `Closed`. Closing twice is no error.
    pub fn close(&self) {
        self.desk.close();
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take();
        for task in tasks.into_iter().flatten() {
            task.abort();
        }
    }
}

impl Desk {
    fn call<T>(&self, work: impl FnOnce(&pocketdesk::Desk) -> Result<T, DeskError>) -> Result<T, DeskError> {
        guarded(DeskError::InternalFault, || work(&self.desk))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.close();
    }
}

impl TryFrom<DeskConfig> for pocketdesk::DeskConfig {
    type Error = OpenError;

    fn try_from(config: DeskConfig) -> Result<Self, OpenError> {
        let key = config.key.map(<[u8; 32]>::try_from).transpose().map_err(|_| OpenError::KeyNotSupported)?;
        Ok(Self {
            directory: PathBuf::from(config.directory),
            account: config.account,
            desk_url: config.desk_url,
            profile: config.profile,
            key: key.map(StoreKey),
            installation: config.installation,
            send_delay: Duration::from_secs(config.send_delay_seconds.into()),
        })
    }
}
