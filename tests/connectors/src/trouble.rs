//! Why a case ends early.

use std::fmt;

use pocketdesk::model::{DownloadFailure, Failure, SinkError};

/// A failed case: what was wrong, in words for the reader of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(String);

impl Broken {
    /// A failure with this description.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! from {
    ($($error:ty => $what:literal),+ $(,)?) => {$(
        impl From<$error> for Broken {
            fn from(error: $error) -> Self {
                Self(format!(concat!($what, ": {:?}"), error))
            }
        }
    )+};
}

from! {
    Failure => "the server was expected to accept the request",
    DownloadFailure => "the download was expected to succeed",
    SinkError => "the bytes were expected to fit",
    std::io::Error => "input or output",
    std::str::Utf8Error => "not UTF-8",
    serde_json::Error => "not the expected JSON",
    base64::DecodeError => "not base64",
    hyper::Error => "the connection to the server",
    url::ParseError => "not an address",
    getrandom::Error => "no random numbers",
    tokio::task::JoinError => "a task ended early",
    pocketdesk::client::OpenError => "the client's file does not open",
    pocketdesk::client::SubmitError => "the client does not accept the ticket",
    pocketdesk::client::ReplyError => "the client does not accept the reply",
    pocketdesk::store::StoreError => "the client's file",
    pocketdesk::store::AttachError => "the client does not accept the file",
    pocketdesk::product::DefinitionError => "the product",
    pocketdesk::net::SetupError => "the network",
    pocketdesk::net::HttpFailure => "the helper's request",
    pocketdesk_sandbox::StartError => "the sandbox",
}

/// Fails the case unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($said:tt)+) => {
        if !$condition {
            return Err($crate::trouble::Broken::new(format!($($said)+)));
        }
    };
}

/// Fails the case unless both values are equal.
macro_rules! same {
    ($left:expr, $right:expr, $($said:tt)+) => {
        match (&$left, &$right) {
            (left, right) => if left != right {
                return Err($crate::trouble::Broken::new(format!(
                    "{}: {left:?} instead of {right:?}", format_args!($($said)+)
                )));
            },
        }
    };
}

pub(crate) use {ensure, same};
