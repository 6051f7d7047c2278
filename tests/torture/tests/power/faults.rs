//! The disk is full, fails or cannot be read: a clear error, nothing half-written, and all goes on when that is over.

use std::path::Path;
use std::process::Command;

use pocketdesk::model::TicketDraft;
use pocketdesk::store::StoreError;
use pocketdesk_disk::{Disk, Fault};

use crate::session::{Ended, Session};
use crate::{folder, step};

/// The session with a fault after so many operations, for so many; then the fault is over, and the same server goes on.
/// What the session said, and whether it got that far.
fn meet(fault: Fault, after: u64, for_ops: Option<u64>) -> (Option<StoreError>, bool) {
    let folder = folder();
    let disk = Disk::watch(folder.path());
    disk.fail(fault, after, for_ops);
    let mut session = Session::new(folder.path());
    let outcome = session.run();
    let counts = disk.counts();
    disk.heal();
    session.kept(after.is_multiple_of(8));
    let met = if fault == Fault::Unreadable { counts.reads } else { counts.writes + counts.syncs } > after;
    (outcome.err().map(|Ended(error)| error), met)
}

/// Every operation in turn (or every so many), with a fault that stays and one that passes at once.
fn sweep(step: usize, fault: Fault, expected: impl Fn(&StoreError) -> bool) {
    let mut errors = 0;
    for for_ops in [None, Some(1)] {
        for after in (0..).step_by(step) {
            let (error, met) = meet(fault, after, for_ops);
            assert!(error.as_ref().is_none_or(&expected), "{fault:?} after {after} for {for_ops:?}: {error:?}");
            errors += usize::from(error.is_some());
            if !met {
                break;
            }
        }
    }
    assert!(errors > 20, "only {errors} calls failed");
}

#[test]
fn a_full_disk_is_called_that_and_costs_nothing() {
    sweep(step(7), Fault::Full, |error| *error == StoreError::NoSpace);
}

#[test]
fn a_disk_that_fails_costs_nothing() {
    sweep(step(7), Fault::Io, |error| matches!(error, StoreError::Io { .. }));
}

#[test]
fn a_disk_that_cannot_be_read_costs_nothing() {
    sweep(step(7), Fault::Unreadable, |error| matches!(error, StoreError::Io { .. }));
}

/// A small disk of its own, gone when it is dropped.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(folder.path()).output();
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
fn a_really_full_disk_is_called_that_and_costs_nothing() {
    let Some(small) = Small::mount() else {
        println!("not tried: this user cannot mount a small disk");
        return;
    };
    let mut session = Session::new(small.path());
    let client = session.open().unwrap();
    let ballast = small.path().join("photos");
    std::fs::write(&ballast, vec![0; 64 * 1024]).unwrap();
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
        assert!(written.len() < 1_000, "a small disk is full at some time");
    };
    assert_eq!(error, StoreError::NoSpace);
    assert!(written.len() > 3);
    // What is there can be read, and what was refused is accepted as soon as there is space.
    assert_eq!(client.history(None, 1).unwrap().total, u64::try_from(written.len()).unwrap());
    std::fs::remove_file(ballast).unwrap();
    drop(client);
    session.kept(false);
}
