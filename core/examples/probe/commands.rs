//! The commands, as they are read from a line.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pocketdesk::model::{ArticleId, DraftId, MessageId, OperationId, SectionId, TicketId};
use serde::Deserialize;

/// A line of input. A ticket is named by its `number`, or by its local id `ticket` while it has no number.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    Sync {
        scope: Option<What>,
    },
    Wait {
        seconds: f64,
    },
    State,
    History {
        scope: Option<String>,
    },
    Claims {
        claims: BTreeSet<String>,
    },
    Thread(Which),
    Open(Which),
    RetryThread(Which),
    Mark(Marked),
    Create(NewTicket),
    Reply(NewReply),
    Attach(NewFile),
    Retry {
        message: Option<MessageId>,
        change: Option<OperationId>,
    },
    Edit {
        message: MessageId,
        body: String,
    },
    Discard {
        message: Option<MessageId>,
        change: Option<OperationId>,
    },
    Download {
        message: MessageId,
        #[serde(default)]
        place: u32,
    },
    AddCc(MoreCc),
    Solve(Which),
    Remove(Which),
    Details(InLanguage),
    Act(Wanted),
    Entries {
        language: Option<String>,
        claims: Option<BTreeSet<String>>,
    },
    Articles {
        section: Option<SectionId>,
    },
    Article {
        article: ArticleId,
    },
    Vote {
        article: ArticleId,
        helpful: bool,
    },
    Similar {
        text: String,
    },
    Search(Searched),
    SearchArticles {
        text: String,
        limit: Option<u32>,
    },
    FindInThread(FindInThread),
    Definition,
    Network {
        online: bool,
    },
    Quit,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Everything,
    Due,
}

#[derive(Clone, Copy, Deserialize)]
pub struct Which {
    pub number: Option<i64>,
    pub ticket: Option<TicketId>,
}

#[derive(Deserialize)]
pub struct Searched {
    pub text: String,
    pub scope: Option<String>,
    pub after: Option<String>,
    pub limit: Option<u32>,
}

#[derive(Deserialize)]
pub struct FindInThread {
    #[serde(flatten)]
    pub to: Which,
    pub text: String,
}

#[derive(Deserialize)]
pub struct Marked {
    #[serde(flatten)]
    pub to: Which,
    #[serde(rename = "as")]
    pub mark: Mark,
    pub scope: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Read,
    Unread,
    AllRead,
}

#[derive(Deserialize)]
pub struct NewTicket {
    pub subject: String,
    pub description: String,
    pub issue_type: Option<String>,
    #[serde(default)]
    pub cc: Vec<String>,
    #[serde(default)]
    pub access: bool,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub email: String,
}

#[derive(Deserialize)]
pub struct NewReply {
    #[serde(flatten)]
    pub to: Which,
    #[serde(default)]
    pub body: String,
    pub page: Option<String>,
}

#[derive(Deserialize)]
pub struct NewFile {
    #[serde(flatten)]
    pub to: Which,
    pub draft: Option<DraftId>,
    pub path: PathBuf,
}

#[derive(Deserialize)]
pub struct MoreCc {
    #[serde(flatten)]
    pub to: Which,
    pub addresses: Vec<String>,
}

#[derive(Deserialize)]
pub struct InLanguage {
    #[serde(flatten)]
    pub to: Which,
    pub language: Option<String>,
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(flatten)]
    pub to: Which,
    pub action: String,
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Feedback: the id of the answer, and a text with it.
    pub answer: Option<String>,
    #[serde(default)]
    pub text: String,
    /// A toggle: its value.
    pub on: Option<bool>,
    pub language: Option<String>,
}
