//! Faults to inject into calls of methods.

/// How a call is disturbed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TelegramFaultEffect {
    /// The call is answered with this error and not carried out. teloxide waits 10 s after a code from 500 on.
    Api {
        /// HTTP status and `error_code`.
        code: u16,
        /// `description`.
        description: String,
    },
    /// The call is answered with code 429 and this `retry_after`, in seconds.
    Flood(u64),
    /// The connection closes and the call is not carried out.
    Disconnect,
    /// The call is carried out, then the connection closes without a reply.
    LoseReply,
    /// The call is carried out after this time, in milliseconds.
    Delay(u64),
}

/// A fault of the simulated Telegram: which calls it disturbs, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramFault {
    /// The method, in any case; `None` means every method but `getUpdates`. `webhook` means a post to the bot's
    /// webhook: an error or a disconnect does not reach the bot, and with a lost reply the update reaches it twice.
    pub method: Option<String>,
    /// Only calls for this chat.
    pub chat: Option<i64>,
    /// How many calls it disturbs.
    pub times: u32,
    /// How they are disturbed.
    pub effect: TelegramFaultEffect,
}

impl TelegramFault {
    /// Disturbs the next call of a method.
    pub fn once(method: &str, effect: TelegramFaultEffect) -> Self {
        Self { method: Some(method.to_owned()), chat: None, times: 1, effect }
    }

    /// Answers the next call of a method with an error.
    pub fn refuse(method: &str, code: u16, description: &str) -> Self {
        Self::once(method, TelegramFaultEffect::Api { code, description: description.to_owned() })
    }

    fn matches(&self, method: &str, chat: Option<i64>) -> bool {
        let named = match &self.method {
            Some(name) => name.eq_ignore_ascii_case(method),
            None => !["getupdates", "webhook"].contains(&method),
        };
        self.times > 0 && named && (self.chat.is_none() || self.chat == chat)
    }
}

/// The effect of the first fault for a call; counts it as used.
pub(super) fn take(faults: &mut Vec<TelegramFault>, method: &str, chat: Option<i64>) -> Option<TelegramFaultEffect> {
    let fault = faults.iter_mut().find(|fault| fault.matches(method, chat))?;
    fault.times -= 1;
    let effect = fault.effect.clone();
    faults.retain(|fault| fault.times > 0);
    Some(effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_injected_for_its_method_and_chat_only() {
        let mut faults = vec![
            TelegramFault { chat: Some(7), ..TelegramFault::once("sendPhoto", TelegramFaultEffect::Disconnect) },
            TelegramFault { method: None, chat: None, times: 1, effect: TelegramFaultEffect::Flood(2) },
        ];
        assert_eq!(take(&mut faults, "getupdates", None), None);
        assert_eq!(take(&mut faults, "sendphoto", Some(7)), Some(TelegramFaultEffect::Disconnect));
        assert_eq!(take(&mut faults, "sendphoto", Some(7)), Some(TelegramFaultEffect::Flood(2)));
        assert_eq!(take(&mut faults, "sendphoto", Some(7)), None);
    }
}
