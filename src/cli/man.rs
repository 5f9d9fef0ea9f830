//! `kie-bot man`.

use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::output::print_text;
use super::{Cli, CliError, ExitCode, example};

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// Write a page for every command into this folder, instead of the program's own page to standard output.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn examples() -> Vec<String> {
    vec!["man > kie-bot.1".into(), "man --out /usr/local/share/man/man1".into()]
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let Some(folder) = &args.out else {
        let mut page = Vec::new();
        let written = clap_mangen::Man::new(Cli::command()).render(&mut page);
        written.map_err(|error| CliError::Failed(error.to_string()))?;
        print_text(&page);
        return Ok(ExitCode::Success);
    };
    let failed = |path: &Path, error: std::io::Error| CliError::Failed(format!("{}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(|error| failed(folder, error))?;
    Ok(ExitCode::Success)
}
