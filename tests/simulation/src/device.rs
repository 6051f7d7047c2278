//! The device: a folder, a process that holds the desk, its tokens, and what happens to them.
//!
//! A process that is killed loses what it had in memory, and nothing that it had written: its connections are dropped, and
//! the files are put back as they were at that moment (closing a database tidies its log away, which no killed process
//! does).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pocketdesk::live::Subscription;
use pocketdesk::remote::{TokenFailure, Tokens};
use pocketdesk::sync::Scope;
use pocketdesk::{Desk, DeskConfig};

use crate::desk::ModelDesk;
use crate::executor::{Executor, Stopped};
use crate::{Violation, World};

/// Polls for one event; a client that needs more never rests.
const MOST_POLLS: u64 = 40_000;

/// The app's account id.
pub(crate) const ACCOUNT: &str = "ada";

/// What a token provider does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Nobody is signed in.
    SignedOut,
    /// No token at the moment.
    Unavailable,
    /// A token of somebody else.
    SomebodyElse,
}

/// The host app's tokens.
#[derive(Default)]
pub(crate) struct Provider(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    fault: Option<(TokenFault, u8)>,
    issued: u32,
}

impl Provider {
    pub fn order(&self, fault: TokenFault, times: u8) {
        self.answers().fault = Some((fault, times));
    }

    pub fn all_off(&self) {
        self.answers().fault = None;
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
            Some(TokenFault::SomebodyElse) => Ok(format!("eve.{}", answers.issued)),
            Some(TokenFault::SignedOut) => Err(TokenFailure::SignedOut),
            Some(TokenFault::Unavailable) => Err(TokenFailure::Unavailable),
        }
    }
}

/// The bytes of every file below a folder.
pub(crate) type Files = Vec<(PathBuf, Vec<u8>)>;

pub(crate) struct Device {
    world: World,
    desk: Arc<ModelDesk>,
    pub tokens: Arc<Provider>,
    executor: Executor,
    directory: PathBuf,
    profile: String,
    app: Option<(Arc<Desk>, Subscription)>,
    pub installation: u32,
    kill_in: Option<u64>,
    pub kills: u64,
}

impl Device {
    pub fn new(world: World, desk: Arc<ModelDesk>, directory: &Path, profile: String) -> Self {
        Self {
            executor: Executor::new(world.clone()),
            world,
            desk,
            tokens: Arc::default(),
            directory: directory.to_owned(),
            profile,
            app: None,
            installation: 1,
            kill_in: None,
            kills: 0,
        }
    }

    /// The running app.
    pub fn app(&self) -> Option<&Arc<Desk>> {
        self.app.as_ref().map(|(desk, _)| desk)
    }

    pub fn subscription(&self) -> Option<&Subscription> {
        self.app.as_ref().map(|(_, subscription)| subscription)
    }

    /// The running app; started if it is not.
    pub fn start(&mut self) -> Result<Arc<Desk>, Violation> {
        if let Some((desk, _)) = &self.app {
            return Ok(Arc::clone(desk));
        }
        let mut config = DeskConfig::new(&self.directory, ACCOUNT, "https://desk.example");
        config.profile = Some(self.profile.clone());
        config.installation = Some(format!("installation {}", self.installation));
        let http = Arc::new(self.desk.line(self.installation));
        let tokens = Arc::clone(&self.tokens) as Arc<dyn Tokens>;
        let opened = Desk::open(&config, http, tokens, Arc::new(self.world.clone()));
        let desk = Arc::new(opened.map_err(|error| Violation::new(format!("the file does not open: {error:?}")))?);
        self.world.note(|| "the app starts".to_owned());
        let driver = Arc::clone(&desk);
        self.executor.spawn(async move { driver.drive().await });
        self.app = Some((Arc::clone(&desk), desk.subscribe()));
        Ok(desk)
    }

    /// One more sync, beside whatever is running.
    pub fn sync_beside(&mut self) {
        if let Some((desk, _)) = &self.app {
            let desk = Arc::clone(desk);
            self.executor.spawn(async move { drop(desk.sync(Scope::Everything).await) });
        }
    }

    pub fn kill_in(&mut self, polls: u8) {
        self.kill_in = Some(polls.into());
    }

    pub fn never_kill(&mut self) {
        self.kill_in = None;
    }

    /// Lets so much time pass, and kills the process if its end comes.
    pub fn pass(&mut self, length: u64) -> Result<(), Violation> {
        let until = self.world.time() + i64::try_from(length).unwrap_or_default();
        let mut polls = self.kill_in.filter(|_| self.app.is_some()).unwrap_or(MOST_POLLS);
        let stopped = self.executor.run(length, &mut polls);
        if self.kill_in.is_some() && self.app.is_some() {
            self.kill_in = Some(polls);
        }
        if stopped == Stopped::Polls {
            if self.kill_in.take().is_none() {
                return Err(Violation::new("the client never rests"));
            }
            self.kill();
            let left = u64::try_from(until - self.world.time()).unwrap_or_default();
            self.executor.run(left, &mut MOST_POLLS.clone());
        }
        Ok(())
    }

    /// Ends the process here.
    pub fn kill(&mut self) {
        if self.app.is_none() {
            return;
        }
        self.world.note(|| "the process is killed".to_owned());
        self.kills += 1;
        let files = self.files();
        self.executor.cut_all();
        self.app = None;
        self.put(&files);
    }

    /// Copies every file as it is now.
    pub fn files(&self) -> Files {
        let mut files = Files::new();
        gather(&self.directory, &mut files);
        files
    }

    /// This folder is now that copy, and the process is another installation's.
    pub fn become_copy(&mut self, files: &Files) {
        self.kill();
        self.put(files);
        self.installation += 1;
        self.kill_in = None;
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

/// Every file but the shared index of a log, which is made anew at every start.
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
