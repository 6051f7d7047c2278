//! Errors, in variants that a caller can act on. They carry codes and counts, never a text that a user wrote.

use pocketdesk::store::StoreError;
use pocketdesk::{blob, client, product, store};

use crate::types::FieldProblem;

/// Why a server cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum OpenError {
    /// The file is not a Pocketdesk database. It was left untouched.
    #[error("the file is not a Pocketdesk database")]
    NotADatabase,
    /// A later version wrote the file. It was left untouched.
    #[error("the file has schema {found}, this version knows {known}")]
    NewerSchema {
        /// The file's.
        found: u32,
        /// The newest this version knows.
        known: u32,
    },
    /// The file belongs to another account or another server.
    #[error("the file belongs to another account or server")]
    OtherAccount,
    /// The folder or the file does not allow writing.
    #[error("the folder does not allow writing")]
    ReadOnly,
    /// No space left on the device.
    #[error("no space left")]
    NoSpace,
    /// Another process, or another server of this one, has the account open. Close or suspend that one first.
    #[error("in use elsewhere")]
    InUse,
    /// A key was given, and this build cannot encrypt.
    #[error("this build cannot encrypt")]
    KeyNotSupported,
    /// The server's address is not an https origin (http is for this machine itself only).
    #[error("the server's address must be an https origin")]
    InvalidUrl,
    /// The account id must have 1 to 200 characters.
    #[error("the account id must have 1 to 200 characters")]
    InvalidAccount,
    /// The product cannot be used.
    #[error("the product cannot be used: {what}")]
    InvalidProduct {
        /// The field, or the place in the JSON.
        what: String,
    },
    /// The folder is no folder, or cannot be made.
    #[error("the folder cannot be used")]
    InvalidDirectory,
    /// Any other error of the storage.
    #[error("storage error {code}")]
    Storage {
        /// SQLite's extended result code, or -1.
        code: i32,
    },
    /// Something that should not happen.
    #[error("internal fault")]
    InternalFault,
}

impl From<client::OpenError> for OpenError {
    fn from(error: client::OpenError) -> Self {
        match error {
            client::OpenError::InvalidUrl => Self::InvalidUrl,
            client::OpenError::InvalidAccount => Self::InvalidAccount,
            client::OpenError::InvalidProduct(product::ProductError { what }) => Self::InvalidProduct { what },
            client::OpenError::Store(StoreError::NotADatabase) => Self::NotADatabase,
            client::OpenError::Store(StoreError::NewerSchema { found, known }) => Self::NewerSchema { found, known },
            client::OpenError::Store(StoreError::OtherAccount) => Self::OtherAccount,
            client::OpenError::Store(StoreError::ReadOnly) => Self::ReadOnly,
            client::OpenError::Store(StoreError::NoSpace) => Self::NoSpace,
            client::OpenError::Store(StoreError::InUse) => Self::InUse,
            client::OpenError::Store(StoreError::KeyNotSupported) => Self::KeyNotSupported,
            client::OpenError::Store(StoreError::InvalidDirectory) => Self::InvalidDirectory,
            client::OpenError::Store(StoreError::Sqlite { code } | StoreError::Io { code }) => Self::Storage { code },
            client::OpenError::Store(
                StoreError::Corrupt
                | StoreError::Damaged
                | StoreError::NotFound
                | StoreError::Suspended
                | StoreError::Closed,
            ) => Self::Storage { code: -1 },
        }
    }
}

/// What the calls of an open server share: the file's errors, in each of the enums below.
macro_rules! with_storage {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
        pub enum $name {
            $($own)*
            /// There is no such row, or what was asked for is not possible for it.
            #[error("there is no such row")]
            NotFound,
            /// The server was closed.
            #[error("the server is closed")]
            Closed,
            /// The server is suspended: call `resume` first. Nothing was written; keep what was typed, and save it then.
            #[error("the server is suspended")]
            Suspended,
            /// Another process, or another server of this one, has the account open (`resume`).
            #[error("in use elsewhere")]
            InUse,
            /// No space left on the device. Nothing was written.
            #[error("no space left")]
            NoSpace,
            /// The file was damaged. It is made anew with what the user wrote and can be rescued; call again.
            #[error("the file is damaged")]
            Damaged,
            /// The file does not allow writing.
            #[error("the file does not allow writing")]
            ReadOnly,
            /// Any other error of the storage.
            #[error("storage error {code}")]
            Storage {
                /// SQLite's extended result code, or -1.
                code: i32,
            },
            /// Something that should not happen. Nothing was written.
            #[error("internal fault")]
            InternalFault,
        }

        impl From<StoreError> for $name {
            fn from(error: StoreError) -> Self {
                match error {
                    StoreError::NotFound => Self::NotFound,
                    StoreError::Closed => Self::Closed,
                    StoreError::NoSpace => Self::NoSpace,
                    StoreError::Suspended => Self::Suspended,
                    StoreError::InUse => Self::InUse,
                    StoreError::Corrupt | StoreError::Damaged | StoreError::NotADatabase => Self::Damaged,
                    StoreError::ReadOnly => Self::ReadOnly,
                    StoreError::Sqlite { code } | StoreError::Io { code } => Self::Storage { code },
                    // Answers of opening, which is over.
                    StoreError::NewerSchema { .. }
                    | StoreError::OtherAccount
                    | StoreError::InvalidDirectory
                    | StoreError::KeyNotSupported => Self::InternalFault,
                }
            }
        }
    };
}

