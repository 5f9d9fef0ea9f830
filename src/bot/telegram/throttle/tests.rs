use super::*;
use crate::clock::ManualClock;

const PERSON: ChatId = ChatId(7);
const OTHER: ChatId = ChatId(8);
const GROUP: ChatId = ChatId(-7);

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms)
}

fn throttle() -> (Throttle, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(at(1_000_000)));
    (Throttle::new(clock.clone()), clock)
}

fn counts() -> Counts {
    let (throttle, _) = throttle();
    throttle.counts.into_inner().unwrap()
}

/// Sends as many answers as the time allows, and returns the second of each.
async fn send(chat: ChatId, count: usize) -> Vec<u64> {
    let (throttle, clock) = throttle();
    let mut seconds = Vec::new();
    for _ in 0..count {
        throttle.admit(chat, Priority::Answer, Duration::ZERO).await.unwrap();
        seconds.push(clock.now().since(at(1_000_000)).as_secs());
    }
    seconds
}

#[tokio::test]
async fn a_person_gets_a_burst_and_then_a_message_a_second() {
    assert_eq!(send(PERSON, 23).await[18..], [0, 0, 1, 2, 3]);
}

#[tokio::test]
async fn a_group_gets_twenty_messages_in_any_minute() {
    let seconds = send(GROUP, 70).await;
    assert_eq!(seconds[19..21], [0, 60]);
    for minute in seconds.windows(21) {
        assert!(minute[20] - minute[0] >= 60, "{seconds:?}");
    }
}

#[tokio::test]
async fn all_chats_together_get_thirty_messages_a_second() {
    let (throttle, clock) = throttle();
    for n in 0..330 {
        throttle.admit(ChatId(n + 1), Priority::Answer, Duration::ZERO).await.unwrap();
    }
    let passed = clock.now().since(at(1_000_000));
    assert!((Duration::from_secs(10)..Duration::from_secs(11)).contains(&passed), "{passed:?}");
}

#[tokio::test]
async fn without_limits_only_pauses_are_kept() {
    let clock = Arc::new(ManualClock::new(at(0)));
    let throttle = Throttle::with_rate(clock.clone(), None);
    for _ in 0..1000 {
        throttle.admit(GROUP, Priority::Progress, Duration::ZERO).await.unwrap();
    }
    assert_eq!(clock.now(), at(0));
    throttle.pause(GROUP, Duration::from_secs(5));
    assert_eq!(throttle.admit(GROUP, Priority::Progress, Duration::ZERO).await, Err(Duration::from_secs(5)));
    throttle.admit(GROUP, Priority::Answer, Duration::MAX).await.unwrap();
    assert_eq!(clock.now(), at(5000));
}

#[test]
fn announcements_leave_room_for_answers_at_once() {
    let mut counts = counts();
    let now = at(1_000_000);
    let mut admit = |priority, chat| {
        let ticket = counts.issue(priority);
        counts.admit(ChatId(chat), ticket, Duration::MAX, now)
    };
    for chat in 100..120 {
        assert_eq!(admit(Priority::Announcement, chat), Admission::Now, "two thirds of the limit");
    }
    assert!(matches!(admit(Priority::Announcement, 120), Admission::Later(_)));
    for chat in 200..210 {
        assert_eq!(admit(Priority::Answer, chat), Admission::Now, "{chat}: what waits behind is not counted");
    }
}

#[tokio::test]
async fn a_flooded_chat_waits_alone() {
    let (throttle, clock) = throttle();
    let begun = clock.now();
    throttle.pause(PERSON, Duration::from_secs(38));
    throttle.pause(PERSON, Duration::from_secs(10));
    assert_eq!(throttle.pause_of(PERSON), Some(Duration::from_secs(38)), "a shorter pause ends no longer one");
    throttle.admit(OTHER, Priority::Answer, Duration::ZERO).await.unwrap();
    assert_eq!((throttle.pause_of(OTHER), clock.now()), (None, begun));
    let refused = throttle.admit(PERSON, Priority::Result, Duration::from_secs(30)).await;
    assert_eq!(refused, Err(Duration::from_secs(38)));
    throttle.admit(PERSON, Priority::Answer, Duration::MAX).await.unwrap();
    assert_eq!(clock.now().since(begun), Duration::from_secs(38));
    // No burst after it.
    throttle.admit(PERSON, Priority::Answer, Duration::MAX).await.unwrap();
    assert!(clock.now().since(begun) >= Duration::from_secs(39));
}

