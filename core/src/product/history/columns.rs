//! The columns that a definition adds to the history (`docs/product.md`, S1).

use crate::model::{FieldValue, HistoryColumn, RowColumn, TicketRow};
use crate::product::Product;
use crate::product::definition::parts::fields::{FieldDefinition, FieldType};
use crate::product::definition::parts::history::{BUILT_IN_COLUMNS, Column};
use crate::product::offer::TicketFacts;
use crate::product::strings::Strings;

/// The columns whose values are parts of every row.
const OF_EVERY_ROW: [&str; 6] = ["number", "subject", "status", "created", LAST_ACTIVITY, "read"];
const LAST_ACTIVITY: &str = "last_activity";

impl Product {
    /// The columns of the history that are shown to this user, in order. `user` says in which scope.
    #[must_use]
    pub(crate) fn columns(&self, user: &TicketFacts) -> Vec<&Column> {
        let columns = self.definition.history.columns.iter().filter(|column| column.when.hold(user));
        let is_known = |column: &&Column| {
            BUILT_IN_COLUMNS.contains(&column.id.as_str()) || self.definition.fields.contains_key(&column.id)
        };
        columns.filter(is_known).collect()
    }

    /// The fields whose values a search finds: the texts and numbers that the history shows as columns, such as the id of an
    /// escalation (`docs/product.md`, S1). What is secret is not found.
    #[must_use]
    pub(crate) fn searched_fields(&self) -> Vec<String> {
        let is_searched = |field: &FieldDefinition| {
            let kind = match &field.kind {
                FieldType::Optional(kind) => kind,
                kind => kind,
            };
            !field.secret && matches!(kind, FieldType::Text | FieldType::Number)
        };
        let columns = self.definition.history.columns.iter().map(|column| &column.id);
        columns.filter(|id| self.definition.fields.get(*id).is_some_and(is_searched)).cloned().collect()
    }

    /// The names of the columns, for a list that is wide enough to be a table. If there are any, the last activity is
    /// one of them, because that is the usual order of the rows.
    #[must_use]
    pub(crate) fn column_names(columns: &[&Column], strings: &Strings) -> Vec<HistoryColumn> {
        let column = |id: &str, hide_empty| {
            let label_key = Self::column(id, strings).label_key;
            HistoryColumn { id: id.to_owned(), label_key, hide_empty }
        };
        let mut names: Vec<_> =
            columns.iter().map(|shown| column(&shown.id, shown.hide_empty && Self::is_beside_the_row(shown))).collect();
        if !names.is_empty() && names.iter().all(|known| known.id != LAST_ACTIVITY) {
            names.push(column(LAST_ACTIVITY, false));
        }
        names
    }

    /// Whether this column shows something that is not part of every row.
    #[must_use]
    pub(crate) fn is_beside_the_row(column: &Column) -> bool {
        !OF_EVERY_ROW.contains(&column.id.as_str())
    }

    /// What stands in a column that needs nothing but the row; `None` if there is nothing, or the column needs more.
    #[must_use]
    pub(crate) fn column_of_row(id: &str, row: &TicketRow, strings: &Strings) -> Option<RowColumn> {
        match id {
            "creator" => row.requester.clone().map(|name| RowColumn { texts: vec![name], ..Self::column(id, strings) }),
            "ticket_type" => row
                .ticket_type
                .as_ref()
                .map(|of| RowColumn { text_key: Some(format!("ticket_type.{of}")), ..Self::column(id, strings) }),
            _ => None,
        }
    }

    /// What stands in the column of a field; `None` if a row of text cannot show it.
    #[must_use]
    pub(crate) fn column_of_field(id: &str, value: &FieldValue, strings: &Strings) -> Option<RowColumn> {
        let (text, text_key) = match value {
            FieldValue::Text(text) | FieldValue::Number(text) => (Some(text.clone()), None),
            FieldValue::Enum(value) => {
                let keys = [format!("field.{id}.{value}"), format!("{id}.{value}")];
                let key = keys.into_iter().find(|key| strings.find(key).is_some());
                (key.is_none().then(|| value.clone()), key)
            }
            _ => return None,
        };
        Some(RowColumn { texts: text.into_iter().collect(), text_key, ..Self::column(id, strings) })
    }

    /// A column with its label and no content. `strings`: in any language, because all have the same keys.
    pub(crate) fn column(id: &str, strings: &Strings) -> RowColumn {
        let keys = [format!("column.{id}"), format!("field.{id}")];
        let label_key = keys.into_iter().find(|key| strings.find(key).is_some());
        let label_key = label_key.unwrap_or_else(|| id.to_owned());
        RowColumn { id: id.to_owned(), label_key, texts: Vec::new(), text_key: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::ServerKind;

    #[test]
    fn a_table_says_by_what_it_is_sorted() {
        let ids = |product: &str| -> Vec<String> {
            let text = serde_json::json!({ "schema": 1, "id": "tested", "version": 1, "extends": product }).to_string();
            let product = Product::from_json(&text, ServerKind::Zendesk).unwrap();
            let strings = product.strings("en");
            let columns = product.columns(&TicketFacts::default());
            Product::column_names(&columns, &strings).into_iter().map(|column| column.id).collect()
        };
        assert_eq!(ids("impact-mobile@1"), ["number", "subject", "status", "created", "read", "last_activity"]);
        // What a user can read in the list is found.
        let searched = |product: &str| {
            let text = serde_json::json!({ "schema": 1, "id": "tested", "version": 1, "extends": product }).to_string();
            Product::from_json(&text, ServerKind::Zendesk).unwrap().searched_fields()
        };
        assert_eq!(searched("hub@1"), ["escalation_id"]);
        assert!(searched("impact-mobile@1").is_empty());
        // What every row has is never empty.
        let number = Column {
            id: "number".to_owned(),
            hide_empty: true,
            when: crate::product::condition::Conditions::default(),
        };
        let strings = Product::built_in().unwrap().strings("en");
        assert!(Product::column_names(&[&number], &strings).iter().all(|column| !column.hide_empty));
        assert_eq!(ids("hub@1").iter().filter(|id| *id == "last_activity").count(), 1);
    }
}
