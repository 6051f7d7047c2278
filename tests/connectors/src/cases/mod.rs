//! The list of cases. Each case is a sentence about the user, and a function below this module.

mod articles;
mod cuts;
mod extras;
mod files;
mod lists;
mod people;
mod refusals;
mod threads;
mod visibility;
mod writes;

use std::pin::Pin;

use crate::fixture::Fixture;
use crate::harness::Need;
use crate::trouble::Broken;

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Broken>> + Send + 'a>>;

/// Something that every connector must do.
#[derive(Clone, Copy)]
pub struct Case {
    /// What it is, as a sentence.
    pub name: &'static str,
    /// What the server must be able to do, if not every server is.
    pub need: Option<Need>,
    pub(crate) run: for<'a> fn(&'a Fixture) -> Running<'a>,
}

macro_rules! cases {
    ($($name:literal $([$need:ident])? => $run:path),+ $(,)?) => {
        &[$(Case { name: $name, need: need!($($need)?), run: |fixture| Box::pin($run(fixture)) }),+]
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
    "another user's token ends the run before it begins" => people::wrong_user,
    "a revoked token is replaced once, and the call is repeated" => people::replaced,
    "without a valid token nothing more is sent" => people::signed_out,
    "another user's token during a run sends nothing" => people::switched,
    "one request that is refused with a working token does not sign the user out" => refusals::one_without_access,
    "a refusal is understood in every shape, with the server's words" => refusals::understood,
    "a refusal that nobody understands revokes nothing, and its write may have been applied" => refusals::not_understood,
    "a server that names a time is busy until then" => refusals::busy,
    "a byte-order mark before an answer changes nothing" => refusals::byte_order_mark,
    "a private ticket is visible to nobody else" => visibility::private,
    "a shared ticket is visible to the account, and to nobody else" [Access] => visibility::shared,
    "a colleague's reply is shown under the colleague's name" [Access] => visibility::colleague,
    "CC addresses are mailed once each, and a colleague who is not in CC sees nothing" => visibility::copied,
    "a copied person is named beside the ticket" => visibility::named,
    "a CC address in another script is mailed once, or refused and no ticket is created" => visibility::international,
    "a revoked ticket is invisible everywhere, and can be restored" => visibility::revoked,
    "what was revoked while a device was offline is neither found nor counted there" => visibility::found_no_more,
    "the server's own search finds what the user sees, and nothing else" [Search] => visibility::searched,
    "a ticket that does not exist is answered as gone" => visibility::nonexistent,
    "the history of a new user is empty and ends" => lists::empty,
    "the history is the same by sorted pages and by cursor" => lists::both_ways,
    "a backfill misses no ticket, whatever changes meanwhile" => lists::changing,
    "a list is the same in pages of any size" => lists::any_size,
    "a ticket read alone equals the ticket in the list" => lists::single,
    "tickets by creation come newest first" => lists::latest,
    "an agent's change moves the ticket to the top of the history" => lists::touched,
    "every status of the server maps to a status of the product" => lists::statuses,
    "a thread is complete and in order, even if private notes leave pages empty" => threads::whole,
    "a thread is the same in pages of any size" => threads::any_size,
    "a private note changes nothing that a user sees" => threads::notes,
    "every script, emoji and length arrives as written, in both directions" => threads::unicode,
    "a text that an agent edited is read as it is now" [EditedTexts] => threads::edited,
    "a formatted answer reads as plain text" [FormattedTexts] => threads::formatted,
    "a new ticket arrives as written" => writes::created,
    "a write is encoded the same every time" => writes::pure,
    "the same write under the same key makes one ticket" [Idempotency] => writes::idempotent,
    "a ticket is found by its reference" [Reference] => writes::found_again,
    "a reply reopens a waiting or solved ticket" => writes::reopened,
    "a reply to a closed ticket is refused for that reason" => writes::closed,
    "an unknown value is refused with a message, and no ticket is created" [RefusedValues] => writes::refused,
    "a value that the server dropped is not reported as stored" => writes::dropped,
    "a user can solve a ticket" [Solve] => writes::solved,
    "solving another user's ticket is refused, whatever the status code" [Solve] => writes::solving_others_refused,
    "CC addresses added later are mailed once each" [AddCc] => writes::copied_later,
    "a CC address in another script added later is mailed, or refused and none is added" [AddCc] => writes::international_later,
    "read marks are shared with the whole account" [SharedReadMarks] => writes::read_mark,
    "feedback is taken once, for a closed ticket of one's own, and a second time is refused" [Feedback] => extras::given_once,
    "feedback that was cut at any request is shown exactly if the server has it" [Feedback] => extras::feedback_cut,
    "a toggle is made, changed and shown, for its user alone" [Toggles] => extras::toggled,
    "a toggle that was cut at any request is shown as the server has it" [Toggles] => extras::toggle_cut,
    "a toggle that the server no longer allows is refused, keeps its value and is not shown" [Toggles] => extras::toggle_refused,
    "a user sees the articles that are meant for users, and no others" [Articles] => articles::shown,
    "what the server does not offer is refused before anything is sent" => writes::not_offered,
    "files arrive with their names and bytes, in a ticket and in a reply" => files::small,
    "text files arrive byte for byte, whatever their encoding and line ends" => files::texts,
    "20 MB are uploaded and downloaded byte for byte" => files::large,
    "a file that something on the way refuses is too large, or of a wrong type" => files::refused,
    "an agent's file is downloaded completely" => files::from_agent,
    "a download continues where it was cut off" [ResumedDownloads] => files::resumed,
    "a ticket cut at any request arrives once" => cuts::ticket,
    "replies cut at any request arrive once each, in order" => cuts::replies,
    "a formatted reply cut at any request arrives once, with its formats" => cuts::formatted,
    "a reply with a file cut at any request arrives once, complete" => cuts::file,
];
