//! A definition that the company delivers, so that words, entries and forms change without an update of the app
//! (`docs/product-definition.md`).
//!
//! # The story
//!
//! The host app names an https address. While a client is open and driven, the text there is fetched a few times a day. The
//! request carries no token and no cookie, and follows no redirect. The text is a layer on top of the app's own definition. It is
//! kept only if both together are a valid definition in which the layer changes nothing that decides about trust, and if its
//! version is lower neither than the app's nor than the kept one's. A text that fails is refused as a whole: the last good
//! one stays, and the host app's developer can read the reason.
//!
//! A kept definition takes effect when a client is opened the next time, because a product never changes while a client is
//! open. If the kept one no longer fits after an update of the app, the app's own is used alone.
//!
//! The file lies beside the accounts' folders: all accounts of an app share it, and signing out leaves it. It says nothing about
//! a user.

mod accept;
mod delivery;
mod fetch;
mod file;

pub use self::accept::{DeliveredDefinition, Refusal};
pub use self::delivery::{DefinitionDelivery, PAUSE};
