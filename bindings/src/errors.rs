//! The errors of each call, as variants that a caller can act on. They carry codes and counts, never a text that a user
//! wrote.

mod keys;

use pocketdesk::store::StoreError;
use pocketdesk::{blob, client, store};

use crate::types::FieldProblem;

/// Why a client cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum OpenError {
    /// The account's file exists and is not a Pocketdesk database. It was left untouched.
    #[error("the file is not a Pocketdesk database")]
    NotADatabase,
    /// A later version of Pocketdesk wrote the file. It was left untouched.
    #[error("the file has schema {found}, this version knows {known}")]
    NewerSchema {
        /// The schema version of the file.
        found: u32,
        /// The newest schema version that this build knows.
        known: u32,
    },
    /// The file belongs to another account or another server. It was left untouched.
    #[error("the file belongs to another account or server")]
    OtherAccount,
    /// The folder or the file does not allow writing.
    #[error("the folder does not allow writing")]
    ReadOnly,
    /// There is no space left on the device.
    #[error("no space left")]
    NoSpace,
    /// Another process, or another client of this process, has the account open. Close or suspend that one first.
    #[error("in use elsewhere")]
    InUse,
    /// This build cannot encrypt, but a key was given; or the key does not have 32 bytes.
    #[error("this build cannot encrypt")]
    KeyNotSupported,
    /// The server's address is not an https origin (scheme, host and port only), or `ClientConfig.definition_url` is
    /// not an https address. `http` is accepted for this machine itself.
    #[error("the server's address must be an https origin")]
    InvalidUrl,
    /// The account id is blank, or has more than 200 characters.
    #[error("the account id must have 1 to 200 characters")]
    InvalidAccount,
    /// The product definition cannot be used.
    #[error("the product cannot be used: {what}")]
    InvalidProduct {
        /// The invalid field, or the position in the JSON. Meant for the developer who wrote the definition.
        what: String,
    },
    /// The directory is not a folder, or cannot be created.
    #[error("the folder cannot be used")]
    InvalidDirectory,
    /// Any other error of SQLite or the file system.
    #[error("storage error {code}")]
    Storage {
        /// SQLite's extended result code or the operating system's error number; -1 if there is none.
        code: i32,
    },
    /// A defect in Pocketdesk, or the system provides no threads.
    #[error("internal fault")]
    InternalFault,
}

impl From<client::OpenError> for OpenError {
    fn from(error: client::OpenError) -> Self {
        match error {
            client::OpenError::InvalidUrl => Self::InvalidUrl,
            client::OpenError::InvalidAccount => Self::InvalidAccount,
            client::OpenError::InvalidProduct(error) => Self::InvalidProduct { what: error.to_string() },
            client::OpenError::NoConnectorSettings => {
                Self::InvalidProduct { what: "the definition has no settings for this kind of server".to_owned() }
            }
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
                | StoreError::Unreadable(_)
                | StoreError::NoSuchTicket
                | StoreError::NoSuchMessage
                | StoreError::NoSuchDraft
                | StoreError::NoSuchFile
                | StoreError::NotPossibleNow
                | StoreError::InvalidCursor
                | StoreError::Suspended
                | StoreError::Closed,
            ) => Self::Storage { code: -1 },
        }
    }
}

