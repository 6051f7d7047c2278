//! Conversions of drafts and of what a form says about them.

use pocketdesk::{model, product};

use crate::editor;
use crate::types::{
    DraftCheck, DraftNote, Field, FieldMessage, FieldProblem, FormProgress, Problem, ReplyDraft, SplitAddresses,
    TicketDraft,
};

super::same_variants! {
    product::Field => Field { Name, Email, Subject, IssueType, Cc, Description, Access, Body }
}

impl From<Field> for product::Field {
    fn from(field: Field) -> Self {
        match field {
            Field::Name => Self::Name,
            Field::Email => Self::Email,
            Field::Subject => Self::Subject,
            Field::IssueType => Self::IssueType,
            Field::Cc => Self::Cc,
            Field::Description => Self::Description,
            Field::Access => Self::Access,
            Field::Body => Self::Body,
        }
    }
}

impl From<model::TicketDraft> for TicketDraft {
    fn from(draft: model::TicketDraft) -> Self {
        Self {
            id: draft.id.0,
            subject: draft.subject,
            issue_type: draft.issue_type,
            cc: draft.cc,
            cc_entry: draft.cc_entry,
            description: draft.description,
            access: draft.access,
            follows: draft.follows.map(|number| number.0),
            name: draft.name,
            email: draft.email,
        }
    }
}

impl From<TicketDraft> for model::TicketDraft {
    fn from(draft: TicketDraft) -> Self {
        Self {
            id: model::DraftId(draft.id),
            subject: draft.subject,
            issue_type: draft.issue_type,
            cc: draft.cc,
            cc_entry: draft.cc_entry,
            description: draft.description,
            access: draft.access,
            follows: draft.follows.map(model::TicketNumber),
            name: draft.name,
            email: draft.email,
        }
    }
}

impl From<model::ReplyDraft> for ReplyDraft {
    fn from(draft: model::ReplyDraft) -> Self {
        let formats = editor::formats(&draft.written());
        Self { id: draft.id.0, ticket: draft.ticket.0, body: draft.body, formats }
    }
}

impl From<ReplyDraft> for model::ReplyDraft {
    fn from(draft: ReplyDraft) -> Self {
        let text = editor::formatted(&draft.body, &draft.formats);
        Self::plain(model::DraftId(draft.id), model::TicketId(draft.ticket), "").with(&text)
    }
}

impl From<product::SplitAddresses> for SplitAddresses {
    fn from(split: product::SplitAddresses) -> Self {
        Self { addresses: split.addresses, rest: split.rest }
    }
}

impl From<FormProgress> for product::FormProgress {
    fn from(progress: FormProgress) -> Self {
        Self {
            left: progress.left.into_iter().map(product::Field::from).collect(),
            is_typing: progress.typing,
            attempted: progress.attempted,
        }
    }
}

impl From<product::FieldMessage> for FieldMessage {
    fn from(message: product::FieldMessage) -> Self {
        let (count, limit) = message.count_and_limit.unzip();
        Self {
            field: message.field.into(),
            index: message.index,
            key: message.key,
            count,
            limit,
            problem: message.is_problem,
        }
    }
}

impl From<(product::DraftCheck, Vec<product::FieldMessage>)> for DraftCheck {
    fn from((check, messages): (product::DraftCheck, Vec<product::FieldMessage>)) -> Self {
        Self {
            messages: messages.into_iter().map(FieldMessage::from).collect(),
            can_create: check.can_create(),
            problems: check.problems.into_iter().map(FieldProblem::from).collect(),
            notes: check.notes.into_iter().map(DraftNote::from).collect(),
            subject_count: check.subject_count,
            subject_limit: check.subject_limit,
        }
    }
}

impl From<product::FieldProblem> for FieldProblem {
    fn from(problem: product::FieldProblem) -> Self {
        Self { field: problem.field.into(), index: problem.index, problem: problem.problem.into() }
    }
}

impl From<product::Problem> for Problem {
    fn from(problem: product::Problem) -> Self {
        match problem {
            product::Problem::Required => Self::Required,
            product::Problem::TooLong { count, limit } => Self::TooLong { count, limit },
            product::Problem::Malformed => Self::Malformed,
            product::Problem::Unknown => Self::Unknown,
        }
    }
}

impl From<product::DraftNote> for DraftNote {
    fn from(note: product::DraftNote) -> Self {
        match note {
            product::DraftNote::AddressesKeptAside => Self::AddressesKeptAside,
            product::DraftNote::RepeatedAddress { index } => Self::RepeatedAddress { index },
            product::DraftNote::OwnAddress { index } => Self::OwnAddress { index },
        }
    }
}

impl From<&FieldProblem> for product::FieldProblem {
    fn from(problem: &FieldProblem) -> Self {
        Self {
            field: problem.field.into(),
            index: problem.index,
            problem: match problem.problem {
                Problem::Required => product::Problem::Required,
                Problem::TooLong { count, limit } => product::Problem::TooLong { count, limit },
                Problem::Malformed => product::Problem::Malformed,
                Problem::Unknown => product::Problem::Unknown,
            },
        }
    }
}
