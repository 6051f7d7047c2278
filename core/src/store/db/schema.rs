//! The text of the schema, compared by what it means.

/// The definition `sql` of a table, an index or a trigger without comments, without quotes around names, and with one
/// space where two words would touch. Two definitions that mean the same to SQLite are equal then: what SQLite itself
/// writes when it renames something or adds a column, and what `schema.sql` says.
pub(in crate::store) fn normalised(sql: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut normalised = String::with_capacity(sql.len());
    let mut spaced = false;
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '-' if chars.peek() == Some(&'-') => {
                spaced = true;
                while chars.next().is_some_and(|c| c != '\n') {}
            }
            // A text is compared as it is.
            '\'' => {
                normalised.push(c);
                for c in chars.by_ref() {
                    normalised.push(c);
                    if c == '\'' {
                        break;
                    }
                }
                spaced = false;
            }
            '"' => {}
            c if c.is_ascii_whitespace() => spaced = true,
            c => {
                if spaced && is_word(c) && normalised.chars().next_back().is_some_and(is_word) {
                    normalised.push(' ');
                }
                spaced = false;
                normalised.push(c);
            }
        }
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn only_what_means_nothing_is_left_out() {
        let written = "CREATE TABLE \"met\" (\n  id INTEGER PRIMARY KEY, -- the \"server's\"\n  state TEXT DEFAULT 'a  -- b' )\nSTRICT";
        assert_eq!(normalised(written), "CREATE TABLE met(id INTEGER PRIMARY KEY,state TEXT DEFAULT'a  -- b')STRICT");
        assert_ne!(normalised("a b"), normalised("ab"));
        assert_ne!(normalised("'Idle'"), normalised("'idle'"));
    }
}
