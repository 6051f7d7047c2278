//! The desk: the one object that a shell holds.
//!
//! Calls read or write the account's file and return; none waits for the network. [`Desk::drive`] is the future that
//! does: it syncs when something was written, when the network returns, when a wait in the outbox is over, and, while the
//! app is in front, every now and then. Whoever owns a runtime polls it once; dropping it at any moment is safe.

mod config;
mod life;
mod pace;
mod status;

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};

pub use self::config::{DEFAULT_SEND_DELAY, DeskConfig, LONGEST_SEND_DELAY, OpenError};
pub use self::life::SyncOutcome;
use self::pace::Pace;
pub use self::status::{AccountProblem, DeskState};
use crate::attachments::AttachError;
use crate::environment::Environment;
use crate::live::{Changes, Live, Subscription};
use crate::model::{
    DraftFile, DraftId, FileId, FileState, MessageId, OperationId, ReplyDraft, Ticket, TicketDraft, TicketId,
    TicketNumber,
};
use crate::profile::{DraftCheck, FieldProblem, Profile};
use crate::remote::{Http, Remote, Tokens};
use crate::store::{HistoryPage, NewReply, NewTicket, ReplyOutcome, Store, StoreError, ThreadPage};
use crate::sync::{Scope, SyncContext, SyncReport};

/// One account's help desk. Shared between threads.
pub struct Desk {
    store: Store,
    remote: Box<dyn Remote>,
    environment: Arc<dyn Environment>,
    profile: Arc<Profile>,
    origin: String,
    send_delay: Duration,
    live: Arc<Live>,
    pace: Mutex<Pace>,
    /// Held while a run is under way; what it holds is how the last one ended.
    running: AsyncMutex<Ended>,
    wake: Notify,
    /// Drops the run that is under way.
    halt: Notify,
}

#[derive(Default)]
struct Ended {
    runs: u64,
    last: Option<(Scope, SyncReport)>,
}

