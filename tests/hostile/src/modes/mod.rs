//! The modes. Each kind of misbehaviour has a file.

mod bounds;
mod endings;
mod forever;
mod isolation;
mod names;
mod refusals;
mod sending;
mod texts;
mod times;

use crate::mode::Mode;

/// Every mode, in the order of the kinds.
pub(crate) fn all() -> Vec<Mode> {
    let kinds = [
        isolation::modes(),
        refusals::modes(),
        endings::modes(),
        forever::modes(),
        texts::modes(),
        sending::modes(),
        bounds::modes(),
        times::modes(),
        names::modes(),
    ];
    kinds.into_iter().flatten().collect()
}
