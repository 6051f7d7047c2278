//! The server: the one object that a shell holds.
//!
//! Calls read or write the account's file and return; none waits for the network. [`Client::drive`] is the future that
//! does: it syncs when something was written, when the network returns, when a wait in the outbox is over, and, while the
//! app is in front, every now and then. Whoever owns a runtime polls it once; dropping it at any moment is safe.

mod attachments;
mod config;
mod lifecycle;
mod status;
mod writing;

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};

use crate::connectors::Remote;
use crate::environment::Environment;
use crate::live::{Changes, Live, Subscription};
use crate::model::{Capabilities, Ticket, TicketId, TicketNumber};
use crate::net::{Http, Tokens};
use crate::product::Product;
use crate::store::{HistoryPage, Store, StoreError, ThreadPage};
use crate::sync::{Scheduler, Scope, SyncContext, SyncReport};

pub use self::config::{ClientConfig, DEFAULT_SEND_DELAY, LONGEST_SEND_DELAY, OpenError};
pub use self::lifecycle::SyncOutcome;
pub use self::status::SyncStatus;
pub use self::writing::{ChangeError, ReplyError, SubmitError};
pub use crate::sync::AccountProblem;

/// One account's help desk. Shared between threads.
pub struct Client {
    store: Store,
    remote: Box<dyn Remote>,
    environment: Arc<dyn Environment>,
    product: Arc<Product>,
    origin: String,
    send_delay: Duration,
    live: Arc<Live>,
    scheduler: Mutex<Scheduler>,
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

impl Client {
    /// Opens the account's file, or makes it. Asks nobody for a token yet.
    pub fn open(
        config: &ClientConfig,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        environment: Arc<dyn Environment>,
    ) -> Result<Self, OpenError> {
        let checked = config.check()?;
        let origin = checked.origin.as_str().to_owned();
        let remote = config.connector.connect(checked.origin, http, tokens, &checked.product)?;
        let product = Arc::new(checked.product.within(&remote.capabilities()));
        let live = Arc::new(Live::default());
        let (key, account) = (config.key.as_ref(), &config.account);
        let store = Store::open(&config.directory, account, &origin, key, Arc::clone(&product), Arc::clone(&live))?;
        if let Some(installation) = &config.installation {
            store.bind_installation(installation, environment.now())?;
        }
        Ok(Self {
            store,
            remote,
            environment,
            product,
            origin,
            send_delay: config.send_delay.min(LONGEST_SEND_DELAY),
            live,
            scheduler: Mutex::default(),
            running: AsyncMutex::default(),
            wake: Notify::new(),
            halt: Notify::new(),
        })
    }

    /// What this server allows: what its product wants, as far as its connector can.
    #[must_use]
    pub fn product(&self) -> &Product {
        &self.product
    }

    /// What this server can do.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.remote.capabilities()
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
    pub fn state(&self) -> Result<SyncStatus, StoreError> {
        Ok(SyncStatus::of(&self.store.overview()?, self.store.recovered()?, &self.scheduler()))
    }

    /// Starts gathering changes for one more view.
    pub fn subscribe(&self) -> Subscription {
        self.live.subscribe()
    }

    /// The thread is on screen: it counts as read, is read from the server first, and asked for again every now and then
    /// until [`left`](Self::left).
    pub fn thread_opened(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.store.mark_thread_opened(ticket)?;
        self.scheduler().open_thread = Some(ticket);
        self.ask(Scope::Due);
        Ok(())
    }

    /// The thread is no longer on screen.
    pub fn thread_closed(&self, ticket: TicketId) {
        let mut scheduler = self.scheduler();
        if scheduler.open_thread == Some(ticket) {
            scheduler.open_thread = None;
        }
    }

    /// The host app was told, by a push message, that something happened to the ticket with that number: its thread is read
    /// first. A number that the file does not know asks for everything.
    pub fn on_push(&self, number: i64) -> Result<(), StoreError> {
        match self.store.ticket_by_number(TicketNumber(number))? {
            Some(ticket) => {
                self.scheduler().pushed_tickets.insert(ticket);
                self.ask(Scope::Due);
            }
            None => self.ask(Scope::Everything),
        }
        Ok(())
    }

    /// Asks for a sync. Ends every wait that the server did not ask for.
    pub fn sync_now(&self) -> Result<(), StoreError> {
        self.store.end_waits()?;
        self.scheduler().reset_backoff();
        self.ask(Scope::Everything);
        Ok(())
    }

