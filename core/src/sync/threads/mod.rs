//! Reading threads: the one on screen, those that the product wants, and, in idle time, the rest.

pub(super) mod queue;
pub(super) mod read;
