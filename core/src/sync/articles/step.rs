//! What of the help centre is read next. Pure.

use std::time::Duration;

use crate::model::{HelpCenterState, Timestamp};
use crate::outbox::Wait;
use crate::store::Reading;

/// How often everything is read: only that shows what is gone. As often it is asked whether there is a help centre by now.
const EVERYTHING: Duration = Duration::from_hours(24);
/// How often the newest changes are read.
const CHANGES: Duration = Duration::from_hours(1);
/// How often they are read if the user asks for a sync.
const ASKED: Duration = Duration::from_mins(1);

/// What a run reads of the help centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing is due.
    Nothing,
    /// The help centre is looked for, and a complete read begins.
    Begin,
    /// The complete read goes on.
    Continue,
    /// The newest changes are read.
    Newest,
}

/// The next step for a screen in `language`. `by_user` is whether the user has asked for this run.
pub(super) fn next(reading: &Reading, language: &str, by_user: bool, now: Timestamp) -> Step {
    let is_over =
        |since: Option<Timestamp>, length| since.and_then(|since| Wait::new(since, length).left(now)).is_none();
    if reading.wait.and_then(|wait| wait.left(now)).is_some() {
        return Step::Nothing;
    }
    let is_other = reading.language.as_deref() != Some(language);
    match reading.state {
        HelpCenterState::Unknown => Step::Begin,
        HelpCenterState::Absent if is_over(reading.asked_at, EVERYTHING) => Step::Begin,
        HelpCenterState::Here if is_other || reading.locale.is_none() => Step::Begin,
        HelpCenterState::Here if reading.is_under_way => Step::Continue,
        HelpCenterState::Here if is_over(reading.read_at, EVERYTHING) => Step::Begin,
        HelpCenterState::Here if is_over(reading.asked_at, if by_user { ASKED } else { CHANGES }) => Step::Newest,
        HelpCenterState::Absent | HelpCenterState::Here => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_772_442_000_000);

    fn read(everything: Duration, changes: Duration) -> Reading {
        Reading {
            state: HelpCenterState::Here,
            language: Some("de".to_owned()),
            locale: Some("de".to_owned()),
            read_at: Some(NOW.minus(everything)),
            asked_at: Some(NOW.minus(changes)),
            ..Reading::default()
        }
    }

    #[test]
    fn changes_are_read_once_an_hour_and_everything_once_a_day() {
        let (minute, hour) = (Duration::from_mins(1), Duration::from_hours(1));
        for (everything, changes, by_user, step) in [
            (hour * 23, minute * 59, false, Step::Nothing),
            (hour * 23, minute * 59, true, Step::Newest),
            (hour * 23, minute / 2, true, Step::Nothing),
            (hour * 23, hour, false, Step::Newest),
            (hour * 24, hour, false, Step::Begin),
            (hour * 24, Duration::ZERO, false, Step::Begin),
        ] {
            assert_eq!(next(&read(everything, changes), "de", by_user, NOW), step, "{everything:?} {changes:?}");
        }
        // The clock was set back: how long ago it was, nobody knows.
        let later = Reading { asked_at: Some(NOW.plus(hour)), ..read(hour, hour) };
        assert_eq!(next(&later, "de", false, NOW), Step::Newest);
    }

    #[test]
    fn it_is_looked_for_at_first_in_another_language_and_once_a_day_where_there_was_none() {
        assert_eq!(next(&Reading::default(), "de", false, NOW), Step::Begin);
        let known = read(Duration::ZERO, Duration::ZERO);
        assert_eq!(next(&known, "es", false, NOW), Step::Begin);
        let absent = |ago| Reading {
            state: HelpCenterState::Absent,
            asked_at: Some(NOW.minus(ago)),
            ..read(Duration::ZERO, Duration::ZERO)
        };
        assert_eq!(next(&absent(Duration::from_hours(23)), "es", true, NOW), Step::Nothing);
        assert_eq!(next(&absent(Duration::from_hours(24)), "de", false, NOW), Step::Begin);
    }

    #[test]
    fn a_complete_read_goes_on_and_waits_for_its_pause() {
        let under_way = Reading { is_under_way: true, read_at: None, ..read(Duration::ZERO, Duration::ZERO) };
        assert_eq!(next(&under_way, "de", false, NOW), Step::Continue);
        let pause = Wait::new(NOW, Duration::from_secs(8));
        let paused = Reading { wait: Some(pause), ..under_way };
        assert_eq!(next(&paused, "de", true, NOW), Step::Nothing);
        assert_eq!(next(&paused, "de", false, NOW.plus(pause.length)), Step::Continue);
    }
}
