//! The parts of an answer that every service has in common: waits, times, messages for the user, and missing answers.

use std::time::{Duration, UNIX_EPOCH};

use super::{HttpFailure, HttpResponse};
use crate::model::{Failure, RateLimit, Reached, Timestamp, Trouble, millis};

/// The longest wait that a server can impose. Longer ones are cut to it, so that a mistaken server does not stop the
/// app for longer. The user sees until when it lasts, and may ask the server before that.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// The longest message from a server, in characters. Longer ones are cut to it.
const MAX_MESSAGE: usize = 500;

/// The failure that a missing answer stands for.
pub(crate) fn unanswered(failure: HttpFailure) -> Failure {
    match failure {
        HttpFailure::NotSent => Failure::unreachable(),
        HttpFailure::Broken => try_again(Trouble::Unreachable, None, Reached::Maybe),
        HttpFailure::TimedOut => try_again(Trouble::Slow, None, Reached::Maybe),
        HttpFailure::TooLarge => try_again(Trouble::TooLarge, None, Reached::Maybe),
        HttpFailure::Rejected => Failure::misbehaves(),
    }
}

pub(crate) fn try_again(trouble: Trouble, after: Option<Duration>, reached: Reached) -> Failure {
    Failure::TryAgain { trouble, after, reached }
}

/// The wait in `Retry-After`: seconds, or a date. A date is compared with the answer's own `Date`, so that the device's
/// clock does not matter.
pub(crate) fn retry_after(answer: &HttpResponse) -> Option<Duration> {
    let value = answer.header("retry-after")?.trim();
    let wait = if let Ok(seconds) = value.parse() {
        Duration::from_secs(seconds)
    } else {
        let until = httpdate::parse_http_date(value).ok()?;
        let now = httpdate::parse_http_date(answer.header("date")?).ok()?;
        until.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

/// Parses a point in time as servers write it.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text)
}

/// The time of an answer by the server's clock (`Date`).
pub(crate) fn server_time(answer: &HttpResponse) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(answer.header("date")?).ok()?;
    Some(Timestamp(millis(date.duration_since(UNIX_EPOCH).ok()?)))
}

/// What an answer says of the rate limit. Servers use one of two names for each header. Some write more than the number:
/// `700, 700;w=60`.
pub(crate) fn rate_limit(answer: &HttpResponse) -> Option<RateLimit> {
    let number = |names: [&str; 2]| {
        let value = names.into_iter().find_map(|name| answer.header(name))?;
        value.split([',', ';']).next()?.trim().parse::<u32>().ok()
    };
    let limit = number(["x-rate-limit", "ratelimit-limit"])?;
    let remaining = number(["x-rate-limit-remaining", "ratelimit-remaining"])?;
    let seconds = number(["ratelimit-reset", "x-rate-limit-reset"]).filter(|seconds| *seconds <= 60).unwrap_or(60);
    Some(RateLimit { limit, remaining, resets_in: Duration::from_secs(seconds.into()) })
}

/// A server's message as a user may see it: without control characters and characters that change the direction of
/// writing, and not too long. `None` if nothing is left.
pub(crate) fn for_the_user(server_message: &str) -> Option<String> {
    let invisible = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean = |c: &char| *c == '\n' || !(c.is_control() || invisible(*c));
    let server_message: String = server_message.chars().filter(clean).take(MAX_MESSAGE).collect();
    Some(server_message.trim().to_owned()).filter(|server_message| !server_message.is_empty())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LONGEST_WAIT, MAX_MESSAGE, for_the_user, retry_after, try_again, unanswered};
    use crate::model::{Reached, Trouble};
    use crate::net::{HttpFailure, HttpResponse};

    type Headers = &'static [(&'static str, &'static str)];

    #[test]
    fn a_missing_answer_tells_whether_the_write_may_have_arrived() {
        let again = |trouble, reached| try_again(trouble, None, reached);
        assert_eq!(unanswered(HttpFailure::NotSent), again(Trouble::Unreachable, Reached::No));
        assert_eq!(unanswered(HttpFailure::Broken), again(Trouble::Unreachable, Reached::Maybe));
        assert_eq!(unanswered(HttpFailure::TimedOut), again(Trouble::Slow, Reached::Maybe));
        assert_eq!(unanswered(HttpFailure::TooLarge), again(Trouble::TooLarge, Reached::Maybe));
        assert_eq!(unanswered(HttpFailure::Rejected), again(Trouble::Misbehaves, Reached::Maybe));
    }

    #[test]
    fn a_server_imposed_wait_is_the_servers_own_and_cut_to_a_day() {
        const NOON: &str = "Tue, 03 Mar 2026 12:00:00 GMT";
        let rows: [(Headers, _); 9] = [
            (&[("retry-after", "17")], Some(Duration::from_secs(17))),
            (&[("retry-after", " 0 ")], Some(Duration::ZERO)),
            (&[("retry-after", "86400")], Some(Duration::from_hours(24))),
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
    fn a_message_is_cut_between_characters() {
        assert_eq!(for_the_user(&"ü".repeat(MAX_MESSAGE + 1)), Some("ü".repeat(MAX_MESSAGE)));
        assert_eq!(for_the_user(" CC: \u{7}ungültig\n\u{1b}"), Some("CC: ungültig".to_owned()));
        assert_eq!(for_the_user("\u{7}\n "), None);
    }
}
