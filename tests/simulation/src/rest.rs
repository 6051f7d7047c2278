//! The parts of a run in which the client has to do well although the server is in a mood.

use std::sync::Arc;

use pocketdesk::model::{Delivery, normalise};

use crate::run::{Run, SETTLE_TIME};
use crate::{Violation, user};

/// While a mood lasts, this much time passes in which nothing happens, in ms, and at most so many requests are made.
const QUIET_TIME: u64 = 1_800_000;
const MAX_QUIET_REQUESTS: u64 = 100;
/// A reply that is written during a run waits at most for so many requests: the token's user, and the thread if it was
/// never read.
const MAX_READS_BEFORE: u64 = 4;

impl Run {
    /// Waits until everything has come to rest as far as the moods that last allow, checks what a user may expect, and
    /// ends them.
    pub fn rest_in_a_mood(&mut self) -> Result<(), Violation> {
        let app = self.device.start()?;
        self.check()?;
        let failed = |error| Violation::new(format!("asking for a sync failed: {error:?}"));
        app.set_in_front(false).map_err(failed)?;
        app.set_online(true).map_err(failed)?;
        for _ in 0..4 {
            self.device.pass(SETTLE_TIME)?;
            app.sync_now().map_err(failed)?;
            self.device.pass(SETTLE_TIME / 4)?;
            self.check()?;
        }
        let before = self.server.state().log().requests;
        self.device.pass(QUIET_TIME)?;
        self.check()?;
        let made = self.server.state().log().requests - before;
        if made > MAX_QUIET_REQUESTS {
            return Err(Violation::new(format!("{made} requests in a quiet half hour")));
        }
        self.oracle.check_in_a_mood(&app, &self.server)?;
        self.world.note(|| "from here on there are no moods".to_owned());
        self.server.moods_off();
        Ok(())
    }

    /// The user replies while a run is under way, and nothing else is in the way. The reply leaves after the request that
    /// is under way, and after those that it needs itself.
    pub fn prompt(&mut self, ticket: u8, text: u8) -> Result<(), Violation> {
        let text = user::reply_text(text);
        let Some(app) = self.device.app().map(Arc::clone).filter(|_| !self.device.is_suspended()) else {
            return Ok(());
        };
        let state = app.state().map_err(|error| Violation::new(format!("no state: {error:?}")))?;
        let undisturbed = self.server.is_well() && self.device.tokens.are_well() && !self.device.is_in_danger();
        let Some(row) = user::row(&app, ticket)? else { return Ok(()) };
        if !state.syncing || state.problem.is_some() || !state.online || state.waiting > 0 || !undisturbed {
            return Ok(());
        }
        let by = (self.device.installation, normalise(&user::accepted(text)));
        let counts = |run: &Self| {
            let server = run.server.state();
            let log = server.log();
            let reads = log.requests - log.writes - log.uploads;
            (log.attempts_of.get(&by).copied().unwrap_or_default(), reads, log.read_marks)
        };
        let (attempts, reads, marks) = counts(self);
        self.world.note(|| format!("user: replies in #{:?} and waits", row.number));
        user::reply(&app, &mut self.oracle, row.id, text, 1)?;
        let queued = || {
            let thread = app.thread(row.id, None, 200).map(|page| page.messages).unwrap_or_default();
            thread.iter().any(|message| message.delivery == Delivery::Queued)
        };
        // Nothing that is under way takes longer than these two minutes.
        for _ in 0..1_200 {
            if !queued() || counts(self).0 > attempts {
                break;
            }
            let (_, reads_now, marks_now) = counts(self);
            if reads_now - reads > MAX_READS_BEFORE {
                return Err(Violation::new(format!("a reply waited for {} requests", reads_now - reads)));
            }
            // One may have been chosen just before the reply was written.
            if marks_now - marks > 1 {
                return Err(Violation::new(format!("{} read marks were sent before a reply", marks_now - marks)));
            }
            self.device.pass(100)?;
        }
        Ok(())
    }
}
