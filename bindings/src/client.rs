//! The server, as Kotlin and Swift hold it.
#![expect(clippy::needless_pass_by_value, reason = "what crosses is owned by the other side until it is copied here")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pocketdesk::model::{DraftId, FileId, MessageId, OperationId, TicketId};
use pocketdesk::net::{Http, ReqwestHttp};
use pocketdesk::store::StoreKey;
use tokio::task::AbortHandle;

use crate::callbacks::{ChangeListener, Provider, TokenProvider, forward};
use crate::errors::{AttachError, ChangeError, ClientError, OpenError, ReplyError, SubmitError};
use crate::platform::Device;
use crate::runtime::{self, guarded};
use crate::types::{
    Capabilities, Connector, DraftCheck, DraftFile, FileState, HistoryPage, Product, ReplyDraft, SignOut, SyncOutcome,
    SyncStatus, ThreadPage, Ticket, TicketDraft, Unsent,
};

/// Where the server is, and for whom.
#[derive(Debug, Clone, uniffi::Record)]
pub struct ClientConfig {
    /// A folder that Pocketdesk may fill; made if it is not there. Keep it out of device backups.
    pub directory: String,
    /// The host app's own stable id of the signed-in user, 1 to 200 characters. Never sent, never shown.
    pub account: String,
    /// The server's address, `https://company.example`; `http` only on this machine itself.
    pub server_url: String,
    /// A product as JSON; none for the one that comes with the connector.
    pub product: Option<String>,
    /// The 32-byte key of an encrypted file; this build answers `KeyNotSupported`.
    pub key: Option<Vec<u8>>,
    /// What tells this installation from every other: an id made once and kept where no backup and no move to another
    /// device takes it. None: copies of the file on another device are not recognised.
    #[uniffi(default = None)]
    pub installation: Option<String>,
    /// Seconds for which a message can be undone before it is sent, while the app is in front; at most 30, 0 for none.
    #[uniffi(default = 5)]
    pub send_delay_seconds: u32,
    /// Which service the server is; none for Zendesk.
    #[uniffi(default = None)]
    pub connector: Option<Connector>,
}

/// The longest time that one call works in the background, in seconds.
const LONGEST_BACKGROUND: u32 = 600;

/// One account's help desk. Open one for each signed-in user of the process, and keep it.
#[derive(uniffi::Object)]
pub struct Client {
    client: Arc<pocketdesk::Client>,
    /// What ends with the server; `None` once it was closed.
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
impl Client {
    /// Opens the account's file, or makes it, and begins to sync. Blocks for the time that SQLite needs; the network is
    /// not waited for, and `tokens` is not asked before this has returned.
    #[uniffi::constructor]
    pub fn open(config: ClientConfig, tokens: Arc<dyn TokenProvider>) -> Result<Arc<Self>, OpenError> {
        guarded(OpenError::InternalFault, || {
            let handle = runtime::handle().ok_or(OpenError::InternalFault)?;
            let http: Arc<dyn Http> = Arc::new(ReqwestHttp::new().map_err(|_| OpenError::InternalFault)?);
            let tokens = Arc::new(Provider { provider: tokens, busy: Arc::default() });
            let core = pocketdesk::ClientConfig::try_from(config)?;
            let client = Arc::new(pocketdesk::Client::open(&core, http, tokens, Arc::new(Device))?);
            let driver = runtime::drive(handle, Arc::clone(&client));
            Ok(Arc::new(Self { client, tasks: Mutex::new(Some(vec![driver])) }))
        })
    }

    /// What this server allows.
    pub fn product(&self) -> Product {
        self.client.product().into()
    }

    /// What this server can do, whatever its product wants.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.client.capabilities().into()
    }

    /// Up to `limit` (1 to 200) rows of the history behind `after`.
    pub fn history(&self, after: Option<String>, limit: u32) -> Result<HistoryPage, ClientError> {
        self.call(|client| Ok(client.history(after.as_deref(), limit)?.into()))
    }