/// Defines an error enum of an open client's calls: its own variants, followed by those of the account's file.
macro_rules! with_storage {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
        pub enum $name {
            $($own)*
            /// There is no ticket with this id. It may have existed before and been taken back, or merged with another
            /// ticket.
            #[error("there is no such ticket")]
            NoSuchTicket,
            /// There is no message with this id. It may have existed before. Only the calls for a message's files throw
            /// this; those that retry, edit or take back something throw `NotPossibleNow`.
            #[error("there is no such message")]
            NoSuchMessage,
            /// There is no draft with this id: it was never saved, or it was sent or discarded.
            #[error("there is no such draft")]
            NoSuchDraft,
            /// There is no such file in the draft or the message. It may have been there before.
            #[error("there is no such file")]
            NoSuchFile,
            /// The present state of the ticket, message, change or file does not allow the call, or it is not there any
            /// more. Read it again.
            #[error("this is not possible now")]
            NotPossibleNow,
            /// The cursor did not come from an earlier page. Begin with the first page.
            #[error("the cursor is not valid")]
            InvalidCursor,
            /// The client was closed, or the user signed out.
            #[error("the client is closed")]
            Closed,
            /// The client is suspended: call `resume` first. Nothing was written. Keep what the user typed, and save it
            /// then.
            #[error("the client is suspended")]
            Suspended,
            /// Another process, or another client of this process, has the account open. Only `resume` throws this.
            #[error("in use elsewhere")]
            InUse,
            /// There is no space left on the device. Nothing was written.
            #[error("no space left")]
            NoSpace,
            /// The account's file is damaged. A new file replaces it, with everything that the user wrote and that
            /// could be salvaged; see `SyncStatus.recovered`. Call again.
            #[error("the file is damaged")]
            Damaged,
            /// The account's file does not allow writing.
            #[error("the file does not allow writing")]
            ReadOnly,
            /// Any other error of SQLite or the file system.
            #[error("storage error {code}")]
            Storage {
                /// SQLite's extended result code or the operating system's error number; -1 if there is none.
                code: i32,
            },
            /// A defect in Pocketdesk. Nothing is half-written.
            #[error("internal fault")]
            InternalFault,
        }

        impl From<StoreError> for $name {
            fn from(error: StoreError) -> Self {
                match error {
                    StoreError::NoSuchTicket => Self::NoSuchTicket,
                    StoreError::NoSuchMessage => Self::NoSuchMessage,
                    StoreError::NoSuchDraft => Self::NoSuchDraft,
                    StoreError::NoSuchFile => Self::NoSuchFile,
                    StoreError::NotPossibleNow => Self::NotPossibleNow,
                    StoreError::InvalidCursor => Self::InvalidCursor,
                    StoreError::Closed => Self::Closed,
                    StoreError::NoSpace => Self::NoSpace,
                    StoreError::Suspended => Self::Suspended,
                    StoreError::InUse => Self::InUse,
                    StoreError::Corrupt | StoreError::NotADatabase => Self::Damaged,
                    StoreError::ReadOnly => Self::ReadOnly,
                    StoreError::Sqlite { code } | StoreError::Io { code } => Self::Storage { code },
                    // One row cannot be read, and the caller cannot do anything about it.
                    StoreError::Unreadable(_) => Self::Storage { code: -1 },
                    // These can only happen while opening, which has succeeded.
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
    /// Why a call failed. Nothing was changed. Only after `Storage` and `InternalFault` is that uncertain: then either
    /// nothing or the whole change was stored.
    ClientError {}
}

with_storage! {
    /// Why a ticket was not created or edited. No ticket was changed. After `submit` the draft is still there; after
    /// `Invalid` it was saved.
    SubmitError {
        /// Some fields are invalid.
        #[error("some fields need attention")]
        Invalid {
            /// Every invalid field, in the order of the form.
            problems: Vec<FieldProblem>,
        },
    }
}

with_storage! {
    /// Why a reply was not written or edited. No message was changed. After `reply` the draft is still there; after
    /// `Invalid`, `TicketClosed`, `NoLongerVisible` and `NotOffered` it was saved.
    ReplyError {
        /// The text is blank.
        #[error("the reply needs attention")]
        Invalid {
            /// What is wrong with the text.
            problems: Vec<FieldProblem>,
        },
        /// The ticket is closed and takes no more replies or changes.
        #[error("the ticket is closed")]
        TicketClosed,
        /// The product offers this user no reply to this ticket. The draft is kept.
        #[error("no reply is offered")]
        NotOffered,
        /// The server no longer shows this ticket to this user.
        #[error("the ticket is no longer visible")]
        NoLongerVisible,
    }
}

with_storage! {
    /// Why a change of a ticket was not written. Nothing was changed.
    ChangeError {
        /// The product does not offer this change, or does not offer it for this ticket. Only the creator of a ticket
        /// can solve it.
        #[error("the product does not offer this")]
        NotOffered,
        /// Some addresses are not valid e-mail addresses, or feedback has no text although it needs one.
        #[error("some addresses need attention")]
        Invalid {
            /// The invalid addresses, with their index in the list that was passed; for feedback, `Field.Body`.
            problems: Vec<FieldProblem>,
        },
        /// The ticket is closed and takes no more replies or changes.
        #[error("the ticket is closed")]
        TicketClosed,
        /// The server no longer shows this ticket to this user.
        #[error("the ticket is no longer visible")]
        NoLongerVisible,
    }
}

with_storage! {
    /// Why a file was not attached. Nothing of it was kept. The texts of `TooMany` and `TooLarge` have the placeholder `limit`.
    /// `NoSuchDraft` means that the draft was not saved yet.
    AttachError {
        /// The product does not offer attachments, or the server does not accept files.
        #[error("files cannot be attached here")]
        Off,
        /// The draft already has the most files that a message can have.
        #[error("at most {limit} files can be attached")]
        TooMany {
            /// The most files that a message can have.
            limit: u32,
        },
        /// The file is too large.
        #[error("a file can have at most {limit} bytes")]
        TooLarge {
            /// The largest allowed file, in bytes.
            limit: u64,
        },
        /// The type of the file is not allowed.
        #[error("files of this type cannot be attached")]
        WrongType,
        /// The content is of another type than the ending of the name says, and that type is unknown or not allowed. If
        /// it is allowed, the file is attached under its true type.
        #[error("the content is of another type, which cannot be attached")]
        WrongContent,
        /// The file has no content.
        #[error("the file is empty")]
        Empty,
        /// The file does not exist, is not a regular file, or cannot be read.
        #[error("the file cannot be read (error {code})")]
        Unreadable {
            /// The operating system's error code; -1 if there is none.
            code: i32,
        },
    }
}

impl From<store::AttachError> for AttachError {
    fn from(error: store::AttachError) -> Self {
        match error {
            store::AttachError::Off => Self::Off,
            store::AttachError::File(blob::FileError::TooMany { limit }) => Self::TooMany { limit },
            store::AttachError::File(blob::FileError::TooLarge { limit }) => Self::TooLarge { limit },
            store::AttachError::File(blob::FileError::WrongType) => Self::WrongType,
            store::AttachError::File(blob::FileError::WrongContent) => Self::WrongContent,
            store::AttachError::File(blob::FileError::Empty) => Self::Empty,
            store::AttachError::File(blob::FileError::Unreadable { code }) => Self::Unreadable { code },
            store::AttachError::File(blob::FileError::NoSpace) => Self::NoSpace,
            store::AttachError::File(blob::FileError::NotWritable) => Self::ReadOnly,
            store::AttachError::File(blob::FileError::Io { code }) => Self::Storage { code },
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
            client::ReplyError::NotOffered => Self::NotOffered,
            client::ReplyError::NoLongerVisible => Self::NoLongerVisible,
            client::ReplyError::Store(error) => error.into(),
        }
    }
}
