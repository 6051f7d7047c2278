//! The device: a folder, a process with the client, the app's tokens, and what happens to all of them.
//!
//! # The story
//!
//! A killed process loses what it had in memory, and nothing that it had written. To play that, the disk is cut off
//! first, so that dropping the connections changes nothing, and is then given back as it was. A power cut also takes
//! what was not synced.
//!
//! Both can be planned for a later write or sync, and then happen in the middle of whatever is running, including a
//! call of the user. [`Device::handle_cut`] finds out whether that happened.
//!
//! Attached files are not SQLite's files, so the simulated disk does not see them: what was written to them counts as
//! durable at once, and so does their removal. The rule that a file must not be removed before its row is tested all
//! the same, because a power cut can bring the row back.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::client::OpenError;
use pocketdesk::environment::Environment;
use pocketdesk::live::Subscription;
use pocketdesk::net::{TokenFailure, Tokens};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_disk::{Cut, Disk, Keep};

use crate::executor::{Executor, Stopped};
use crate::server::ModelServer;
use crate::{Violation, World};

/// The most polls for one event. A client that needs more never comes to rest.
const MAX_POLLS: u64 = 40_000;

/// The app's account id.
pub(crate) const ACCOUNT: &str = "ada";

/// What goes wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// The user is signed out.
    SignedOut,
    /// There is no token at the moment.
    Unavailable,
    /// The token belongs to another user.
    WrongUser,
}

/// The host app's token provider.
#[derive(Default)]
pub(crate) struct Provider(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    fault: Option<(TokenFault, u8)>,
    issued: u32,
}

impl Provider {
    pub fn inject(&self, fault: TokenFault, times: u8) {
        self.answers().fault = Some((fault, times));
    }

    pub fn all_off(&self) {
        self.answers().fault = None;
    }

