//! What an operator tells all people of the bot: a text, in as many languages as there is one for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::job::UserId;
use crate::schema::Lang;

/// Most UTF-16 units of the text of a message (Bot API, `sendMessage`).
pub const MAX_TEXT: usize = 4096;

/// The number of an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnnouncementId(pub i64);

impl fmt::Display for AnnouncementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text in one language or several. Each is neither empty nor longer than a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Option<String>, String)>", into = "Vec<(Option<String>, String)>")]
pub struct AnnouncementTexts {
    /// For people of the languages that have no text of their own.
    fallback: String,
    translations: Vec<(Lang, String)>,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnnouncementTextError {
    /// There is no text, or none in a language that is named; `None`: in no language at all.
    #[error("there is no text")]
    Empty(Option<Lang>),
    /// It is longer than a message may be.
    #[error("the text has {length} characters, and a message at most {MAX_TEXT}")]
    TooLong {
        /// Its length in UTF-16 units, as Telegram counts.
        length: usize,
        /// Of which language, unless of the first text without one.
        lang: Option<Lang>,
    },
    /// A language has two texts.
    #[error("there are two texts in one language")]
    Repeated(Lang),
}

impl AnnouncementTexts {
    /// The text for a person who reads this language.
    pub fn in_language(&self, lang: Lang) -> &str {
        let own = self.translations.iter().find(|(of, _)| *of == lang);
        own.map_or(self.fallback.as_str(), |(_, text)| text.as_str())
    }

    /// Each different text, with the language that it is for; `None` for the other languages.
    pub fn all(&self) -> impl Iterator<Item = (Option<Lang>, &str)> {
        let is_fallback_own = self.translations.iter().any(|(_, text)| *text == self.fallback);
        let fallback = Some((None, self.fallback.as_str())).filter(|_| !is_fallback_own);
        fallback.into_iter().chain(self.translations.iter().map(|(lang, text)| (Some(*lang), text.as_str())))
    }

    /// Texts with their languages; the first one is also for languages that have none.
    fn of(parts: Vec<(Option<Lang>, String)>) -> Result<Self, AnnouncementTextError> {
        let mut translations: Vec<(Lang, String)> = Vec::new();
        for (lang, text) in &parts {
            let length = text.encode_utf16().count();
            if text.is_empty() {
                return Err(AnnouncementTextError::Empty(*lang));
            }
            if length > MAX_TEXT {
                return Err(AnnouncementTextError::TooLong { length, lang: *lang });
            }
            let Some(lang) = lang else { continue };
            if translations.iter().any(|(of, _)| of == lang) {
                return Err(AnnouncementTextError::Repeated(*lang));
            }
            translations.push((*lang, text.clone()));
        }
        let (_, fallback) = parts.into_iter().next().ok_or(AnnouncementTextError::Empty(None))?;
        Ok(Self { fallback, translations })
    }
}

/// A line like `[ru]` begins the text of that language. What stands before the first one is for all others; without it the
/// first text is.
impl FromStr for AnnouncementTexts {
    type Err = AnnouncementTextError;

    fn from_str(written: &str) -> Result<Self, AnnouncementTextError> {
        let mut parts: Vec<(Option<Lang>, String)> = vec![(None, String::new())];
        for line in written.lines() {
            let trimmed = line.trim();
            let code = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            match (code.and_then(Lang::from_code), parts.last_mut()) {
                (Some(lang), _) => parts.push((Some(lang), String::new())),
                (None, Some((_, text))) => {
                    text.push_str(line.trim_end());
                    text.push('\n');
                }
                (None, None) => {}
            }
        }
        for (_, text) in &mut parts {
            *text = text.trim().to_owned();
        }
        if parts.len() > 1 && parts[0].1.is_empty() {
            parts.remove(0);
        }
        Self::of(parts)
    }
}

impl From<AnnouncementTexts> for Vec<(Option<String>, String)> {
    fn from(texts: AnnouncementTexts) -> Self {
        let stored = |(lang, text): (Option<Lang>, &str)| (lang.map(|lang| lang.code().to_owned()), text.to_owned());
        texts.all().map(stored).collect()
    }
}

impl TryFrom<Vec<(Option<String>, String)>> for AnnouncementTexts {
    type Error = AnnouncementTextError;

