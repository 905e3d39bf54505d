//! Holds: what nothing may remove, as long as the hold lasts. Every target of a removal asks here, or the views that say
//! the same (`held_person`, `held_case`). (rules.md, purge: holds stop every path)

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A hold on a person: everything of theirs stays with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The day on which somebody set it.
    pub since: NaiveDate,
    /// The last day of it; none: until somebody lifts it.
    pub until: Option<NaiveDate>,
}

impl Hold {
    /// Whether it still holds on a day: its last day counts.
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_lasts_to_the_end_of_its_last_day_or_until_it_is_lifted() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rows = [
            (None, "2026-11-22", true),                // nobody said until when
            (None, "9999-12-31", true),                // and so for good
            (Some("2026-11-22"), "2026-11-21", true),  // before its last day
            (Some("2026-11-22"), "2026-11-22", true),  // its last day
            (Some("2026-11-22"), "2026-11-23", false), // today is after it
        ];
        for (until, today, holds) in rows {
            let hold = Hold { since: day("2026-01-01"), until: until.map(day) };
            assert_eq!(hold.holds_on(day(today)), holds, "{until:?} on {today}");
        }
    }
}
