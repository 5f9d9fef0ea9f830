//! The bot's commands: how they are read from a message, and how Telegram's menu lists them.

use teloxide::payloads::SetMyCommandsSetters;
use teloxide::requests::Requester;
use teloxide::types::BotCommand;
use teloxide::utils::command::BotCommands;

use super::telegram::Telegram;
use crate::l10n::{Lang, Messages};

/// A command, in the order of Telegram's menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "lowercase")]
pub(crate) enum Command {
    /// The menu.
    #[command(alias = "menu", hide_aliases)]
    Start,
    /// The chat's last jobs.
    Jobs,
    /// Drops the form, or stops waiting for a job.
    Cancel,
    /// The choice of a language.
    Language,
    /// How the bot works.
    Help,
}

impl Command {
    /// The command in a text like `/word@bot rest`. The bot's name and the rest are ignored.
    ///
    /// # Errors
    /// The word, with its slash, when the bot has no such command.
    pub(crate) fn of_text(text: &str) -> Result<Self, &str> {
        let first = text.split_whitespace().next().unwrap_or_default();
        let word = first.split('@').next().unwrap_or_default();
        Self::parse(word, "").map_err(|_| word)
    }

    fn description(self, texts: &Messages) -> String {
        match self {
            Self::Start => texts.command_start(),
            Self::Jobs => texts.command_jobs(),
            Self::Cancel => texts.command_cancel(),
            Self::Language => texts.command_language(),
            Self::Help => texts.command_help(),
        }
    }

    /// The entries of Telegram's menu in one language.
    fn menu(texts: &Messages) -> Vec<BotCommand> {
        let entry = |BotCommand { command, .. }: BotCommand| {
            let description = Self::parse(&command, "").ok()?.description(texts);
            Some(BotCommand::new(command.trim_start_matches('/'), description))
        };
        Self::bot_commands().into_iter().filter_map(entry).collect()
    }
}

impl Telegram {
    /// Publishes the commands for Telegram's menu button, in every language. A failure is only logged.
    pub(crate) async fn publish_commands(&self) {
        for lang in Lang::ALL {
            let mut request = self.calls().set_my_commands(Command::menu(Messages::of(lang)));
            if lang != Lang::En {
                request = request.language_code(lang.code());
            }
            if let Err(error) = request.await {
                tracing::debug!(error = %self.describe(&error), "the command list could not be published");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_the_first_word() {
        for (text, command) in [
            ("/start", Ok(Command::Start)),
            ("/menu", Ok(Command::Start)),
            ("/start ref-5", Ok(Command::Start)),
            ("/jobs@some_bot now", Ok(Command::Jobs)),
            ("/cancel\nplease", Ok(Command::Cancel)),
            ("/language@", Ok(Command::Language)),
            ("/help", Ok(Command::Help)),
            ("/Start", Err("/Start")),
            ("/dance@some_bot now", Err("/dance")),
            ("/", Err("/")),
            ("/ start", Err("/")),
        ] {
            assert_eq!(Command::of_text(text), command, "{text:?}");
        }
    }

    #[test]
    fn the_menu_lists_every_command_once_in_the_users_language() {
        let menu = Command::menu(Messages::of(Lang::Ru));
        let names: Vec<&str> = menu.iter().map(|entry| entry.command.as_str()).collect();
        assert_eq!(names, ["start", "jobs", "cancel", "language", "help"]);
        assert_eq!(menu[0].description, Messages::of(Lang::Ru).command_start());
        assert_ne!(menu[0].description, Messages::of(Lang::En).command_start());
    }
}
