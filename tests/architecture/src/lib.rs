//! Two checks of this repository.
//!
//! [`check_sources`] reads every file of `core/src` and reports what breaks the layers or the laws of [`rules`].
//! [`product::check`] reads `docs/product.md` and reports each named test that did not run and pass in this run of `make test`.
//!
//! # How the sources are read
//!
//! `syn` parses each file, from `lib.rs` on along the `mod` lines. Every path is resolved as the compiler would: `use` trees,
//! paths in expressions, types and patterns, and the paths that the tokens of a macro's arguments spell out. Attributes and
//! documentation are not code and are not read. Method calls are not paths, so calling a method of a value imports nothing.
//!
//! # What an import is
//!
//! A path imports the first module below the crate's root that it enters. `crate::store::StoreError` imports `store`, also
//! where `store` only re-exports that name. A name that a `use` line of the same module brought in is reported at that line.
//!
//! # What a circle of files is
//!
//! A file depends on another file if its code names an item that is defined there.
//! The item is followed through modules and re-exports to the file that defines it; what lies between does not count.
//! A `mod` line and a `pub use` line are no dependency by themselves, and naming a module is none either.
//! Test code does not count.
//! A circle is a chain of such dependencies that comes back to the file where it began.
//!
//! So a child may use `super::Name` of its `mod.rs`, and `mod.rs` may declare and re-export the child. If code of `mod.rs` uses
//! an item of the child as well, the two form a circle.

mod circles;
mod code;
mod finding;
mod imports;
mod laws;
mod macros;
mod names;
pub mod product;
pub mod rules;
mod sources;
mod visit;

pub use self::finding::Finding;
pub use self::sources::Sources;
use crate::code::Code;
use crate::rules::Rules;

/// Everything in `sources` that breaks `rules`, sorted by file and line.
#[must_use]
pub fn check_sources(sources: &Sources, rules: &Rules) -> Vec<Finding> {
    let (code, mut findings) = Code::parse(sources);
    findings.extend(imports::check(&code, rules));
    findings.extend(circles::check(&code, rules));
    findings.extend(laws::check(sources, &code, rules));
    findings.sort();
    findings.dedup();
    findings
}
