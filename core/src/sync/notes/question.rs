//! What a user wants the server to search for.

use tokio::sync::oneshot;

use crate::model::ServerSearch;

/// A question for the server's own search.
pub(crate) struct ServerQuestion {
    text: String,
    answer: oneshot::Sender<ServerSearch>,
}

impl ServerQuestion {
    /// A question, and where its answer arrives.
    pub fn new(text: String) -> (Self, oneshot::Receiver<ServerSearch>) {
        let (answer, receiver) = oneshot::channel();
        (Self { text, answer }, receiver)
    }

    /// What is searched for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_dropped(&self) -> bool {
        self.answer.is_closed()
    }

    /// Answers it. Whoever asked may no longer wait.
    pub fn answer(self, found: ServerSearch) {
        drop(self.answer.send(found));
    }
}
