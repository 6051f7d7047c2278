//! Uploads: a finished upload waits for its message, and one whose token cannot be used any more is made again.
//!
//! A token can end in three ways. It expires by the server's clock before its message is sent; the server says that it
//! does not know it; or it was useless from the start. Each time the file is uploaded again, and each time counts as a
//! renewal of the *message*, so that no clock and no server can make a device upload for ever. The first renewal is
//! made at once, because usually the message has only waited long. Each later one waits first. When the bound is
//! reached, the tokens are probably not the cause. Then the message is sent with the tokens that it has, and the server
//! decides.

use std::time::Duration;

use uuid::Uuid;

use super::retry::{Bound, pause};
use super::{Change, Kind, Operation, State, Wait};
use crate::model::{Chance, Timestamp};

/// The server has taken a file, and its token waits for the message.
#[must_use]
pub fn uploaded(upload: &Operation, token_until: Option<Timestamp>, now: Timestamp) -> Operation {
    let state = State::Sent(Wait::new(now, Duration::ZERO));
    Operation { state, token_until, attempts: 0, refusals: 0, refusal: None, ..upload.clone() }
}

/// Queues again those uploads of a message whose tokens have expired. `server` is the time by the server's clock. `all`
/// are the operations of the ticket. The list is empty if the message can be sent as it is. It is also empty in two
/// more cases: an attempt has already named the tokens, and every repetition of an attempt must send the same bytes; or
/// the message has used up its renewals.
#[must_use]
pub fn renew(message: &Operation, all: &[Operation], server: Timestamp, now: Timestamp, chance: Chance) -> Vec<Change> {
    if message.kind == Kind::Upload || message.prepared || Bound::Renewals.is_reached(message.renewals) {
        return Vec::new();
    }
    let expired = |upload: &&Operation| {
        upload.is_upload_for(message)
            && matches!(upload.state, State::Sent(_))
            && upload.token_until.is_some_and(|until| until <= server)
    };
    let state = renewed(message, now, chance);
    let mut changes: Vec<Change> = all.iter().filter(expired).map(|upload| again_in(upload, state.clone())).collect();
    if !changes.is_empty() {
        let renewals = message.renewals.saturating_add(1);
        changes.push(Change::Update(Operation { renewals, ..message.clone() }));
    }
    changes
}

/// The server does not know the uploads that a message named, so it has applied nothing. The files are uploaded again,
/// and the message counts as never attempted.
pub(super) fn again(
    message: &Operation,
    all: &[Operation],
    now: Timestamp,
    spare: (Uuid, Uuid),
    chance: Chance,
) -> Vec<Change> {
    let state = renewed(message, now, chance);
    let message = Operation { renewals: message.renewals.saturating_add(1), ..message.clone() };
    as_new(&message, all, state, spare)
}

/// Resets a message and its uploads, as if nothing had ever been attempted. The message gets `state`, another
/// idempotency key and, for a new ticket, another client reference. This is allowed only if nothing of the message is on
/// the server.
#[must_use]
pub fn as_new(message: &Operation, all: &[Operation], state: State, (key, reference): (Uuid, Uuid)) -> Vec<Change> {
    let uploads = all.iter().filter(|upload| upload.is_upload_for(message));
    let mut changes: Vec<Change> = uploads.map(|upload| again_in(upload, State::Queued)).collect();
    changes.push(Change::Update(message.never_attempted(state, key)));
    if message.kind == Kind::Create {
        changes.push(Change::NewReference { ticket: message.ticket, reference });
    }
    changes
}

/// The state in which the next renewal waits.
fn renewed(message: &Operation, now: Timestamp, chance: Chance) -> State {
    match message.renewals {
        0 => State::Queued,
        renewals => State::Waiting(pause(renewals, None, now, chance)),
    }
}

fn again_in(upload: &Operation, state: State) -> Change {
    Change::Update(Operation { token_until: None, ..upload.not_applied(state) })
}