with_storage! {
    /// Why a call of an open server failed.
    ClientError {}
}

with_storage! {
    /// Why a ticket was not created. The draft is kept.
    SubmitError {
        /// Every field that is wrong, at once.
        #[error("some fields need attention")]
        Invalid {
            /// In the order of the form.
            problems: Vec<FieldProblem>,
        },
    }
}

with_storage! {
    /// Why a reply was not written. The draft is kept.
    ReplyError {
        /// The text is blank.
        #[error("the reply needs attention")]
        Invalid {
            /// What is wrong.
            problems: Vec<FieldProblem>,
        },
        /// The ticket is closed; nothing can be added to it.
        #[error("the ticket is closed")]
        TicketClosed,
        /// The server no longer shows this ticket to this user.
        #[error("the ticket is no longer visible")]
        NoLongerVisible,
    }
}

with_storage! {
    /// Why a change of a sent ticket was not written. Nothing was changed.
    ChangeError {
        /// The server does not offer it, or not for this ticket.
        #[error("the server does not offer this")]
        NotOffered,
        /// Some addresses are malformed.
        #[error("some addresses need attention")]
        Invalid {
            /// Which.
            problems: Vec<FieldProblem>,
        },
        /// The ticket is closed; nothing can be changed.
        #[error("the ticket is closed")]
        TicketClosed,
        /// The server no longer shows this ticket to this user.
        #[error("the ticket is no longer visible")]
        NoLongerVisible,
    }
}

with_storage! {
    /// Why a file was not attached. Nothing was kept of it. Words: `attachment.` and the name in snake case, for those that
    /// are about the file.
    AttachError {
        /// This server takes no files.
        #[error("files cannot be attached here")]
        Off,
        /// The message has as many as it may have.
        #[error("at most {limit} files can be attached")]
        TooMany {
            /// How many it may have.
            limit: u32,
        },
        /// The file is too large.
        #[error("a file can have at most {limit} bytes")]
        TooLarge {
            /// How many bytes it may have.
            limit: u64,
        },
        /// A type that the server does not take, or not what its ending claims.
        #[error("files of this type cannot be attached")]
        WrongType,
        /// There is nothing in it.
        #[error("the file is empty")]
        Empty,
        /// It is not there, is no file, or cannot be read.
        #[error("the file cannot be read")]
        Unreadable,
    }
}

impl From<store::AttachError> for AttachError {
    fn from(error: store::AttachError) -> Self {
        match error {
            store::AttachError::Off => Self::Off,
            store::AttachError::File(blob::FileError::TooMany { limit }) => Self::TooMany { limit },
            store::AttachError::File(blob::FileError::TooLarge { limit }) => Self::TooLarge { limit },
            store::AttachError::File(blob::FileError::WrongType) => Self::WrongType,
            store::AttachError::File(blob::FileError::Empty) => Self::Empty,
            store::AttachError::File(blob::FileError::Unreadable) => Self::Unreadable,
            store::AttachError::File(blob::FileError::NoSpace) => Self::NoSpace,
            store::AttachError::File(blob::FileError::NotWritable) => Self::ReadOnly,
            store::AttachError::Store(error) => error.into(),
        }
    }
}

impl From<client::ChangeError> for ChangeError {
    fn from(error: client::ChangeError) -> Self {
        match error {
            client::ChangeError::NotOffered => Self::NotOffered,
            client::ChangeError::Invalid(problems) => {
                Self::Invalid { problems: problems.into_iter().map(FieldProblem::from).collect() }
            }
            client::ChangeError::TicketClosed => Self::TicketClosed,
            client::ChangeError::NoLongerVisible => Self::NoLongerVisible,
            client::ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<client::SubmitError> for SubmitError {
    fn from(error: client::SubmitError) -> Self {
        match error {
            client::SubmitError::Invalid(problems) => {
                Self::Invalid { problems: problems.into_iter().map(FieldProblem::from).collect() }
            }
            client::SubmitError::Store(error) => error.into(),
        }
    }
}

impl From<client::ReplyError> for ReplyError {
    fn from(error: client::ReplyError) -> Self {
        match error {
            client::ReplyError::Invalid(problems) => {
                Self::Invalid { problems: problems.into_iter().map(FieldProblem::from).collect() }
            }
            client::ReplyError::TicketClosed => Self::TicketClosed,
            client::ReplyError::NoLongerVisible => Self::NoLongerVisible,
            client::ReplyError::Store(error) => error.into(),
        }
    }
}
