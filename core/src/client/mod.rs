//! The client: the one object that a shell holds, for one account.
//!
//! Every call reads or writes the account's file and returns; none waits for the network. The exceptions are the
//! futures [`Client::drive`], [`Client::sync`] and [`Client::sync_until`], which make the runs of
//! [`sync`](crate::sync), and [`Client::search_server`], which waits for a run to ask.
//!
//! `drive` starts a run when something was written or opened, when a push message arrives, when the network returns,
//! when a wait is over, and at intervals while the app is in front. The owner of a runtime polls it as one task for the
//! client's whole life. Dropping any of these futures is safe: what a run has committed stays, and the next run
//! continues. Only one run is under way at a time; files are transferred beside it (`running.rs`).
//!
//! Every call that needs the file fails with [`StoreError::Suspended`] on a suspended client, and with
//! [`StoreError::Closed`] on a closed one.

mod actions;
mod articles;
mod attachments;
mod config;
mod definition;
mod details;
mod history;
mod keys;
mod lifecycle;
mod running;
mod search;
mod status;
mod writing;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};

use crate::connectors::Remote;
use crate::delivered::DefinitionDelivery;
use crate::environment::Environment;
use crate::live::{Changes, Live, Subscription, Urgency};
use crate::model::{Capabilities, Ticket, TicketId, TicketNumber};
use crate::net::{Http, Tokens};
use crate::outbox::{ASK_A_BUSY_SERVER, EndWaits, Release};
use crate::product::{Product, Strings};
use crate::store::{Overview, Store, StoreError, ThreadPage};
use crate::sync::{Health, Scheduler, Scope, ServerQuestion, SyncReport};

pub use self::actions::Acted;
pub use self::config::{ClientConfig, DEFAULT_SEND_DELAY, LONGEST_SEND_DELAY, OpenError};
pub use self::details::TicketDetails;
pub use self::history::HistoryRequest;
pub use self::keys::{INTERNAL_FAULT_KEY, OPENING_FAULT_KEY, Obstacle};
pub use self::lifecycle::SyncOutcome;
pub use self::status::SyncStatus;
pub use self::status::countdown::Countdown;
pub use self::writing::{ChangeError, ReplyError, SubmitError};
pub use crate::delivered::{DeliveredDefinition, Refusal};
pub use crate::sync::AccountProblem;

/// The client of one account. All methods may be called from any thread.
pub struct Client {
    store: Store,
    remote: Box<dyn Remote>,
    environment: Arc<dyn Environment>,
    product: Arc<Product>,
    origin: String,
    send_delay: Duration,
    language: String,
    /// What the host app says about the signed-in user. It is never stored.
    claims: Mutex<BTreeSet<String>>,
    /// The texts in the client's own language. Every page of the history needs them, to know which keys there are.
    own_strings: OnceLock<Arc<Strings>>,
    /// The texts in the language that was last asked for.
    strings: Mutex<Option<(String, Arc<Strings>)>>,
    live: Arc<Live>,
    scheduler: Mutex<Scheduler>,
    /// What users want the server to search for, until a run asks.
    questions: Mutex<Vec<ServerQuestion>>,
    /// What the runs have found out about the server.
    health: Health,
    /// Locked while a run is under way. It contains the outcome of the last run, for callers that waited for it.
    running: AsyncMutex<Ended>,
    /// Locked while files are transferred.
    transferring: AsyncMutex<()>,
    /// Wakes [`Client::drive`] before its sleep is over.
    wake: Notify,
    /// Wakes the transfers: there may be more of them.
    wake_transfers: Notify,
    /// Where a definition is delivered from; `None` if from nowhere.
    delivery: Option<DefinitionDelivery>,
    /// Wakes the fetch of a delivered definition.
    wake_delivery: Notify,
    /// Notified when an upload has finished, when the transfers of a single run ([`Client::sync`]) have ended, and when
    /// the server has told who the user is.
    transferred: Notify,
    /// Drops the runs that are under way.
    halt: Notify,
}

/// The runs of the conversation that have ended.
#[derive(Default)]
struct Ended {
    /// How many there were.
    runs: u64,
    /// The scope and the report of the last one.
    last: Option<(Scope, SyncReport)>,
}

