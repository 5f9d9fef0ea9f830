//! How a call of the Bot API waits for its turn, and after which failures it is repeated: the retry policy as data.

use std::time::Duration;

use teloxide::RequestError;

use super::SendErrorKind;
use super::throttle::Priority;
use crate::clock::Timestamp;

/// How a call waits and is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryPolicy {
    /// Whose turn it is when several calls wait.
    pub(super) priority: Priority,
    rules: &'static [Rule],
}

/// One row of the policy: a failure, and how often a call is repeated after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Flood control: repeated after the pause that Telegram asks for, unless it is longer than `longest`.
    RateLimited { repeats: usize, longest: Duration },
    /// The group has become a supergroup: repeated at once with the new chat id.
    ChatMoved { repeats: usize },
    /// The network or Telegram fails, or Telegram refuses the token for a while: repeated after these pauses, unless the
    /// first attempt, or the first one after flood control, began `within` ago or earlier.
    Temporary { pauses: &'static [Duration], within: Duration },
}

const RATE_LIMITED: Rule = Rule::RateLimited { repeats: 3, longest: Duration::from_secs(30) };
/// However long and as often as Telegram asks for: only the chat itself waits.
const RATE_LIMITED_FOR_ANY_TIME: Rule = Rule::RateLimited { repeats: usize::MAX, longest: Duration::MAX };
const CHAT_MOVED: Rule = Rule::ChatMoved { repeats: 1 };
/// When only Telegram's response was lost, the user gets the message twice, which is better than no reply. The limit
/// keeps one chat from occupying a handler for long.
const TEMPORARY: Rule = Rule::Temporary {
    pauses: &[Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(6)],
    within: Duration::from_secs(30),
};

/// For calls that become pointless: the progress of a job.
pub(crate) const ONCE: &RetryPolicy = &RetryPolicy { priority: Priority::Progress, rules: &[CHAT_MOVED] };
/// For what can wait for all else, and is made again later by the caller.
pub(crate) const LAST: &RetryPolicy =
    &RetryPolicy { priority: Priority::Announcement, rules: &[RATE_LIMITED, CHAT_MOVED] };
/// For calls that the caller makes again later: a delivery.
pub(crate) const BRIEF: &RetryPolicy = &RetryPolicy { priority: Priority::Result, rules: &[RATE_LIMITED, CHAT_MOVED] };
/// For replies to a user, who waits for them: a reply may be late, and is not lost.
pub(crate) const PERSISTENT: &RetryPolicy =
    &RetryPolicy { priority: Priority::Answer, rules: &[RATE_LIMITED_FOR_ANY_TIME, CHAT_MOVED, TEMPORARY] };

impl RetryPolicy {
    /// The longest pause under flood control that a call waits for.
    pub(super) fn longest_pause(&self) -> Duration {
        let longest = self.rules.iter().find_map(|rule| match rule {
            Rule::RateLimited { longest, .. } => Some(*longest),
            Rule::ChatMoved { .. } | Rule::Temporary { .. } => None,
        });
        longest.unwrap_or_default()
    }
}

/// How often a call was repeated so far.
#[derive(Debug)]
pub(super) struct Repeats {
    /// Each rule with the number of repetitions that it has caused.
    rules: Vec<(&'static Rule, usize)>,
    /// When the first attempt began; after flood control, the first one since.
    started: Option<Timestamp>,
}

impl Repeats {
    pub(super) fn new(policy: &RetryPolicy) -> Self {
        Self { rules: policy.rules.iter().map(|rule| (rule, 0)).collect(), started: None }
    }

    /// An attempt begins.
    pub(super) fn begin(&mut self, now: Timestamp) {
        self.started.get_or_insert(now);
    }