    /// What the platform says of the network. `true` asks for a sync.
    pub fn set_online(&self, online: bool) -> Result<(), StoreError> {
        let changed = std::mem::replace(&mut self.scheduler().online, online) != online;
        if online {
            self.sync_now()?;
        }
        if changed {
            self.live.announce(&Changes::of_status());
        }
        Ok(())
    }

    /// Whether the app is in front; only then the server is asked every now and then, and a message can be undone for some
    /// seconds. Leaving sends at once what could still be undone.
    pub fn set_in_front(&self, in_front: bool) -> Result<(), StoreError> {
        self.scheduler().in_front = in_front;
        if !in_front && self.store.release_held()? {
            self.ask(Scope::Due);
        }
        self.wake.notify_one();
        Ok(())
    }

    /// Whoever polls [`drive`](Self::drive) caught a panic of it: the screen is told, and the next drive begins anew.
    pub fn report_fault(&self) {
        let mut scheduler = self.scheduler();
        scheduler.problem = Some(AccountProblem::InternalFault);
        scheduler.ask(Scope::Everything);
        drop(scheduler);
        self.live.announce(&Changes::of_status());
    }

    /// Syncs whenever there is a reason to, until the server is closed.
    pub async fn drive(&self) {
        loop {
            let (scope, pause) = {
                let scheduler = self.scheduler();
                if scheduler.closed {
                    return;
                }
                scheduler.next(self.environment.now(), &self.product.sync)
            };
            if let Some(scope) = scope {
                self.sync(scope).await;
                continue;
            }
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                () = self.store.renewed() => self.scheduler().ask(Scope::Everything),
                () = self.environment.sleep(pause) => {}
            }
        }
    }

    /// One run. A call while another is under way joins it, and makes a run of its own only if that one was dropped or read
    /// less than this call asks for.
    pub async fn sync(&self, scope: Scope) -> SyncReport {
        let before = self.scheduler().runs;
        let mut ended = self.running.lock().await;
        match &ended.last {
            Some((read, report)) if ended.runs > before && (*read == scope || *read == Scope::Everything) => {
                return report.clone();
            }
            _ => {}
        }
        let chance = self.environment.random()[0];
        self.scheduler().begin(self.environment.now(), scope, chance);
        self.live.announce(&Changes::of_status());
        let _guard = Running(self);
        let ctx = SyncContext {
            store: &self.store,
            remote: self.remote.as_ref(),
            environment: self.environment.as_ref(),
            product: &self.product,
            origin: &self.origin,
            open_thread: &|| self.scheduler().open_thread,
            pushed_tickets: &|| std::mem::take(&mut self.scheduler().pushed_tickets).into_iter().collect(),
            has_urgent_work: &|| self.scheduler().take_due(),
            in_front: self.scheduler().in_front,
            online: &|| {
                let scheduler = self.scheduler();
                scheduler.online && !scheduler.no_more_writes
            },
            scope,
        };
        let mut halted = pin!(self.halt.notified());
        halted.as_mut().enable();
        let report = if self.scheduler().suspended {
            SyncReport::stopped(StoreError::Suspended)
        } else {
            tokio::select! {
                biased;
                () = halted => SyncReport::stopped(if self.scheduler().closed { StoreError::Closed } else { StoreError::Suspended }),
                report = crate::sync::run(&ctx) => report,
            }
        };
        if scope == Scope::Everything && report.failure.is_none() && self.store.forget_damaged().is_err() {
            tracing::warn!("a damaged file could not be removed");
        }
        ended.runs += 1;
        ended.last = Some((scope, report.clone()));
        let chance = self.environment.random()[0];
        let back = self.scheduler().end(ended.runs, &report, self.environment.now(), chance);
        if back && self.store.end_waits().is_ok() {
            self.ask(Scope::Due);
        }
        report
    }

    fn ask(&self, scope: Scope) {
        let mut scheduler = self.scheduler();
        scheduler.ask(scope);
        // Whoever asks is a user or a fact: a pause of our own choice is no reason to let them wait.
        scheduler.end_pause();
        drop(scheduler);
        self.wake.notify_one();
    }

    fn scheduler(&self) -> MutexGuard<'_, Scheduler> {
        self.scheduler.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that no run is under way any more, also when its future was dropped.
struct Running<'a>(&'a Client);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.scheduler().syncing = false;
        self.0.live.announce(&Changes::of_status());
    }
}
