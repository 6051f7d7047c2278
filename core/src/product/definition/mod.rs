//! Product definitions: how a product's JSON becomes a checked [`Definition`].
//!
//! A definition is made of layers. The text that the host app hands in names what it extends, that may extend something
//! itself, and a definition delivered by a server lies on top. The layers are merged as JSON ([`layers`]): a later layer
//! wins, objects key by key, lists of objects by their `id`, and null removes. The result is read into the types of
//! [`parts`], where every key must be known and every word must be one of those that exist, and then checked as a whole
//! ([`check`]): every id that is named must exist, every number must be within its bounds, and every string must stand in
//! every language.
//!
//! What is wrong is told with its place: the layer that said it, the line and column in that layer, and the path
//! ([`place`]). A definition that is wrong in one place is refused as a whole; nobody would know what half of it means.
//!
//! `docs/product-definition.md` explains the format, and `docs/product-definition.schema.json` is its schema, made from
//! the types of [`parts`].

mod check;
mod layers;
mod load;
pub mod parts;
mod place;
#[cfg(feature = "schema")]
mod schema;
#[cfg(test)]
mod tests;
mod trust;
mod whole;

pub use self::layers::{LARGEST_TEXT, Layers, SHIPPED};
pub use self::place::{DefinitionError, Place};
#[cfg(feature = "schema")]
pub use self::schema::json_schema;
pub use self::whole::{Definition, SCHEMA};
