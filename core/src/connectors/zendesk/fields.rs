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
        let fields = &product.fields;
        Self { issue_type: fields.issue_type, access: fields.access, client_reference: fields.client_reference }
    }
}
