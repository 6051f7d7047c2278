//! The ids of the custom fields that a company has assigned.

use crate::product::Product;

/// The custom fields for data that has no built-in field in the service.
#[derive(Clone, Copy)]
pub(super) struct FieldIds {
    pub issue_type: Option<i64>,
    pub access: Option<i64>,
    pub client_reference: Option<i64>,
}

impl FieldIds {
    pub(super) fn of(product: &Product) -> Self {
        let id = |name: &str| product.definition.zendesk()?.fields.get(name).map(|field| field.id);
        Self { issue_type: id("issue_type"), access: id("access"), client_reference: id("client_reference") }
    }
}
