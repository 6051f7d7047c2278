//! Matching: which of the server's comments and tickets are the messages and tickets that this user wrote here.
//!
//! # Comments
//!
//! A *candidate* is a message of this device that may be on the server and is linked to no comment: the description, and
//! every message whose operation has a high-water mark. Only a comment of this user above that mark can be it; the
//! description is the first comment, whatever its text. Each comment is given to one candidate and each candidate to one
//! comment, in the order of writing. A comment that precedes a confirmed message's own comment cannot be a later message,
//! because messages are sent in order. This is decided in rounds, in each of which a weaker likeness is enough:
//!
//! 1. **The same text**, first equal, with the same files; then changed in form only ([`recognise`]), the text or the
//!    files. Then the files are compared loosely, because a server may rename them: there are as many, and each has the
//!    size, type or name of one of ours.
//! 2. **A similar text**, or the beginning of a long one, if one comment is similar to one candidate only, and that
//!    candidate to that comment only. If several fit, nobody can know which, unless the candidates have the same text.
//! 3. **A text that contains ours**, only for candidates that the server has *confirmed*, and only in a complete read.
//!    A complete read contains every confirmed message that was not hidden, perhaps with a footer or a greeting of the
//!    server. Even a wrong match loses no text, because the comment contains ours. Before a read is complete, such a
//!    comment is left for later.
//!
//! Even for a confirmed message, a comment with a different text is not taken. The server may hide the message while
//! the same user answers by mail, and then the mail would overwrite the only copy of our text. So if the server has
//! replaced the whole text of a confirmed message, the message becomes *not shown*, and the comment is shown beside it.
//!
//! Every other comment was written elsewhere: on another device, or by mail. It gets a row of its own at once, so no text
//! is lost. While an attempt is ambiguous, such a comment is *unexplained*: it could still be the message with a text that
//! nobody recognises. Then the message is not sent again without the user (see [`after_check`](super::after_check)).
//!
//! # Tickets
//!
//! The client reference decides. On a server without references, subject and description must be the same, and the
//! number must be above the high-water mark. A description that is only similar, or the beginning of a long one, is
//! enough if this device has sent exactly one such ticket without getting an answer. If several new tickets fit, those
//! that this device has sent without getting an answer come first, then the oldest. A ticket that came with a copy of
//! the file is different, because the other device may have sent it. If several such tickets fit and their files
//! differ, none of them is taken, and the user is asked about each.

pub(super) mod recognise;

use std::collections::{BTreeMap, BTreeSet};

use self::recognise::{Likeness, Text, closest, forms};
use crate::bugs::{self, Bug};
use crate::model::{Attachment, MessageId, OperationId, PersonId, RemoteComment, RemoteTicket, TicketId, normalise};

/// A message of ours that may be on the server.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The message.
    pub message: MessageId,
    /// The operation that the comment settles; `None` for a description, whose creation is settled by its number.
    pub operation: Option<OperationId>,
    /// Whether it is the description of its ticket.
    pub description: bool,
    /// Whether the server has confirmed the attempt.
    pub confirmed: bool,
    /// Only a comment with a higher id can be this message.
    pub high_water_mark: i64,
    /// The text as it was written.
    pub body: String,
    /// The files, as the message shows them.
    pub files: Vec<Attachment>,
}

impl Candidate {
    /// Whether `comment`, at `index` of its thread, may turn out to be this message, whatever its text. `me`: the user of
    /// this file.
    #[must_use]
    pub fn may_be(&self, index: usize, comment: &RemoteComment, me: PersonId) -> bool {
        if self.description {
            return index == 0;
        }
        comment.author == Some(me) && comment.id.0 > self.high_water_mark
    }
}

/// What a comment of this user turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It is the candidate with this index.
    Ours(usize),
    /// It was written elsewhere.
    Elsewhere,
    /// The read is too early to decide. The comment is left for a later one.
    Later,
}

/// Decides what each of the comments at the indexes `ours` is, in their order. `comments` is the whole read, oldest
/// first. `complete`: the read certainly contains everything that the server had when the last known update was made.
#[must_use]
pub fn match_comments(
    candidates: &[Candidate],
    comments: &[RemoteComment],
    ours: &[usize],
    me: PersonId,
    complete: bool,
) -> Vec<Match> {
    let mut matching = Matching::of(candidates, comments, ours, me);
    matching.take_description();
    matching.take_in_order(Likeness::Equal);
    matching.take_in_order(Likeness::Same);
    matching.take_single(Matching::is_similar);
    if complete {
        matching.take_single(Matching::is_contained);
    }
    let taken: BTreeMap<usize, usize> = matching.taken();
    let waits = |place: usize| {
        let may_be = |candidate| matching.is_open(candidate, place) && matching.is_contained(candidate, place);
        !complete && (0..candidates.len()).any(may_be)
    };
    let decided = (0..ours.len()).map(|place| match taken.get(&place) {
        Some(candidate) => Match::Ours(*candidate),
        None if waits(place) => Match::Later,
        None => Match::Elsewhere,
    });
    decided.collect()
}