#[tokio::test]
async fn what_is_not_counted_waits_for_a_pause_alone() {
    let (throttle, clock) = throttle();
    let begun = clock.now();
    for _ in 0..100 {
        throttle.wait_for_pause(PERSON, Duration::ZERO).await.unwrap();
    }
    throttle.pause(PERSON, Duration::from_secs(3));
    assert_eq!(throttle.wait_for_pause(PERSON, Duration::ZERO).await, Err(Duration::from_secs(3)));
    throttle.wait_for_pause(PERSON, Duration::MAX).await.unwrap();
    assert_eq!(clock.now().since(begun), Duration::from_secs(3));
}

#[test]
fn a_clock_that_is_set_back_stops_nothing() {
    let mut counts = counts();
    let (late, early) = (at(4_600_000), at(1_000_000));
    counts.pause(OTHER, Duration::from_secs(5), late);
    for _ in 0..20 {
        let ticket = counts.issue(Priority::Answer);
        assert_eq!(counts.admit(GROUP, ticket, Duration::MAX, late), Admission::Now);
    }
    let mut admit = |chat, now| {
        let ticket = counts.issue(Priority::Answer);
        let admission = counts.admit(chat, ticket, Duration::MAX, now);
        counts.withdraw(chat, ticket);
        admission
    };
    assert!(matches!(admit(GROUP, early), Admission::Later(wait) if wait < Duration::from_secs(2)));
    assert_eq!(admit(GROUP, early + Duration::from_secs(2)), Admission::Now);
    assert_eq!(admit(OTHER, early), Admission::Later(Duration::from_secs(5)));
    // What the clock hides is waited for once more, at most.
    assert!(
        matches!(admit(OTHER, early + Duration::from_secs(5)), Admission::Later(wait) if wait < Duration::from_secs(6))
    );
    assert_eq!(admit(OTHER, early + Duration::from_secs(11)), Admission::Now);
}

#[test]
fn answers_come_before_results_and_equals_in_order() {
    let mut counts = counts();
    let now = at(1_000_000);
    for n in 0..30 {
        let ticket = counts.issue(Priority::Answer);
        assert_eq!(counts.admit(ChatId(100 + n), ticket, Duration::MAX, now), Admission::Now);
    }
    let tickets = [Priority::Result, Priority::Answer, Priority::Answer, Priority::Result].map(|p| counts.issue(p));
    let chats = [PERSON, OTHER, GROUP, ChatId(9)];
    let mut left = [0, 1, 2, 3].to_vec();
    let mut order = Vec::new();
    for ms in 0..200 {
        left.retain(|n| {
            let admission = counts.admit(chats[*n], tickets[*n], Duration::MAX, now + Duration::from_millis(ms));
            if admission == Admission::Now {
                order.push(*n);
            }
            admission != Admission::Now
        });
    }
    assert_eq!(order, [1, 2, 0, 3]);
}

#[test]
fn progress_leaves_room_and_never_waits() {
    let mut counts = counts();
    let now = at(1_000_000);
    let mut shown = 0;
    for _ in 0..20 {
        let ticket = counts.issue(Priority::Progress);
        match counts.admit(PERSON, ticket, Duration::MAX, now) {
            Admission::Now => shown += 1,
            other => assert!(matches!(other, Admission::Refused(_)), "{other:?}"),
        }
    }
    assert_eq!(shown, 14);
    for _ in 0..6 {
        let ticket = counts.issue(Priority::Answer);
        assert_eq!(counts.admit(PERSON, ticket, Duration::MAX, now), Admission::Now);
    }
}

#[test]
fn a_call_that_is_given_up_holds_nobody_back() {
    let mut counts = counts();
    let now = at(1_000_000);
    for n in 0..30 {
        let ticket = counts.issue(Priority::Answer);
        assert_eq!(counts.admit(ChatId(100 + n), ticket, Duration::MAX, now), Admission::Now);
    }
    let (first, second) = (counts.issue(Priority::Answer), counts.issue(Priority::Result));
    assert!(matches!(counts.admit(PERSON, first, Duration::MAX, now), Admission::Later(_)));
    let soon = now + Duration::from_millis(40);
    assert!(matches!(counts.admit(OTHER, second, Duration::MAX, soon), Admission::Later(_)));
    counts.withdraw(PERSON, first);
    assert_eq!(counts.admit(OTHER, second, Duration::MAX, soon), Admission::Now);
}

#[test]
fn idle_chats_are_removed() {
    let mut counts = counts();
    for n in 0..100_000 {
        let ticket = counts.issue(Priority::Answer);
        let chat = ChatId(if n % 2 == 0 { n + 1 } else { -n });
        assert_eq!(counts.admit(chat, ticket, Duration::MAX, at(1_000_000 + n * 500)), Admission::Now);
    }
    assert!(counts.chats.len() <= 2 * MIN_CLEANUP, "{}", counts.chats.len());
}
