//! Power cuts.

use pocketdesk_disk::{Cut, Disk, Keep};

use crate::session::Session;
use crate::{folder, step};

/// Runs the session with a power cut after this many writes and syncs, and checks the promises. Returns false if the
/// session ended before the cut.
fn cut(after: u64, keep: Keep) -> bool {
    let folder = folder();
    let disk = Disk::watch(folder.path());
    disk.cut_at(Cut { after, keep });
    let mut session = Session::new(folder.path());
    let outcome = session.run();
    session.drop_client();
    let was_cut = disk.is_cut();
    assert!(was_cut || outcome.is_ok(), "{outcome:?}");
    disk.restore();
    // Only some cuts are followed by sending everything, because that takes longer than all the rest together.
    session.check_promises(after.is_multiple_of(8));
    was_cut
}

/// Cuts at every `step`th write or sync, each with the `keep` for its number.
fn cut_everywhere(step: usize, keep: impl Fn(u64) -> Keep) {
    let past_the_end = (0..).step_by(step).find(|after| !cut(*after, keep(*after)));
    assert!(past_the_end > Some(300), "a session must have more than {past_the_end:?} writes");
}

#[test]
fn a_killed_process_loses_nothing_that_was_accepted() {
    cut_everywhere(step(9), |_| Keep::All);
}

#[test]
fn without_power_everything_accepted_survives() {
    cut_everywhere(1, |_| Keep::Synced);
}

#[test]
fn with_torn_writes_everything_accepted_survives() {
    cut_everywhere(step(3), Keep::Torn);
}
