//! The client, as Kotlin and Swift hold it (as `Pocketdesk`).
#![expect(clippy::needless_pass_by_value, reason = "UniFFI passes arguments by value")]

mod actions;
mod articles;
mod history;
mod life;
mod search;
mod small_pictures;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pocketdesk::model::{DraftId, FileId, MessageId, TicketId};
use pocketdesk::net::{Http, ReqwestHttp};
use pocketdesk::store::StoreKey;
use tokio::task::AbortHandle;

use crate::callbacks::{Provider, TokenProvider};
use crate::errors::{AttachError, ClientError, OpenError, ReplyError, SubmitError};
use crate::platform::Device;
use crate::runtime::{self, guarded};
use crate::types::{
    Capabilities, Connector, DeliveredDefinition, DraftCheck, DraftFile, Entry, FileState, FormProgress, Product,
    ReplyDraft, SmallerPhoto, SyncStatus, ThreadPage, Ticket, TicketDraft,
};

/// The server, the account and the options of a client.
#[derive(Debug, Clone, uniffi::Record)]
pub struct ClientConfig {
    /// The path of a folder for Pocketdesk's files; created if it does not exist. Each account gets a folder of its own in
    /// it, so all accounts of an app can share it. Exclude it from device backups.
    pub directory: String,
    /// The host app's stable id of the signed-in user, 1 to 200 characters, not blank. It is never sent and never
    /// shown. On disk it is stored in the account's file only; the account's folder is named by a hash of it. Does not
    /// count with `anonymous`; pass an empty text.
    pub account: String,
    /// The server's address as an origin, `https://company.example`. `http` is accepted for this machine itself only.
    pub server_url: String,
    /// The product definition as JSON (`docs/product-definition.md`); none for the built-in one.
    pub product: Option<String>,
    /// The key for an encrypted file, 32 bytes. This build cannot encrypt and throws `OpenError.KeyNotSupported`; pass
    /// none.
    pub key: Option<Vec<u8>>,
    /// The installation id: a random id that the app creates once and stores where neither a backup nor a move to a new
    /// device copies it. If the account's files turn up under another id, they are a copy: nothing in them is sent
    /// without the user. None: copies are not recognised.
    #[uniffi(default = None)]
    pub installation: Option<String>,
    /// How many seconds a message can be undone before it is sent, while the app is in front and there is a network
    /// (`set_in_front`, `set_online`). At most 30, larger values count as 30; 0 for not at all.
    #[uniffi(default = 5)]
    pub send_delay_seconds: u32,
    /// The language in which screens are shown, a BCP 47 tag. The help desk is asked for it where the company has written
    /// labels of its own, for custom statuses for example.
    #[uniffi(default = "en")]
    pub language: String,
    /// Other definitions that `product` may extend, as JSON.
    #[uniffi(default = [])]
    pub definitions: Vec<String>,
    /// The https address from which the company delivers a definition on top of `product`
    /// (`docs/product-definition.md`); none for none. `http` is accepted for this machine itself only. It gets no
    /// token. What it delivers takes effect the next time a client is opened.
    #[uniffi(default = None)]
    pub definition_url: Option<String>,
    /// The kind of server; none for Zendesk.
    #[uniffi(default = None)]
    pub connector: Option<Connector>,
    /// What holds for the signed-in user at first; see `Client.set_claims`.
    #[uniffi(default = [])]
    pub claims: Vec<String>,
    /// Whether nobody is signed in. Then the client holds only the tickets that were written on this device without an
    /// account, in a file of their own, which no account's client sees. It never asks the token provider, sends no
    /// token, and reads nothing from the server. It may be open beside the client of an account. A ticket that was sent
    /// is removed from the device after 30 days.
    #[uniffi(default = false)]
    pub anonymous: bool,
}

/// The support tickets of one account, on this device and on the server.
///
/// Open one client for each signed-in user of the process, and keep it until the user signs out or the app ends. All
/// calls may come from any thread. They read or write the account's file and may block for as long as SQLite takes, so
/// call them off the main thread. Sync runs in the background and needs no call.
///
/// Every call that throws can throw the cases of `ClientError` about the account's file: closed, suspended, damaged, no
/// space, read-only, other storage errors, internal fault. `sync_until` and `search_server` say in their results that a
/// closed or suspended client could do nothing.
#[derive(uniffi::Object)]
pub struct Client {
    client: Arc<pocketdesk::Client>,
    /// The tasks that end with the client; `None` after it was closed.
    tasks: Mutex<Option<Vec<AbortHandle>>>,
}

/// The registration of a listener. It ends when it is cancelled or dropped, or when the client is closed.
#[derive(uniffi::Object)]
pub struct Subscription {
    task: AbortHandle,
}

