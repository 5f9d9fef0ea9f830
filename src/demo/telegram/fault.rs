//! Trouble on request, per method.

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The method is refused; nothing is done. teloxide sleeps 10 s on codes from 500 on.
    Api {
        /// HTTP status and `error_code`.
        code: u16,
        /// `description`.
        description: String,
    },
    /// Code 429, to be repeated after so many seconds.
    Flood(u64),
    /// The connection closes before anything is done.
    Drop,
    /// The method is carried out, then the connection closes without a reply.
    Lose,
    /// The method waits so many milliseconds before it is carried out.
    Delay(u64),
}

/// A fault and how often it strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The method, in any case; `None` means every method but `getUpdates`. `webhook` means a post to the webhook: its
    /// refusals and drops do not reach the bot, and a lost one reaches it twice.
    pub method: Option<String>,
    /// Only in this chat.
    pub chat: Option<i64>,
    /// How many calls meet it.
    pub times: u32,
    /// What they meet.
    pub trouble: Trouble,
}

impl Fault {
    /// The next call of a method meets it.
    pub fn once(method: &str, trouble: Trouble) -> Self {
        Self { method: Some(method.to_owned()), chat: None, times: 1, trouble }
    }

    /// The next call of a method is refused.
    pub fn refuse(method: &str, code: u16, description: &str) -> Self {
        Self::once(method, Trouble::Api { code, description: description.to_owned() })
    }

    fn strikes(&self, method: &str, chat: Option<i64>) -> bool {
        let named = match &self.method {
            Some(name) => name.eq_ignore_ascii_case(method),
            None => !["getupdates", "webhook"].contains(&method),
        };
        self.times > 0 && named && (self.chat.is_none() || self.chat == chat)
    }
}

/// The first fault that strikes; it counts as used.
pub(super) fn take(faults: &mut Vec<Fault>, method: &str, chat: Option<i64>) -> Option<Trouble> {
    let fault = faults.iter_mut().find(|fault| fault.strikes(method, chat))?;
    fault.times -= 1;
    let trouble = fault.trouble.clone();
    faults.retain(|fault| fault.times > 0);
    Some(trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_meets_its_method_and_chat_only() {
        let mut faults = vec![
            Fault { chat: Some(7), ..Fault::once("sendPhoto", Trouble::Drop) },
            Fault { method: None, chat: None, times: 1, trouble: Trouble::Flood(2) },
        ];
        assert_eq!(take(&mut faults, "getupdates", None), None);
        assert_eq!(take(&mut faults, "sendphoto", Some(7)), Some(Trouble::Drop));
        assert_eq!(take(&mut faults, "sendphoto", Some(7)), Some(Trouble::Flood(2)));
        assert_eq!(take(&mut faults, "sendphoto", Some(7)), None);
    }
}
