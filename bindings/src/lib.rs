//! Pocketdesk's core for Kotlin and Swift, through UniFFI. Translates, decides nothing.
//!
//! Every call is synchronous and coarse: a read returns a page, a command returns when it is durable, and long work goes
//! on by itself and is observed through a [`ChangeListener`]. Calls may come from any thread and may block for as long as
//! SQLite takes (a write: until it is on disk), so shells make them off the main thread. No call waits for the network.
//!
//! What core leaves to its surroundings lives here: the clock, random numbers, one small tokio runtime for all servers of
//! the process, and the one place where a panic is caught ([`runtime`]).

mod callbacks;
mod client;
mod convert;
mod errors;
mod platform;
mod runtime;
mod types;

pub use callbacks::{ChangeListener, Changes, ListenerError, TokenError, TokenProvider, TokenRequest};
pub use client::{Client, ClientConfig, Subscription};
pub use errors::{ClientError, OpenError, ReplyError, SubmitError};
pub use types::*;

uniffi::setup_scaffolding!();

/// The built-in product, as JSON: a starting point for a company's own.
#[uniffi::export]
#[must_use]
pub fn built_in_product() -> String {
    pocketdesk::product::BUILT_IN.to_owned()
}

/// The product that comes with `connector`, as JSON: a starting point for a company's own.
#[uniffi::export]
#[must_use]
pub fn connector_product(connector: Connector) -> String {
    pocketdesk::factory::Connector::from(connector).product_json().to_owned()
}

/// The languages that have words, as BCP 47 tags.
#[uniffi::export]
#[must_use]
pub fn languages() -> Vec<String> {
    pocketdesk::product::LANGUAGES.iter().map(|language| (*language).to_owned()).collect()
}

/// Every word that a screen shows, by key, in the best language for `language` (a BCP 47 tag; "de-AT" reads as "de", an
/// unknown one as "en"). Texts may have places to fill: `{count}`, `{limit}`, `{address}`.
#[uniffi::export]
#[must_use]
pub fn strings(language: &str) -> std::collections::HashMap<String, String> {
    pocketdesk::product::strings(language).into_iter().collect()
}