    /// Whether no fault is to come.
    pub fn are_well(&self) -> bool {
        self.answers().fault.is_none_or(|(_, times)| times == 0)
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Tokens for Provider {
    async fn token(&self, refused: bool) -> Result<String, TokenFailure> {
        let mut answers = self.answers();
        let fault = match &mut answers.fault {
            Some((fault, times)) if *times > 0 => {
                *times -= 1;
                Some(*fault)
            }
            _ => None,
        };
        answers.issued += u32::from(refused);
        match fault {
            None => Ok(format!("ada.{}", answers.issued)),
            Some(TokenFault::WrongUser) => Ok(format!("eve.{}", answers.issued)),
            Some(TokenFault::SignedOut) => Err(TokenFailure::SignedOut),
            Some(TokenFault::Unavailable) => Err(TokenFailure::Unavailable),
        }
    }
}

/// Every file below a folder, with its bytes.
pub(crate) type Files = Vec<(PathBuf, Vec<u8>)>;

pub(crate) struct Device {
    world: World,
    server: Arc<ModelServer>,
    pub tokens: Arc<Provider>,
    executor: Executor,
    directory: PathBuf,
    disk: Disk,
    product: String,
    app: Option<(Arc<Client>, Subscription)>,
    pub installation: u32,
    kill_in: Option<u64>,
    cut_is_planned: bool,
    pub kills: u64,
    /// How often the app was suspended, which drops the run that is under way.
    pub suspensions: u64,
    /// Cuts of the process or the power in the middle of a write or sync.
    pub cuts: u64,
    suspended: bool,
    fresh: bool,
}

impl Device {
    pub fn new(world: World, server: Arc<ModelServer>, directory: &Path, product: String) -> Self {
        Self {
            executor: Executor::new(world.clone()),
            world,
            server,
            tokens: Arc::default(),
            directory: directory.to_owned(),
            disk: Disk::watch(directory),
            product,
            app: None,
            installation: 1,
            kill_in: None,
            cut_is_planned: false,
            kills: 0,
            suspensions: 0,
            cuts: 0,
            suspended: false,
            fresh: false,
        }
    }

    /// The client of the running app.
    pub fn app(&self) -> Option<&Arc<Client>> {
        self.app.as_ref().map(|(client, _)| client)
    }

    /// Whether the app was started since the last call.
    pub fn is_fresh(&mut self) -> bool {
        std::mem::take(&mut self.fresh)
    }

    pub fn is_suspended(&self) -> bool {
        self.suspended
    }

    pub fn subscription(&self) -> Option<&Subscription> {
        self.app.as_ref().map(|(_, subscription)| subscription)
    }

    /// The client of the running app, which is started or resumed first if necessary. If a planned cut happens
    /// meanwhile, it starts again.
    pub fn start(&mut self) -> Result<Arc<Client>, Violation> {
        loop {
            match self.try_start() {
                Err(_) if self.handle_cut() => {}
                started => return started,
            }
        }
    }

    fn try_start(&mut self) -> Result<Arc<Client>, Violation> {
        if let Some((client, _)) = &self.app {
            if std::mem::take(&mut self.suspended) {
                client.resume().map_err(|error| Violation::new(format!("the app does not resume: {error:?}")))?;
            }
            return Ok(Arc::clone(client));
        }
        let opened = self.open(&Arc::new(self.world.clone()));
        let client = Arc::new(opened.map_err(|error| Violation::new(format!("the file does not open: {error:?}")))?);
        self.world.note(|| "the app starts".to_owned());
        let driver = Arc::clone(&client);
        self.executor.spawn(async move { driver.drive().await });
        self.app = Some((Arc::clone(&client), client.subscribe()));
        self.fresh = true;
        Ok(client)
    }

    /// Starts one more sync, beside whatever is running.
    pub fn sync_beside(&mut self) {
        if let Some((client, _)) = &self.app {
            let client = Arc::clone(client);
            self.executor.spawn(async move { drop(client.sync(Scope::Everything).await) });
        }
    }

    /// Starts background work for this many seconds.
    pub fn work_in_background(&mut self, seconds: u8) {
        if let Some((client, _)) = &self.app {
            let client = Arc::clone(client);
            self.executor.spawn(async move {
                let _ = client.sync_until(Duration::from_secs(seconds.into())).await;
            });
        }
    }

    /// Suspends the app until it is next used.
    pub fn suspend(&mut self) {
        if let Some((client, _)) = &self.app {
            client.suspend();
            self.suspended = true;
            self.suspensions += 1;
        }
    }

    /// Plans that the process is killed or the power is cut after this many more writes and syncs.
    pub fn cut_after(&mut self, operations: u8, keep: Keep) {
        self.cut_is_planned = true;
        self.disk.cut_at(Cut { after: operations.into(), keep });
    }

    /// Finds out whether a planned cut has happened. If so, the process ends, and the disk has what survived.
    pub fn handle_cut(&mut self) -> bool {
        if !self.disk.is_cut() {
            return false;
        }
        self.world.note(|| "cut in the middle of a write or sync".to_owned());
        self.cuts += 1;
        self.end();
        true
    }

    fn end(&mut self) {
        self.executor.cut_all();
        self.app = None;
        (self.suspended, self.cut_is_planned) = (false, false);
        self.disk.restore();
    }

    /// Whether the end of the process is planned.
    pub fn is_in_danger(&self) -> bool {
        self.kill_in.is_some() || self.cut_is_planned
    }

    pub fn kill_in(&mut self, polls: u8) {
        self.kill_in = Some(polls.into());
    }

    /// Cancels whatever was planned.
    pub fn never_kill(&mut self) {
        (self.kill_in, self.cut_is_planned) = (None, false);
        self.disk.restore();
    }

    /// Lets `length` ms pass, and kills the process if that was planned for this time.
    pub fn pass(&mut self, length: u64) -> Result<(), Violation> {
        let until = self.world.time() + i64::try_from(length).unwrap_or_default();
        let mut polls = self.kill_in.filter(|_| self.app.is_some()).unwrap_or(MAX_POLLS);
        let stopped = self.executor.run(length, &mut polls);
        if self.kill_in.is_some() && self.app.is_some() {
            self.kill_in = Some(polls);
        }
        if stopped == Stopped::Polls {
            if self.kill_in.take().is_none() {
                return Err(Violation::new("the client never comes to rest"));
            }
            self.kill();
            let left = u64::try_from(until - self.world.time()).unwrap_or_default();
            self.executor.run(left, &mut MAX_POLLS.clone());
        }
        Ok(())
    }

    /// Kills the process now.
    pub fn kill(&mut self) {
        if self.app.is_none() {
            return;
        }
        self.world.note(|| "the process is killed".to_owned());
        self.kills += 1;
        self.disk.cut(Keep::All);
        self.end();
    }

    /// Copies every file as it is now.
    pub fn files(&self) -> Files {
        let mut files = Files::new();
        gather(&self.directory, &mut files);
        files
    }

    /// Replaces the folder's content by a copy, as if it were on another device: the process belongs to another
    /// installation.
    pub fn become_copy(&mut self, files: &Files) {
        self.kill();
        self.put(files);
        // What was not synced on this disk does not concern the copy.
        self.disk = Disk::watch(&self.directory);
        self.installation += 1;
        self.kill_in = None;
    }

    /// Puts a new, empty file of the account into the folder. Creating one takes as long as half a schedule. So only
    /// the first call on a thread creates one, by opening and closing it, and keeps a copy. Every later call on the
    /// thread puts that copy into the folder. Call this before anything else. A schedule that does not call it creates
    /// its file itself, at its first opening.
    pub fn start_from_template(&mut self) -> Result<(), Violation> {
        thread_local! {
            static TEMPLATE: RefCell<Option<Files>> = const { RefCell::new(None) };
        }
        if let Some(template) = TEMPLATE.take() {
            let files = template.iter().map(|(path, bytes)| (self.directory.join(path), bytes.clone())).collect();
            TEMPLATE.set(Some(template));
            self.put(&files);
        } else {
            let failed = |error| Violation::new(format!("the file cannot be made: {error:?}"));
            self.open(&Arc::new(World::new(0))).map_err(failed)?.close();
            let relative =
                |(path, bytes): (PathBuf, Vec<u8>)| Some((path.strip_prefix(&self.directory).ok()?.to_owned(), bytes));
            TEMPLATE.set(Some(self.files().into_iter().filter_map(relative).collect()));
        }
        self.disk = Disk::watch(&self.directory);
        Ok(())
    }

    fn open(&self, world: &Arc<World>) -> Result<Client, OpenError> {
        let mut config = ClientConfig::new(&self.directory, ACCOUNT, "https://desk.example");
        config.product = Some(self.product.clone());
        config.installation = Some(format!("installation {}", self.installation));
        let http = Arc::new(self.server.connect(self.installation));
        let tokens = Arc::clone(&self.tokens) as Arc<dyn Tokens>;
        Client::open(&config, http, tokens, Arc::clone(world) as Arc<dyn Environment>)
    }

    fn put(&self, files: &Files) {
        clear(&self.directory);
        for (path, bytes) in files {
            if let Some(folder) = path.parent() {
                let _ = fs::create_dir_all(folder);
            }
            let _ = fs::write(path, bytes);
        }
    }
}

/// Collects every file except the shared-memory index of the log, which is rebuilt at every start.
fn gather(folder: &Path, files: &mut Files) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            gather(&path, files);
        } else if !path.to_string_lossy().ends_with("-shm") {
            files.extend(fs::read(&path).ok().map(|bytes| (path, bytes)));
        }
    }
}

/// Removes every file below `folder`.
pub(crate) fn clear(folder: &Path) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            clear(&path);
        } else {
            let _ = fs::remove_file(path);
        }
    }
}
