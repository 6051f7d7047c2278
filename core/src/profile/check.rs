//! Checking what a user typed: every wrong field at once, and what will be dropped.

use email_address::{EmailAddress, Options};
use unicode_segmentation::UnicodeSegmentation;

use super::Profile;
use crate::model::TicketDraft;

/// What a form shows while a ticket is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCheck {
    /// Every field that is wrong, in the order of the form.
    pub problems: Vec<FieldProblem>,
    /// What will be dropped when it is created.
    pub notes: Vec<DraftNote>,
    /// Grapheme clusters of the subject, after trimming.
    pub subject_count: u32,
    /// How many it may have.
    pub subject_limit: u32,
}

impl DraftCheck {
    /// Whether it can be created as it is.
    #[must_use]
    pub fn can_create(&self) -> bool {
        self.problems.is_empty()
    }
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Which field.
    pub field: Field,
    /// Which of the CC addresses; their number for the one being typed.
    pub index: Option<u32>,
    /// What is wrong.
    pub problem: Problem,
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The subject (C1).
    Subject,
    /// The issue type (C2).
    IssueType,
    /// A CC address (C3).
    Cc,
    /// The description (C4).
    Description,
    /// The access toggle (C5).
    Access,
    /// A reply's text (T3).
    Body,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It is blank.
    Required,
    /// It is too long.
    TooLong {
        /// How long it is.
        count: u32,
        /// How long it may be.
        limit: u32,
    },
    /// It is no e-mail address.
    Malformed,
    /// The profile does not know or not offer it.
    Unknown,
}

/// Something that will be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftNote {
    /// This address is there already.
    RepeatedAddress {
        /// Which.
        index: u32,
    },
    /// This address is the user's own.
    OwnAddress {
        /// Which.
        index: u32,
    },
}

/// A draft that passed, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedTicket {
    /// Trimmed, one line.
    pub subject: String,
    /// What the desk stores for the issue type.
    pub issue_type: String,
    /// Without what was dropped.
    pub cc: Vec<String>,
    /// Without blank lines around it, and with one kind of line break.
    pub description: String,
    /// Accessible to all users of the account.
    pub access: bool,
}

impl Profile {
    /// Every field of `draft` that is wrong. `own` is the user's own address, if known.
    #[must_use]
    pub fn check(&self, draft: &TicketDraft, own: Option<&str>) -> DraftCheck {
        let (subject, description) = (one_line(&draft.subject), tidy(&draft.description));
        let subject_count = u32::try_from(subject.graphemes(true).count()).unwrap_or(u32::MAX);
        let mut problems = Vec::new();
        let mut wrong = |field, index, problem| problems.push(FieldProblem { field, index, problem });
        if is_blank(&subject) {
            wrong(Field::Subject, None, Problem::Required);
        } else if subject_count > self.subject_limit {
            wrong(Field::Subject, None, Problem::TooLong { count: subject_count, limit: self.subject_limit });
        }
        if draft.issue_type.is_empty() {
            wrong(Field::IssueType, None, Problem::Required);
        } else if !self.issue_types.iter().any(|known| known.id == draft.issue_type) {
            wrong(Field::IssueType, None, Problem::Unknown);
        }
        let addresses = addresses(draft, own);
        for (index, _) in addresses.iter().enumerate().filter(|(_, address)| address.fate == Fate::Malformed) {
            wrong(Field::Cc, u32::try_from(index).ok(), Problem::Malformed);
        }
        if is_blank(&description) {
            wrong(Field::Description, None, Problem::Required);
        }
        if draft.access && !self.access_toggle {
            wrong(Field::Access, None, Problem::Unknown);
        }
        let note = |(index, address): (usize, &Address)| {
            let index = u32::try_from(index).ok()?;
            match address.fate {
                Fate::Repeated => Some(DraftNote::RepeatedAddress { index }),
                Fate::Own => Some(DraftNote::OwnAddress { index }),
                Fate::Kept | Fate::Malformed => None,
            }
        };
        let notes = addresses.iter().enumerate().filter_map(note).collect();
        DraftCheck { problems, notes, subject_count, subject_limit: self.subject_limit }
    }

