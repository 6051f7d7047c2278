//! From layers to a checked definition.

use serde_json::Value;

use super::layers::Layers;
use super::place::{self, DefinitionError};
use super::trust;
use super::whole::Definition;

impl Definition {
    /// Reads the merged layers, and checks the whole.
    pub fn load(layers: &Layers<'_>) -> Result<Self, DefinitionError> {
        let merged = layers.merged();
        let definition = Self::read(layers, &merged)?;
        let Some(trusted) = layers.trusted() else { return Ok(definition) };
        let before = trusted.merged();
        let known = Self::read(&trusted, &before)?;
        match trust::violation(&known, &definition, [&before, &merged]) {
            Some((place, what)) => Err(layers.fault(&place::with_ids(&place, &merged), &what)),
            None => Ok(definition),
        }
    }

    fn read(layers: &Layers<'_>, merged: &Value) -> Result<Self, DefinitionError> {
        let definition: Self = serde_path_to_error::deserialize(merged)
            .map_err(|error| layers.fault(&place::path_of(error.path(), merged), &error.inner().to_string()))?;
        definition.check().map_err(|fault| layers.fault(&place::with_ids(&fault.path, merged), &fault.what))?;
        Ok(definition)
    }
}
