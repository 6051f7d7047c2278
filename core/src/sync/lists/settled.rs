//! How far back an incremental sync has to read: to the watermark minus the overlap, or less far if everything up to the
//! watermark was seen for certain.
//!
//! An update may appear late, and with an earlier time than others that are shown already: a replica lags, and the parts of a
//! server have different clocks. The overlap of the sync policy is how late. So a list is read back to the watermark minus the
//! overlap. But if it is read once more a whole overlap after its watermark was first seen, nothing up to the watermark
//! can appear any more. From then on, it is **settled**: reading back to the watermark is enough.
//!
//! How long ago the watermark was first seen is measured by two clocks, that of the device and that of the server, and the
//! shorter time counts. So a clock that was set makes a list be read further back than necessary, and nothing worse. It does
//! not matter whether either clock is right. On a server that tells no time, no list is ever settled.
//!
//! This is kept in memory only ([`Health`](crate::sync::health::Health)). A new process reads a list further back at
//! least twice.

use std::time::Duration;

use crate::model::Timestamp;
use crate::outbox::ClockReading;

/// An answer may have been under way for so long, at most: it shows the list as it was then.
const UNDER_WAY: Duration = Duration::from_mins(1);

/// The shortest time between two timestamps.
const INSTANT: Duration = Duration::from_millis(1);

/// What is known about the watermark of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) struct Watermark {
    /// The watermark.
    at: Timestamp,
    /// When it was first seen.
    first: ClockReading,
    /// Everything up to this time was seen for certain; `None` if nothing is certain.
    settled: Option<Timestamp>,
}

impl Watermark {
    /// How far back the list is read whose watermark is `at`, as the file says. Everything before the result was seen. What is
    /// as old as a settled watermark was seen as well: at the second look, its second was long over.
    pub(super) fn read_back_to(known: Option<Self>, at: Timestamp, overlap: Duration) -> Timestamp {
        let settled = Self::settled(known, at);
        settled.map_or(at.minus(overlap), |settled| settled.plus(INSTANT).max(at.minus(overlap)))
    }

    /// What is known after an incremental sync has read the list back far enough, and has moved the watermark from `from`
    /// to `to`. `asked` is when its first request was sent, by the device's clock and, as its answer says, by the server's.
    pub(super) fn after(
        known: Option<Self>,
        (from, to): (Timestamp, Timestamp),
        asked: ClockReading,
        overlap: Duration,
    ) -> Self {
        let settled = Self::settled(known, from);
        match known.filter(|known| known.at == from && from == to) {
            // A clock that was set back begins again.
            Some(known) if since(known.first, asked).is_some() => {
                let is_settled = since(known.first, asked) >= Some(overlap + UNDER_WAY);
                Self { settled: if is_settled { Some(to) } else { settled }, ..known }
            }
            _ => Self { at: to, first: asked, settled },
        }
    }

    /// Up to when everything was seen. What is known about another watermark than that of the file does not count: the list
    /// is read anew.
    fn settled(known: Option<Self>, at: Timestamp) -> Option<Timestamp> {
        known.filter(|known| known.at == at)?.settled.filter(|settled| *settled <= at)
    }
}

/// How much later `now` is than `then`, by the clock that says less. `None` if the server tells no time, or if a clock was
/// set back.
fn since(then: ClockReading, now: ClockReading) -> Option<Duration> {
    let length = |then: Timestamp, now: Timestamp| {
        now.0.checked_sub(then.0).and_then(|length| u64::try_from(length).ok()).map(Duration::from_millis)
    };
    Some(length(then.server?, now.server?)?.min(length(then.device, now.device)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OVERLAP: Duration = Duration::from_mins(2);
    const AT: Timestamp = Timestamp(1_772_442_000_000);

    /// Both clocks so long after the watermark. The server's is an hour behind.
    fn after(length: Duration) -> ClockReading {
        let device = AT.plus(length);
        ClockReading { device, server: Some(device.minus(Duration::from_hours(1))) }
    }

    #[expect(clippy::unnecessary_wraps, reason = "what is known is asked for as an option")]
    fn read_again(known: Option<Watermark>, asked: ClockReading) -> Option<Watermark> {
        Some(Watermark::after(known, (AT, AT), asked, OVERLAP))
    }

    fn back_to(known: Option<Watermark>) -> Timestamp {
        Watermark::read_back_to(known, AT, OVERLAP)
    }

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_list_is_read_back_to_its_watermark_once_nothing_older_can_appear() {
        assert_eq!(back_to(None), AT.minus(OVERLAP));
        let seen = read_again(None, after(MINUTE));
        assert_eq!(back_to(seen), AT.minus(OVERLAP));
        let early = read_again(seen, after(MINUTE * 3));
        assert_eq!(back_to(early), AT.minus(OVERLAP), "an answer may have been under way for a minute");
        let late = read_again(early, after(MINUTE * 4));
        assert_eq!(back_to(late), AT.plus(INSTANT));
        assert_eq!(back_to(read_again(late, after(MINUTE * 9))), AT.plus(INSTANT));
    }

    #[test]
    fn a_newer_update_is_not_settled_but_what_was_before_it_is() {
        let late = read_again(read_again(None, after(MINUTE)), after(MINUTE * 4));
        let newer = AT.plus(MINUTE * 5);
        let moved = Watermark::after(late, (AT, newer), after(MINUTE * 6), OVERLAP);
        assert_eq!(Watermark::read_back_to(Some(moved), newer, OVERLAP), newer.minus(OVERLAP));
        let soon = AT.plus(MINUTE);
        let moved = Watermark::after(late, (AT, soon), after(MINUTE * 6), OVERLAP);
        assert_eq!(Watermark::read_back_to(Some(moved), soon, OVERLAP), AT.plus(INSTANT));
    }

    #[test]
    fn a_clock_that_was_set_settles_nothing() {
        let seen = read_again(None, after(MINUTE));
        let device_only = ClockReading { device: AT.plus(MINUTE * 60), ..after(MINUTE) };
        assert_eq!(back_to(read_again(seen, device_only)), AT.minus(OVERLAP));
        let server_only = ClockReading { device: AT.plus(MINUTE), ..after(MINUTE * 60) };
        assert_eq!(back_to(read_again(seen, server_only)), AT.minus(OVERLAP));
        let no_time = ClockReading { server: None, ..after(MINUTE * 60) };
        assert_eq!(back_to(read_again(seen, no_time)), AT.minus(OVERLAP));
        // After a clock was set back, the time begins again.
        let back = read_again(seen, ClockReading { device: AT.minus(MINUTE * 600), ..after(MINUTE * 2) });
        let soon = ClockReading { device: AT.minus(MINUTE * 599), ..after(MINUTE * 3) };
        assert_eq!(back_to(read_again(back, soon)), AT.minus(OVERLAP));
        let late = ClockReading { device: AT.minus(MINUTE * 597), ..after(MINUTE * 5) };
        assert_eq!(back_to(read_again(back, late)), AT.plus(INSTANT));
    }

    #[test]
    fn what_was_known_of_another_watermark_does_not_count() {
        let late = read_again(read_again(None, after(MINUTE)), after(MINUTE * 4));
        // The watermark was reset, or a backfill has moved it.
        for at in [Timestamp(0), AT.plus(MINUTE)] {
            assert_eq!(Watermark::read_back_to(late, at, OVERLAP), at.minus(OVERLAP));
            let moved = Watermark::after(late, (at, AT.plus(MINUTE)), after(MINUTE * 9), OVERLAP);
            assert_eq!(moved.settled, None);
        }
    }
}
