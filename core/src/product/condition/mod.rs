//! Conditions of a product definition: when an action is offered, a section shown, an entry open.
//!
//! A condition is one line of text, such as `status.kind!=closed` or `role in owner,admin`. It is parsed once, when the
//! definition is read, into an [`Atom`] and a test of it. The atoms are a closed list. There are no parentheses and no
//! expressions: all conditions of a list must hold, and within one condition `|` means *or*.
//!
//! A fact that nobody knows is *not set*: `field.x=true` is then false, and so is `field.x set`. Whatever a condition
//! compares, it answers; it never fails on a ticket.

mod atom;
mod evaluate;
mod parse;
#[cfg(test)]
mod tests;

pub(super) use self::atom::is_id;
pub use self::atom::{Atom, Can, ConnectorTrait};
pub use self::evaluate::{Condition, Conditions, Facts};
pub use self::parse::ConditionError;
