//! What the screens show: rows of the history and new messages of a thread.

mod fields;
mod filters;
mod follow_ups;
mod history;
mod scopes;
mod small_pictures;
mod thread;
mod unread;
mod windows;

use super::*;
