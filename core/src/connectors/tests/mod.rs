//! Tests of what all connectors share.

mod json;
mod refusal;
