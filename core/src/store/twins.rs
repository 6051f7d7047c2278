//! New tickets that look the same.
//!
//! Where the desk keeps no reference, a ticket whose answer was lost is recognised by subject and text in a list, which shows
//! no files. Two of them with the same subject and text could be taken for each other: one is believed to have arrived,
//! although it is still on its way, and the other is sent once more; or the files of the one that never arrived are lost. So
//! they are sent one by one: while nobody knows whether one of them arrived, the others wait.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::Connection;

use super::{Store, StoreError};
use crate::environment::Timestamp;
use crate::model::OperationId;
use crate::outbox::{Kind, Operation, State, Wait};
use crate::remote::normalise;

/// After so long at most it is looked again whether a doubt has ended; the doubt's own looks come first.
const LONGEST_DOUBT: Duration = Duration::from_mins(1);

/// Subject and text.
type Look = (String, String);

impl Store {
    /// Lets the twins of what is unclear wait, in `operations` only.
    pub(crate) fn part_twins(&self, operations: &mut [Operation], now: Timestamp) -> Result<(), StoreError> {
        let is_unclear = |operation: &Operation| matches!(operation.state, State::Sending | State::Checking(_));
        let mut creations = operations.iter().filter(|operation| operation.kind == Kind::Create);
        if creations.clone().count() < 2 || !creations.any(is_unclear) {
            return Ok(());
        }
        let looks = self.read(looks_of_creations)?;
        let look = |operation: &Operation| looks.get(&operation.id);
        let unclear: Vec<&Look> = operations.iter().filter(|known| is_unclear(known)).filter_map(look).collect();
        for operation in operations {
            let sends = matches!(operation.state, State::Held(_) | State::Queued | State::Waiting(_));
            if sends && looks.get(&operation.id).is_some_and(|look| unclear.contains(&look)) {
                operation.state = State::Waiting(Wait::new(now, LONGEST_DOUBT));
            }
        }
        Ok(())
    }
}

fn looks_of_creations(db: &Connection) -> Result<BTreeMap<OperationId, Look>, StoreError> {
    let sql = "SELECT o.id, t.subject, m.body
               FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
               WHERE o.kind = 'create'";
    let mut statement = db.prepare_cached(sql)?;
    let looks = statement.query_map([], |row| {
        let text = |place| row.get::<_, String>(place).map(|text| normalise(&text));
        Ok((OperationId(row.get(0)?), (text(1)?, text(2)?)))
    })?;
    Ok(looks.collect::<Result<_, _>>()?)
}
