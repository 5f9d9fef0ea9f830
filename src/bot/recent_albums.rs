//! The albums that were answered although no form takes them: an album is several messages, and one answer is enough.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many albums are remembered. The messages of one come together, so few are enough.
const REMEMBERED: usize = 256;

/// The last albums that were answered, by Telegram's `media_group_id`.
#[derive(Debug, Default)]
pub(super) struct RecentAlbums {
    ids: Mutex<VecDeque<String>>,
}

impl RecentAlbums {
    /// Notes that an album is answered. Returns whether it was not before.
    pub(super) fn note(&self, id: &str) -> bool {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.iter().any(|known| known == id) {
            return false;
        }
        if ids.len() == REMEMBERED {
            ids.pop_front();
        }
        ids.push_back(id.to_owned());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_album_is_noted_once_and_the_oldest_is_forgotten() {
        let albums = RecentAlbums::default();
        assert!(albums.note("first") && !albums.note("first"));
        for n in 0..REMEMBERED {
            assert!(albums.note(&n.to_string()));
        }
        assert!(albums.note("first"));
    }
}
