//! The custom fields that a company has assigned: their ids, and what they feed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::product::Product;

/// The custom fields for data that has no built-in field in the service.
#[derive(Clone, Default)]
pub(super) struct Fields {
    pub issue_type: Option<i64>,
    pub access: Option<i64>,
    pub client_reference: Option<i64>,
    /// What each field feeds, by the product's names.
    pub names: Arc<BTreeMap<i64, String>>,
}

impl Fields {
    pub(super) fn of(product: &Product) -> Self {
        let known = product.definition.zendesk().into_iter().flat_map(|settings| &settings.fields);
        let names: BTreeMap<i64, String> = known.map(|(name, field)| (field.id, name.clone())).collect();
        let id = |wanted: &str| names.iter().find(|(_, name)| *name == wanted).map(|(id, _)| *id);
        let [issue_type, access, client_reference] = ["issue_type", "access", "client_reference"].map(id);
        Self { issue_type, access, client_reference, names: Arc::new(names) }
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
