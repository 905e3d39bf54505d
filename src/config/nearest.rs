//! Which known key somebody meant who wrote an unknown one.

/// The known key that is nearest to what was written; the first of several.
pub(crate) fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known.into_iter().min_by_key(|candidate| distance(written, candidate))
}

/// Whole keys are compared, and last parts, for those who forgot or mistook the heading. A beginning is nearly right.
fn distance(written: &str, known: &str) -> usize {
    const WRONG_HEADING: usize = 2;
    const BEGINNING: usize = 1;
    let is_beginning = written.len() > 3 && known.starts_with(written);
    let by_spelling = edits(written, known).min(edits(last_part(written), last_part(known)) + WRONG_HEADING);
    if is_beginning { by_spelling.min(BEGINNING) } else { by_spelling }
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Levenshtein's distance: characters to insert, delete or replace.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, character) in left.chars().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&right) {
            let replaced = diagonal + usize::from(character != *other);
            diagonal = *cell;
            before = replaced.min(diagonal + 1).min(before + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_as_levenshtein_did() {
        let rows = [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("åäö", "aäo", 2)];
        for (left, right, expected) in rows {
            assert_eq!(edits(left, right), expected, "{left} {right}");
            assert_eq!(edits(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn the_nearest_key_is_found_by_spelling_and_without_its_heading() {
        let known = ["registry", "spar.mode", "spar.format", "contacts.sources", "log.days"];
        let rows = [
            ("registri", "registry"),     // a letter
            ("spar.mdoe", "spar.mode"),   // two letters changed places
            ("mode", "spar.mode"),        // no heading
            ("spar.form", "spar.format"), // a beginning
            ("contact.source", "contacts.sources"),
            ("spar.server.format", "spar.format"), // another heading
        ];
        for (written, expected) in rows {
            assert_eq!(nearest(written, known), Some(expected), "{written}");
        }
    }
}
