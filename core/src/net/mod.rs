//! Access to a server: HTTP, TLS, sessions with their tokens, the one origin to which a token is sent, and limits of
//! time and size.

pub(crate) mod answer;
mod http;
mod origin;
mod reqwest;
pub(crate) mod session;
mod tokens;

pub use self::http::{
    Body, BodyPart, FileBody, Http, HttpFailure, HttpRequest, HttpResponse, Method, Multipart, Rejected, ResponseSink,
};
pub(crate) use self::origin::Origin;
pub use self::reqwest::{ReqwestHttp, SetupError};
pub use self::tokens::{TokenFailure, Tokens};
