//! The columns that a definition adds to the history (`docs/product.md`, S1).

use crate::model::{FieldValue, RowColumn};
use crate::product::Product;
use crate::product::definition::parts::history::Column;
use crate::product::offer::TicketFacts;
use crate::product::strings::Strings;

impl Product {
    /// The columns of the history that are shown to this user beside what every row shows, in order. `user` says in which scope.
    #[must_use]
    pub(crate) fn more_columns(&self, user: &TicketFacts) -> Vec<&Column> {
        let columns = self.definition.history.columns.iter().filter(|column| column.when.hold(user));
        columns.filter(|column| column.id == "users" || self.definition.fields.contains_key(&column.id)).collect()
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

    /// A column without what stands in it. `strings`: in any language, because all have the same keys.
    pub(crate) fn column(id: &str, strings: &Strings) -> RowColumn {
        let keys = [format!("column.{id}"), format!("field.{id}")];
        let label_key = keys.into_iter().find(|key| strings.find(key).is_some());
        let label_key = label_key.unwrap_or_else(|| id.to_owned());
        RowColumn { id: id.to_owned(), label_key, texts: Vec::new(), text_key: None }
    }
}