#[uniffi::export]
impl Subscription {
    /// Stops calling the listener. A call that is running now ends by itself; no other follows. May be called from any
    /// thread, repeatedly, and from the listener.
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
    /// Opens the account's file, or creates it, and starts to sync. Blocks for as long as SQLite needs, and waits
    /// neither for the network nor for `tokens`. Throws `OpenError.InUse` if the account is already open.
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

    /// Returns what the product offers, reduced to what the server can do. Never changes while the client is open, and
    /// reads no file.
    pub fn product(&self) -> Product {
        self.client.product().into()
    }

    /// Returns every text that a screen of this product shows, by its key, in the best language for `language` (a BCP 47
    /// tag): `de-AT` is served as `de`, an unknown language as the definition's fallback. Texts may have placeholders to fill
    /// in, such as `{count}`. Reads no file; keep the result rather than call again for each text.
    #[must_use]
    pub fn strings(&self, language: &str) -> std::collections::HashMap<String, String> {
        self.client.product().strings(language).all().clone().into_iter().collect()
    }

    /// Returns the language of `strings(language)`, as a BCP 47 tag: the one by which to choose a plural form (`plural_form`) and
    /// to write dates and numbers. Reads no file.
    #[must_use]
    pub fn language(&self, language: &str) -> String {
        self.client.product().strings(language).language().to_owned()
    }

    /// Returns the entries of the Help & Support screen that this user is offered in `language` (a BCP 47 tag), in
    /// order. Ask again when `Changes.status`, `Changes.history` or `Changes.articles` is set. May read the file, for
    /// whether there are articles or, without an account, tickets; while it cannot be read, entries that lead there are
    /// left out.
    #[must_use]
    pub fn entries(&self, language: &str) -> Vec<Entry> {
        self.client.entries(language).into_iter().map(Entry::from).collect()
    }

    /// Says what holds for the signed-in user, by the names for which the product asks (`claim.NAME` in
    /// `docs/product-definition.md`): an entitlement of the account, for example. Replaces what was said before. It is
    /// kept until the client is closed, and never stored. It decides what is offered, and whether there is a history on this
    /// device; what is allowed, the server decides.
    pub fn set_claims(&self, claims: Vec<String>) {
        self.client.set_claims(claims.into_iter().collect());
    }

    /// Returns what became of the delivered definition; none if `ClientConfig.definition_url` is none. It is meant for the
    /// app's developer. Reads no file.
    #[must_use]
    pub fn delivered_definition(&self) -> Option<DeliveredDefinition> {
        self.client.delivered_definition().map(DeliveredDefinition::from)
    }

