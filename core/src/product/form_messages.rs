//! When a form complains: which of a draft's problems and notes it shows now, and in which words.
//!
//! A form that complains about a field before anybody had a chance to fill it in is a nuisance; one that stays silent after
//! "Create" is broken. So a missing value is shown once the user has left the field. A malformed address is not shown
//! while the user types it: in a list of addresses it is shown after a pause, in a field for one address after the user has
//! left the field. What no further typing can mend is shown at once. After an attempt to create, everything is shown.

use super::Product;
use super::problem::{DraftCheck, Field, FieldProblem, Problem};
use crate::model::TicketDraft;

/// How far the user is with a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormProgress {
    /// The fields that the user has entered and left.
    pub left: Vec<Field>,
    /// Whether the user is typing: something has changed, and the pause after it is not over.
    pub is_typing: bool,
    /// Whether the user has tried to create the ticket.
    pub attempted: bool,
}

/// What a form says at one of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMessage {
    /// The field.
    pub field: Field,
    /// The index of the CC address that it is about; that of the address that is being typed comes after all others. `None` for
    /// other fields, and for what is about all addresses.
    pub index: Option<u32>,
    /// The key of its text.
    pub key: String,
    /// The value of the text's placeholders `count` and `limit`, if it has them.
    pub count_and_limit: Option<(u32, u32)>,
    /// Whether it keeps the ticket from being created.
    pub is_problem: bool,
}

impl FormProgress {
    /// Whether a problem is shown now.
    fn shows(&self, problem: &FieldProblem, typed_address: Option<u32>) -> bool {
        let was_left = self.attempted || self.left.contains(&problem.field);
        match problem.problem {
            Problem::Required => was_left,
            // A field with a single address: the user is not done with it before leaving it.
            Problem::Malformed if problem.index.is_none() => was_left,
            Problem::Malformed => problem.index != typed_address || !self.is_typing || was_left,
            Problem::TooLong { .. } | Problem::Unknown => true,
        }
    }
}