/// Why a ticket was not created. The draft is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Every field that is wrong, at once.
    #[error("{} fields need attention", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a reply was not written. The draft is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The text is blank.
    #[error("the reply needs attention")]
    Invalid(Vec<FieldProblem>),
    /// The ticket is closed; nothing can be added to it (T3).
    #[error("the ticket is closed")]
    TicketClosed,
    /// The desk no longer shows this ticket to this user.
    #[error("the ticket is no longer visible")]
    NoLongerVisible,
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a change of a sent ticket was not written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// This desk does not offer it, or not for this ticket.
    #[error("the desk does not offer this")]
    NotOffered,
    /// Some addresses are malformed.
    #[error("{} addresses need attention", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The ticket is closed; nothing can be changed.
    #[error("the ticket is closed")]
    TicketClosed,
    /// The desk no longer shows this ticket to this user.
    #[error("the ticket is no longer visible")]
    NoLongerVisible,
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Opens the account's file, or makes it. Asks nobody for a token yet.
    pub fn open(
        config: &DeskConfig,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        environment: Arc<dyn Environment>,
    ) -> Result<Self, OpenError> {
        let checked = config.check()?;
        let profile = Arc::new(checked.profile);
        let live = Arc::new(Live::default());
        let origin = checked.origin.as_str().to_owned();
        let (key, account) = (config.key.as_ref(), &config.account);
        let store = Store::open(&config.directory, account, &origin, key, Arc::clone(&profile), Arc::clone(&live))?;
        if let Some(installation) = &config.installation {
            store.bind_installation(installation, environment.now())?;
        }
        let remote = Box::new(crate::remote::zendesk::Zendesk::new(checked.origin, http, tokens, &profile));
        Ok(Self {
            store,
            remote,
            environment,
            profile,
            origin,
            send_delay: config.send_delay.min(LONGEST_SEND_DELAY),
            live,
            pace: Mutex::default(),
            running: AsyncMutex::default(),
            wake: Notify::new(),
            halt: Notify::new(),
        })
    }

    /// What this desk allows.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Up to `limit` (1 to 200) rows of the history behind `after`.
    pub fn history(&self, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        self.store.history(after, limit)
    }

    /// One ticket's head.
    pub fn ticket(&self, ticket: TicketId) -> Result<Ticket, StoreError> {
        self.store.ticket(ticket)
    }

    /// Up to `limit` (1 to 200) messages of a thread behind `after`, oldest first.
    pub fn thread(&self, ticket: TicketId, after: Option<&str>, limit: u32) -> Result<ThreadPage, StoreError> {
        self.store.thread(ticket, after, limit)
    }

    /// Numbers and problems for a banner.
    pub fn state(&self) -> Result<DeskState, StoreError> {
        Ok(DeskState::of(&self.store.overview()?, self.store.recovered()?, &self.pace()))
    }

    /// Starts gathering changes for one more view.
    pub fn subscribe(&self) -> Subscription {
        self.live.subscribe()
    }

    /// The new ticket that is being written, or an empty one with the preselected issue type.
    pub fn ticket_draft(&self) -> Result<TicketDraft, StoreError> {
        Ok(self.store.ticket_draft()?.unwrap_or_else(|| TicketDraft {
            id: self.new_draft_id(),
            subject: String::new(),
            issue_type: self.profile.preselected_issue_type.clone(),
            cc: Vec::new(),
            cc_entry: String::new(),
            description: String::new(),
            access: false,
        }))
    }

    /// Keeps the draft, durably.
    pub fn save_ticket_draft(&self, draft: &TicketDraft) -> Result<(), StoreError> {
        self.store.save_ticket_draft(draft)
    }

    /// Every field that is wrong, and what will be dropped. Changes nothing.
    pub fn check_ticket_draft(&self, draft: &TicketDraft) -> Result<DraftCheck, StoreError> {
        Ok(self.profile.check(draft, self.store.account()?.email.as_deref()))
    }

    /// Forgets a draft.
    pub fn discard_draft(&self, draft: &DraftId) -> Result<(), StoreError> {
        self.store.discard_draft(draft)
    }

    /// Creates the ticket: durable on return, sent when the network allows. The same draft again gives the same ticket.
    pub fn submit(&self, draft: &TicketDraft) -> Result<TicketId, SubmitError> {
        let email = self.store.account()?.email;
        let accepted = match self.profile.accept(draft, email.as_deref()) {
            Ok(accepted) => accepted,
            Err(problems) => {
                self.store.save_ticket_draft(draft)?;
                return Err(SubmitError::Invalid(problems));
            }
        };
        let ticket = self.store.submit(&NewTicket {
            draft: &draft.id,
            accepted: &accepted,
            reference: self.environment.new_id(),
            key: self.environment.new_id(),
            hold: self.hold(),
            now: self.environment.now(),
        })?;
        self.ask(Scope::Due);
        Ok(ticket)
    }

    /// The reply that is being written in `ticket`, or an empty one.
    pub fn reply_draft(&self, ticket: TicketId) -> Result<ReplyDraft, StoreError> {
        let kept = self.store.reply_draft(ticket)?;
        Ok(kept.unwrap_or_else(|| ReplyDraft { id: self.new_draft_id(), ticket, body: String::new() }))
    }

    /// Keeps the draft, durably.
    pub fn save_reply_draft(&self, draft: &ReplyDraft) -> Result<(), StoreError> {
        self.store.save_reply_draft(draft)
    }

    /// Writes the reply: durable on return, sent when the network allows. The same draft again gives the same message.
    pub fn reply(&self, draft: &ReplyDraft) -> Result<MessageId, ReplyError> {
        let problems = self.profile.check_reply(&draft.body);
        if !problems.is_empty() {
            self.store.save_reply_draft(draft)?;
            return Err(ReplyError::Invalid(problems));
        }
        let outcome = self.store.reply(&NewReply {
            draft: &draft.id,
            ticket: draft.ticket,
            body: draft.body.trim(),
            key: self.environment.new_id(),
            hold: self.hold(),
            now: self.environment.now(),
        })?;
        match outcome {
            ReplyOutcome::Written(message) => {
                self.ask(Scope::Due);
                Ok(message)
            }
            ReplyOutcome::TicketClosed => Err(ReplyError::TicketClosed),
            ReplyOutcome::NoLongerVisible => Err(ReplyError::NoLongerVisible),
        }
    }

    /// Attaches the file at `source` to a draft, under `name`: copied into the account's folder, durably, before the call
    /// returns; the original is not needed afterwards. Takes as long as the copy takes, so not on a thread that draws.
    ///
    /// The draft must have been kept before ([`save_ticket_draft`](Self::save_ticket_draft),
    /// [`save_reply_draft`](Self::save_reply_draft)).
    pub fn attach(&self, draft: &DraftId, source: &Path, name: &str) -> Result<DraftFile, AttachError> {
        let limits = self.profile.attachments.as_ref().ok_or(AttachError::Off)?;
        self.store.attach(draft, source, name, self.environment.random(), limits)
    }

    /// Takes a file from its draft. One that is not there is [`StoreError::NotFound`].
    pub fn detach(&self, file: FileId) -> Result<(), StoreError> {
        self.store.detach(file)
    }

    /// The files of a draft, in the order in which they were attached.
    pub fn draft_files(&self, draft: &DraftId) -> Result<Vec<DraftFile>, StoreError> {
        self.store.draft_files(draft)
    }

    /// Asks for the file at `place` (from 0) among a message's attachments, durably: it is fetched when the network allows.
    /// Answers where its bytes are now; watch the thread for the rest. [`StoreError::NotFound`]: there is no such file, or
    /// the desk has not shown it yet.
    pub fn download(&self, message: MessageId, place: u32) -> Result<FileState, StoreError> {
        let state = self.store.want(message, place, self.environment.random())?;
        if state == FileState::Wanted {
            self.ask(Scope::Due);
        }
        Ok(state)
    }

    /// Where the copy of a message's attachment lies on this device, if it is here; it counts as opened now. The file may go
    /// when newer ones need the room, or when the desk takes it away: copy what is to be kept, and change nothing in it.
    pub fn attachment_file(&self, message: MessageId, place: u32) -> Result<Option<PathBuf>, StoreError> {
        self.store.attachment_file(message, place)
    }

    /// The thread is on screen: it counts as read, is read from the desk first, and asked for again every now and then
    /// until [`left`](Self::left).
    pub fn opened(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.store.mark_opened(ticket)?;
        self.pace().watched = Some(ticket);
        self.ask(Scope::Due);
        Ok(())
    }

    /// The thread is no longer on screen.
    pub fn left(&self, ticket: TicketId) {
        let mut pace = self.pace();
        if pace.watched == Some(ticket) {
            pace.watched = None;
        }
    }

    /// The host app was told, by a push message, that something happened to the ticket with that number: its thread is read
    /// first. A number that the file does not know asks for everything.
    pub fn on_push(&self, number: i64) -> Result<(), StoreError> {
        match self.store.ticket_by_number(TicketNumber(number))? {
            Some(ticket) => {
                self.pace().pushed.insert(ticket);
                self.ask(Scope::Due);
            }
            None => self.ask(Scope::Everything),
        }
        Ok(())
    }

    /// Sends a message again, where that is safe ([`Message::can_retry`](crate::model::Message)).
    pub fn retry(&self, message: MessageId) -> Result<(), StoreError> {
        self.store.retry(message, self.environment.now())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Takes back a message that is not on its way ([`Message::can_discard`](crate::model::Message)); its text is kept as
    /// a draft, and returned.
    pub fn discard(&self, message: MessageId) -> Result<String, StoreError> {
        self.store.discard(message, &self.new_draft_id())
    }

    /// Gives a reply that was not sent yet another text; its place among the others stays. Durable on return.
    /// [`StoreError::NotFound`] where that is not safe ([`Message::can_edit`](crate::model::Message)).
    pub fn edit_reply(&self, message: MessageId, body: &str) -> Result<(), ReplyError> {
        let problems = self.profile.check_reply(body);
        if !problems.is_empty() {
            return Err(ReplyError::Invalid(problems));
        }
        self.store.edit_reply(message, body.trim(), self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// The fields of a ticket that was not sent yet, for a form that edits them (W12).
    pub fn unsent_ticket(&self, ticket: TicketId) -> Result<TicketDraft, StoreError> {
        let unsent = self.store.unsent_ticket(ticket)?;
        let issue_type = self.profile.issue_type_by_value(&unsent.issue_type).map(|known| known.id.clone());
        Ok(TicketDraft { issue_type: issue_type.unwrap_or_default(), id: self.new_draft_id(), ..unsent })
    }

    /// Gives a ticket that was not sent yet other fields (W12). Durable on return. [`StoreError::NotFound`] where that is
    /// not safe ([`Message::can_edit`](crate::model::Message) of its description).
    pub fn edit_ticket(&self, ticket: TicketId, draft: &TicketDraft) -> Result<(), SubmitError> {
        let email = self.store.account()?.email;
        let accepted = self.profile.accept(draft, email.as_deref()).map_err(SubmitError::Invalid)?;
        self.store.edit_ticket(ticket, &accepted, self.environment.new_id(), self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Asks the desk to mail more addresses about a ticket (W12): durable on return, sent when the network allows. What is
    /// repeated, or the user's own, is dropped.
    pub fn add_cc(&self, ticket: TicketId, addresses: &[String]) -> Result<(), ChangeError> {
        let head = self.changeable(ticket, self.profile.add_cc)?;
        let email = self.store.account()?.email;
        let waiting = head.changes.into_iter().flat_map(|change| change.addresses);
        let known: Vec<String> = head.cc.into_iter().chain(waiting).collect();
        let fresh = self.profile.accept_cc(addresses, &known, email.as_deref()).map_err(ChangeError::Invalid)?;
        if !fresh.is_empty() {
            self.store.add_cc(ticket, &fresh, self.environment.new_id())?;
            self.ask(Scope::Due);
        }
        Ok(())
    }

    /// Tells the desk that this user's own ticket is solved (S15): durable on return, sent when the network allows.
    pub fn solve(&self, ticket: TicketId) -> Result<(), ChangeError> {
        let head = self.changeable(ticket, self.profile.solve)?;
        if !head.created_by_me {
            return Err(ChangeError::NotOffered);
        }
        self.store.solve(ticket, self.environment.new_id())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Sends a change again, where that is safe ([`PendingChange::can_retry`](crate::model::PendingChange)).
    pub fn retry_change(&self, change: OperationId) -> Result<(), StoreError> {
        self.store.retry_change(change, self.environment.now())?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Takes back a change that is not on its way
    /// ([`PendingChange::can_discard`](crate::model::PendingChange)).
    pub fn discard_change(&self, change: OperationId) -> Result<(), StoreError> {
        self.store.discard_change(change)
    }

    /// The ticket, if this desk offers such a change and the ticket takes it.
    fn changeable(&self, ticket: TicketId, offered: bool) -> Result<Ticket, ChangeError> {
        let head = self.store.ticket(ticket)?;
        match () {
            () if !offered => Err(ChangeError::NotOffered),
            () if !head.row.visible => Err(ChangeError::NoLongerVisible),
            () if !head.can_reply => Err(ChangeError::TicketClosed),
            () => Ok(head),
        }
    }

    /// Asks for a sync. Ends every wait that the desk did not ask for.
    pub fn sync_now(&self) -> Result<(), StoreError> {
        self.store.end_waits()?;
        self.pace().forgive();
        self.ask(Scope::Everything);
        Ok(())
    }

    /// What the platform says of the network. `true` asks for a sync.
    pub fn set_online(&self, online: bool) -> Result<(), StoreError> {
        let changed = std::mem::replace(&mut self.pace().online, online) != online;
        if online {
            self.sync_now()?;
        }
        if changed {
            self.live.announce(&Changes::of_status());
        }
        Ok(())
    }

    /// Whether the app is in front; only then the desk is asked every now and then, and a message can be undone for some
    /// seconds. Leaving sends at once what could still be undone.
    pub fn set_in_front(&self, in_front: bool) -> Result<(), StoreError> {
        self.pace().in_front = in_front;
        if !in_front && self.store.release_held()? {
            self.ask(Scope::Due);
        }
        self.wake.notify_one();
        Ok(())
    }

    /// Whoever polls [`drive`](Self::drive) caught a panic of it: the screen is told, and the next drive begins anew.
    pub fn report_fault(&self) {
        let mut pace = self.pace();
        pace.problem = Some(AccountProblem::InternalFault);
        pace.ask(Scope::Everything);
        drop(pace);
        self.live.announce(&Changes::of_status());
    }

    /// Syncs whenever there is a reason to, until the desk is closed.
    pub async fn drive(&self) {
        loop {
            let (scope, pause) = {
                let pace = self.pace();
                if pace.closed {
                    return;
                }
                pace.next(self.environment.now(), &self.profile.sync)
            };
            if let Some(scope) = scope {
                self.sync(scope).await;
                continue;
            }
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                () = self.store.renewed() => self.pace().ask(Scope::Everything),
                () = self.environment.sleep(pause) => {}
            }
        }
    }

    /// One run. A call while another is under way joins it, and makes a run of its own only if that one was dropped or read
    /// less than this call asks for.
    pub async fn sync(&self, scope: Scope) -> SyncReport {
        let before = self.pace().runs;
        let mut ended = self.running.lock().await;
        match &ended.last {
            Some((read, report)) if ended.runs > before && (*read == scope || *read == Scope::Everything) => {
                return report.clone();
            }
            _ => {}
        }
        let chance = self.environment.random()[0];
        self.pace().begin(self.environment.now(), scope, chance);
        self.live.announce(&Changes::of_status());
        let _guard = Running(self);
        let ctx = SyncContext {
            store: &self.store,
            remote: self.remote.as_ref(),
            environment: self.environment.as_ref(),
            profile: &self.profile,
            origin: &self.origin,
            watched: &|| self.pace().watched,
            pushed: &|| std::mem::take(&mut self.pace().pushed).into_iter().collect(),
            hurry: &|| self.pace().take_due(),
            in_front: self.pace().in_front,
            online: &|| {
                let pace = self.pace();
                pace.online && !pace.no_more_writes
            },
            scope,
        };
        let mut halted = pin!(self.halt.notified());
        halted.as_mut().enable();
        let report = if self.pace().suspended {
            SyncReport::stopped(StoreError::Suspended)
        } else {
            tokio::select! {
                biased;
                () = halted => SyncReport::stopped(if self.pace().closed { StoreError::Closed } else { StoreError::Suspended }),
                report = crate::sync::run(&ctx) => report,
            }
        };
        if scope == Scope::Everything && report.failure.is_none() && self.store.forget_damaged().is_err() {
            tracing::warn!("a damaged file could not be removed");
        }
        ended.runs += 1;
        ended.last = Some((scope, report.clone()));
        let chance = self.environment.random()[0];
        let back = self.pace().end(ended.runs, &report, self.environment.now(), chance);
        if back && self.store.end_waits().is_ok() {
            self.ask(Scope::Due);
        }
        report
    }

    fn ask(&self, scope: Scope) {
        let mut pace = self.pace();
        pace.ask(scope);
        // Whoever asks is a user or a fact: a pause of our own choice is no reason to let them wait.
        pace.end_pause();
        drop(pace);
        self.wake.notify_one();
    }

    /// How long a message written now can be undone.
    fn hold(&self) -> Duration {
        if self.pace().in_front { self.send_delay } else { Duration::ZERO }
    }

    fn new_draft_id(&self) -> DraftId {
        DraftId(self.environment.new_id().to_string())
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that no run is under way any more, also when its future was dropped.
struct Running<'a>(&'a Desk);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.pace().syncing = false;
        self.0.live.announce(&Changes::of_status());
    }
}