    /// Returns what the server can do, whether or not the product offers it. Reads no file.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.client.capabilities().into()
    }

    /// Returns a ticket without its messages. Throws `NoSuchTicket` if there is none with this local id.
    pub fn ticket(&self, ticket: i64) -> Result<Ticket, ClientError> {
        self.call(|client| Ok(client.ticket(TicketId(ticket))?.into()))
    }

    /// Returns one page of a thread, oldest messages first. `after` is the cursor of the page before
    /// (`ThreadPage.next`), none for the first page. `limit` is the largest number of messages to return; a value
    /// outside 1 to 200 counts as the nearest allowed value. A page has fewer if their texts have more than 2 MiB. Throws
    /// `InvalidCursor` if `after` is not a cursor of a thread. A ticket that does not exist has an empty thread.
    pub fn thread(&self, ticket: i64, after: Option<String>, limit: u32) -> Result<ThreadPage, ClientError> {
        self.call(|client| {
            Ok(ThreadPage::of(client.thread(TicketId(ticket), after.as_deref(), limit)?, client.product()))
        })
    }

    /// Returns the state of the account, for a banner.
    pub fn status(&self) -> Result<SyncStatus, ClientError> {
        self.call(|client| Ok(client.state()?.into()))
    }

    /// Returns the draft of the new ticket, or an empty one with the preselected issue type if there is none.
    pub fn ticket_draft(&self) -> Result<TicketDraft, ClientError> {
        self.call(|client| Ok(client.ticket_draft()?.into()))
    }

    /// Saves the draft and replaces the one that was saved before; durable on return. Call it at every pause in typing.
    /// Does nothing for a draft that was already sent.
    pub fn save_ticket_draft(&self, draft: TicketDraft) -> Result<(), ClientError> {
        self.call(|client| Ok(client.save_ticket_draft(&draft.into())?))
    }

    /// Checks the draft: every invalid field, what would be dropped on submission, and what the form says of both now, which
    /// depends on how far the user is with it (none for a form that was just opened). Changes nothing, and is cheap enough to be
    /// called for every key press.
    #[uniffi::method(default(progress = None))]
    pub fn check_ticket_draft(
        &self,
        draft: TicketDraft,
        progress: Option<FormProgress>,
    ) -> Result<DraftCheck, ClientError> {
        let progress = progress.map(Into::into).unwrap_or_default();
        self.call(|client| Ok(client.check_form(&draft.into(), &progress)?.into()))
    }

    /// Removes the draft with this id, of a new ticket or of a reply, with its files. Does nothing if there is no such
    /// draft.
    pub fn discard_ticket_draft(&self, draft_id: String) -> Result<(), ClientError> {
        self.call(|client| Ok(client.discard_draft(&DraftId(draft_id))?))
    }

    /// Creates the ticket from the draft and returns its local id. The ticket is durable on return and is sent when the
    /// network allows. Submitting the same draft id again returns the same ticket. If a field is invalid, throws
    /// `SubmitError.Invalid` and saves the draft.
    pub fn submit(&self, draft: TicketDraft) -> Result<i64, SubmitError> {
        guarded(SubmitError::InternalFault, || Ok(self.client.submit(&draft.into())?.0))
    }

    /// Returns the draft of the reply to `ticket`, or an empty draft if there is none, also for a ticket that does not
    /// exist.
    pub fn reply_draft(&self, ticket: i64) -> Result<ReplyDraft, ClientError> {
        self.call(|client| Ok(client.reply_draft(TicketId(ticket))?.into()))
    }

    /// Saves the draft and replaces the one that was saved before; durable on return. Call it at every pause in typing.
    /// Does nothing for a draft that was already sent. Throws `NoSuchTicket` if there is no such ticket.
    pub fn save_reply_draft(&self, draft: ReplyDraft) -> Result<(), ClientError> {
        self.call(|client| Ok(client.save_reply_draft(&draft.into())?))
    }

    /// Writes the reply from the draft and returns its message's local id. The reply is durable on return and is sent
    /// when the network allows. Sending the same draft id again returns the same message. A blank text throws
    /// `ReplyError.Invalid`; a ticket that takes no reply throws `TicketClosed`, `NotOffered` or `NoLongerVisible`. In
    /// each of these cases the draft is saved.
    pub fn reply(&self, draft: ReplyDraft) -> Result<i64, ReplyError> {
        guarded(ReplyError::InternalFault, || Ok(self.client.reply(&draft.into())?.0))
    }

    /// Attaches a copy of the file at `path` to a draft under the name `name`. The copy is durable on return, so the
    /// original is not needed any more. Takes as long as copying takes. The draft must have been saved before;
    /// otherwise throws `NoSuchDraft`. A file that is not accepted throws the reason.
    pub fn attach(&self, draft_id: String, path: String, name: String) -> Result<DraftFile, AttachError> {
        guarded(AttachError::InternalFault, || {
            Ok(self.client.attach(&DraftId(draft_id), Path::new(&path), &name)?.into())
        })
    }

    /// How a file that `attach` refused can be attached after all: as a smaller JPG, which the caller makes. None if it
    /// is no photo, if it was refused for another reason than size or type, or if the product does not offer it. Reads
    /// the beginning of the file at `path`; if the file is too large, that and one byte more than is allowed are
    /// enough.
    pub fn smaller_photo(&self, path: String, name: String) -> Option<SmallerPhoto> {
        self.client.smaller_photo(Path::new(&path), &name).map(SmallerPhoto::from)
    }

    /// Removes a file from its draft. Throws `NoSuchFile` if there is no such file, or if the draft was already sent.
    pub fn detach(&self, file: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.detach(FileId(file))?))
    }

    /// Returns the files of a draft, in the order in which they were attached.
    pub fn draft_files(&self, draft_id: String) -> Result<Vec<DraftFile>, ClientError> {
        self.call(|client| Ok(client.draft_files(&DraftId(draft_id))?.into_iter().map(DraftFile::from).collect()))
    }

    /// Returns the path of a file of a draft (`DraftFile.id`), for the user to look at; none if its copy is missing.
    /// Copy what is to be kept, and do not change the file: it is what will be sent. Throws `NoSuchFile` if there is no
    /// such file any more: it was removed, or its message was seen on the server.
    pub fn draft_file(&self, file: i64) -> Result<Option<String>, ClientError> {
        self.call(|client| Ok(client.draft_file(FileId(file))?.map(|path| path.to_string_lossy().into_owned())))
    }

    /// Requests a download of the file at `index` (from 0) in `Message.attachments`, and returns the file's state now.
    /// The request is durable on return; the download starts when the network allows. To follow it, query the thread
    /// again whenever it changes. Throws `NoSuchMessage` if there is no such message, `NoSuchFile` if it has no such
    /// file, and `NotPossibleNow` if the server has not shown the file yet or has deleted it.
    pub fn download(&self, message: i64, index: u32) -> Result<FileState, ClientError> {
        self.call(|client| Ok(client.download(MessageId(message), index)?.into()))
    }

    /// Returns the path of the downloaded copy of an attachment; none if it is not on this device. `index` counts from
    /// 0 in `Message.attachments`. Newer downloads can displace the copy, and it is removed when the user may no longer
    /// see it. Copy what is to be kept, and do not change the file.
    pub fn attachment_file(&self, message: i64, index: u32) -> Result<Option<String>, ClientError> {
        self.call(|client| {
            let path = client.attachment_file(MessageId(message), index)?;
            Ok(path.map(|path| path.to_string_lossy().into_owned()))
        })
    }

    /// Reports that the thread is on screen. The ticket loses its unread mark. Sync then sends what is due, asks the
    /// server for this ticket, and fetches the thread if the ticket has changed. It does so again at intervals while
    /// the app is in front, until `thread_closed`. Only one thread is open at a time. Throws `NoSuchTicket` if there is
    /// no such ticket.
    pub fn thread_opened(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.thread_opened(TicketId(ticket))?))
    }

    /// Asks for a thread again that could not be refreshed (`Ticket.refresh_problem`), without waiting for the next
    /// attempt. Also requests a sync of what is due; for an unknown ticket it does nothing else.
    pub fn retry_thread(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.retry_thread(TicketId(ticket))?))
    }

    /// Reports that the thread is no longer on screen. Does nothing if another thread was opened since.
    pub fn thread_closed(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| {
            client.thread_closed(TicketId(ticket));
            Ok(())
        })
    }

    /// Sends a message again. Throws `NotPossibleNow` if `Message.can_retry` is false.
    pub fn retry(&self, message: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.retry(MessageId(message))?))
    }

    /// Takes back a message that was not sent, and returns its text. The text and the files go to the draft of the
    /// reply (for a description: to the draft of the new ticket), after what is already there. Throws `NotPossibleNow` if
    /// `Message.can_discard` is false.
    pub fn discard(&self, message: i64) -> Result<String, ClientError> {
        self.call(|client| Ok(client.discard(MessageId(message))?))
    }

    /// Removes from this device a message that the server has confirmed and does not show (`Delivery.NotShown`), with its
    /// files. Unlike after `discard`, no draft keeps the text. Throws `NotPossibleNow` if the message is in any other state.
    pub fn remove(&self, message: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.remove(MessageId(message))?))
    }

    /// Removes from this device a ticket that was sent without an account, with its bytes; the help desk keeps it. Throws
    /// `NotPossibleNow` if `Ticket.can_remove` is false.
    pub fn remove_ticket(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.remove_ticket(TicketId(ticket))?))
    }

    /// Replaces the text of an unsent reply, which keeps its place among the other messages; durable on return. What is
    /// not changed keeps its format. Throws `Invalid` if the text is blank, and `NotPossibleNow` if `Message.can_edit`
    /// is false or the message is a description (`edit_ticket`).
    pub fn edit_reply(&self, message: i64, body: String) -> Result<(), ReplyError> {
        guarded(ReplyError::InternalFault, || Ok(self.client.edit_reply(MessageId(message), &body)?))
    }

    /// Returns the fields of an unsent ticket, for a form to edit them. Throws `NotPossibleNow` if the ticket was sent,
    /// or if there is none with this id.
    pub fn unsent_ticket(&self, ticket: i64) -> Result<TicketDraft, ClientError> {
        self.call(|client| Ok(client.unsent_ticket(TicketId(ticket))?.into()))
    }

    /// Replaces the fields of an unsent ticket; durable on return. `draft` is the result of `unsent_ticket` with the
    /// user's changes. Throws `Invalid` with every invalid field, and `NotPossibleNow` if `Message.can_edit` of the ticket's
    /// description is false.
    pub fn edit_ticket(&self, ticket: i64, draft: TicketDraft) -> Result<(), SubmitError> {
        guarded(SubmitError::InternalFault, || Ok(self.client.edit_ticket(TicketId(ticket), &draft.into())?))
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
            anonymous: config.anonymous,
            server_url: config.server_url,
            product: config.product,
            definitions: config.definitions,
            definition_url: config.definition_url,
            key: key.map(StoreKey),
            installation: config.installation,
            send_delay: Duration::from_secs(config.send_delay_seconds.into()),
            language: config.language,
            connector: config.connector.map(Into::into).unwrap_or_default(),
            claims: config.claims.into_iter().collect(),
        })
    }
}
