//! Reading threads: one at a time ([`read`]), page by page ([`pages`]), and the fetch queue ([`queue`]).

mod pages;
pub(super) mod queue;
pub(super) mod read;

pub(super) use self::pages::ThreadRead;
