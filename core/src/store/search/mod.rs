//! The index of every text that a search finds, and finding in it (`docs/product.md`, W5, W9).
//!
//! # The story
//!
//! *Documents.* A ticket's subject with its number is a document, and so is each message and each searched value of a field. A row
//! of `search_documents` says which one stands under which rowid in `search_words`, a table of FTS5 that holds only the folded
//! tokens of the documents ([`query`](crate::query)), and where in a document each stands. It does not hold the texts: they stand in their
//! own rows, from which excerpts are made. A message has its own id there, so that writing one looks nothing up; a subject has its
//! ticket's id below 0, so that subjects can be looked through alone, the newest first; values begin at 1 << 62. Articles have a
//! table of their own, `article_words`.
//!
//! *Spans.* A search finds thousands of documents and asks of each to which ticket it belongs. Most pages of `search_documents` would be
//! read for that, and they are more than SQLite keeps in memory. `search_spans` gives the ticket of messages in a tenth of
//! the pages: it has one row where the ticket changes from one message to the next. Triggers of `search_documents` keep it right.
//!
//! *Triggers.* Whatever changes a text changes its document in the same transaction. No statement that writes a text has to know
//! of it. A document leaves with exactly the tokens with which it came: FTS5 has no other way to find them. So a trigger computes
//! them from the old text, with the function `search_tokens`, which every connection has. A ticket that was revoked has no document.
//! The trigger of a new message or subject only notes it, and every write of the store ends with adding what was noted
//! (`new_documents.rs`).
//!
//! *Secure delete.* What left the index must not stay in the file. So FTS5 overwrites at once (its option `secure-delete`) instead of
//! noting what is gone, and its own option for tables without texts, `contentless_delete`, is not used: with it, the
//! words stay. The pages are overwritten as those of any other table ([`secure_delete`](super::reconcile::secure_delete)).
//!
//! *Rules.* `search_rules` says with which version of folding, and with which fields, the index was made. If the product or this
//! version has others when the file is opened, the row is removed. Without it no trigger changes the index, and nothing is looked
//! for in it. The first step of a rebuild empties the index and writes the row, from then on the triggers work, and the
//! further steps add what was there before ([`derived`](super::derived) has the story of rebuilds). Meanwhile a search says how
//! many tickets it covers.
//!
//! *Damage.* The index is derived data. If FTS5 finds it damaged, the row of the rules is removed, which leads to the same
//! rebuild. The call that met the damage fails once and can be repeated. Nothing else of the file is touched.
//!
//! *A crash* leaves the file between two transactions: with the row of the rules and a right index, or without the row.

pub(super) mod check;
pub(super) mod find;
pub(super) mod found_in;
pub(super) mod functions;
pub(super) mod matches;
pub(super) mod new_documents;
pub(super) mod order;
pub(super) mod rebuild;
pub(super) mod rules;
mod texts;
pub(super) mod view;