impl Client {
    /// Opens the account's file, or creates it. Makes no request, and asks the host app for no token yet.
    pub fn open(
        config: &ClientConfig,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        environment: Arc<dyn Environment>,
    ) -> Result<Self, OpenError> {
        let checked = config.check()?;
        let origin = checked.origin.as_str().to_owned();
        let (product, delivery) = match checked.definition_url {
            Some(url) => {
                let own = (config.own_definition().to_owned(), config.definitions.clone());
                let server = config.connector.server_kind();
                let (product, delivery) =
                    DefinitionDelivery::open(&config.directory, url, Arc::clone(&http), own, server);
                (product.unwrap_or(checked.product), Some(delivery))
            }
            None => (checked.product, None),
        };
        let remote = config.connector.connect(checked.origin, http, tokens, &product);
        let remote = remote.ok_or(OpenError::NoConnectorSettings)?;
        let product = product.within(&remote.capabilities());
        let product = Arc::new(if config.anonymous { product.signed_out() } else { product });
        let live = Arc::new(Live::default());
        let (directory, key, account) = (&config.directory, config.key.as_ref(), &config.account);
        let (of, to) = (Arc::clone(&product), Arc::clone(&live));
        let store = if config.anonymous {
            Store::open_nobodys(directory, &origin, key, of, to)?
        } else {
            Store::open(directory, account, &origin, key, of, to)?
        };
        if let Some(installation) = &config.installation {
            store.bind_installation(installation, environment.now())?;
        }
        if config.anonymous {
            store.forget_sent(environment.now())?;
        }
        Ok(Self {
            store,
            remote,
            environment,
            product,
            origin,
            send_delay: config.send_delay.min(LONGEST_SEND_DELAY),
            language: config.language.clone(),
            claims: Mutex::new(config.claims.clone()),
            own_strings: OnceLock::new(),
            strings: Mutex::default(),
            live,
            scheduler: Mutex::default(),
            questions: Mutex::default(),
            health: Health::default(),
            running: AsyncMutex::default(),
            transferring: AsyncMutex::default(),
            wake: Notify::new(),
            wake_transfers: Notify::new(),
            delivery,
            wake_delivery: Notify::new(),
            transferred: Notify::new(),
            halt: Notify::new(),
        })
    }

    /// The product definition, narrowed to the capabilities of this server.
    #[must_use]
    pub fn product(&self) -> &Product {
        &self.product
    }

