//! A user who writes while sync stores what it has read need not wait for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::store::db::connection;
use crate::store::room::decide::{SLICE, SMALL_SLICE};
use crate::store::tests::*;

/// A page of a list with the tickets of these numbers.
fn store_page(store: &Store, list: &TicketList, numbers: std::ops::Range<i64>, next: Option<&str>) {
    let tickets: Vec<RemoteTicket> = numbers.map(|number| remote(number, number)).collect();
    let page = PulledPage { list, tickets: &tickets, step: PageStep::Backfill(next), seen: SEEN };
    store.apply_page(&page).unwrap();
}

#[test]
fn sync_ends_its_transaction_as_soon_as_a_user_waits() {
    let fixture = fixture();
    let ticket = fixture.known();
    thread::scope(|scope| {
        let write = fixture.store.write(Priority::Sync, |edit| {
            assert!(edit.has_room() && edit.has_room(), "nobody waits");
            let user = scope.spawn(|| fixture.reply(ticket, 20, "Wann kommt die Auszahlung? 🙏"));
            while !fixture.store.writer_lock.is_user_waiting() {
                thread::yield_now();
            }
            assert!(!edit.has_room(), "the user goes first");
            Ok(user)
        });
        write.unwrap().join().unwrap();
    });
    assert_eq!(fixture.thread(ticket).len(), 2);
}

#[test]
fn a_new_transaction_of_sync_stores_one_row_whoever_waits() {
    let fixture = fixture();
    let ticket = fixture.known();
    thread::scope(|scope| {
        let write = fixture.store.write(Priority::Sync, |edit| {
            let user = scope.spawn(|| fixture.reply(ticket, 20, "ok"));
            while !fixture.store.writer_lock.is_user_waiting() {
                thread::yield_now();
            }
            assert!(edit.has_room() && !edit.has_room(), "sync goes on, row by row");
            Ok(user)
        });
        write.unwrap().join().unwrap();
    });
}

#[test]
fn transactions_of_sync_are_small_after_a_user_has_written() {
    let fixture = fixture();
    let ticket = fixture.known();
    let room = || fixture.store.write(Priority::Sync, |edit| Ok(edit.room)).unwrap();
    let list = TicketList("own".to_owned());
    for from in (1_000..7_000).step_by(200) {
        store_page(&fixture.store, &list, from..from + 200, Some("more"));
    }
    assert_eq!(room(), SLICE);
    fixture.reply(ticket, 20, "Nachtrag");
    assert_eq!(room(), SMALL_SLICE);
}

#[test]
fn a_page_is_stored_whole_however_often_a_user_writes_meanwhile() {
    let fixture = fixture();
    let ticket = fixture.known();
    let list = TicketList("own".to_owned());
    let (stored, first) = (AtomicBool::new(false), AtomicBool::new(false));
    let replies = thread::scope(|scope| {
        let user = scope.spawn(|| {
            let mut replies = 0;
            while replies == 0 || !stored.load(Ordering::Relaxed) {
                replies += 1;
                fixture.reply(ticket, 10_000 + replies, "Und noch etwas: שלום");
                first.store(true, Ordering::Relaxed);
            }
            replies
        });
        while !first.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        store_page(&fixture.store, &list, 1_000..1_450, None);
        stored.store(true, Ordering::Relaxed);
        user.join().unwrap()
    });
    assert_eq!(fixture.store.history(None, 1).unwrap().total, 451);
    assert_eq!(fixture.store.list_state(&list).unwrap().backfill_rows, 450, "the page counts once");
    // A fast machine writes more replies than one page of a thread has.
    assert_eq!(u128::from(fixture.store.ticket(ticket).unwrap().row.waiting), replies);
}

#[test]
fn sync_keeps_the_log_short_and_a_reader_does_not_make_it_fail() {
    let fixture = fixture();
    let list = TicketList("own".to_owned());
    let (mut longest, mut from) = (0, 1_000);
    let mut store_some = || {
        for _ in 0..15 {
            store_page(&fixture.store, &list, from..from + 100, Some("more"));
            from += 100;
            longest = longest.max(length(&fixture.store));
        }
        std::mem::take(&mut longest)
    };
    let calm = store_some();
    assert!(calm < 1_500, "{calm}");
    let read = fixture.store.read(|db| {
        let count = || db.query_row("SELECT count(*) FROM tickets", [], |row| row.get::<_, i64>(0));
        let before = count()?;
        let longest = store_some();
        assert_eq!(count()?, before, "a screen reads what it read before");
        Ok(longest)
    });
    let read = read.unwrap();
    assert!(read > calm, "the log cannot begin again while a screen reads: {read}");
    store_some();
    let calm = store_some();
    assert!(calm < 1_500, "{calm}");
}

/// How many pages the log has.
fn length(store: &Store) -> u32 {
    let mut writing = store.writer_lock.enter(Priority::Sync).unwrap();
    connection::log(writing.connection().unwrap()).unwrap().pages
}