    /// A ticket's head.
    pub fn ticket(&self, ticket: i64) -> Result<Ticket, ClientError> {
        self.call(|client| Ok(client.ticket(TicketId(ticket))?.into()))
    }

    /// Up to `limit` (1 to 200) messages of a thread behind `after`, oldest first.
    pub fn thread(&self, ticket: i64, after: Option<String>, limit: u32) -> Result<ThreadPage, ClientError> {
        self.call(|client| Ok(client.thread(TicketId(ticket), after.as_deref(), limit)?.into()))
    }

    /// Numbers and problems for a banner.
    pub fn status(&self) -> Result<SyncStatus, ClientError> {
        self.call(|client| Ok(client.state()?.into()))
    }

    /// The new ticket that is being written, or an empty one with the preselected issue type.
    pub fn ticket_draft(&self) -> Result<TicketDraft, ClientError> {
        self.call(|client| Ok(client.ticket_draft()?.into()))
    }

    /// Keeps the draft, durably. Call it at every pause in typing.
    pub fn save_ticket_draft(&self, draft: TicketDraft) -> Result<(), ClientError> {
        self.call(|client| Ok(client.save_ticket_draft(&draft.into())?))
    }

    /// Every field that is wrong, and what will be dropped. Changes nothing; cheap enough for every key press.
    pub fn check_ticket_draft(&self, draft: TicketDraft) -> Result<DraftCheck, ClientError> {
        self.call(|client| Ok(client.check_ticket_draft(&draft.into())?.into()))
    }

    /// Forgets the draft. One that is not there is no error.
    pub fn discard_ticket_draft(&self, draft_id: String) -> Result<(), ClientError> {
        self.call(|client| Ok(client.discard_draft(&DraftId(draft_id))?))
    }

    /// Creates the ticket and answers its local id: durable on return, sent when the network allows. The same draft id
    /// again answers the same ticket.
    pub fn submit(&self, draft: TicketDraft) -> Result<i64, SubmitError> {
        guarded(SubmitError::InternalFault, || Ok(self.client.submit(&draft.into())?.0))
    }

    /// The reply that is being written in `ticket`, or an empty one.
    pub fn reply_draft(&self, ticket: i64) -> Result<ReplyDraft, ClientError> {
        self.call(|client| Ok(client.reply_draft(TicketId(ticket))?.into()))
    }

    /// Keeps the draft, durably. Call it at every pause in typing.
    pub fn save_reply_draft(&self, draft: ReplyDraft) -> Result<(), ClientError> {
        self.call(|client| Ok(client.save_reply_draft(&draft.into())?))
    }

    /// Writes the reply and answers its message's local id: durable on return, sent when the network allows. The same
    /// draft id again answers the same message.
    pub fn reply(&self, draft: ReplyDraft) -> Result<i64, ReplyError> {
        guarded(ReplyError::InternalFault, || Ok(self.client.reply(&draft.into())?.0))
    }

    /// Attaches the file at `path` to a draft that was kept, under `name`: copied, durably, before the call returns; the
    /// original is not needed afterwards. Takes as long as the copy takes.
    pub fn attach(&self, draft_id: String, path: String, name: String) -> Result<DraftFile, AttachError> {
        guarded(AttachError::InternalFault, || {
            Ok(self.client.attach(&DraftId(draft_id), Path::new(&path), &name)?.into())
        })
    }