    /// The capabilities of this server.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.remote.capabilities()
    }

    /// One ticket, without its messages.
    pub fn ticket(&self, ticket: TicketId) -> Result<Ticket, StoreError> {
        self.narrowed(self.store.ticket(ticket)?)
    }

    /// A page of a thread: up to `limit` (1 to 200) messages after the cursor `after`, oldest first; fewer if their texts have
    /// more than 2 MiB. Until the thread is closed, its new messages stay those that were new when it was opened, with those
    /// that arrive meanwhile.
    pub fn thread(&self, ticket: TicketId, after: Option<&str>, limit: u32) -> Result<ThreadPage, StoreError> {
        let from = self.scheduler().reading.filter(|(open, _)| *open == ticket).map(|(_, from)| from);
        self.store.thread_read_from(ticket, after, limit, from)
    }

    /// The status of sync, for a banner.
    pub fn state(&self) -> Result<SyncStatus, StoreError> {
        let now = self.environment.now();
        let overview = self.store.overview()?;
        // Nothing is read for nobody, or where there is no history, so nothing is missing.
        let reads_nothing = self.product.anonymous || self.is_history_purged();
        let overview = Overview { first_sync_done: overview.first_sync_done || reads_nothing, ..overview };
        Ok(SyncStatus::of(&overview, self.store.recovered()?, &self.scheduler(), now))
    }

    /// Subscribes one more view to changes.
    pub fn subscribe(&self) -> Subscription {
        self.live.subscribe()
    }

    /// Call it when a thread comes on screen. The ticket loses its unread mark. The next run sends what is due, asks
    /// for this ticket before it reads any list, and reads the thread if the ticket has changed. While the app is in
    /// front, this is repeated at intervals, until [`thread_closed`](Self::thread_closed) or until another thread is
    /// opened.
    pub fn thread_opened(&self, ticket: TicketId) -> Result<(), StoreError> {
        let from = self.store.read_position(ticket)?;
        {
            // Kept before the mark is written, so that no query in between finds nothing new.
            let mut scheduler = self.scheduler();
            scheduler.reading = scheduler.reading.filter(|(open, _)| *open == ticket).or(Some((ticket, from)));
        }
        self.store.mark_thread_opened(ticket)?;
        self.store.retry_thread(ticket)?;
        self.scheduler().open_thread = Some(ticket);
        self.ask(Scope::Due);
        self.store.retry_small_pictures()
    }

    /// Lets sync read a thread that could not be refreshed ([`Ticket::refresh_problem`]) at once, before its next
    /// attempt is due.
    pub fn retry_thread(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.store.retry_thread(ticket)?;
        self.scheduler().pushed_tickets.insert(ticket);
        self.ask(Scope::Due);
        Ok(())
    }

    /// Call it when the thread is no longer on screen.
    pub fn thread_closed(&self, ticket: TicketId) {
        let mut scheduler = self.scheduler();
        if scheduler.open_thread == Some(ticket) {
            scheduler.open_thread = None;
            scheduler.reading = None;
        }
    }

    /// Call it when a push message says that something happened to the ticket with this number. The next run sends what
    /// is due. Then it asks for the thread on screen and for this ticket, before it reads any list, and reads the
    /// ticket's thread if the ticket has changed. A long run that is under way does the same between two of its
    /// requests. If the file does not know the number, the next run reads every list instead.
    pub fn on_push(&self, number: i64) -> Result<(), StoreError> {
        let ticket = self.store.ticket_by_number(TicketNumber(number))?;
        let now = self.environment.now();
        let mut scheduler = self.scheduler();
        scheduler.pushed(ticket, now);
        scheduler.end_pause();
        drop(scheduler);
        self.wake_all();
        Ok(())
    }

    /// Call it when the app knows whether push messages about tickets reach this device. While they do, the server is
    /// asked for news only every ten minutes to four hours, in case one gets lost. A new client begins without. The value is
    /// not stored.
    pub fn set_push_enabled(&self, enabled: bool) {
        self.scheduler().set_push_enabled(enabled);
        self.wake.notify_one();
    }

    /// Asks for a sync of everything. It ends every wait that the server did not impose: of operations that wait to be
    /// sent again, of threads, lists and files that failed, and of sync after a failed run. The run ignores how much is
    /// left of the rate limit. If a busy server has asked for a wait, the sync begins anyway, and operations for which
    /// it asked for a wait are sent, but at most once a minute. Without a network the sync begins when the network
    /// returns.
    pub fn sync_now(&self) -> Result<(), StoreError> {
        self.end_waits(EndWaits::Asked(self.environment.now()))?;
        self.health.user_asks();
        self.scheduler().reset_backoff(self.environment.now());
        self.ask(Scope::Everything);
        Ok(())
    }

    /// Call it when the platform reports a change of the network. After `true` what the user wrote is sent at once, and
    /// waits end as in [`sync_now`](Self::sync_now). If there was no network before, the history is read, too: at once if
    /// the server had a load of at most a quarter of its limit when it was last heard of, otherwise after a random wait,
    /// so that not all devices ask together. After `false`, and until the next `true`, [`drive`](Self::drive) begins no
    /// run, and no run begins an attempt or a download. `false` also ends the time in which messages can be undone, because
    /// nothing can be sent anyway: they wait to be sent, and can be edited and discarded.
    pub fn set_online(&self, online: bool) -> Result<(), StoreError> {
        let changed = std::mem::replace(&mut self.scheduler().online, online) != online;
        if online {
            self.network_returned(changed)?;
        } else {
            self.store.release_held(Release::All)?;
        }
        if changed {
            self.live.announce(&Changes::of_status(), Urgency::Now);
        }
        Ok(())
    }

    fn network_returned(&self, was_away: bool) -> Result<(), StoreError> {
        let now = self.environment.now();
        self.end_waits(EndWaits::Asked(now))?;
        let chance = self.environment.chance();
        let mut scheduler = self.scheduler();
        scheduler.reset_backoff(now);
        if was_away {
            scheduler.network_returned(now, &self.product.sync, chance);
        } else {
            scheduler.ask_for(Scope::Due);
        }
        drop(scheduler);
        self.wake_all();
        Ok(())
    }

    /// Call it when the app comes to the front or leaves it. While the app is in front, sync runs at intervals, and a
    /// message can be undone for some seconds. Coming to the front asks for news, unless that happened a moment ago. When
    /// the app leaves the front, held messages are queued at once.
    pub fn set_in_front(&self, in_front: bool) -> Result<(), StoreError> {
        self.scheduler().set_in_front(in_front, self.environment.now(), &self.product.sync);
        if !in_front && self.store.release_held(Release::All)? {
            self.ask(Scope::Due);
        }
        self.wake.notify_one();
        Ok(())
    }

    /// Call it after catching a panic of [`drive`](Self::drive). The status shows the fault, and the next `drive`
    /// begins with a sync of everything.
    pub fn report_fault(&self) {
        let mut scheduler = self.scheduler();
        scheduler.problem = Some(AccountProblem::InternalFault);
        scheduler.ask(Scope::Everything);
        drop(scheduler);
        self.live.announce(&Changes::of_status(), Urgency::Now);
    }

    /// Asks for a run because of something that the user did or that happened, and wakes [`drive`](Self::drive).
    fn ask(&self, scope: Scope) {
        let mut scheduler = self.scheduler();
        scheduler.ask(scope);
        // A pause after a failure must not delay this, unless the server imposed it.
        scheduler.end_pause();
        drop(scheduler);
        self.wake_all();
    }

    /// Wakes every part of [`drive`](Self::drive).
    fn wake_all(&self) {
        self.wake.notify_one();
        self.wake_transfers.notify_one();
        self.wake_delivery.notify_one();
    }

    /// Ends every wait of threads, lists and files that the server did not impose, and waits of operations.
    fn end_waits(&self, which: EndWaits) -> Result<(), StoreError> {
        self.health.end_pauses();
        self.store.end_pauses(self.environment.now())?;
        self.store.end_vote_waits(self.environment.now().minus(ASK_A_BUSY_SERVER))?;
        self.store.end_waits(which)
    }

    fn scheduler(&self) -> MutexGuard<'_, Scheduler> {
        self.scheduler.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
