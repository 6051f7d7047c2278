//! A disk that is full, fails or cannot be read: calls fail with a clear error, nothing is half-written, and everything
//! continues when the fault is over.

use std::path::Path;
use std::process::Command;

use pocketdesk::model::TicketDraft;
use pocketdesk::store::StoreError;
use pocketdesk_disk::{Disk, Fault};

use crate::session::{Ended, Session};
use crate::{folder, step};

/// Runs the session with a fault after this many operations, for this many. Then the fault ends, and the same client
/// continues. Returns the session's error, and whether the fault happened.
fn run_with_fault(fault: Fault, after: u64, for_ops: Option<u64>) -> (Option<StoreError>, bool) {
    let folder = folder();
    let disk = Disk::watch(folder.path());
    disk.fail(fault, after, for_ops);
    let mut session = Session::new(folder.path());
    let outcome = session.run();
    let counts = disk.counts();
    disk.heal();
    session.check_promises(after.is_multiple_of(8));
    let happened = if fault == Fault::Unreadable { counts.reads } else { counts.writes + counts.syncs } > after;
    (outcome.err().map(|Ended(error)| error), happened)
}

/// Tries every `step`th operation, with a fault that stays and with one that affects one operation only.
fn fail_everywhere(step: usize, fault: Fault, expected: impl Fn(&StoreError) -> bool) {
    let mut errors = 0;
    for for_ops in [None, Some(1)] {
        for after in (0..).step_by(step) {
            let (error, happened) = run_with_fault(fault, after, for_ops);
            assert!(error.as_ref().is_none_or(&expected), "{fault:?} after {after} for {for_ops:?}: {error:?}");
            errors += usize::from(error.is_some());
            if !happened {
                break;
            }
        }
    }
    assert!(errors > 20, "only {errors} calls failed");
}

#[test]
fn a_full_disk_is_reported_and_loses_nothing() {
    fail_everywhere(step(7), Fault::Full, |error| *error == StoreError::NoSpace);
}

#[test]
fn a_failing_disk_loses_nothing() {
    fail_everywhere(step(7), Fault::Io, |error| matches!(error, StoreError::Io { .. }));
}

#[test]
fn an_unreadable_disk_loses_nothing() {
    fail_everywhere(step(7), Fault::Unreadable, |error| matches!(error, StoreError::Io { .. }));
}

/// A small disk, which is unmounted when it is dropped.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

#[test]
fn a_really_full_disk_is_reported_and_loses_nothing() {
    let Some(small) = Small::mount() else {
        println!("skipped: this user cannot mount a small disk");
        return;
    };
    let mut session = Session::new(small.path());
    let client = session.open().unwrap();
    let ballast = small.path().join("photos");
    // More than one write takes: it puts every page that it changes into the log, and a copy of the log into the file.
    std::fs::write(&ballast, vec![0; 512 * 1024]).unwrap();
    let mut written = Vec::new();
    let error = loop {
        let draft = TicketDraft {
            subject: format!("Vorgang {} 📦", written.len()),
            description: "Sehr ausführlich, über mehrere Seiten.\n".repeat(60).trim().to_owned(),
            ..client.ticket_draft().unwrap()
        };
        match session.submit(&client, &draft) {
            Ok(_) => written.push(draft),
            Err(Ended(error)) => break error,
        }
        assert!(written.len() < 1_000, "a small disk must become full");
    };
    assert_eq!(error, StoreError::NoSpace);
    assert!(written.len() > 3);
    // What was accepted can be read, and what was refused is accepted as soon as there is space.
    assert_eq!(client.history(None, 1).unwrap().total, u64::try_from(written.len()).unwrap());
    std::fs::remove_file(ballast).unwrap();
    drop(client);
    session.check_promises(false);
}
