//! The field that was probably meant.

use crate::schema::spec::FieldSpec;

/// A suggestion is worth while up to so many changes for so many letters of the longer name.
const ALIKE: Likeness = Likeness { changes: 1, letters: 3 };

/// Longer names are nobody's slip of the finger, and do not fit into a word of bits.
const LONGEST: usize = 64;

/// The name of the field whose name, or other name, is most like this one.
pub(super) fn nearest(fields: &'static [FieldSpec], name: &str) -> Option<&'static str> {
    let name = Name::new(name)?;
    let mut least = ALIKE;
    let mut best = None;
    for field in fields {
        for known in std::iter::once(&field.name).chain(field.aliases) {
            if let Some(likeness) = name.likeness(known, least) {
                (least, best) = (likeness, Some(field.name));
            }
        }
    }
    best
}

/// How alike two names are: so many changes lead from one to the other, of so many letters that the longer one has.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Likeness {
    changes: usize,
    letters: usize,
}

impl Likeness {
    /// Whether names are at least as alike.
    fn allows(self, other: Self) -> bool {
        other.changes * self.letters <= self.changes * other.letters
    }
}

/// A name to be compared with many others. Bytes stand for letters.
struct Name<'a> {
    name: &'a str,
    /// Which letters occur, see [`letters_of`].
    letters: u32,
}

impl<'a> Name<'a> {
    fn new(name: &'a str) -> Option<Self> {
        (1..=LONGEST).contains(&name.len()).then(|| Self { name, letters: letters_of(name) })
    }

    /// How alike the names are; `None` when less than `least`. Words that one name has before or behind the other count a third:
    /// whoever writes `ratio` means `aspect_ratio`.
    fn likeness(&self, known: &str, least: Likeness) -> Option<Likeness> {
        let longer = self.name.len().max(known.len());
        let of = |changes| Some(Likeness { changes, letters: longer }).filter(|likeness| least.allows(*likeness));
        // Letters that the other name has not tell most names apart at first sight.
        let theirs = letters_of(known);
        let (missing, added) = (theirs & !self.letters, self.letters & !theirs);
        let apart = self.name.len().abs_diff(known.len());
        let is_part = if self.name.len() < known.len() {
            added == 0 && is_part(self.name, known)
        } else {
            missing == 0 && apart > 0 && is_part(known, self.name)
        };
        if is_part {
            return of(apart.div_ceil(3));
        }
        of(apart)?;
        of(missing.count_ones().max(added.count_ones()) as usize)?;
        of(self.distance(known, least.changes * longer / least.letters)?)
    }

    /// How many letters must be put in, taken out, replaced, or swapped with their neighbour; `None` for more than `most`.
    /// A column of the table of distances is two words of bits: where the number grows, and where it falls (Hyyrö, 2003).
    fn distance(&self, known: &str, most: usize) -> Option<usize> {
        // For each letter, the places where it stands, one bit each. The registry's names are ASCII: other letters are like none.
        let mut places = [0_u64; 128];
        for (place, letter) in self.name.bytes().enumerate().filter(|(_, letter)| letter.is_ascii()) {
            places[usize::from(letter)] |= 1 << place;
        }
        let last = 1 << (self.name.len() - 1);
        let (mut grows, mut falls) = (u64::MAX, 0);
        let (mut diagonal, mut before) = (0, 0);
        let mut distance = self.name.len();
        let mut left = known.len();
        for letter in known.bytes() {
            let same = places[usize::from(letter & 127)];
            let swapped = ((!diagonal & same) << 1) & before;
            diagonal = ((same & grows).wrapping_add(grows) ^ grows) | same | falls | swapped;
            let (more, less) = (falls | !(diagonal | grows), diagonal & grows);
            distance += usize::from(more & last != 0);
            distance -= usize::from(less & last != 0);
            let (more, less) = ((more << 1) | 1, less << 1);
            (grows, falls) = (less | !(diagonal | more), more & diagonal);
            before = same;
            left -= 1;
            // Each letter that is left takes one change back at best.
            if distance > most + left {
                return None;
            }
        }
        Some(distance)
    }
}

/// Whether a name is some of the words of a longer one.
fn is_part(name: &str, longer: &str) -> bool {
    let mut rest = longer;
    loop {
        if rest.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')) {
            return true;
        }
        match rest.bytes().position(|byte| byte == b'_') {
            Some(end) => rest = &rest[end + 1..],
            None => return false,
        }
    }
}

/// Which letters occur in a name, one bit each. Some share a bit: by that, names never look less alike than they are.
fn letters_of(name: &str) -> u32 {
    name.bytes().fold(0, |letters, letter| letters | 1 << (letter & 31))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn distance(name: &str, known: &str) -> usize {
        Name::new(name).unwrap().distance(known, usize::MAX / 2).unwrap()
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

    #[test]
    fn a_word_of_a_name_means_the_name() {
        const FIELDS: &[FieldSpec] = &[
            FieldSpec { name: "prompt", ..FieldSpec::BLANK },
            FieldSpec { name: "negative_prompt", ..FieldSpec::BLANK },
            FieldSpec { name: "aspect_ratio", ..FieldSpec::BLANK },
            FieldSpec { name: "image_url", ..FieldSpec::BLANK },
        ];
        for (name, meant) in [
            ("ratio", Some("aspect_ratio")),
            ("image", Some("image_url")),
            ("my_prompt", Some("prompt")),
            ("negative", Some("negative_prompt")),
            ("negativ_prompt", Some("negative_prompt")),
            ("rat", None),
            ("no_such_field", None),
        ] {
            assert_eq!(nearest(FIELDS, name), meant, "{name}");
        }
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_the_textbook(name in "[a-e_]{1,20}", known in "[a-e_]{1,20}") {
            let distance = distance(&name, &known);
            prop_assert_eq!(distance, strsim::osa_distance(&name, &known));
            let letters = name.len().max(known.len());
            let likeness = (3 * distance <= letters).then_some(Likeness { changes: distance, letters });
            if !is_part(&name, &known) && !is_part(&known, &name) {
                prop_assert_eq!(Name::new(&name).unwrap().likeness(&known, ALIKE), likeness);
            }
        }
    }
}
