//! The commands, as they are read from a line.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pocketdesk::client::HistoryRequest;
use pocketdesk::model::{ArticleId, DraftId, MessageId, OperationId, SectionId, StatusId, TicketId, Timestamp};
use pocketdesk::query::{CreatorFilter, HistoryFilter, HistorySort, SortKey};
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
    History(Part),
    HistoryCounts(Part),
    HistoryOptions,
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
    SearchServer(Searched),
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

/// A part of the history, in an order.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Part {
    pub scope: Option<String>,
    pub statuses: BTreeSet<StatusId>,
    pub marks: BTreeSet<String>,
    pub mine: bool,
    pub read: Option<bool>,
    pub ticket_types: BTreeSet<String>,
    pub created_from: Option<Timestamp>,
    pub created_until: Option<Timestamp>,
    pub sort: Option<SortKey>,
    pub descending: bool,
}

impl From<Part> for HistoryRequest {
    fn from(part: Part) -> Self {
        let creator = if part.mine { CreatorFilter::Me } else { CreatorFilter::Anyone };
        let filter = HistoryFilter {
            statuses: part.statuses,
            marks: part.marks,
            creator,
            read: part.read,
            ticket_types: part.ticket_types,
            created_from: part.created_from,
            created_until: part.created_until,
        };
        let sort = part.sort.map(|key| HistorySort { key, descending: part.descending });
        Self { scope: part.scope, filter, sort }
    }
}

#[derive(Clone, Copy, Deserialize)]
pub struct Which {
    pub number: Option<i64>,
    pub ticket: Option<TicketId>,
}

#[derive(Deserialize)]
pub struct Searched {
    pub text: String,
    #[serde(flatten)]
    pub part: Part,
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