    /// The draft as it is sent, or every field that is wrong.
    pub fn accept(&self, draft: &TicketDraft, own: Option<&str>) -> Result<AcceptedTicket, Vec<FieldProblem>> {
        let problems = self.check(draft, own).problems;
        let Some(issue_type) = self.issue_types.iter().find(|known| known.id == draft.issue_type) else {
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let kept = addresses(draft, own).into_iter().filter(|address| address.fate == Fate::Kept);
        Ok(AcceptedTicket {
            subject: one_line(&draft.subject),
            issue_type: issue_type.value.clone(),
            cc: kept.map(|address| address.text).collect(),
            description: tidy(&draft.description),
            access: draft.access,
        })
    }

    /// What is wrong with a reply's text.
    #[must_use]
    pub fn check_reply(&self, body: &str) -> Vec<FieldProblem> {
        let required = FieldProblem { field: Field::Body, index: None, problem: Problem::Required };
        if is_blank(body) { vec![required] } else { Vec::new() }
    }
}

struct Address {
    text: String,
    fate: Fate,
}

#[derive(PartialEq, Eq)]
enum Fate {
    Kept,
    Malformed,
    Repeated,
    Own,
}

/// The addresses in the order of the form, the one being typed last, and what will become of each.
fn addresses(draft: &TicketDraft, own: Option<&str>) -> Vec<Address> {
    let typed = Some(&draft.cc_entry).filter(|entry| !is_blank(entry));
    let mut addresses: Vec<Address> = Vec::new();
    for text in draft.cc.iter().chain(typed) {
        let text = text.trim().trim_end_matches([',', ';']).trim_end().to_owned();
        let folded = text.to_lowercase();
        let fate = if !is_address(&text) {
            Fate::Malformed
        } else if own.is_some_and(|own| own.to_lowercase() == folded) {
            Fate::Own
        } else if addresses.iter().any(|before| before.fate == Fate::Kept && before.text.to_lowercase() == folded) {
            Fate::Repeated
        } else {
            Fate::Kept
        };
        addresses.push(Address { text, fate });
    }
    addresses
}

/// A bare address that a mail can be sent to: no display name, no address literal, a domain with a dot.
fn is_address(text: &str) -> bool {
    let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
    text.len() <= 254 && EmailAddress::parse_with_options(text, options).is_ok()
}

/// Trimmed, with every line break and the spaces around it as one space.
fn one_line(text: &str) -> String {
    let lines = text.split(|c| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'));
    let filled: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    filled.join(" ")
}

/// One kind of line break, and nothing blank around the whole.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// Nothing in it that a reader could see.
fn is_blank(text: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
    };
    text.chars().all(unseen)
}

#[cfg(test)]
mod tests {
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
        }
    }

    fn profile() -> Profile {
        Profile::built_in().unwrap()
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
        assert_eq!(profile().check(&wrong, None).problems, expected);
        assert_eq!(profile().accept(&wrong, None), Err(expected));
    }

    #[test]
    fn a_subject_has_140_characters_as_people_count_them() {
        for unit in ["a", "ß", "e\u{301}", "👩‍👩‍👧‍👦", "🇪🇸", "ש", "한"] {
            let (fits, over) = (unit.repeat(140), unit.repeat(141));
            assert_eq!(profile().check(&draft(&format!("  {fits}\n"), "d", &[]), None).problems, []);
            let too_long = Problem::TooLong { count: 141, limit: 140 };
            assert_eq!(profile().check(&draft(&over, "d", &[]), None).problems[0].problem, too_long, "{unit}");
        }
    }

    #[test]
    fn a_subject_is_one_line() {
        let accepted = profile().accept(&draft("  Erste \r\n\n zweite\u{2028}dritte  ", "a\r\nb\n\n", &[]), None).unwrap();
        assert_eq!(accepted.subject, "Erste zweite dritte");
        assert_eq!(accepted.description, "a\nb");
    }

    #[test]
    fn repeated_and_own_addresses_are_dropped_with_a_note() {
        let mut draft = draft("s", "d", &["Ben@Firma.example", " ben@firma.example, ", "ADA@reisen.example"]);
        draft.cc_entry = "jürgen@münchen.example;".to_owned();
        let check = profile().check(&draft, Some("ada@reisen.example"));
        assert_eq!(check.notes, [DraftNote::RepeatedAddress { index: 1 }, DraftNote::OwnAddress { index: 2 }]);
        let accepted = profile().accept(&draft, Some("ada@reisen.example")).unwrap();
        assert_eq!(accepted.cc, ["Ben@Firma.example", "jürgen@münchen.example"]);
    }

    #[test]
    fn what_is_no_address() {
        for bad in ["", "ada", "ada@", "@b.example", "a@b", "a b@c.example", "Ada <a@b.example>", "a@[127.0.0.1]", "a@b..example", "a@b.example, c@d.example"] {
            assert!(!is_address(bad), "{bad}");
        }
        for good in ["a@b.example", "a.b+c@sub.b.example", "o'neil@b.example", "用户@例子.example"] {
            assert!(is_address(good), "{good}");
        }
    }

    #[test]
    fn a_reply_is_not_blank() {
        assert_eq!(profile().check_reply(" \n\u{200d}\u{feff}").len(), 1);
        assert!(profile().check_reply(".").is_empty());
        assert!(profile().check_reply("👍").is_empty());
    }

    proptest! {
        #[test]
        fn whatever_is_typed(
            subject in any::<String>(),
            description in any::<String>(),
            cc in prop::collection::vec(prop_oneof![any::<String>(), "[aB]{1,2}@[cD]\\.example"], 0..6),
            cc_entry in any::<String>(),
        ) {
            let typed = TicketDraft { cc, cc_entry, ..draft(&subject, &description, &[]) };
            let check = profile().check(&typed, Some("a@c.example"));
            match profile().accept(&typed, Some("a@c.example")) {
                Ok(accepted) => {
                    prop_assert!(check.can_create());
                    prop_assert!(accepted.subject.graphemes(true).count() <= 140);
                    prop_assert!(!accepted.subject.contains(['\n', '\r']) && !accepted.description.contains('\r'));
                    let mut folded: Vec<String> = accepted.cc.iter().map(|address| address.to_lowercase()).collect();
                    prop_assert!(!folded.contains(&"a@c.example".to_owned()));
                    folded.sort();
                    folded.dedup();
                    prop_assert_eq!(folded.len(), accepted.cc.len());
                }
                Err(problems) => prop_assert_eq!(problems, check.problems),
            }
        }
    }
}
