//! Identifiers. A local id is the id of a database row and stays the same as long as the row exists. A remote id comes
//! from the server.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A ticket in this database. Local, and known before the server has given the ticket a number.
    TicketId,
    /// A message in this database: a description or a comment. Local, and the same from the moment of writing on.
    MessageId,
    /// A row of the outbox. Local, and ascending in the order in which the user wrote.
    OperationId,
    /// A file that is to be uploaded. Local.
    FileId,
    /// A ticket's number on the server, shown as `#123456`.
    TicketNumber,
    /// A comment's id on the server. Ids ascend within a ticket.
    CommentId,
    /// A person's id on the server.
    PersonId,
    /// A help article's id on the server, the same in every language.
    ArticleId,
    /// The id of a section of help articles on the server.
    SectionId,
    /// The id of a category of help articles on the server.
    CategoryId,
}

/// The key under which the data of a push message has the number of the ticket that has changed. A company's backend writes it, and
/// an app looks for it.
pub const PUSH_KEY: &str = "pocketdesk_ticket";

impl TicketNumber {
    /// Reads the value under [`PUSH_KEY`]: one to nineteen of the digits `0` to `9`, and greater than zero. Anything else is no number of a
    /// ticket, because an app gets messages from anybody who has its token of the push service.
    #[must_use]
    pub fn of_push(value: &str) -> Option<Self> {
        let has_digits_only = value.len() <= 19 && value.bytes().all(|byte| byte.is_ascii_digit());
        let number = has_digits_only.then(|| value.parse().ok()).flatten()?;
        (number > 0).then_some(Self(number))
    }
}

/// A draft's identifier, a UUID. It stays valid after the draft is gone: submitting the same id twice gives the same
/// ticket or reply.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_in_a_push_message_is_read_and_nothing_else_is() {
        assert_eq!(TicketNumber::of_push("120337"), Some(TicketNumber(120_337)));
        assert_eq!(TicketNumber::of_push("9223372036854775807"), Some(TicketNumber(i64::MAX)));
        let huge = "7".repeat(1_000_000);
        for value in [
            "",
            " ",
            "0",
            "000",
            "-7",
            "+7",
            "7 ",
            " 7",
            "7\n",
            "7.0",
            "1e3",
            "0x7",
            "9223372036854775808",
            "٧",
            "７",
            "#7",
            "7🧾",
            "null",
            &huge,
        ] {
            assert_eq!(TicketNumber::of_push(value), None, "{}", value.chars().take(30).collect::<String>());
        }
    }
}
