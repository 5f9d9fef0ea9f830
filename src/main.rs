//! The `kie-bot` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    kie::cli::main()
}
