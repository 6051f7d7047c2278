//! Circles of files, and what is none.

use crate::{assert_none, assert_one, findings};

#[test]
fn a_circle_of_two_files() {
    let files = [
        ("store/mod.rs", "mod a;\nmod b;\n"),
        ("store/a.rs", "use super::b::B;\n\npub struct A(B);\n"),
        ("store/b.rs", "pub struct B;\n\nfn f() -> Option<super::a::A> { None }\n"),
    ];
    assert_one(
        &findings(&["store"], &files),
        "store/a.rs:1",
        &["a circle of 2 files", "uses `super::b::B` of store/b.rs", "store/b.rs:3 uses `super::a::A` of store/a.rs"],
    );
}

#[test]
fn a_circle_of_three_files() {
    let files = [
        ("store/mod.rs", "mod a;\nmod b;\nmod c;\n"),
        ("store/a.rs", "pub fn a() {\n    super::b::b()\n}\n"),
        ("store/b.rs", "use super::c;\npub fn b() { c::c() }\n"),
        ("store/c.rs", "pub fn c() { assert!(crate::store::a::a() == ()) }\n"),
    ];
    assert_one(
        &findings(&["store"], &files),
        "store/a.rs:2",
        &["a circle of 3 files", "store/b.rs:2 uses `c::c` of store/c.rs", "store/c.rs:1 uses `crate::store::a::a`"],
    );
}

#[test]
fn a_circle_through_a_re_export() {
    let files = [
        ("store/mod.rs", "mod a;\nmod b;\npub use self::a::A;\npub use self::b::B;\n"),
        ("store/a.rs", "use super::B;\npub struct A(B);\n"),
        ("store/b.rs", "pub struct B;\nfn f() -> Option<crate::store::A> { None }\n"),
    ];
    assert_one(&findings(&["store"], &files), "store/a.rs:1", &["a circle of 2 files", "`super::B` of store/b.rs"]);
}

#[test]
fn a_module_that_uses_its_child_and_is_used_by_it() {
    let child = ("store/a.rs", "use super::Store;\npub struct A;\nimpl Store {}\n");
    for (module, line) in [
        ("mod a;\npub struct Store(a::A);\n", 2),
        ("mod a;\nuse self::a::A;\npub struct Store(A);\n", 2),
        ("mod a;\npub use self::a::A;\n\npub struct Store(A);\n", 4),
        ("mod a;\npub use self::a::*;\n\npub struct Store(A);\n", 4),
    ] {
        let found = findings(&["store"], &[("store/mod.rs", module), child]);
        assert_one(&found, "store/a.rs:1", &["a circle of 2 files", &format!("store/mod.rs:{line} uses")]);
    }
}

#[test]
fn declaring_and_re_exporting_a_child_is_no_circle() {
    let files = [
        ("store/mod.rs", "mod a;\npub use self::a::A;\npub(crate) use self::a::B as C;\npub struct Store;\n"),
        ("store/a.rs", "use super::Store;\npub struct A(Store);\npub struct B;\n"),
    ];
    assert_none(&findings(&["store"], &files));
}

#[test]
fn naming_a_module_and_calling_a_method_is_no_circle() {
    let files = [
        ("store/mod.rs", "mod a;\npub struct Store;\npub fn f(store: &Store) { store.work(); }\n"),
        ("store/a.rs", "use crate::store;\nimpl store::Store { pub fn work(&self) {} }\n"),
    ];
    assert_none(&findings(&["store"], &files));
}

#[test]
fn a_local_name_is_not_what_was_imported() {
    let files = [
        ("store/mod.rs", "mod a;\npub use self::a::next;\npub fn f(next: u8) -> u8 { let b = next; g!(next); b }\n"),
        ("store/a.rs", "pub fn next() { super::f(1); }\n"),
    ];
    assert_none(&findings(&["store"], &files));
}

#[test]
fn tests_make_no_circle() {
    let files = [
        ("store/mod.rs", "mod a;\n#[cfg(test)]\nmod tests;\npub fn f() {}\n"),
        ("store/a.rs", "use super::f;\npub fn a() { f() }\n"),
        ("store/tests.rs", "use super::a;\npub fn t() { a::a(); super::f(); }\n"),
    ];
    assert_none(&findings(&["store"], &files));
}
