//! Counts of jobs.

use kie::job::JobState;
use kie::store::Store;

/// How many jobs are in a state.
pub(crate) async fn in_state(store: &dyn Store, state: JobState) -> usize {
    let found = store.jobs_in(Some(state), 1_000_000).await.unwrap();
    found.jobs.len() + found.newer.len()
}

/// How many jobs are in each state that has any, in order of life.
pub(crate) async fn by_state(store: &dyn Store) -> Vec<(JobState, usize)> {
    let mut counts = Vec::new();
    for state in JobState::ALL {
        counts.push((state, in_state(store, state).await));
    }
    counts.retain(|(_, count)| *count > 0);
    counts
}
