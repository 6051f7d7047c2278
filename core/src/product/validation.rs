//! Validation of drafts: every field that is wrong, all at once, and every address that will be dropped.

use unicode_segmentation::UnicodeSegmentation;

use std::borrow::Cow;

use super::address::{Address, Verdict, addresses, single, validate};
use super::condition::{Atom, Can, Condition, Facts};
use super::definition::parts::form::CcRules;
use super::problem::{DraftCheck, DraftNote, Field, FieldProblem, Problem};
use super::text::{is_blank, tidy};
use super::{LONGEST_REQUESTER, Product};
use crate::model::{Requester, TicketDraft, TicketNumber, clean_line};

/// A draft that was accepted, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedTicket {
    /// The subject, trimmed and on one line.
    pub subject: String,
    /// The server's value for the issue type; empty if the form has none.
    pub issue_type: String,
    /// The CC addresses, without those that were dropped.
    pub cc: Vec<String>,
    /// The description, without blank lines around it and with one kind of line break.
    pub description: String,
    /// Whether the ticket is accessible to all users of the account.
    pub access: bool,
    /// The closed ticket that it follows; `None` for none.
    pub follows: Option<TicketNumber>,
    /// Who writes it, if without an account.
    pub requester: Option<Requester>,
}

/// Whether the subject or the description names a ticket by its number.
fn names(draft: &TicketDraft, number: TicketNumber) -> bool {
    let number = number.to_string();
    let is_number = |part: &str| part == number;
    [&draft.subject, &draft.description].iter().any(|text| text.split(|c: char| !c.is_ascii_digit()).any(is_number))
}

/// What the form has at this moment.
struct DraftFacts<'a> {
    /// What was filled in; `None` where only what the user cannot change counts.
    draft: Option<&'a TicketDraft>,
    /// Whether the access toggle is offered.
    access: bool,
}

