//! The bot's commands: how they are read from a message, and how Telegram's menu lists them.

use teloxide::payloads::SetMyCommandsSetters;
use teloxide::requests::Requester;
use teloxide::types::{BotCommand, BotCommandScope, ChatId, Recipient};
use teloxide::utils::command::BotCommands;

use super::Bot;
use super::telegram::Telegram;
use crate::access::AccessPolicy;
use crate::job::UserId;
use crate::l10n::{Lang, Messages};
use crate::service::Service;

/// A command, in the order of Telegram's menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "lowercase")]
pub(crate) enum Command {
    /// The menu.
    #[command(alias = "menu", hide_aliases)]
    Start,
    /// The chat's last jobs.
    Jobs,
    /// What the person has to spend.
    Balance,
    /// Takes a promo code.
    Promo,
    /// The person's link for friends; an unknown command where nothing is given for them.
    #[command(alias = "invite", hide_aliases)]
    Friends,
    /// What a group has to spend.
    Purse,
    /// Gives to the purse of a group.
    Fill,
    /// Where to ask about a payment.
    PaySupport,
    /// The terms of sale.
    Terms,
    /// Drops the form, or stops waiting for a job.
    Cancel,
    /// The choice of a language.
    Language,
    /// How the bot works.
    Help,
}

/// A command for admins of the bot; to everybody else it is an unknown one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "lowercase")]
pub(crate) enum AdminCommand {
    /// The menu for admins; with words, people and what is done about them.
    Admin,
    /// Makes a link that lets people in.
    Invite,
    /// The open invitations.
    Invites,
    /// The open requests.
    Requests,
    /// Who was let in and who was denied.
    People,
    /// Lets in a person or a chat.
    Allow,
    /// Denies a person or a chat.
    Deny,
}

/// What the bot has commands for.
#[derive(Debug, Clone, Copy)]
struct Offer {
    /// People pay.
    charges: bool,
    /// Something is given for friends who pay.
    refers: bool,
}

impl Offer {
    fn of(service: &Service) -> Self {
        Self { charges: service.charges(), refers: service.referral().is_some() }
    }
}

/// A text that begins with a command: `/word@bot rest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CommandText<'a> {
    /// The word, with its slash.
    pub(crate) word: &'a str,
    /// The name of the bot that is meant.
    pub(crate) bot: Option<&'a str>,
    /// What follows.
    pub(crate) rest: &'a str,
}

impl<'a> CommandText<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let (word, bot) = match first.split_once('@') {
            Some((word, bot)) => (word, Some(bot).filter(|bot| !bot.is_empty())),
            None => (first, None),
        };
        Self { word, bot, rest: rest.trim() }
    }

    /// The bot's command with this word, if it has one.
    pub(crate) fn command(self) -> Option<Command> {
        Command::parse(self.word, "").ok()
    }

    /// The admins' command with this word, if there is one.
    pub(crate) fn admin_command(self) -> Option<AdminCommand> {
        AdminCommand::parse(self.word, "").ok()
    }
}

impl Command {
    fn description(self, texts: &Messages) -> String {
        match self {
            Self::Start => texts.command_start(),
            Self::Jobs => texts.command_jobs(),
            Self::Balance => texts.command_balance(),
            Self::Promo => texts.command_promo(),
            Self::Friends => texts.command_friends(),
            Self::Purse => texts.command_purse(),
            Self::Fill => texts.command_fill(),
            Self::PaySupport => texts.command_paysupport(),
            Self::Terms => texts.command_terms(),
            Self::Cancel => texts.command_cancel(),
            Self::Language => texts.command_language(),
            Self::Help => texts.command_help(),
        }
    }

    /// Whether the menu has it: nobody has a balance where the operator pays.
    const fn is_listed(self, offer: Offer) -> bool {
        match self {
            Self::Balance | Self::Promo | Self::Purse | Self::Fill | Self::PaySupport | Self::Terms => offer.charges,
            Self::Friends => offer.refers,
            Self::Start | Self::Jobs | Self::Cancel | Self::Language | Self::Help => true,
        }
    }

    /// The entries of Telegram's menu in one language.
    fn menu(offer: Offer, texts: &Messages) -> Vec<BotCommand> {
        entries(|command: Self| command.is_listed(offer).then(|| command.description(texts)))
    }
}

impl AdminCommand {
    fn description(self, texts: &Messages) -> String {
        match self {
            Self::Admin => texts.command_admin(),
            Self::Invite => texts.command_invite(),
            Self::Invites => texts.command_invites(),
            Self::Requests => texts.command_requests(),
            Self::People => texts.command_people(),
            Self::Allow => texts.command_allow(),
            Self::Deny => texts.command_deny(),
        }
    }

    /// Whether the menu has it: where nobody else is let in there is nobody to decide about.
    const fn is_listed(self, policy: AccessPolicy) -> bool {
        match self {
            Self::Admin => true,
            Self::Invite | Self::Invites | Self::Requests | Self::People | Self::Allow | Self::Deny => match policy {
                AccessPolicy::Owner => false,
                AccessPolicy::List | AccessPolicy::Open => true,
            },
        }
    }

    /// The entries of an admin's menu in one language: everybody's, then those for admins.
    fn menu(offer: Offer, policy: AccessPolicy, texts: &Messages) -> Vec<BotCommand> {
        let mut menu = Command::menu(offer, texts);
        menu.extend(entries(|command: Self| command.is_listed(policy).then(|| command.description(texts))));
        menu
    }
}

