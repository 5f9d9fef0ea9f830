//! `kie-bot completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::output::print_text;
use super::{Cli, CliError, ExitCode, example};

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

fn examples() -> Vec<String> {
    vec![
        "completions bash > /etc/bash_completion.d/kie-bot".into(),
        "completions zsh > ~/.zfunc/_kie-bot".into(),
        "completions fish > ~/.config/fish/completions/kie-bot.fish".into(),
    ]
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    print_text(&script);
    Ok(ExitCode::Success)
}