    /// Takes a file from its draft.
    pub fn detach(&self, file: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.detach(FileId(file))?))
    }

    /// The files of a draft, in the order in which they were attached.
    pub fn draft_files(&self, draft_id: String) -> Result<Vec<DraftFile>, ClientError> {
        self.call(|client| Ok(client.draft_files(&DraftId(draft_id))?.into_iter().map(DraftFile::from).collect()))
    }

    /// Asks for the file at `index` (from 0) among a message's attachments: durably, fetched when the network allows. Answers
    /// where its bytes are now; watch the thread for the rest. `NotFound`: the server has not shown it yet.
    pub fn download(&self, message: i64, index: u32) -> Result<FileState, ClientError> {
        self.call(|client| Ok(client.download(MessageId(message), index)?.into()))
    }

    /// Where the copy of a message's attachment lies, if it is here. It may go when newer ones need the room, or when the
    /// server takes it away: copy what is to be kept, and change nothing in it.
    pub fn attachment_file(&self, message: i64, index: u32) -> Result<Option<String>, ClientError> {
        self.call(|client| {
            let path = client.attachment_file(MessageId(message), index)?;
            Ok(path.map(|path| path.to_string_lossy().into_owned()))
        })
    }

    /// The thread is on screen: it counts as read, and is asked for first and again until `left`.
    pub fn thread_opened(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.thread_opened(TicketId(ticket))?))
    }

    /// The thread is no longer on screen.
    pub fn thread_closed(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| {
            client.thread_closed(TicketId(ticket));
            Ok(())
        })
    }

    /// Sends a message again; `NotFound` where that is not safe (see `Message.can_retry`).
    pub fn retry(&self, message: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.retry(MessageId(message))?))
    }

    /// Takes back a message; `NotFound` where that is not safe (see `Message.can_discard`). Its text is kept as a draft, and
    /// returned.
    pub fn discard(&self, message: i64) -> Result<String, ClientError> {
        self.call(|client| Ok(client.discard(MessageId(message))?))
    }

    /// Gives a reply that was not sent yet another text; its place among the others stays. `NotFound` where that is not
    /// safe (see `Message.can_edit`).
    pub fn edit_reply(&self, message: i64, body: String) -> Result<(), ReplyError> {
        guarded(ReplyError::InternalFault, || Ok(self.client.edit_reply(MessageId(message), &body)?))
    }

    /// The fields of a ticket that was not sent yet, for a form that edits them.
    pub fn unsent_ticket(&self, ticket: i64) -> Result<TicketDraft, ClientError> {
        self.call(|client| Ok(client.unsent_ticket(TicketId(ticket))?.into()))
    }

    /// Gives a ticket that was not sent yet other fields. `NotFound` where that is not safe (see `Message.can_edit` of its
    /// description).
    pub fn edit_ticket(&self, ticket: i64, draft: TicketDraft) -> Result<(), SubmitError> {
        guarded(SubmitError::InternalFault, || Ok(self.client.edit_ticket(TicketId(ticket), &draft.into())?))
    }

    /// Asks the server to mail more addresses about a ticket: durable on return, sent when the network allows.
    pub fn add_cc(&self, ticket: i64, addresses: Vec<String>) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.client.add_cc(TicketId(ticket), &addresses)?))
    }

    /// Tells the server that this user's own ticket is solved: durable on return, sent when the network allows.
    pub fn solve(&self, ticket: i64) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.client.solve(TicketId(ticket))?))
    }

    /// Sends a change again; `NotFound` where that is not safe (see `PendingChange.can_retry`).
    pub fn retry_change(&self, change: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.retry_change(OperationId(change))?))
    }

    /// Takes back a change; `NotFound` where that is not safe (see `PendingChange.can_discard`).
    pub fn discard_change(&self, change: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.discard_change(OperationId(change))?))
    }

    /// Asks for a sync and returns at once. Watch the status for its end.
    pub fn sync_now(&self) -> Result<(), ClientError> {
        self.call(|client| Ok(client.sync_now()?))
    }

    /// What the platform says of the network. `true` asks for a sync.
    pub fn set_online(&self, online: bool) -> Result<(), ClientError> {
        self.call(|client| Ok(client.set_online(online)?))
    }

    /// Whether the app is in front. Only then the server is asked every now and then, and a message can be undone for some
    /// seconds; leaving sends at once what could still be undone.
    pub fn set_in_front(&self, in_front: bool) -> Result<(), ClientError> {
        self.call(|client| Ok(client.set_in_front(in_front)?))
    }

    /// Tells `listener` what changes from now on, until the subscription is cancelled or dropped, or the server closed.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<Subscription>, ClientError> {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let tasks = tasks.as_mut().ok_or(ClientError::Closed)?;
        let handle = runtime::handle().ok_or(ClientError::InternalFault)?;
        let task = forward(handle, self.client.subscribe(), listener);
        tasks.retain(|task| !task.is_finished());
        tasks.push(task.clone());
        Ok(Arc::new(Subscription { task }))
    }

    /// A push message said that something happened to the ticket with that number: its thread is read first.
    pub fn on_push(&self, number: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.on_push(number)?))
    }

    /// The app is about to be frozen: closes every connection and unlocks the account's folder, so that the process holds
    /// no lock and no open file. Waits for the transactions that are running, and nothing else; the network is not waited
    /// for. Until `resume` every call answers `Suspended` at once. What is typed meanwhile is not saved: keep it, and save
    /// it after `resume`. Suspending twice is no error.
    pub fn suspend(&self) {
        self.client.suspend();
    }

    /// Opens the file again and syncs. An error (`InUse` if another process has the account open) leaves the server
    /// suspended; try again later. Resuming what is not suspended is no error.
    pub fn resume(&self) -> Result<(), ClientError> {
        self.call(|client| Ok(client.resume()?))
    }

    /// For background work: sends what is due, reads what changed, and returns within `seconds` (at most 600). Blocks for
    /// that long at most, so call it from a background thread, never from a screen's. Joins a sync that is under way.
    pub fn sync_until(&self, seconds: u32) -> Result<SyncOutcome, ClientError> {
        self.call(|client| {
            let handle = runtime::handle().ok_or(ClientError::InternalFault)?;
            let time = Duration::from_secs(seconds.min(LONGEST_BACKGROUND).into());
            Ok(handle.block_on(client.sync_until(time)).into())
        })
    }

    /// What `sign_out` would lose. Say it before you ask.
    pub fn unsent(&self) -> Result<Unsent, ClientError> {
        self.call(|client| Ok(client.unsent()?.into()))
    }

    /// Leaves the account. With `Discard` everything of it is removed from the device; with `Keep` only what is unsent
    /// stays, for this account's next sign-in. To send first, call `sync_until` and then `unsent` again. Afterwards every
    /// call answers `Closed`. A process that is killed in the middle finishes it when a server in the same directory is opened
    /// next. An error with which the server still answers means that nothing has begun.
    pub fn sign_out(&self, mode: SignOut) -> Result<(), ClientError> {
        let done = self.call(|client| Ok(client.sign_out(mode.into())?));
        if self.client.is_closed() {
            self.close();
        }
        done
    }

    /// The user has seen `SyncStatus.recovered`.
    pub fn acknowledge_recovery(&self) -> Result<(), ClientError> {
        self.call(|client| Ok(client.acknowledge_recovery()?))
    }

    /// Closes the file and ends every subscription. Calls from now on answer `Closed`. Closing twice is no error.
    pub fn close(&self) {
        self.client.close();
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take();
        for task in tasks.into_iter().flatten() {
            task.abort();
        }
    }
}

impl Client {
    fn call<T>(&self, work: impl FnOnce(&pocketdesk::Client) -> Result<T, ClientError>) -> Result<T, ClientError> {
        guarded(ClientError::InternalFault, || work(&self.client))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.close();
    }
}

impl TryFrom<ClientConfig> for pocketdesk::ClientConfig {
    type Error = OpenError;

    fn try_from(config: ClientConfig) -> Result<Self, OpenError> {
        let key = config.key.map(<[u8; 32]>::try_from).transpose().map_err(|_| OpenError::KeyNotSupported)?;
        Ok(Self {
            directory: PathBuf::from(config.directory),
            account: config.account,
            server_url: config.server_url,
            product: config.product,
            key: key.map(StoreKey),
            installation: config.installation,
            send_delay: Duration::from_secs(config.send_delay_seconds.into()),
            connector: config.connector.map(Into::into).unwrap_or_default(),
        })
    }
}
