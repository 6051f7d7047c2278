//! The list. Each case is a sentence about the user, and a function below this module.

mod cuts;
mod files;
mod lists;
mod people;
mod sight;
mod threads;
mod writes;

use std::pin::Pin;

use crate::harness::Need;
use crate::scene::Scene;
use crate::trouble::Broken;

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Broken>> + Send + 'a>>;

/// One thing that every connector keeps.
#[derive(Clone, Copy)]
pub struct Case {
    /// What it is, in words.
    pub name: &'static str,
    /// What only some servers can do and this case is about.
    pub need: Option<Need>,
    pub(crate) run: for<'a> fn(&'a Scene) -> Running<'a>,
}

macro_rules! cases {
    ($($name:literal $([$need:ident])? => $run:path),+ $(,)?) => {
        &[$(Case { name: $name, need: need!($($need)?), run: |scene| Box::pin($run(scene)) }),+]
    };
}

macro_rules! need {
    () => {
        None
    };
    ($need:ident) => {
        Some(Need::$need)
    };
}

/// Every case, in the order of the report.
pub const CASES: &[Case] = cases![
    "a token speaks for its user" => people::known,
    "somebody else's token ends the run before it began" => people::somebody_else,
    "a token revoked in mid-use is replaced once, and the call is made again" => people::replaced,
    "without another token nothing more is sent" => people::signed_out,
    "another user's token in mid-run sends nothing" => people::switched,
    "a private ticket is nobody else's" => sight::private,
    "a shared ticket is the account's, and nobody else's" [Access] => sight::shared,
    "a colleague's reply stands under the colleague's name" [Access] => sight::colleague,
    "CC addresses are mailed once each, and a colleague who gets no mail sees nothing" => sight::copied,
    "a CC address in another script is mailed once, or refused and nothing is made" => sight::international,
    "a ticket that was taken away is gone everywhere, and comes back" => sight::taken_away,
    "what is not there is gone" => sight::unknown,
    "the history of somebody new is empty and ends" => lists::empty,
    "a history is the same by sorted pages and by cursor" => lists::both_ways,
    "a walk misses nothing that stays, whatever changes meanwhile" => lists::moving,
    "a ticket alone is the ticket of the list" => lists::alone,
    "what was created last comes first" => lists::latest,
    "an agent's change comes to the top of the history" => lists::touched,
    "every status of the server has a word of the product" => lists::statuses,
    "a thread is whole and in order over pages that private notes leave empty" => threads::whole,
    "a private note changes nothing that a user reads" => threads::notes,
    "every script, emoji and length arrives as it was written, both ways" => threads::unicode,
    "a text that an agent changed is read as it is now" [EditedTexts] => threads::edited,
    "a formatted answer reads as plain text" [FormattedTexts] => threads::formatted,
    "a new ticket arrives as it was written" => writes::created,
    "a write is encoded the same every time" => writes::pure,
    "the same write under the same key is one ticket" [Idempotency] => writes::idempotent,
    "a ticket is found again by its reference" [Reference] => writes::found_again,
    "a reply puts a waiting or solved ticket back to work" => writes::reopened,
    "a closed ticket takes no reply, and says so" => writes::closed,
    "a value that the server does not have is refused in words, and nothing is made" [RefusedValues] => writes::refused,
    "a value that the server did not take is not said to be taken" => writes::dropped,
    "the user solves a ticket" [Solve] => writes::solved,
    "solving somebody else's ticket is refused, whatever the status code says" [Solve] => writes::not_theirs,
    "CC addresses added later are mailed once each" [AddCc] => writes::copied_later,
    "a CC address in another script that is added later is mailed, or refused and none is added" [AddCc] => writes::international_later,
    "how far a thread was read is known to the whole account" [SharedReadMarks] => writes::read_mark,
    "what the server does not offer is refused before anything is sent" => writes::not_offered,
    "files arrive with their names and bytes, in a ticket and in a reply" => files::small,
    "text files arrive byte for byte, whatever their encoding and line ends" => files::texts,
    "20 MB arrive and come back byte for byte" => files::large,
    "an agent's file comes whole" => files::from_agent,
    "a download goes on where it ended" [ResumedDownloads] => files::resumed,
    "a ticket cut at any request arrives once" => cuts::ticket,
    "replies cut at any request arrive once each, in order" => cuts::replies,
    "a reply with a file cut at any request arrives once, whole" => cuts::file,
];