    fn try_from(stored: Vec<(Option<String>, String)>) -> Result<Self, AnnouncementTextError> {
        let known = |(code, text): (Option<String>, String)| match code {
            None => Some((None, text)),
            // A newer version may know more languages.
            Some(code) => Lang::from_code(&code).map(|lang| (Some(lang), text)),
        };
        Self::of(stored.into_iter().filter_map(known).collect())
    }
}

/// How far an announcement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnouncementState {
    /// Written, and not begun.
    Draft,
    /// People are being told.
    Sending,
    /// Everybody was told, as far as they could be.
    Done,
    /// An admin has stopped it.
    Stopped,
}

impl AnnouncementState {
    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }
}

/// What became of a person's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnouncementOutcome {
    /// They have the message.
    Told,
    /// They have blocked the bot, or their account is gone.
    Unreachable,
    /// Telegram does not take the message for another reason.
    Failed,
    /// They may not use the bot (any more).
    Skipped,
}

/// Something that all people of the bot are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its number.
    pub id: AnnouncementId,
    /// What is said.
    pub texts: AnnouncementTexts,
    /// When it was written: whoever has come to the bot since is not told.
    pub made_at: Timestamp,
    /// Only people who were there after this time are told.
    pub seen_after: Timestamp,
    /// How far it is.
    pub state: AnnouncementState,
    /// People who were told.
    pub told: u64,
    /// People who have blocked the bot, or whose account is gone.
    pub unreachable: u64,
    /// People for whom Telegram has not taken the message.
    pub failed: u64,
}

/// An announcement that a worker has claimed until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedAnnouncement {
    /// The announcement as it was.
    pub announcement: Announcement,
    /// The worker.
    pub worker_id: String,
    /// Fencing token: the number of this claim.
    pub fence: i64,
    /// The last person whose turn is over; people have their turns in the order of their numbers.
    pub after: UserId,
    /// How often the next person could not be told for now.
    pub attempts: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(written: &str) -> Result<AnnouncementTexts, AnnouncementTextError> {
        written.parse()
    }

    #[test]
    fn a_text_has_a_part_for_each_language() {
        let plain = parse("  Hello,\n\nyou [all] \n").unwrap();
        assert_eq!(
            (plain.in_language(Lang::En), plain.in_language(Lang::Ru)),
            ("Hello,\n\nyou [all]", "Hello,\n\nyou [all]")
        );
        let both = parse("Hello\n[ru]\nПривет\nвсем\n").unwrap();
        assert_eq!((both.in_language(Lang::En), both.in_language(Lang::Ru)), ("Hello", "Привет\nвсем"));
        let named = parse("[ru]\nПривет\n[en]\nHello").unwrap();
        assert_eq!((named.in_language(Lang::En), named.in_language(Lang::Ru)), ("Hello", "Привет"));
        let one = parse("[ru]\nПривет").unwrap();
        assert_eq!(one.in_language(Lang::En), "Привет", "the first one is for the others too");
        assert_eq!(parse("[de]\nHallo").unwrap().in_language(Lang::En), "[de]\nHallo", "no language of the bot");
    }

    #[test]
    fn what_cannot_be_a_message_is_refused() {
        assert_eq!(parse(" \n "), Err(AnnouncementTextError::Empty(None)));
        assert_eq!(parse("Hello\n[ru]\n \n"), Err(AnnouncementTextError::Empty(Some(Lang::Ru))));
        assert_eq!(parse("[en]\nHi\n[en]\nHello"), Err(AnnouncementTextError::Repeated(Lang::En)));
        assert!(parse(&"я".repeat(MAX_TEXT)).is_ok());
        // A character beyond the first plane counts twice.
        let long = parse(&"🦊".repeat(MAX_TEXT / 2 + 1));
        assert_eq!(long, Err(AnnouncementTextError::TooLong { length: MAX_TEXT + 2, lang: None }));
    }

    #[test]
    fn texts_are_stored_and_read_back() {
        for written in ["Hello", "Hello\n[ru]\nПривет", "[ru]\nПривет\n[en]\nHello"] {
            let texts = parse(written).unwrap();
            let stored = serde_json::to_string(&texts).unwrap();
            assert_eq!(serde_json::from_str::<AnnouncementTexts>(&stored).unwrap(), texts, "{stored}");
        }
        let newer: AnnouncementTexts = serde_json::from_str(r#"[[null,"Hello"],["xx","?"]]"#).unwrap();
        assert_eq!(newer.in_language(Lang::Ru), "Hello");
        assert!(serde_json::from_str::<AnnouncementTexts>("[]").is_err());
    }
}
