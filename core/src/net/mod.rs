//! The way to a server: HTTP, TLS, sessions with their tokens, the one origin to which a token goes, and limits of time and size.

pub(crate) mod answer;
mod http;
mod origin;
mod reqwest;
pub(crate) mod session;
mod tokens;

pub use self::http::{
    Body, FileBody, Http, HttpFailure, HttpRequest, HttpResponse, Intake, Method, Piece, Pieces, Unwanted,
};
pub use self::reqwest::{ReqwestHttp, SetupError};
pub use self::tokens::{TokenFailure, Tokens};