    /// The pause before the call is repeated after this error; `None` when it is not repeated. The first rule that
    /// covers the error counts; the rules before it start again.
    pub(super) fn next_pause(&mut self, error: &RequestError, now: Timestamp) -> Option<Duration> {
        let elapsed = now.since(self.started.unwrap_or(now));
        let pause = |(rule, count): &(&Rule, usize)| rule.pause(error, *count, elapsed);
        let (row, pause) = self.rules.iter().enumerate().find_map(|(row, rule)| Some((row, pause(rule)?)))?;
        if matches!(error, RequestError::RetryAfter(_)) {
            self.started = None;
        }
        self.rules[row].1 += 1;
        self.rules[..row].iter_mut().for_each(|(_, count)| *count = 0);
        Some(pause)
    }
}

impl Rule {
    fn pause(&self, error: &RequestError, count: usize, elapsed: Duration) -> Option<Duration> {
        match (self, error) {
            (Self::RateLimited { repeats, longest }, RequestError::RetryAfter(wait)) => {
                Some(wait.duration()).filter(|wait| count < *repeats && wait <= longest)
            }
            (Self::ChatMoved { repeats }, RequestError::MigrateToChatId(_)) => {
                (count < *repeats).then_some(Duration::ZERO)
            }
            (Self::Temporary { pauses, within }, error) if SendErrorKind::of(error).is_temporary() => {
                pauses.get(count).copied().filter(|_| elapsed < *within)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use teloxide::ApiError;
    use teloxide::types::{ChatId, Seconds};

    use super::*;

    fn flood(seconds: u32) -> RequestError {
        RequestError::RetryAfter(Seconds::from_seconds(seconds))
    }

    fn moved() -> RequestError {
        RequestError::MigrateToChatId(ChatId(-100))
    }

    fn broken() -> RequestError {
        RequestError::Api(ApiError::Unknown("Bad Gateway".into()))
    }

    /// The pauses after these errors in a row, in milliseconds, without time passing.
    fn pauses(policy: &RetryPolicy, errors: &[RequestError]) -> Vec<Option<u128>> {
        let start = Timestamp::from_millis(0);
        let mut repeats = Repeats::new(policy);
        repeats.begin(start);
        errors.iter().map(|error| repeats.next_pause(error, start).map(|pause| pause.as_millis())).collect()
    }

    #[test]
    fn flood_control_is_waited_out_three_times_and_for_a_reply_always() {
        assert_eq!(
            pauses(BRIEF, &[flood(1), flood(2), flood(30), flood(1)]),
            [Some(1000), Some(2000), Some(30_000), None]
        );
        assert_eq!(pauses(BRIEF, &[flood(31)]), [None]);
        assert_eq!(pauses(ONCE, &[flood(1)]), [None]);
        let pauses = pauses(PERSISTENT, &[flood(31), flood(3600), flood(1), flood(1), flood(1)]);
        assert_eq!(pauses, [31_000, 3_600_000, 1000, 1000, 1000].map(Some));
        assert_eq!(BRIEF.longest_pause(), Duration::from_secs(30));
        assert_eq!((ONCE.longest_pause(), PERSISTENT.longest_pause()), (Duration::ZERO, Duration::MAX));
    }

    #[test]
    fn a_chat_moves_once_in_an_attempt_and_then_the_flood_control_counts_anew() {
        assert_eq!(pauses(BRIEF, &[moved(), moved()]), [Some(0), None]);
        let errors = [flood(1), flood(1), flood(1), moved(), flood(1), flood(1), flood(1), flood(1)];
        let expected = [Some(1000), Some(1000), Some(1000), Some(0), Some(1000), Some(1000), Some(1000), None];
        assert_eq!(pauses(BRIEF, &errors), expected);
    }

    #[test]
    fn only_a_reply_is_repeated_after_a_temporary_failure() {
        assert_eq!(pauses(BRIEF, &[broken()]), [None]);
        let errors = [broken(), broken(), moved(), moved(), broken(), broken()];
        assert_eq!(pauses(PERSISTENT, &errors), [Some(300), Some(1000), Some(0), Some(3000), Some(6000), None]);
        let start = Timestamp::from_millis(0);
        let late = start + Duration::from_secs(30);
        let mut repeats = Repeats::new(PERSISTENT);
        repeats.begin(start);
        assert_eq!(repeats.next_pause(&broken(), late), None, "it took too long");
        // The time under flood control does not count.
        let mut repeats = Repeats::new(PERSISTENT);
        repeats.begin(start);
        assert!(repeats.next_pause(&flood(30), start).is_some());
        repeats.begin(late);
        assert!(repeats.next_pause(&broken(), late).is_some());
    }

    #[test]
    fn a_refused_token_counts_as_a_temporary_failure() {
        let refused = || RequestError::Api(ApiError::InvalidToken);
        assert_eq!(pauses(PERSISTENT, &[refused(), refused()]), [Some(300), Some(1000)]);
        assert_eq!(pauses(BRIEF, &[refused()]), [None]);
    }

    #[test]
    fn a_refused_call_is_never_repeated() {
        let refused = || RequestError::Api(ApiError::BotBlocked);
        assert_eq!(pauses(PERSISTENT, &[refused()]), [None]);
        assert_eq!(pauses(BRIEF, &[refused()]), [None]);
    }
}
