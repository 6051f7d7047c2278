//! The words of a text, and what a user types to find them.
//!
//! # The story
//!
//! A text is cut into *tokens*, and each token is *folded*, so that what means the same to a reader is written the same. The index
//! of the store holds the folded tokens of every document, and a [`Question`] is cut and folded by the same functions. So a word
//! is found however it was typed. A token knows its place in the original text, so what was found can be shown there.
//!
//! **Folding** ([`fold`]) works on what a reader takes for one character, a grapheme cluster. Compatible forms become one (half
//! and full width, ligatures), capital letters small ones, and `ß` becomes `ss`. Marks go if the letter below them is Latin, Greek,
//! Cyrillic, Hebrew or Arabic: there, people search without them. In other scripts they make another letter (か and が) or a vowel,
//! so they stay. Invisible characters are removed in every script.
//!
//! **Cutting** ([`segment`]) knows two kinds of scripts. Where spaces divide words, a word is a token, `+` and `#`
//! after a letter included (C++, F#). Of a longer word only the first 64 characters count. Chinese, Japanese, Thai,
//! Lao, Khmer and Burmese write no spaces, and no dictionary would be complete; Korean writes them, but attaches
//! endings to its words. In these scripts, every two neighbouring characters are a token: 签合同 is 签合, 合同, and 同 for the
//! last character. A text of several characters is found as a sequence of such pairs. One character is found as the
//! beginning of a pair, or as the last one. This is exact, and costs one token a character.
//!
//! **A question** ([`question`]) is a list of terms. For a search all have to be found; for what is similar to a text, any of them. A term
//! is a sequence of tokens. The last word may be unfinished. Only so many tokens and terms of a question count.
//!
//! **An excerpt** ([`excerpt`]) is made from the original text when it is shown. It never stands in the index.
//!
//! # When this changes
//!
//! To remove a document from the index, the store has to name the tokens that it inserted. Therefore whoever changes what [`tokens`] returns for any
//! text, also by a new version of a Unicode table, raises [`FOLD_VERSION`]. The store then makes its index anew.

mod excerpt;
mod fold;
mod question;
mod segment;
#[cfg(test)]
mod tests;

pub(super) use self::fold::is_unspaced;
pub use self::question::{Question, Term};
pub use self::segment::{Token, TokenKind, tokens};

/// The version of folding and cutting.
pub const FOLD_VERSION: u32 = 1;
