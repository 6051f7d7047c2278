//! Cleaning of short texts that a server or a user chose, before they are kept, shown or sent.
//!
//! Such a text can be made to look like another one, or to break a line or a path: by marks that change the direction of
//! writing, by control characters, by line breaks, by its length. What a reader sees stays as it is.

mod direction;
mod line;
mod name;

pub use self::line::{clean_line, clean_snippet, clean_subject};
pub use self::name::{LONGEST_NAME, clean_name};
