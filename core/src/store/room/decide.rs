//! How much sync may do at once: pure decisions, from what the user and sync have written.

/// How many rows one transaction of sync handles at most.
pub(in crate::store) const SLICE: usize = 200;

/// How many rows it handles while the user is writing.
pub(in crate::store) const SMALL_SLICE: usize = 20;

/// From so many bytes of new texts on, a transaction of sync ends: they come into the index of searches before its commit, and a
/// user who writes waits for that. A few milliseconds of work on a phone, as a step of a rebuild.
pub(in crate::store) const NEW_TEXT: usize = 64 * 1024;

/// The user counts as writing until sync has stored this many rows without a write of the user. A phone takes about a second
/// or two for them, so sync is at its full speed soon after the user has stopped.
const ROWS_OF_WRITING: usize = 5_000;

/// From this length of the log in pages, sync moves it into the file: 4 MiB, as SQLite does by default.
const LONG_LOG: u32 = 1_000;

/// How many pages that are not synced sync leaves to the next commit of the user: 1 MiB.
const DEBT: u32 = 256;

/// The same while the user is writing.
const SMALL_DEBT: u32 = 32;

/// What the writer lock knows about who wrote last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::store) struct Room {
    /// How many rows sync has stored since the user's last write; `None` if the user has not written.
    since_user: Option<usize>,
    /// How many pages of the log are synced, as far as sync has done it.
    synced: u32,
}

/// The log after a commit, in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Log {
    /// How many pages it has.
    pub pages: u32,
    /// How many of them are in the file already.
    pub moved: u32,
}

/// What sync does about the log after a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Upkeep {
    Nothing,
    /// Syncs it to the disk.
    Sync,
    /// Moves it into the file, which syncs it as well.
    Move,
}

impl Room {
    /// The user writes.
    pub(in crate::store) fn user_writes(&mut self) {
        self.since_user = Some(0);
    }

    /// A transaction of sync has handled so many rows.
    pub(in crate::store) fn sync_wrote(&mut self, rows: usize) {
        self.since_user = self.since_user.map(|since| since.saturating_add(rows.max(1)));
    }

    /// Whether the user wrote a short while ago, and so may write again soon.
    pub(in crate::store) fn is_user_writing(self) -> bool {
        self.since_user.is_some_and(|since| since < ROWS_OF_WRITING)
    }

    /// How many rows a transaction of sync that begins now may handle.
    pub(in crate::store) fn slice(self) -> usize {
        if self.is_user_writing() { SMALL_SLICE } else { SLICE }
    }

    /// What to do about the log, which is `log` after a commit of sync. Takes what is done as done.
    pub(in crate::store) fn upkeep(&mut self, log: Log) -> Upkeep {
        // The log has begun again at its beginning, and it did so only because all of it was in the file.
        if log.pages < self.synced {
            self.synced = 0;
        }
        let debt = log.pages.saturating_sub(self.synced);
        let upkeep = if log.pages >= LONG_LOG && log.moved < log.pages {
            Upkeep::Move
        } else if debt >= if self.is_user_writing() { SMALL_DEBT } else { DEBT } {
            Upkeep::Sync
        } else {
            return Upkeep::Nothing;
        };
        self.synced = log.pages;
        upkeep
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writing() -> Room {
        let mut room = Room::default();
        room.user_writes();
        room
    }

    #[test]
    fn transactions_are_small_while_the_user_writes_and_large_again_soon_after() {
        assert_eq!(Room::default().slice(), SLICE, "nobody has written");
        let mut room = writing();
        assert_eq!(room.slice(), SMALL_SLICE);
        let mut slices = 0;
        while room.is_user_writing() {
            room.sync_wrote(room.slice());
            slices += 1;
        }
        assert_eq!((slices, room.slice()), (ROWS_OF_WRITING / SMALL_SLICE, SLICE));
        room.user_writes();
        assert_eq!(room.slice(), SMALL_SLICE);
    }

    #[test]
    fn transactions_without_rows_count_as_well() {
        let mut room = writing();
        for _ in 0..ROWS_OF_WRITING {
            room.sync_wrote(0);
        }
        assert!(!room.is_user_writing());
    }

    #[test]
    fn little_is_left_to_sync_for_the_user() {
        for (mut room, most) in [(Room::default(), DEBT), (writing(), SMALL_DEBT)] {
            let (mut left, mut syncs) = (0, 0);
            for pages in (0..LONG_LOG).step_by(8) {
                match room.upkeep(Log { pages, moved: 0 }) {
                    Upkeep::Nothing => assert!(pages - left < most, "{pages} {left}"),
                    Upkeep::Sync => (left, syncs) = (pages, syncs + 1),
                    Upkeep::Move => panic!("the log is short"),
                }
            }
            assert_eq!(syncs, (LONG_LOG - 1) / most);
        }
    }

    #[test]
    fn a_long_log_is_moved_until_all_of_it_is_in_the_file() {
        let mut room = writing();
        let long = |moved| Log { pages: LONG_LOG + 50, moved };
        assert_eq!(room.upkeep(long(0)), Upkeep::Move);
        // The user wrote while it was moved, so a part is left.
        assert_eq!(room.upkeep(long(LONG_LOG)), Upkeep::Move);
        assert_eq!(room.upkeep(long(LONG_LOG + 50)), Upkeep::Nothing);
        // The next write begins the log again.
        assert_eq!(room.upkeep(Log { pages: 40, moved: 0 }), Upkeep::Sync);
        assert_eq!(room.upkeep(Log { pages: 60, moved: 0 }), Upkeep::Nothing);
    }
}
