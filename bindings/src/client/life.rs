//! The life of a client: when it syncs, when the app is in front, suspended or in the background, and signing out.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::{Client, Subscription};
use crate::callbacks::{ChangeListener, forward};
use crate::errors::ClientError;
use crate::runtime;
use crate::types::{SignOut, SyncOutcome, Unsent};

/// The longest time for which one call syncs, in seconds.
const LONGEST_BACKGROUND: u32 = 600;

#[uniffi::export]
impl Client {
    /// Requests a sync of everything and returns at once. A message that waits to be sent again no longer waits, and
    /// neither does sync after a failure, unless the server asked for the wait. Without a network the sync begins when
    /// the network returns. The end of the sync is visible in `status`.
    pub fn sync_now(&self) -> Result<(), ClientError> {
        self.call(|client| Ok(client.sync_now()?))
    }

    /// Reports whether the device has a network; assumed to be true after opening. After `true` what the user wrote is
    /// sent at once, and waits end as in `sync_now`. If there was no network before, the history is read, too: at once
    /// if the help desk had little load when it was last heard of, otherwise after a random wait. After `false`, and
    /// until the next `true`, the client does not sync by itself, and neither sends nor downloads anything. `false`
    /// also ends the time in which messages can be undone; they wait to be sent, and can be edited and discarded.
    pub fn set_online(&self, online: bool) -> Result<(), ClientError> {
        self.call(|client| Ok(client.set_online(online)?))
    }

    /// Reports whether the app is in front; assumed to be false after opening. Only while the app is in front, sync
    /// asks the server for news at intervals, and a message can be undone for some seconds (not without a network).
    /// `true` asks for news, unless that happened a moment ago. `false` ends the time in which messages can be undone:
    /// they are sent as soon as the network allows.
    pub fn set_in_front(&self, in_front: bool) -> Result<(), ClientError> {
        self.call(|client| Ok(client.set_in_front(in_front)?))
    }

    /// Calls `listener` for every change from now on, until the subscription is cancelled or dropped, or the client is
    /// closed. Keep the returned object for as long as the listener is needed.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<Subscription>, ClientError> {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let tasks = tasks.as_mut().ok_or(ClientError::Closed)?;
        let handle = runtime::handle().ok_or(ClientError::InternalFault)?;
        let task = forward(handle, self.client.subscribe(), listener);
        tasks.retain(|task| !task.is_finished());
        tasks.push(task.clone());
        Ok(Arc::new(Subscription { task }))
    }

    /// Reports that a push message arrived for the ticket with this number on the server. Sync then sends what is due,
    /// asks the server for this ticket, and reads the ticket's thread if the ticket has changed. If this device does
    /// not know the number, sync reads every list instead.
    pub fn on_push(&self, number: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.on_push(number)?))
    }

    /// Says whether push messages about tickets reach this device. While they do, sync asks the server for news only
    /// every ten minutes to four hours while the app is in front, in case a push message gets lost. A client that was
    /// just opened assumes that they do not; the value is not stored. Returns at once.
    pub fn set_push_enabled(&self, enabled: bool) {
        self.client.set_push_enabled(enabled);
    }

    /// Closes every connection and unlocks the account's folder, because the system is about to freeze the app:
    /// afterwards the process holds no lock and no open file. Waits for running transactions only, not for the network;
    /// a running sync is dropped. Until `resume`, every call that needs the file and can throw throws `Suspended` at
    /// once. Drafts are not saved meanwhile: keep what the user types, and save it after `resume`. Does nothing if
    /// already suspended.
    pub fn suspend(&self) {
        self.client.suspend();
    }

    /// Opens the account's file again after `suspend`, and sends what is due. The history is read when the app comes to
    /// the front (`set_in_front`). After an error the client is still suspended; try again later. Throws `InUse` if
    /// another process, or another client of this process, has the account open. Does nothing if not suspended.
    pub fn resume(&self) -> Result<(), ClientError> {
        self.call(|client| Ok(client.resume()?))
    }

    /// Syncs for background work: sends what is due, reads what changed, and returns within `seconds` (at most 600).
    /// Reads every list, unless a push message has named a ticket in the last minute: then it reads that ticket alone.
    /// Blocks until then, so call it from a background thread. If a sync is already running, joins it. No new write is
    /// sent in the last seconds, because a write that is cut off has an ambiguous outcome. Unfinished work stays on
    /// disk and continues later. Does not throw if the client is closed or suspended, or if the file cannot be read:
    /// the result then has `more` set and no `retry_in`.
    pub fn sync_until(&self, seconds: u32) -> Result<SyncOutcome, ClientError> {
        self.call(|client| {
            let handle = runtime::handle().ok_or(ClientError::InternalFault)?;
            let time = Duration::from_secs(seconds.min(LONGEST_BACKGROUND).into());
            Ok(handle.block_on(client.sync_until(time)).into())
        })
    }

    /// Returns what `sign_out` with `Discard` would lose. Tell the user before signing out.
    pub fn unsent(&self) -> Result<Unsent, ClientError> {
        self.call(|client| Ok(client.unsent()?.into()))
    }

    /// Signs out. `SignOut.Discard` removes everything of the account from the device. `SignOut.Keep` keeps only what
    /// is unsent, for this account's next sign-in. To send first, call `sync_until`, and then `unsent` again.
    ///
    /// Afterwards every call throws `Closed`. If the process is killed, or an error happens, after the removal has
    /// started, the sign-out is completed when any client in the same directory is opened next. If this throws and the
    /// client is not closed, nothing was removed.
    pub fn sign_out(&self, mode: SignOut) -> Result<(), ClientError> {
        let done = self.call(|client| Ok(client.sign_out(mode.into())?));
        if self.client.is_closed() {
            self.close();
        }
        done
    }

    /// Reports that the user has seen `SyncStatus.recovered`. From now on `SyncStatus.recovered` is none.
    pub fn acknowledge_recovery(&self) -> Result<(), ClientError> {
        self.call(|client| Ok(client.acknowledge_recovery()?))
    }

    /// Closes the account's file and ends every subscription. Calls from now on throw `Closed`. Does nothing if already
    /// closed. Unsent messages stay on disk and are sent after the account is opened again. Dropping the client closes
    /// it, too.
    pub fn close(&self) {
        self.client.close();
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take();
        for task in tasks.into_iter().flatten() {
            task.abort();
        }
    }
}
