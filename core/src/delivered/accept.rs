//! Whether a delivered text is taken, and why not.

use serde::Serialize;

use crate::model::Timestamp;
use crate::net::HttpFailure;
use crate::product::{DefinitionError, Layers, Product, ServerKind};

/// What became of the delivered definition, for the host app's developer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DeliveredDefinition {
    /// The version that is in use; `None` while the app's own definition is used alone.
    pub version: Option<u32>,
    /// The version that was fetched and takes effect when a client is opened the next time; `None` if there is none.
    pub next_version: Option<u32>,
    /// When the address was last asked successfully, by the device's clock; `None` if never.
    pub checked_at: Option<Timestamp>,
    /// Why the last text was not taken or not fetched, or why the kept one is not used; `None` if nothing was wrong.
    pub refused: Option<Refusal>,
}

/// Why a delivered definition was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Refusal {
    /// The address could not be reached, or its answer did not arrive whole.
    #[error("the definition was not fetched: {0}")]
    Unreachable(#[serde(skip)] HttpFailure),
    /// The address answered with this status. Redirects are not followed.
    #[error("the address answered with status {0}")]
    Status(u16),
    /// The answer is too large, or no text.
    #[error("the answer is too large, or no text")]
    NoText,
    /// It is no valid definition on top of the app's own, or changes what only the app may decide.
    #[error("the definition cannot be used: {0}")]
    Invalid(#[from] DefinitionError),
    /// It belongs to another product.
    #[error("the definition is for another product")]
    OtherProduct,
    /// Its version is lower than that of the app's own definition, or than that of the kept one.
    #[error("version {offered} is older than version {known}")]
    Older {
        /// The version that was fetched.
        offered: u32,
        /// The version that is known.
        known: u32,
    },
    /// It could not be written to the device.
    #[error("the definition could not be stored")]
    NotStored,
}

/// What a delivered text makes of the app's own definition, whose layers are `own`. `last` is the version of the kept one.
pub(super) fn accept(own: Layers<'_>, text: &str, server: ServerKind, last: Option<u32>) -> Result<Product, Refusal> {
    let before = Product::from_layers(&own, server)?;
    let product = Product::from_layers(&own.with_delivered(text)?, server)?;
    if product.name != before.name {
        return Err(Refusal::OtherProduct);
    }
    let offered = product.definition.version;
    match before.definition.version.max(last.unwrap_or_default()) {
        known if offered < known => Err(Refusal::Older { offered, known }),
        _ => Ok(product),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_as_its_kind_and_says_its_cause() {
        let refusal = Refusal::Unreachable(HttpFailure::TimedOut);
        assert_eq!(serde_json::to_value(&refusal).unwrap()["kind"], "unreachable");
        assert_eq!(refusal.to_string(), "the definition was not fetched: the answer did not come in time");
        let older = serde_json::to_value(Refusal::Older { offered: 2, known: 3 }).unwrap();
        assert_eq!(older, serde_json::json!({ "kind": "older", "detail": { "offered": 2, "known": 3 } }));
    }
}