impl Facts for DraftFacts<'_> {
    fn value(&self, atom: &Atom) -> Option<Cow<'_, str>> {
        let yes_or_no = |holds: bool| Some(Cow::Borrowed(if holds { "true" } else { "false" }));
        match atom {
            Atom::Any => yes_or_no(true),
            Atom::Can(Can::Access) => yes_or_no(self.access),
            Atom::Draft(field) => match (self.draft?, field.as_str()) {
                (draft, "access") => yes_or_no(draft.access && self.access),
                (draft, "subject") => Some(Cow::Borrowed(&draft.subject)),
                (draft, "issue_type") => Some(Cow::Borrowed(&draft.issue_type)),
                (draft, "description") => Some(Cow::Borrowed(&draft.description)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Finds what is wrong with the name and the address of whoever writes without an account. The server wants both: without a
/// name it makes no user, and without an address nobody gets the answer.
fn check_requester(draft: &TicketDraft, mut wrong: impl FnMut(Field, Problem)) {
    let name = clean_line(&draft.name);
    let count = u32::try_from(name.graphemes(true).count()).unwrap_or(u32::MAX);
    if is_blank(&name) {
        wrong(Field::Name, Problem::Required);
    } else if count > LONGEST_REQUESTER {
        wrong(Field::Name, Problem::TooLong { count, limit: LONGEST_REQUESTER });
    }
    if is_blank(&draft.email) {
        wrong(Field::Email, Problem::Required);
    } else if single(&draft.email).verdict != Verdict::Kept {
        wrong(Field::Email, Problem::Malformed);
    }
}

impl Product {
    /// Finds every field of `draft` that is wrong. `own` is the user's own address, if known.
    #[must_use]
    pub fn check(&self, draft: &TicketDraft, own: Option<&str>) -> DraftCheck {
        let (subject, description) = (clean_line(&draft.subject), tidy(&draft.description));
        let subject_count = u32::try_from(subject.graphemes(true).count()).unwrap_or(u32::MAX);
        let mut problems = Vec::new();
        let mut wrong = |field, index, problem| problems.push(FieldProblem { field, index, problem });
        if self.anonymous {
            check_requester(draft, |field, problem| wrong(field, None, problem));
        }
        if is_blank(&subject) {
            if self.definition.create.subject.required {
                wrong(Field::Subject, None, Problem::Required);
            }
        } else if subject_count > self.subject_limit {
            wrong(Field::Subject, None, Problem::TooLong { count: subject_count, limit: self.subject_limit });
        }
        if self.issue_types.is_empty() {
            // The form has no issue type, and none is sent.
        } else if draft.issue_type.is_empty() {
            wrong(Field::IssueType, None, Problem::Required);
        } else if !self.issue_types.iter().any(|known| known.id == draft.issue_type) {
            wrong(Field::IssueType, None, Problem::Unknown);
        }
        let sends_addresses = self.sends_addresses(draft);
        let addresses = if self.anonymous { Vec::new() } else { addresses(draft, own) };
        let kept_aside = !sends_addresses && !addresses.is_empty();
        let addresses = if sends_addresses { addresses } else { Vec::new() };
        // Addresses that are still being typed are all in one field, the one after the finished addresses.
        let place = |index: usize| u32::try_from(index.min(draft.cc.len())).ok();
        for (index, _) in addresses.iter().enumerate().filter(|(_, address)| address.verdict == Verdict::Malformed) {
            wrong(Field::Cc, place(index), Problem::Malformed);
        }
        let rules = self.definition.create.description;
        let description_count = || u32::try_from(description.graphemes(true).count()).unwrap_or(u32::MAX);
        if is_blank(&description) {
            if rules.required {
                wrong(Field::Description, None, Problem::Required);
            }
        } else if let Some(limit) = rules.max
            && description_count() > limit
        {
            wrong(Field::Description, None, Problem::TooLong { count: description_count(), limit });
        }
        if draft.access && !self.access_toggle && !self.anonymous {
            wrong(Field::Access, None, Problem::Unknown);
        }
        let note = |(index, address): (usize, &Address)| {
            let index = place(index)?;
            match address.verdict {
                Verdict::Repeated => Some(DraftNote::RepeatedAddress { index }),
                Verdict::Own => Some(DraftNote::OwnAddress { index }),
                Verdict::Kept | Verdict::Malformed => None,
            }
        };
        let aside = kept_aside.then_some(DraftNote::AddressesKeptAside);
        let notes = aside.into_iter().chain(addresses.iter().enumerate().filter_map(note)).collect();
        DraftCheck { problems, notes, subject_count, subject_limit: self.subject_limit }
    }

    /// Returns the draft in the form in which it is sent. If fields are wrong, the error names every wrong field. `own`
    /// is the user's own address, if known; it is dropped from the CC addresses.
    pub fn accept(&self, draft: &TicketDraft, own: Option<&str>) -> Result<AcceptedTicket, Vec<FieldProblem>> {
        let problems = self.check(draft, own).problems;
        if !problems.is_empty() {
            return Err(problems);
        }
        let issue_type = self.issue_types.iter().find(|known| known.id == draft.issue_type);
        let addresses = if self.sends_addresses(draft) { addresses(draft, own) } else { Vec::new() };
        let kept = addresses.into_iter().filter(|address| address.verdict == Verdict::Kept);
        Ok(AcceptedTicket {
            subject: clean_line(&draft.subject),
            issue_type: issue_type.map(|known| known.value.clone()).unwrap_or_default(),
            cc: kept.map(|address| address.text).collect(),
            description: tidy(&draft.description),
            access: draft.access && !self.anonymous,
            follows: draft.follows.filter(|number| !self.anonymous && names(draft, *number)),
            requester: self
                .anonymous
                .then(|| Requester { name: clean_line(&draft.name), email: single(&draft.email).text }),
        })
    }

    /// Whether addresses can be given as the form stands (`docs/product.md`, W2).
    fn sends_addresses(&self, draft: &TicketDraft) -> bool {
        self.address_field()
            .is_some_and(|cc| cc.when.hold(&DraftFacts { draft: Some(draft), access: self.access_toggle }))
    }

    /// Whether the form has a field for addresses. It has none if they could not be sent, however the form is filled in.
    pub(super) fn takes_addresses(&self) -> bool {
        let user_decides = |atom: &Atom| matches!(atom, Atom::Draft(field) if field != "access" || self.access_toggle);
        let fixed = DraftFacts { draft: None, access: self.access_toggle };
        self.address_field().is_some_and(|cc| {
            let can_hold = |condition: &Condition| condition.atoms().any(user_decides) || condition.holds(&fixed);
            cc.when.0.iter().all(can_hold)
        })
    }

    fn address_field(&self) -> Option<&CcRules> {
        let form = &self.definition.create;
        form.cc.as_ref().filter(|_| !self.anonymous && form.order.iter().any(|field| field == "cc"))
    }

    /// Returns the addresses to add to the CCs of a ticket. Drops every address that the ticket already has (`known`),
    /// every repetition, and the user's own address (`own`). If any address is malformed, the error names every
    /// malformed address.
    pub fn accept_cc(
        &self,
        addresses: &[String],
        known: &[String],
        own: Option<&str>,
    ) -> Result<Vec<String>, Vec<FieldProblem>> {
        let validated = validate(known.iter().chain(addresses).map(String::as_str), own).split_off(known.len());
        let malformed = |(index, address): (usize, &Address)| {
            (address.verdict == Verdict::Malformed).then(|| FieldProblem {
                field: Field::Cc,
                index: u32::try_from(index).ok(),
                problem: Problem::Malformed,
            })
        };
        let problems: Vec<_> = validated.iter().enumerate().filter_map(malformed).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(validated
            .into_iter()
            .filter(|address| address.verdict == Verdict::Kept)
            .map(|address| address.text)
            .collect())
    }

    /// Finds what is wrong with a reply's text.
    #[must_use]
    pub fn check_reply(&self, body: &str) -> Vec<FieldProblem> {
        let required = FieldProblem { field: Field::Body, index: None, problem: Problem::Required };
        if is_blank(body) { vec![required] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::model::DraftId;

    fn draft(subject: &str, description: &str, cc: &[&str]) -> TicketDraft {
        TicketDraft {
            id: DraftId("d".to_owned()),
            subject: subject.to_owned(),
            issue_type: "support_ui_general".to_owned(),
            cc: cc.iter().map(|address| (*address).to_owned()).collect(),
            cc_entry: String::new(),
            description: description.to_owned(),
            access: false,
            follows: None,
            name: String::new(),
            email: String::new(),
        }
    }

    fn product() -> Product {
        Product::built_in().unwrap()
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut wrong = draft(" \u{200b}\n", "\r\n\t\u{feff}", &["ada@reisen.example", "kein Mail", "bücher@"]);
        wrong.issue_type = "weather".to_owned();
        wrong.cc_entry = "halb@getippt".to_owned();
        let problem = |field, index, problem| FieldProblem { field, index, problem };
        let expected = vec![
            problem(Field::Subject, None, Problem::Required),
            problem(Field::IssueType, None, Problem::Unknown),
            problem(Field::Cc, Some(1), Problem::Malformed),
            problem(Field::Cc, Some(2), Problem::Malformed),
            problem(Field::Cc, Some(3), Problem::Malformed),
            problem(Field::Description, None, Problem::Required),
        ];
        assert_eq!(product().check(&wrong, None).problems, expected);
        assert_eq!(product().accept(&wrong, None), Err(expected));
    }

    #[test]
    fn a_subject_has_140_characters_as_people_count_them() {
        for unit in ["a", "ß", "e\u{301}", "👩‍👩‍👧‍👦", "🇪🇸", "ש", "한"] {
            let (fits, over) = (unit.repeat(140), unit.repeat(141));
            assert_eq!(product().check(&draft(&format!("  {fits}\n"), "d", &[]), None).problems, []);
            let too_long = Problem::TooLong { count: 141, limit: 140 };
            assert_eq!(product().check(&draft(&over, "d", &[]), None).problems[0].problem, too_long, "{unit}");
        }
    }

    #[test]
    fn a_ticket_is_sent_as_it_was_meant() {
        let typed = draft("  Auszahlung\r\nfehlt seit März 😟 ", "\r\n  Zeile 1\r\nZeile 2\n\n", &[]);
        let accepted = product().accept(&TicketDraft { access: true, ..typed }, None).unwrap();
        assert_eq!(accepted.subject, "Auszahlung fehlt seit März 😟");
        assert_eq!(accepted.description, "  Zeile 1\nZeile 2");
        assert_eq!(accepted.issue_type, "support_ui_general");
        assert!(accepted.cc.is_empty() && accepted.access);
    }

    #[test]
    fn the_server_gets_its_own_value_for_an_issue_type() {
        let mut product = product();
        product.issue_types[0].value = "tag_general".to_owned();
        assert_eq!(product.accept(&draft("s", "d", &[]), None).unwrap().issue_type, "tag_general");
    }

    #[test]
    fn sharing_that_is_not_offered_is_a_problem_and_not_dropped_in_silence() {
        let product = Product { access_toggle: false, ..product() };
        let shared = TicketDraft { access: true, ..draft("s", "d", &[]) };
        let expected = FieldProblem { field: Field::Access, index: None, problem: Problem::Unknown };
        assert_eq!(product.accept(&shared, None), Err(vec![expected]));
    }

    #[test]
    fn repeated_and_own_addresses_are_dropped_with_a_note() {
        let mut draft = draft("s", "d", &["Ben@Firma.example", " ben@firma.example, ", "ADA@reisen.example"]);
        draft.cc_entry = "jürgen@münchen.example;".to_owned();
        let check = product().check(&draft, Some("Ada@reisen.example "));
        assert_eq!(check.notes, [DraftNote::RepeatedAddress { index: 1 }, DraftNote::OwnAddress { index: 2 }]);
        let accepted = product().accept(&draft, Some("Ada@reisen.example ")).unwrap();
        assert_eq!(accepted.cc, ["Ben@Firma.example", "jürgen@münchen.example"]);
    }

    #[test]
    fn the_address_being_typed_counts_as_the_last() {
        let mut draft = draft("s", "d", &["ben@firma.example"]);
        draft.cc_entry = " \u{200b}".to_owned();
        assert_eq!(product().accept(&draft, None).unwrap().cc, ["ben@firma.example"]);
        draft.cc_entry = "BEN@firma.example".to_owned();
        assert_eq!(product().check(&draft, None).notes, [DraftNote::RepeatedAddress { index: 1 }]);
    }

    #[test]
    fn there_is_no_limit_on_the_number_of_addresses() {
        let many: Vec<String> = (0..5_000).map(|n| format!("reisende{n}@firma.example")).collect();
        let draft = TicketDraft { cc: many.clone(), ..draft("s", "d", &[]) };
        assert_eq!(product().accept(&draft, None).unwrap().cc, many);
    }

    #[test]
    fn a_reply_is_not_blank() {
        let required = FieldProblem { field: Field::Body, index: None, problem: Problem::Required };
        assert_eq!(product().check_reply(" \n\u{200d}\u{feff}"), [required]);
        assert_eq!(product().check_reply("👍"), []);
    }

    const OWN: &str = "a@c.example";

    /// Subjects around the limit, made of characters that are hard to count and of white space that is trimmed.
    fn subjects() -> impl Strategy<Value = String> {
        let unit = prop::sample::select(vec!["a", "ß", "e\u{301}", "👩‍👩‍👧‍👦", "🇪🇸", "ש", " ", "\r\n", "\u{200b}"]);
        prop_oneof![prop::collection::vec(unit, 0..200).prop_map(|units| units.concat()), any::<String>()]
    }

    /// Addresses from so small a set that they often repeat, in any case and with separators around them.
    fn some_addresses() -> impl Strategy<Value = String> {
        prop_oneof![30 => "[aB]{1,2}@[cD]\\.example[,; ]{0,2}", 1 => any::<String>()]
    }

    proptest! {
        #[test]
        fn accepted_drafts_are_valid_and_others_are_explained(
            subject in subjects(),
            description in any::<String>(),
            issue_type in prop_oneof![9 => Just("content".to_owned()), 1 => any::<String>()],
            cc in prop::collection::vec(some_addresses(), 0..6),
            cc_entry in prop_oneof![Just(String::new()), some_addresses()],
        ) {
            let typed = TicketDraft { issue_type, cc, cc_entry, ..draft(&subject, &description, &[]) };
            let check = product().check(&typed, Some(OWN));
            match product().accept(&typed, Some(OWN)) {
                Ok(accepted) => {
                    prop_assert!(check.can_create());
                    prop_assert!(accepted.subject.graphemes(true).count() <= 140);
                    prop_assert_eq!(accepted.subject.trim(), &accepted.subject);
                    prop_assert!(!accepted.subject.contains(['\n', '\r']) && !accepted.description.contains('\r'));
                    let folded: HashSet<String> = accepted.cc.iter().map(|address| address.to_lowercase()).collect();
                    prop_assert_eq!(folded.len(), accepted.cc.len());
                    prop_assert!(!folded.contains(OWN));
                    let typed_in = typed.cc.len() + usize::from(!is_blank(&typed.cc_entry));
                    prop_assert_eq!(accepted.cc.len() + check.notes.len(), typed_in);
                }
                Err(problems) => {
                    prop_assert!(!problems.is_empty());
                    prop_assert_eq!(problems, check.problems);
                }
            }
        }
    }
}
