//! The power goes.

use pocketdesk_disk::{Cut, Disk, Keep};

use crate::session::Session;
use crate::{folder, step};

/// The session, with the power cut after so many writes and syncs. False if it ended before that.
fn cut(after: u64, keep: Keep) -> bool {
    let folder = folder();
    let disk = Disk::watch(folder.path());
    disk.cut_at(Cut { after, keep });
    let mut session = Session::new(folder.path());
    let outcome = session.run();
    session.drop_server();
    let went = disk.is_cut();
    assert!(went || outcome.is_ok(), "{outcome:?}");
    disk.restore();
    // Sending all of it takes longer than everything else together.
    session.kept(after.is_multiple_of(8));
    went
}

/// Every write and sync in turn (or every so many), each with what `keep` makes of its number.
fn sweep(step: usize, keep: impl Fn(u64) -> Keep) {
    let past_the_end = (0..).step_by(step).find(|after| !cut(*after, keep(*after)));
    assert!(past_the_end > Some(300), "a session has more than {past_the_end:?} writes");
}

#[test]
fn a_killed_process_loses_nothing_that_was_accepted() {
    sweep(step(9), |_| Keep::All);
}

#[test]
fn without_power_everything_accepted_survives() {
    sweep(1, |_| Keep::Synced);
}

#[test]
fn with_torn_writes_everything_accepted_survives() {
    sweep(step(3), Keep::Torn);
}
