//! What a user is told about an error, as the key of its text. Core decides it for its own errors, from which these come.

use pocketdesk::blob::FileError;
use pocketdesk::store::StoreError;
use pocketdesk::{client, product, store};

use super::{AttachError, ChangeError, ClientError, OpenError, ReplyError, SubmitError};
use crate::types::FieldProblem;

/// The key of an error: its own variants, followed by those of the account's file.
macro_rules! keys {
    ($name:ident { $($own:pat => $key:expr,)* }) => {
        #[uniffi::export]
        impl $name {
            /// Returns the key of the text that tells a user about it. Reads no file.
            #[must_use]
            pub fn key(&self) -> String {
                let key: &str = match self {
                    $($own => $key,)*
                    Self::NoSuchTicket => StoreError::NoSuchTicket.string_key(),
                    Self::NoSuchMessage => StoreError::NoSuchMessage.string_key(),
                    Self::NoSuchDraft => StoreError::NoSuchDraft.string_key(),
                    Self::NoSuchFile => StoreError::NoSuchFile.string_key(),
                    Self::NotPossibleNow => StoreError::NotPossibleNow.string_key(),
                    Self::InvalidCursor => StoreError::InvalidCursor.string_key(),
                    Self::Closed => StoreError::Closed.string_key(),
                    Self::Suspended => StoreError::Suspended.string_key(),
                    Self::InUse => StoreError::InUse.string_key(),
                    Self::NoSpace => StoreError::NoSpace.string_key(),
                    Self::Damaged => StoreError::Corrupt.string_key(),
                    Self::ReadOnly => StoreError::ReadOnly.string_key(),
                    Self::Storage { code } => StoreError::Io { code: *code }.string_key(),
                    Self::InternalFault => client::INTERNAL_FAULT_KEY,
                };
                key.to_owned()
            }
        }
    };
}

fn of_core(problems: &[FieldProblem]) -> Vec<product::FieldProblem> {
    problems.iter().map(product::FieldProblem::from).collect()
}

keys! { ClientError {} }

keys! { SubmitError {
    Self::Invalid { problems } => client::SubmitError::Invalid(of_core(problems)).string_key(),
} }

keys! { ReplyError {
    Self::Invalid { problems } => client::ReplyError::Invalid(of_core(problems)).string_key(),
    Self::TicketClosed => client::ReplyError::TicketClosed.string_key(),
    Self::NotOffered => client::ReplyError::NotOffered.string_key(),
    Self::NoLongerVisible => client::ReplyError::NoLongerVisible.string_key(),
} }

keys! { ChangeError {
    Self::NotOffered => client::ChangeError::NotOffered.string_key(),
    Self::Invalid { problems } => client::ChangeError::Invalid(of_core(problems)).string_key(),
    Self::TicketClosed => client::ChangeError::TicketClosed.string_key(),
    Self::NoLongerVisible => client::ChangeError::NoLongerVisible.string_key(),
} }

keys! { AttachError {
    Self::Off => store::AttachError::Off.string_key(),
    Self::TooMany { limit } => of_file(FileError::TooMany { limit: *limit }),
    Self::TooLarge { limit } => of_file(FileError::TooLarge { limit: *limit }),
    Self::WrongType => of_file(FileError::WrongType),
    Self::WrongContent => of_file(FileError::WrongContent),
    Self::Empty => of_file(FileError::Empty),
    Self::Unreadable { code } => of_file(FileError::Unreadable { code: *code }),
} }

fn of_file(error: FileError) -> &'static str {
    store::AttachError::File(error).string_key()
}

#[uniffi::export]
impl OpenError {
    /// Returns the key of the text that tells a user about it. Reads no file.
    #[must_use]
    pub fn key(&self) -> String {
        let of_store = |error| client::OpenError::Store(error).string_key();
        let key = match self {
            Self::NotADatabase => of_store(StoreError::NotADatabase),
            Self::NewerSchema { found, known } => of_store(StoreError::NewerSchema { found: *found, known: *known }),
            Self::OtherAccount => of_store(StoreError::OtherAccount),
            Self::ReadOnly => of_store(StoreError::ReadOnly),
            Self::NoSpace => of_store(StoreError::NoSpace),
            Self::InUse => of_store(StoreError::InUse),
            Self::KeyNotSupported => of_store(StoreError::KeyNotSupported),
            Self::InvalidUrl => client::OpenError::InvalidUrl.string_key(),
            Self::InvalidAccount => client::OpenError::InvalidAccount.string_key(),
            // What is wrong with the definition is meant for the developer.
            Self::InvalidProduct { .. } => client::OpenError::NoConnectorSettings.string_key(),
            Self::InvalidDirectory => of_store(StoreError::InvalidDirectory),
            Self::Storage { code } => of_store(StoreError::Io { code: *code }),
            Self::InternalFault => client::OPENING_FAULT_KEY,
        };
        key.to_owned()
    }
}
