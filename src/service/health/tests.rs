use super::*;

fn point(start: i64, success: Option<f64>) -> RatePoint {
    RatePoint {
        start: Some(start.to_string()),
        end: None,
        success,
        error: success.map(|rate| if rate > 1.0 { 100.0 - rate } else { 1.0 - rate }),
        normal: None,
    }
}

fn percent(rates: &[Option<f64>]) -> Option<u32> {
    let points: Vec<RatePoint> = rates.iter().enumerate().map(|(at, rate)| point(at as i64, *rate)).collect();
    Health::of(&points).map(Health::percent)
}

#[test]
fn an_hour_of_tasks_is_needed() {
    assert_eq!(percent(&[]), None);
    assert_eq!(percent(&[Some(0.5); MIN_PERIODS - 1]), None);
    assert_eq!(percent(&[None; 144]), None);
    assert_eq!(percent(&[Some(0.5); MIN_PERIODS]), Some(50));
    let scattered = [Some(1.0), None, None].repeat(MIN_PERIODS);
    assert_eq!(percent(&scattered), Some(100));
}

#[test]
fn the_newest_periods_count_in_any_order() {
    let mut points: Vec<RatePoint> =
        (0..144).map(|at| point(at, Some(if at < 144 - RECENT as i64 { 1.0 } else { 0.25 }))).collect();
    assert_eq!(Health::of(&points).map(Health::percent), Some(25));
    points.reverse();
    assert_eq!(Health::of(&points).map(Health::percent), Some(25));
    for point in &mut points {
        point.start = point.start.take().map(|start| format!("2026-11-29T{start:0>4}"));
    }
    assert_eq!(Health::of(&points).map(Health::percent), Some(25));
}

#[test]
fn rates_may_be_in_percent() {
    assert_eq!(percent(&[Some(95.0); 6]), Some(95));
    assert_eq!(percent(&[Some(0.5), Some(0.5), Some(0.5), Some(0.5), Some(0.5), Some(99.5)]), Some(17));
    assert_eq!(percent(&[Some(1.0); 6]), Some(100));
    let poor = |rate| Health { success: rate }.is_poor();
    assert!(poor(0.69) && !poor(0.7));
}

#[test]
fn an_answer_lives_for_minutes_and_a_failure_for_one() {
    let (cache, then) = (HealthCache::default(), Timestamp::from_millis(1_000_000_000));
    let points: Vec<RatePoint> = (0..6).map(|at| point(at, Some(0.5))).collect();
    assert_eq!(cache.ask("m", then), (true, Some(then)));
    assert_eq!(cache.ask("m", then + Duration::from_secs(1)), (false, Some(then)), "one request at a time");
    cache.answer("m", &Ok(points), then);
    assert_eq!(cache.ask("m", then + LIFE - Duration::from_millis(1)), (false, None));
    assert!(cache.known("m", then + LIFE).is_some(), "an old one is shown while it is read again");
    assert_eq!(cache.ask("m", then + LIFE), (true, Some(then + LIFE)));
    cache.answer("m", &Err(client::Error::NotFound), then + LIFE);
    assert_eq!(cache.ask("m", then + LIFE + FAILURE_PAUSE - Duration::from_millis(1)), (false, None));
    assert_eq!(cache.ask("m", then + LIFE + FAILURE_PAUSE), (true, Some(then + LIFE + FAILURE_PAUSE)));
    assert_eq!(cache.known("m", then + MAX_AGE), None);
}