impl Product {
    /// What the form says now, problems first, in the order of the form.
    #[must_use]
    pub fn messages(&self, draft: &TicketDraft, check: &DraftCheck, progress: &FormProgress) -> Vec<FieldMessage> {
        let typed_address = u32::try_from(draft.cc.len()).ok();
        let problem = |problem: &FieldProblem| FieldMessage {
            field: problem.field,
            index: problem.index,
            key: problem.string_key().to_owned(),
            count_and_limit: match problem.problem {
                Problem::TooLong { count, limit } => Some((count, limit)),
                Problem::Required | Problem::Malformed | Problem::Unknown => None,
            },
            is_problem: true,
        };
        let problems = check.problems.iter().filter(|found| progress.shows(found, typed_address)).map(problem);
        let kept_aside = || self.definition.create.cc.as_ref()?.otherwise.as_ref().map(|aside| aside.note.0.clone());
        let notes = check.notes.iter().filter_map(|note| {
            let key = note.string_key().map(str::to_owned).or_else(kept_aside)?;
            Some(FieldMessage { field: Field::Cc, index: note.index(), key, count_and_limit: None, is_problem: false })
        });
        problems.chain(notes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DraftId;
    use crate::product::ServerKind;

    fn product() -> Product {
        Product::built_in().unwrap()
    }

    fn draft() -> TicketDraft {
        TicketDraft {
            id: DraftId("d".to_owned()),
            subject: "Überweisung fehlt 🙏".to_owned(),
            issue_type: "support_ui_general".to_owned(),
            cc: Vec::new(),
            cc_entry: String::new(),
            description: "Seit Montag.".to_owned(),
            access: false,
            follows: None,
            name: String::new(),
            email: String::new(),
        }
    }

    fn said(draft: &TicketDraft, progress: &FormProgress) -> Vec<(Field, Option<u32>, String)> {
        let check = product().check(draft, Some("ada@reisen.example"));
        let messages = product().messages(draft, &check, progress).into_iter();
        messages.map(|message| (message.field, message.index, message.key)).collect()
    }

    #[test]
    fn a_missing_value_is_named_once_its_field_was_left_or_create_was_tried() {
        let empty = TicketDraft { subject: String::new(), description: " \n".to_owned(), ..draft() };
        let required = |field| (field, None, "field.required".to_owned());
        assert_eq!(said(&empty, &FormProgress::default()), []);
        let typing = FormProgress { is_typing: true, ..FormProgress::default() };
        assert_eq!(said(&empty, &typing), []);
        let left = FormProgress { left: vec![Field::Subject], ..FormProgress::default() };
        assert_eq!(said(&empty, &left), [required(Field::Subject)]);
        let tried = FormProgress { attempted: true, ..FormProgress::default() };
        assert_eq!(said(&empty, &tried), [required(Field::Subject), required(Field::Description)]);
    }

    #[test]
    fn an_address_is_not_malformed_while_its_first_letters_are_typed() {
        let half = TicketDraft { cc: vec!["bücher@".to_owned()], cc_entry: "ben@fir".to_owned(), ..draft() };
        let malformed = |index| (Field::Cc, Some(index), "field.cc.malformed".to_owned());
        let typing = FormProgress { is_typing: true, ..FormProgress::default() };
        assert_eq!(said(&half, &typing), [malformed(0)], "one that was added is finished");
        let both = [malformed(0), malformed(1)];
        assert_eq!(said(&half, &FormProgress::default()), both, "after the pause");
        assert_eq!(said(&half, &FormProgress { left: vec![Field::Cc], ..typing.clone() }), both);
        assert_eq!(said(&half, &FormProgress { left: vec![Field::Subject], ..typing.clone() }), [malformed(0)]);
        assert_eq!(said(&half, &FormProgress { attempted: true, ..typing }), both);
    }

    #[test]
    fn the_address_for_the_answer_is_not_malformed_before_its_field_was_left() {
        let half = TicketDraft { name: "Søren Müller".to_owned(), email: "søren@".to_owned(), ..draft() };
        let said = |progress: &FormProgress| {
            let product = product().signed_out();
            let messages = product.messages(&half, &product.check(&half, None), progress).into_iter();
            messages.map(|message| (message.field, message.key)).collect::<Vec<_>>()
        };
        assert_eq!(said(&FormProgress { is_typing: true, ..FormProgress::default() }), []);
        assert_eq!(said(&FormProgress::default()), []);
        let malformed = [(Field::Email, "field.cc.malformed".to_owned())];
        assert_eq!(said(&FormProgress { left: vec![Field::Email], ..FormProgress::default() }), malformed);
        assert_eq!(said(&FormProgress { attempted: true, ..FormProgress::default() }), malformed);
    }

    #[test]
    fn what_no_further_typing_mends_is_said_at_once_with_its_figures() {
        let long = TicketDraft { subject: "👩‍👩‍👧‍👦".repeat(141), ..draft() };
        let typing = FormProgress { is_typing: true, ..FormProgress::default() };
        let check = product().check(&long, None);
        let [message] = &product().messages(&long, &check, &typing)[..] else { panic!("one message") };
        assert_eq!((message.key.as_str(), message.count_and_limit), ("field.subject.too_long", Some((141, 140))));
        assert!(message.is_problem);
        let unknown = TicketDraft { issue_type: "astrology".to_owned(), ..draft() };
        assert_eq!(said(&unknown, &typing), [(Field::IssueType, None, "field.issue_type.unknown".to_owned())]);
    }

    #[test]
    fn an_address_that_will_be_left_out_is_said_at_once_and_stops_nothing() {
        let cc = ["ben@firma.example", "Ben@Firma.example"].map(str::to_owned).to_vec();
        let known = TicketDraft { cc, cc_entry: "ADA@reisen.example".to_owned(), ..draft() };
        let check = product().check(&known, Some("ada@reisen.example"));
        let typing = FormProgress { is_typing: true, ..FormProgress::default() };
        let messages = product().messages(&known, &check, &typing);
        let said: Vec<_> = messages.iter().map(|message| (message.index, message.key.as_str())).collect();
        assert_eq!(said, [(Some(1), "note.cc.repeated"), (Some(2), "note.cc.own")]);
        assert!(messages.iter().all(|message| !message.is_problem));
    }

    #[test]
    fn addresses_that_are_kept_aside_are_said_in_the_products_own_words() {
        let web = include_str!("../../products/impact-web.json");
        let product = Product::from_json(web, ServerKind::Zendesk).unwrap();
        let product = Product { access_toggle: true, ..product };
        let kept = TicketDraft { cc: vec!["ben@firma.example".to_owned()], ..draft() };
        let check = product.check(&kept, None);
        let messages = product.messages(&kept, &check, &FormProgress::default());
        let aside = product.definition.create.cc.as_ref().unwrap().otherwise.as_ref().unwrap();
        let [message] = &messages[..] else { panic!("{messages:?}") };
        assert_eq!((message.index, &message.key, message.is_problem), (None, &aside.note.0, false));
    }
}
