//! The history.
#![expect(clippy::needless_pass_by_value, reason = "UniFFI passes arguments by value")]

use super::Client;
use crate::errors::ClientError;
use crate::types::HistoryPage;

#[uniffi::export]
impl Client {
    /// Returns one page of the history. `after` is the cursor of the page before (`HistoryPage.next`), none for the
    /// first page. `limit` is the largest number of rows to return; a value outside 1 to 200 counts as the nearest
    /// allowed value. `scope` is the id of one of `HistoryPage.scopes`; none, or one that this user is not offered, for the first.
    /// Throws `InvalidCursor` if `after` is not a cursor of the history.
    #[uniffi::method(default(scope = None))]
    pub fn history(
        &self,
        after: Option<String>,
        limit: u32,
        scope: Option<String>,
    ) -> Result<HistoryPage, ClientError> {
        self.call(|client| {
            let page = client.history_in(scope.as_deref(), after.as_deref(), limit)?;
            Ok(HistoryPage::of(page, client.can_create()))
        })
    }
}
