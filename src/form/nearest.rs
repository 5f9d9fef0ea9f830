//! The field that was probably meant.

use crate::schema::spec::FieldSpec;

/// The least likeness of two names, from 0 to 1, that is worth a suggestion.
const ALIKE: f64 = 0.5;

/// Longer names are nobody's slip of the finger, and do not fit into a word of bits.
const LONGEST: usize = 64;

/// The name of the field whose name, or other name, is most like this one.
pub(super) fn nearest(fields: &'static [FieldSpec], name: &str) -> Option<&'static str> {
    let name = Name::new(name)?;
    let mut best: Option<(f64, &str)> = None;
    for field in fields {
        for known in std::iter::once(&field.name).chain(field.aliases) {
            let least = best.map_or(ALIKE, |(score, _)| score);
            if let Some(score) = name.likeness(known, least) {
                best = Some((score, field.name));
            }
        }
    }
    best.map(|(_, real)| real)
}

/// A name to be compared with many others. Bytes stand for letters.
struct Name {
    length: usize,
    /// Which letters occur, see [`letters`].
    letters: u32,
    /// For each letter, the places where it stands, one bit each.
    places: [u64; 128],
}

impl Name {
    fn new(name: &str) -> Option<Self> {
        let length = name.len();
        if length == 0 || length > LONGEST {
            return None;
        }
        let mut places = [0; 128];
        // The registry's names are ASCII: any other letter is like none of theirs.
        for (place, byte) in name.bytes().enumerate().filter(|(_, byte)| byte.is_ascii()) {
            places[usize::from(byte)] |= 1 << place;
        }
        Some(Self { length, letters: letters(name), places })
    }

    fn of(&self, letter: u8) -> u64 {
        self.places[usize::from(letter & 127)]
    }

    /// How alike the names are, from 0 to 1: 1 less the changes from one to the other, each letter of the longer counting
    /// alike. `None` below `least`.
    fn likeness(&self, known: &str, least: f64) -> Option<f64> {
        let longest = self.length.max(known.len()) as f64;
        // A letter that the other name has not costs a change: most names are too far away at first sight.
        let theirs = letters(known);
        let changes = (self.letters & !theirs).count_ones().max((theirs & !self.letters).count_ones());
        if 1.0 - f64::from(changes) / longest < least {
            return None;
        }
        let score = 1.0 - self.distance(known) as f64 / longest;
        (score >= least).then_some(score)
    }

    /// How many letters must be put in, taken out, replaced, or swapped with their neighbour. A column of the table of
    /// distances is two words of bits: where the number grows, and where it falls (Hyyrö, 2003).
    fn distance(&self, known: &str) -> usize {
        let last = 1 << (self.length - 1);
        let (mut grows, mut falls) = (u64::MAX, 0);
        let (mut diagonal, mut before) = (0, 0);
        let mut distance = self.length;
        for letter in known.bytes() {
            let same = self.of(letter);
            let swapped = ((!diagonal & same) << 1) & before;
            diagonal = ((same & grows).wrapping_add(grows) ^ grows) | same | falls | swapped;
            let (more, less) = (falls | !(diagonal | grows), diagonal & grows);
            distance += usize::from(more & last != 0);
            distance -= usize::from(less & last != 0);
            let (more, less) = ((more << 1) | 1, less << 1);
            (grows, falls) = (less | !(diagonal | more), more & diagonal);
            before = same;
        }
        distance
    }
}

/// The letters of a name, one bit each. Some letters share a bit: two names are never made less alike by that.
fn letters(name: &str) -> u32 {
    name.bytes().fold(0, |letters, letter| letters | 1 << (letter & 31))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn distance(name: &str, known: &str) -> usize {
        Name::new(name).unwrap().distance(known)
    }

    #[test]
    fn slips_of_the_finger_count_one() {
        for (name, known) in [("promt", "prompt"), ("prommpt", "prompt"), ("prpmpt", "prompt"), ("rpompt", "prompt")] {
            assert_eq!(distance(name, known), 1, "{name}");
        }
        assert_eq!(distance("prompt", "prompt"), 0);
        assert_eq!(distance("seed", "speed"), 1);
    }

    #[test]
    fn what_is_unlike_everything_gets_no_suggestion() {
        const FIELDS: &[FieldSpec] = &[FieldSpec { name: "prompt", ..FieldSpec::BLANK }];
        assert_eq!(nearest(FIELDS, "promt"), Some("prompt"));
        assert_eq!(nearest(FIELDS, "zzz"), None);
        assert_eq!(nearest(FIELDS, ""), None);
        assert_eq!(nearest(FIELDS, &"prompt".repeat(11)), None);
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_the_textbook(name in "[a-e_]{1,20}", known in "[a-e_]{1,20}") {
            let distance = distance(&name, &known);
            prop_assert_eq!(distance, strsim::osa_distance(&name, &known));
            let score = 1.0 - distance as f64 / name.len().max(known.len()) as f64;
            prop_assert_eq!(Name::new(&name).unwrap().likeness(&known, ALIKE), (score >= ALIKE).then_some(score));
        }
    }
}
