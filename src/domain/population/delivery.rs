//! What a file from Navet says of itself and of the delivery that it is a part of, and whether that is true. Judged before
//! the first change. (rules.md, Principles: a file's own counts)

/// How many missing parts are named.
const NAMED: usize = 10;

/// One file of a delivery, with its counters as far as it has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// `BestallningsId`.
    pub order: Option<String>,
    /// `LopNr`.
    pub sequence: Option<u64>,
    /// `AntalFiler`.
    pub files: Option<u64>,
    /// `FilNr`, from 1.
    pub number: Option<u64>,
    /// `AntalPoster`.
    pub posts: Option<u64>,
    /// `AntalPosterTotalt`, of all files of the delivery.
    pub total: Option<u64>,
    /// How many posts were found.
    pub counted: u64,
}

/// What is not true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// A counter of posts: what it says and how many there are.
    Posts(&'static str, u64, u64),
    /// `FilNr` is none of the delivery's, or another file's, or `AntalFiler` is not what another file of it says.
    Number,
    /// Of so many files these, and more if there are ten, were not named.
    Missing(u64, Vec<u64>),
}

impl Part {
    /// Whether the delivery has several files.
    pub fn has_siblings(&self) -> bool {
        self.files.is_some_and(|files| files > 1)
    }

    /// Whether both are files of one delivery.
    pub fn is_with(&self, other: &Self) -> bool {
        let both = self.has_siblings() && other.has_siblings();
        both && self.order == other.order && self.sequence == other.sequence
    }

    fn judge(&self) -> Result<(), Mismatch> {
        match self.posts.filter(|posts| *posts != self.counted) {
            Some(posts) => return Err(Mismatch::Posts("AntalPoster", posts, self.counted)),
            None if self.files == Some(0) || self.number == Some(0) => return Err(Mismatch::Number),
            None => {}
        }
        let files = self.files.unwrap_or(1);
        let number = if self.has_siblings() { self.number } else { Some(self.number.unwrap_or(1)) };
        if number.is_some_and(|number| number <= files) { Ok(()) } else { Err(Mismatch::Number) }
    }
}

/// The first file, by its place, that is not what it says, and why.
pub fn judge(parts: &[Part]) -> Result<(), (usize, Mismatch)> {
    for (place, part) in parts.iter().enumerate() {
        part.judge().map_err(|mismatch| (place, mismatch))?;
    }
    for (place, part) in parts.iter().enumerate() {
        together(parts, place, part).map_err(|mismatch| (place, mismatch))?;
    }
    Ok(())
}

/// A file beside the others of its delivery.
fn together(parts: &[Part], place: usize, part: &Part) -> Result<(), Mismatch> {
    let others = || {
        let others = parts.iter().enumerate().filter(|(other, _)| *other != place);
        others.map(|(_, other)| other).filter(|other| part.is_with(other))
    };
    if others().any(|other| other.files != part.files || other.number == part.number) {
        return Err(Mismatch::Number);
    }
    let files = part.files.unwrap_or(1);
    let is_missing = |number: &u64| {
        part.has_siblings()
            && part.number != Some(*number)
            && others().all(|other| other.number != Some(*number))
    };
    let missing: Vec<u64> = (1..=files).filter(is_missing).take(NAMED).collect();
    if !missing.is_empty() {
        return Err(Mismatch::Missing(files, missing));
    }
    let found = others().map(|other| other.counted).sum::<u64>() + part.counted;
    match part.total.filter(|total| *total != found) {
        Some(total) => Err(Mismatch::Posts("AntalPosterTotalt", total, found)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u64, files: u64, posts: u64, total: u64) -> Part {
        Part {
            order: Some("B1".to_owned()),
            sequence: Some(7),
            files: Some(files),
            number: Some(number),
            posts: Some(posts),
            total: Some(total),
            counted: posts,
        }
    }

    #[test]
    fn counters_are_true_or_the_file_is_named() {
        let silent = Part { counted: 3, ..Part::default() };
        let off = |posts, counted| Part { posts: Some(posts), total: None, counted, ..part(1, 1, 0, 0) };
        let of = |order: &str, part: Part| Part { order: Some(order.to_owned()), ..part };
        let table = [
            // Where a file states nothing, nothing is checked.
            (vec![silent.clone()], Ok(())),
            (vec![silent.clone(), silent], Ok(())),
            (vec![part(1, 1, 3, 3)], Ok(())),
            (vec![part(1, 1, 0, 0)], Ok(())),
            // One post too many or too few.
            (vec![off(3, 2)], Err((0, Mismatch::Posts("AntalPoster", 3, 2)))),
            (vec![off(3, 4)], Err((0, Mismatch::Posts("AntalPoster", 3, 4)))),
            (vec![part(1, 1, 3, 4)], Err((0, Mismatch::Posts("AntalPosterTotalt", 4, 3)))),
            // All parts, in any order.
            (vec![part(1, 2, 3, 5), part(2, 2, 2, 5)], Ok(())),
            (vec![part(2, 2, 2, 5), part(1, 2, 3, 5)], Ok(())),
            (vec![part(1, 2, 3, 5), part(2, 2, 3, 5)], Err((0, Mismatch::Posts("AntalPosterTotalt", 5, 6)))),
            // A part that is missing is named.
            (vec![part(1, 2, 3, 5)], Err((0, Mismatch::Missing(2, vec![2])))),
            (vec![part(3, 3, 3, 5), part(1, 3, 1, 5)], Err((0, Mismatch::Missing(3, vec![2])))),
            // A part of another delivery is none of this one's.
            (vec![part(1, 2, 3, 5), of("B2", part(2, 2, 2, 5))], Err((0, Mismatch::Missing(2, vec![2])))),
            // No part has a number twice, none, or one beyond the last.
            (vec![part(1, 2, 3, 5), part(1, 2, 2, 5)], Err((0, Mismatch::Number))),
            (vec![part(3, 2, 3, 5)], Err((0, Mismatch::Number))),
            (vec![part(0, 2, 3, 5)], Err((0, Mismatch::Number))),
            (vec![Part { number: None, ..part(1, 2, 3, 5) }], Err((0, Mismatch::Number))),
            (vec![Part { files: None, ..part(2, 1, 3, 3) }], Err((0, Mismatch::Number))),
            (vec![part(1, 0, 3, 3)], Err((0, Mismatch::Number))),
            // How many there are is the same in all of them.
            (vec![part(1, 2, 3, 5), part(2, 3, 2, 5)], Err((0, Mismatch::Number))),
        ];
        for (parts, expected) in table {
            assert_eq!(judge(&parts), expected, "{parts:?}");
        }
    }

    #[test]
    fn a_count_beyond_reason_costs_nothing() {
        let lost = part(1, u64::MAX, 1, 1);
        assert_eq!(judge(&[lost]), Err((0, Mismatch::Missing(u64::MAX, (2..=11).collect()))));
    }
}
