//! Reading threads: one at a time ([`read`]), and the fetch queue ([`queue`]).

pub(super) mod queue;
pub(super) mod read;