/// The state of matching one read. A *place* is an index of the comments that may be ours.
struct Matching<'a> {
    candidates: &'a [Candidate],
    comments: Vec<(usize, &'a RemoteComment, Vec<Text>)>,
    texts: Vec<Text>,
    me: PersonId,
    /// The place that each candidate has taken.
    places: Vec<Option<usize>>,
}

impl<'a> Matching<'a> {
    fn of(candidates: &'a [Candidate], comments: &'a [RemoteComment], ours: &[usize], me: PersonId) -> Self {
        let places = vec![None; candidates.len()];
        let texts = candidates.iter().map(|candidate| Text::of(&candidate.body)).collect();
        let comments =
            ours.iter().filter_map(|index| comments.get(*index).map(|comment| (*index, comment, forms(comment))));
        Self { candidates, comments: comments.collect(), texts, me, places }
    }

    fn taken(&self) -> BTreeMap<usize, usize> {
        self.places.iter().enumerate().filter_map(|(candidate, place)| Some(((*place)?, candidate))).collect()
    }

    fn is_free(&self, place: usize) -> bool {
        !self.places.contains(&Some(place))
    }

    /// Whether the candidate and the comment have no partner yet and could belong together, whatever their texts.
    fn is_open(&self, candidate: usize, place: usize) -> bool {
        let (index, comment, _) = &self.comments[place];
        let known = &self.candidates[candidate];
        self.places[candidate].is_none()
            && self.is_free(place)
            && !known.description
            && known.may_be(*index, comment, self.me)
    }

    fn likeness(&self, candidate: usize, place: usize) -> Likeness {
        let (_, comment, forms) = &self.comments[place];
        let likeness = closest(&self.texts[candidate], forms);
        let files = same_files(&self.candidates[candidate].files, &comment.attachments);
        match (likeness, files) {
            (_, Files::Other) => Likeness::Other,
            (Likeness::Equal, Files::Renamed) => Likeness::Same,
            (likeness, _) => likeness,
        }
    }

    /// Whether the order of writing allows it: no earlier confirmed message has its own comment further down.
    fn is_in_order(&self, candidate: usize, place: usize) -> bool {
        let is_further_down = |earlier: usize| match self.places[earlier] {
            Some(taken) => taken > place,
            None => self.waits_for_a_later_place(earlier, place),
        };
        !(0..candidate).any(|earlier| self.candidates[earlier].confirmed && is_further_down(earlier))
    }

    /// Whether the candidate, which has no place yet, has its own comment below `place` and none above it. The comments above
    /// that have the candidate's text go to earlier candidates with the same text first.
    fn waits_for_a_later_place(&self, candidate: usize, place: usize) -> bool {
        let is_its_own = |at: &usize| self.is_open(candidate, *at) && self.likeness(candidate, *at) >= Likeness::Same;
        let before = (0..candidate)
            .filter(|other| self.places[*other].is_none() && self.written(*other) == self.written(candidate))
            .count();
        (0..place).filter(is_its_own).count() <= before && (place + 1..self.comments.len()).any(|at| is_its_own(&at))
    }

    /// What was written: candidates with the same text and files cannot be told apart.
    fn written(&self, candidate: usize) -> (&str, &[Attachment]) {
        let known = &self.candidates[candidate];
        (&known.body, &known.files)
    }

    fn take_description(&mut self) {
        let description = self.candidates.iter().position(|candidate| candidate.description);
        let first = self.comments.iter().position(|(index, ..)| *index == 0);
        if let (Some(candidate), Some(place)) = (description, first) {
            self.places[candidate] = Some(place);
        }
    }

    fn take_in_order(&mut self, least: Likeness) {
        for place in 0..self.comments.len() {
            let fits = |candidate: &usize| {
                self.is_open(*candidate, place)
                    && self.likeness(*candidate, place) >= least
                    && self.is_in_order(*candidate, place)
            };
            if let Some(candidate) = (0..self.candidates.len()).find(fits) {
                self.places[candidate] = Some(place);
            }
        }
    }

    fn is_similar(&self, candidate: usize, place: usize) -> bool {
        self.likeness(candidate, place) >= Likeness::Similar || bugs::is_on(Bug::AnySingleCommentTaken)
    }

    /// Whether the candidate is confirmed, and the comment contains its text.
    fn is_contained(&self, candidate: usize, place: usize) -> bool {
        let (_, comment, forms) = &self.comments[place];
        let known = &self.candidates[candidate];
        known.confirmed
            && same_files(&known.files, &comment.attachments) != Files::Other
            && forms.iter().any(|form| self.texts[candidate].is_contained_in(form))
    }

