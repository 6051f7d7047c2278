//! What every service's answers have in common: waits, words, and no answer at all.

use std::time::Duration;

use super::{HttpFailure, HttpResponse};
use crate::model::{Failure, Reached, Timestamp, Trouble};

/// Longer wishes of a server are cut to this: a mistaken one must not silence the app for days.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Longer words of a server are cut to this many characters.
const MOST_WORDS: usize = 500;

/// What no answer at all means.
pub(crate) fn unanswered(failure: HttpFailure) -> Failure {
    match failure {
        HttpFailure::NotSent => Failure::unreachable(),
        HttpFailure::Broken => try_again(Trouble::Unreachable, None, Reached::Maybe),
        HttpFailure::TooLarge | HttpFailure::Rejected => Failure::misbehaves(),
    }
}

pub(crate) fn try_again(trouble: Trouble, after: Option<Duration>, reached: Reached) -> Failure {
    Failure::TryAgain { trouble, after, reached }
}

/// `Retry-After`: seconds, or a date, which counts from the answer's own `Date` so that the device's clock does not matter.
pub(crate) fn retry_after(answer: &HttpResponse) -> Option<Duration> {
    let wish = answer.header("retry-after")?.trim();
    let wait = if let Ok(seconds) = wish.parse() {
        Duration::from_secs(seconds)
    } else {
        let until = httpdate::parse_http_date(wish).ok()?;
        let now = httpdate::parse_http_date(answer.header("date")?).ok()?;
        until.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

/// A moment as servers write it.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|moment| Timestamp(moment.as_millisecond()))
}

/// A server's words as a user may see them: without what cannot be seen, and not endless.
pub(crate) fn for_the_user(server_message: &str) -> Option<String> {
    let clean = |c: &char| *c == '\n' || !c.is_control();
    let server_message: String = server_message.chars().filter(clean).take(MOST_WORDS).collect();
    Some(server_message.trim().to_owned()).filter(|server_message| !server_message.is_empty())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LONGEST_WAIT, MOST_WORDS, for_the_user, retry_after, try_again, unanswered};
    use crate::model::{Reached, Trouble};
    use crate::net::{HttpFailure, HttpResponse};

    type Headers = &'static [(&'static str, &'static str)];

    #[test]
    fn no_answer_at_all_says_whether_the_write_may_have_arrived() {
        let again = |trouble, reached| try_again(trouble, None, reached);
        assert_eq!(unanswered(HttpFailure::NotSent), again(Trouble::Unreachable, Reached::No));
        assert_eq!(unanswered(HttpFailure::Broken), again(Trouble::Unreachable, Reached::Maybe));
        assert_eq!(unanswered(HttpFailure::TooLarge), again(Trouble::Misbehaves, Reached::Maybe));
    }

    #[test]
    fn the_wish_of_the_server_is_kept_within_reason() {
        const NOON: &str = "Tue, 03 Mar 2026 12:00:00 GMT";
        let rows: [(Headers, _); 8] = [
            (&[("retry-after", "17")], Some(Duration::from_secs(17))),
            (&[("retry-after", " 0 ")], Some(Duration::ZERO)),
            (&[("retry-after", "31536000")], Some(LONGEST_WAIT)),
            (&[("retry-after", "-5")], None),
            (&[("retry-after", "bald")], None),
            (&[("retry-after", "Tue, 03 Mar 2026 12:00:30 GMT"), ("date", NOON)], Some(Duration::from_secs(30))),
            (&[("retry-after", NOON), ("date", "Tue, 03 Mar 2026 12:00:30 GMT")], Some(Duration::ZERO)),
            (&[("retry-after", NOON)], None),
        ];
        for (headers, expected) in rows {
            let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let answer = HttpResponse { status: 429, headers, body: Vec::new() };
            assert_eq!(retry_after(&answer), expected, "{:?}", answer.headers);
        }
    }

    #[test]
    fn words_are_cut_between_characters() {
        assert_eq!(for_the_user(&"ü".repeat(MOST_WORDS + 1)), Some("ü".repeat(MOST_WORDS)));
        assert_eq!(for_the_user(" CC: \u{7}ungültig\n\u{1b}"), Some("CC: ungültig".to_owned()));
        assert_eq!(for_the_user("\u{7}\n "), None);
    }
}
