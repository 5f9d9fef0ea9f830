//! The `kie-bot` command.

fn main() {}