fn entries<C: BotCommands>(describe: impl Fn(C) -> Option<String>) -> Vec<BotCommand> {
    let entry = |BotCommand { command, .. }: BotCommand| {
        let description = describe(C::parse(&command, "").ok()?)?;
        Some(BotCommand::new(command.trim_start_matches('/'), description))
    };
    C::bot_commands().into_iter().filter_map(entry).collect()
}

impl Bot {
    /// Publishes the commands for Telegram's menu button: for everybody, and for each admin in their private chat. A failure
    /// is only logged.
    pub(crate) async fn publish_commands(&self) {
        self.telegram.publish_commands(Offer::of(&self.service)).await;
        match self.admins().await {
            Ok(admins) => {
                for admin in admins {
                    self.publish_admin_commands(admin).await;
                }
            }
            Err(error) => tracing::debug!(%error, "the admins' commands are not published"),
        }
    }

    /// Publishes the admins' commands in the private chat of one.
    pub(super) async fn publish_admin_commands(&self, admin: UserId) {
        self.telegram.publish_admin_commands(admin, Offer::of(&self.service), self.access_policy()).await;
    }
}

impl Telegram {
    /// Publishes the commands for Telegram's menu button, in every language. A failure is only logged.
    async fn publish_commands(&self, offer: Offer) {
        // Its name is needed for commands in groups, and its privacy mode is logged.
        self.user_name().await;
        for lang in Lang::ALL {
            let mut request = self.calls().set_my_commands(Command::menu(offer, Messages::of(lang)));
            if lang != Lang::En {
                request = request.language_code(lang.code());
            }
            if let Err(error) = request.await {
                tracing::debug!(error = %self.describe(&error), "the command list could not be published");
            }
        }
    }

    /// Publishes the commands of an admin in their private chat. An admin who has never written to the bot has none.
    async fn publish_admin_commands(&self, admin: UserId, offer: Offer, policy: AccessPolicy) {
        for lang in Lang::ALL {
            let scope = BotCommandScope::Chat { chat_id: Recipient::Id(ChatId(admin.0)) };
            let menu = AdminCommand::menu(offer, policy, Messages::of(lang));
            let mut request = self.calls().set_my_commands(menu).scope(scope);
            if lang != Lang::En {
                request = request.language_code(lang.code());
            }
            if let Err(error) = request.await {
                let error = self.describe(&error);
                tracing::debug!(admin = admin.0, error, "an admin's commands could not be published");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_the_first_word() {
        for (text, word, command, bot, rest) in [
            ("/start", "/start", Some(Command::Start), None, ""),
            ("/menu", "/menu", Some(Command::Start), None, ""),
            ("/start ref-5", "/start", Some(Command::Start), None, "ref-5"),
            ("/jobs@some_bot now", "/jobs", Some(Command::Jobs), Some("some_bot"), "now"),
            ("/cancel\nplease do", "/cancel", Some(Command::Cancel), None, "please do"),
            ("/language@", "/language", Some(Command::Language), None, ""),
            ("/help", "/help", Some(Command::Help), None, ""),
            ("/Start", "/Start", None, None, ""),
            ("/imagine  a red fox --ar 16:9 ", "/imagine", None, None, "a red fox --ar 16:9"),
            ("/dance@some_bot now", "/dance", None, Some("some_bot"), "now"),
            ("/", "/", None, None, ""),
            ("/ start", "/", None, None, "start"),
        ] {
            let spoken = CommandText::of(text);
            assert_eq!(spoken, CommandText { word, bot, rest }, "{text:?}");
            assert_eq!(spoken.command(), command, "{text:?}");
        }
    }

    #[test]
    fn the_menu_lists_every_command_once_in_the_users_language() {
        let (bare, whole) = (Offer { charges: false, refers: false }, Offer { charges: true, refers: true });
        let sold = Command::menu(whole, Messages::of(Lang::Ru));
        assert!(["balance", "friends"].iter().all(|name| sold.iter().any(|entry| entry.command == *name)));
        let menu = Command::menu(bare, Messages::of(Lang::Ru));
        let names: Vec<&str> = menu.iter().map(|entry| entry.command.as_str()).collect();
        assert_eq!(names, ["start", "jobs", "cancel", "language", "help"]);
        assert_eq!(menu[0].description, Messages::of(Lang::Ru).command_start());
        assert_ne!(menu[0].description, Messages::of(Lang::En).command_start());
        let admins = AdminCommand::menu(bare, AccessPolicy::Owner, Messages::of(Lang::Ru));
        assert_eq!(admins.last().map(|entry| entry.command.as_str()), Some("admin"), "nobody can be let in");
        let admins = AdminCommand::menu(bare, AccessPolicy::List, Messages::of(Lang::Ru));
        let names: Vec<&str> = admins[menu.len()..].iter().map(|entry| entry.command.as_str()).collect();
        assert_eq!(names, ["admin", "invite", "invites", "requests", "people", "allow", "deny"]);
        for name in names {
            let word = format!("/{name}");
            // Others have their own link for friends by the same word.
            let others = (name == "invite").then_some(Command::Friends);
            assert_eq!(CommandText::of(&word).command(), others, "to others it is unknown");
            assert!(CommandText::of(&word).admin_command().is_some(), "{word}");
        }
    }
}
