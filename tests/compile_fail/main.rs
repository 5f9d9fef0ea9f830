//! Misuse that the compiler refuses, one file a class of misuse, beside what it says.
//!
//! Each file is built as a package of its own with the features of this test, so this one belongs to the build of the types
//! alone, which takes seconds: `cargo test --no-default-features --features models --test compile_fail`.

#![cfg(not(feature = "client"))]

#[test]
fn misuse_does_not_compile() {
    let cases = trybuild::TestCases::new();
    // With a case that passes, the others are built as well: the length of a list is checked after type checking.
    cases.pass("tests/compile_fail/accept/*.rs");
    cases.compile_fail("tests/compile_fail/refuse/*.rs");
}
