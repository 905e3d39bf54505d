//! Where no record stands: rows of records that are new, which come in the order of references, need no look-up each.

/// References between which nothing stands, both ends left out but for the first time that they are asked for.
#[derive(Debug, Default)]
pub(super) struct Gap(Option<Ends>);

#[derive(Debug)]
struct Ends {
    /// Nothing is known of this one and of those before it.
    after: String,
    /// The first that stands; none if none does.
    until: Option<String>,
}

impl Gap {
    /// Whether it is known that this one doesn't stand.
    pub(super) fn holds(&self, reference: &str) -> bool {
        self.0.as_ref().is_some_and(|ends| {
            ends.after.as_str() < reference && ends.until.as_deref().is_none_or(|until| reference < until)
        })
    }

    /// Nothing stands from this reference to the next, in the order of bytes that the tables have as well.
    pub(super) fn fill(&mut self, from: &str, next: Option<&str>) {
        let ends = self.0.get_or_insert_with(|| Ends { after: String::new(), until: None });
        from.clone_into(&mut ends.after);
        match (&mut ends.until, next) {
            (Some(until), Some(next)) => next.clone_into(until),
            (until, next) => *until = next.map(str::to_owned),
        }
    }

    /// This one came in: of it, and of those before it, nothing is known any more.
    pub(super) fn come_in(&mut self, reference: &str) {
        if self.holds(reference)
            && let Some(ends) = &mut self.0
        {
            reference.clone_into(&mut ends.after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_holds_what_lies_between_its_ends_and_less_once_a_record_came_in() {
        let mut gap = Gap::default();
        assert!(!gap.holds("b"), "nothing is known yet");
        gap.fill("b", Some("f"));
        let holds = |gap: &Gap| ["a", "b", "c", "d", "ee", "f", "g"].map(|reference| gap.holds(reference));
        assert_eq!(holds(&gap), [false, false, true, true, true, false, false]);
        gap.come_in("g");
        assert_eq!(holds(&gap), [false, false, true, true, true, false, false], "it lies elsewhere");
        gap.come_in("c");
        assert_eq!(holds(&gap), [false, false, false, true, true, false, false]);
        gap.fill("c", None);
        assert_eq!(holds(&gap), [false, false, false, true, true, true, true], "nothing stands after it");
        gap.fill("\u{e5}", Some("\u{f6}"));
        assert!(gap.holds("\u{e9}") && !gap.holds("z"), "in the order of bytes");
    }
}