    /// Gives a comment to a candidate if the two fit each other and neither fits anything else. Candidates with the same
    /// text and files count as one here, and take their comments in order.
    fn take_single(&mut self, fits: impl Fn(&Self, usize, usize) -> bool) {
        if bugs::is_on(Bug::EqualTextRequired) {
            return;
        }
        let mut fitting = Vec::new();
        for candidate in 0..self.candidates.len() {
            for place in 0..self.comments.len() {
                let fits = self.is_open(candidate, place) && fits(self, candidate, place);
                if fits && self.is_in_order(candidate, place) {
                    fitting.push((candidate, place));
                }
            }
        }
        let mut taken = Vec::new();
        for first in 0..self.candidates.len() {
            if (0..first).any(|earlier| self.written(earlier) == self.written(first)) {
                continue;
            }
            let (own, others): (Vec<(usize, usize)>, Vec<_>) =
                fitting.iter().partition(|(candidate, _)| self.written(*candidate) == self.written(first));
            let candidates: BTreeSet<usize> = own.iter().map(|(candidate, _)| *candidate).collect();
            let places: BTreeSet<usize> = own.iter().map(|(_, place)| *place).collect();
            let is_unclear = places.len() > candidates.len() || others.iter().any(|(_, place)| places.contains(place));
            if !is_unclear {
                taken.extend(candidates.into_iter().zip(places).filter(|pair| own.contains(pair)));
            }
        }
        for (candidate, place) in taken {
            self.places[candidate] = Some(place);
        }
    }
}

/// How the files of two messages compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    Same,
    /// Both have as many files, and each file has the size, the type or the name of one of the other's.
    Renamed,
    Other,
}

fn same_files(ours: &[Attachment], theirs: &[Attachment]) -> Files {
    if ours.len() != theirs.len() {
        return Files::Other;
    }
    // Files may come back in another order, and with another Unicode form of an accent ("ü", or "u" and two dots).
    let names = |files: &[Attachment]| {
        let mut names: Vec<String> = files.iter().map(|file| normalise(&file.name)).collect();
        names.sort_unstable();
        names
    };
    if names(ours) == names(theirs) {
        return Files::Same;
    }
    if bugs::is_on(Bug::EqualTextRequired) {
        return Files::Other;
    }
    let mut left: Vec<&Attachment> = theirs.iter().collect();
    for file in ours {
        let agreement = |other: &Attachment| {
            let name = normalise(&file.name) == normalise(&other.name);
            (file.size == other.size, file.content_type == other.content_type, name)
        };
        let Some((best, _)) = left.iter().enumerate().max_by_key(|(_, other)| agreement(other)) else {
            return Files::Other;
        };
        if agreement(left[best]) == (false, false, false) {
            return Files::Other;
        }
        left.remove(best);
    }
    Files::Renamed
}

/// A new ticket of this user whose creation may have arrived.
#[derive(Debug, Clone)]
pub struct NewTicketCandidate {
    /// The ticket.
    pub ticket: TicketId,
    /// Its creation.
    pub operation: OperationId,
    /// Its client reference.
    pub reference: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its description.
    pub body: String,
    /// Only a ticket with a higher number can be it.
    pub high_water_mark: i64,
    /// Its files, as its description shows them.
    pub files: Vec<Attachment>,
    /// Whether this device has sent it and got no answer.
    pub unanswered: bool,
}

/// Which of this user's new tickets a ticket on the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// It is none of them.
    Other,
    /// It is the server's copy of this new ticket, and settles this operation.
    Of(TicketId, OperationId),
    /// It is one of several new tickets, and nobody can know which.
    Either,
}

/// Finds out which new ticket `remote` is. `candidates` are in the order of writing. `me`: the user of this file.
#[must_use]
pub fn match_ticket(candidates: &[NewTicketCandidate], remote: &RemoteTicket, me: PersonId) -> Creation {
    // If the answer does not say whose ticket it is, the reference or the text does.
    if candidates.is_empty() || remote.requester.is_some_and(|requester| requester != me) {
        return Creation::Other;
    }
    if let Some(reference) = &remote.client_reference {
        let same = candidates.iter().find(|candidate| candidate.reference.as_ref() == Some(reference));
        return same.map_or(Creation::Other, |same| Creation::Of(same.ticket, same.operation));
    }
    let (subject, body) = (Text::of(&remote.subject), remote.description.as_deref().map(Text::of));
    let likeness = |ours: &str, theirs: &Text| Text::of(ours).likeness(theirs);
    let may_be: Vec<(&NewTicketCandidate, Likeness)> = candidates
        .iter()
        .filter(|candidate| remote.number.0 > candidate.high_water_mark)
        .filter(|candidate| likeness(&candidate.subject, &subject) >= Likeness::Same)
        .filter_map(|candidate| Some((candidate, likeness(&candidate.body, body.as_ref()?))))
        .collect();
    let fits: Vec<_> =
        may_be.iter().filter(|(_, likeness)| *likeness >= Likeness::Same).map(|(candidate, _)| *candidate).collect();
    let Some(first) = fits.iter().find(|candidate| candidate.unanswered).or(fits.first()) else {
        let mut similar = may_be.iter().filter(|(known, likeness)| known.unanswered && *likeness == Likeness::Similar);
        return match (similar.next(), similar.next()) {
            (Some((only, _)), None) => Creation::Of(only.ticket, only.operation),
            _ => Creation::Other,
        };
    };
    if !first.unanswered && fits.iter().any(|other| other.files != first.files) {
        return Creation::Either;
    }
    Creation::Of(first.ticket, first.operation)
}
