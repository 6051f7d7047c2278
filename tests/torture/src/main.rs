//! The real desk, killed.

fn main() {}
