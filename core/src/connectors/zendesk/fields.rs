//! The custom fields that a company has assigned: their ids, and what they feed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{FieldValue, RawValue};
use crate::product::{FieldReader, Product};

/// The custom fields for data that has no built-in field in the service.
#[derive(Clone, Default)]
pub(super) struct Fields {
    pub issue_type: Option<i64>,
    pub access: Option<i64>,
    pub client_reference: Option<i64>,
    /// What each field feeds, by the product's names.
    pub names: Arc<BTreeMap<i64, String>>,
    /// How the fields of the definition are read.
    pub readers: Arc<BTreeMap<i64, FieldReader>>,
    /// Whether the product asks through which channel tickets and comments came.
    pub channels: bool,
    /// Whether the product asks for the agent to whom a ticket is assigned.
    pub assignee: bool,
}

impl Fields {
    pub(super) fn of(product: &Product) -> Self {
        let known = product.definition.zendesk().into_iter().flat_map(|settings| &settings.fields);
        let names: BTreeMap<i64, String> = known.map(|(name, field)| (field.id, name.clone())).collect();
        let id = |wanted: &str| names.iter().find(|(_, name)| *name == wanted).map(|(id, _)| *id);
        let [issue_type, access, client_reference] = ["issue_type", "access", "client_reference"].map(id);
        let own = product.definition.zendesk().into_iter().flat_map(|settings| &settings.fields);
        let readers = own.filter_map(|(name, source)| {
            let definition = product.definition.fields.get(name)?;
            // The dates of steps name the steps as the field with the present one does.
            let steps = product.definition.steps_dated_by(name).filter(|_| source.values.is_empty());
            let steps = steps.and_then(|steps| product.definition.zendesk()?.fields.get(steps));
            let values = steps.map_or(&source.values, |steps| &steps.values);
            Some((source.id, FieldReader::new(name, definition, values, source.parse)))
        });
        let readers = Arc::new(readers.collect());
        let definition = &product.definition;
        Self {
            issue_type,
            access,
            client_reference,
            names: Arc::new(names),
            readers,
            channels: definition.asks_for_channels(),
            assignee: definition.asks_for_assignee(),
        }
    }

    /// The values of the definition's fields. One that is not of its field's type is left out.
    pub(super) fn read(&self, values: &[(i64, RawValue)]) -> BTreeMap<String, FieldValue> {
        let read = |(id, raw): &(i64, RawValue)| {
            let reader = self.readers.get(id)?;
            Some((reader.field.clone(), reader.read(raw)?))
        };
        values.iter().filter_map(read).collect()
    }

    /// The product's name for what the field with this id feeds; `None` for a field that the product does not use.
    pub(super) fn name(&self, id: i64) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Whether the product uses any field.
    pub(super) fn are_used(&self) -> bool {
        !self.names.is_empty()
    }
}
