//! What happens to the invented people from month to month: so many of each thousand, chosen by the seed.

use chrono::NaiveDate;

use super::numbers::Number;
use super::people::Town;
use super::random::Random;

/// So many people are dealt their lots together.
pub(super) const THOUSAND: u64 = 1_000;

/// More months would run out of spare numbers.
pub(super) const MOST_MONTHS: u64 = 8;

/// Spare numbers of one thousand people in one month: for changed numbers and strangers.
const SPARE_EACH: u64 = 12;

/// Posts for people who are not in the registry, per thousand who are.
pub(super) const STRANGERS: u64 = 5;

/// How many of a thousand people something happens to in a month; nothing happens to the rest.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// A new address.
    pub moved: usize,
    /// A new last name.
    pub renamed: usize,
    /// Died.
    pub died: usize,
    /// Deregistered as emigrated.
    pub left: usize,
    /// Became protected.
    pub protected: usize,
    /// Got another number; at most six.
    pub renumbered: usize,
    /// Lost their number, and SPAR says no new one.
    pub astray: usize,
}

impl Mix {
    /// Within all limits that are set by default.
    pub const USUAL: Self =
        Self { moved: 100, renamed: 24, died: 12, left: 8, protected: 3, renumbered: 2, astray: 1 };
    /// SPAR says what it said before.
    pub const NOTHING: Self =
        Self { moved: 0, renamed: 0, died: 0, left: 0, protected: 0, renumbered: 0, astray: 0 };

    fn lots(self) -> Vec<Lot> {
        let mut lots = Vec::new();
        let mut add = |count: usize, lot: Lot| lots.extend(std::iter::repeat_n(lot, count));
        add(self.moved, Lot::Moved);
        add(self.renamed, Lot::Renamed);
        add(self.died, Lot::Died);
        add(self.left, Lot::Left);
        add(self.protected, Lot::Protected);
        add(self.astray, Lot::Astray);
        lots.extend((0..self.renumbered as u64).map(Lot::Renumbered));
        lots.resize(usize::try_from(THOUSAND).unwrap_or_default(), Lot::Nothing);
        lots
    }
}

/// One month as SPAR's file tells of it.
#[derive(Clone, Copy, Debug)]
pub struct Month {
    /// The day of the file.
    pub day: NaiveDate,
    /// What happened since the last one.
    pub mix: Mix,
}

/// What happens to somebody in a month.
#[derive(Clone, Copy)]
enum Lot {
    Nothing,
    Moved,
    Renamed,
    Died,
    Left,
    Protected,
    /// With the place of the new number among those of this thousand.
    Renumbered(u64),
    Astray,
}

/// How a life in the town ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Died(NaiveDate),
    Left(NaiveDate),
    /// The number was replaced, by which is not said.
    Astray(NaiveDate),
}

/// Where somebody stands after some months.
pub(super) struct Life {
    pub(super) index: u64,
    pub(super) number: Number,
    pub(super) moves: u32,
    pub(super) names: u32,
    pub(super) end: Option<End>,
    pub(super) protected_on: Option<NaiveDate>,
    /// The number before this one.
    pub(super) former: Option<Number>,
    /// The number changed in the last of the months.
    pub(super) is_renumbered_now: bool,
    /// When anything happened last.
    pub(super) changed_on: NaiveDate,
}

/// The lots of a thousand people in some months.
pub(super) struct Lots {
    town: Town,
    block: u64,
    months: Vec<(NaiveDate, Vec<Lot>)>,
}

impl Lots {
    /// Deals them.
    pub(super) fn deal(town: Town, block: u64, months: &[Month]) -> Self {
        let months = (0..).zip(months).map(|(at, month)| {
            let mut lots = month.mix.lots();
            Random::at(town.seed, &[block, 100 + at]).shuffle(&mut lots);
            (month.day, lots)
        });
        Self { town, block, months: months.collect() }
    }

    /// Everybody of this thousand, in the order of their numbers.
    pub(super) fn lives(&self) -> impl Iterator<Item = Life> {
        let first = self.block * THOUSAND;
        let past = self.town.people.min(first + THOUSAND);
        (first..past).map(|index| self.life(index))
    }

    /// Numbers of people whom the registry does not know.
    pub(super) fn strangers(&self) -> impl Iterator<Item = Number> {
        (0..STRANGERS).map(|place| self.spare(0, SPARE_EACH - 1 - place))
    }

    fn spare(&self, month: u64, place: u64) -> Number {
        Number::spare((self.block * MOST_MONTHS + month) * SPARE_EACH + place)
    }

    fn life(&self, index: u64) -> Life {
        let first_day = self.months.first().map(|(day, _)| *day).unwrap_or_default();
        let mut life = Life {
            index,
            number: self.town.number(index),
            moves: 0,
            names: 0,
            end: None,
            protected_on: None,
            former: None,
            is_renumbered_now: false,
            changed_on: first_day - chrono::Days::new(300),
        };
        let place = usize::try_from(index % THOUSAND).unwrap_or_default();
        for (month, (day, lots)) in (0..).zip(&self.months) {
            life.is_renumbered_now = false;
            let lot = lots.get(place).copied().unwrap_or(Lot::Nothing);
            if life.end.is_none() && life.protected_on.is_none() {
                self.befall(&mut life, lot, month, *day);
            }
        }
        life
    }

    fn befall(&self, life: &mut Life, lot: Lot, month: u64, day: NaiveDate) {
        // What a file tells happened a little earlier.
        let on = day - chrono::Days::new(1 + life.index % 20);
        match lot {
            Lot::Nothing => return,
            Lot::Moved => life.moves += 1,
            Lot::Renamed => life.names += 1,
            Lot::Died => life.end = Some(End::Died(on)),
            Lot::Left => life.end = Some(End::Left(on)),
            Lot::Astray => life.end = Some(End::Astray(on)),
            Lot::Protected => life.protected_on = Some(on),
            Lot::Renumbered(place) => {
                life.former = Some(std::mem::replace(&mut life.number, self.spare(month, place)));
                life.is_renumbered_now = true;
            }
        }
        life.changed_on = on;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn month(day: &str, mix: Mix) -> Month {
        Month { day: day.parse().unwrap(), mix }
    }

    #[test]
    fn of_each_thousand_just_as_many_are_struck_as_the_mix_says() {
        let town = Town { people: 3_000, seed: 4 };
        for block in 0..3 {
            let lots = Lots::deal(town, block, &[month("2026-10-01", Mix::USUAL)]);
            let count = |test: fn(&Life) -> bool| lots.lives().filter(test).count();
            assert_eq!(count(|life| life.moves > 0), 100);
            assert_eq!(count(|life| life.names > 0), 24);
            assert_eq!(count(|life| matches!(life.end, Some(End::Died(_)))), 12);
            assert_eq!(count(|life| matches!(life.end, Some(End::Left(_)))), 8);
            assert_eq!(count(|life| matches!(life.end, Some(End::Astray(_)))), 1);
            assert_eq!(count(|life| life.protected_on.is_some()), 3);
            assert_eq!(count(|life| life.is_renumbered_now), 2);
        }
    }

    #[test]
    fn a_month_does_not_change_what_the_months_before_it_brought() {
        let town = Town { people: 1_000, seed: 4 };
        let first = month("2026-10-01", Mix::USUAL);
        let before = Lots::deal(town, 0, &[first]);
        let after = Lots::deal(town, 0, &[first, month("2026-11-01", Mix::USUAL)]);
        for (before, after) in before.lives().zip(after.lives()) {
            assert!(after.moves >= before.moves && after.names >= before.names);
            assert!(before.end.is_none() || before.end == after.end);
            assert!(before.protected_on.is_none() || before.protected_on == after.protected_on);
        }
    }

    #[test]
    fn new_numbers_and_strangers_never_share_a_number() {
        let town = Town { people: 5_000, seed: 4 };
        let months = [month("2026-10-01", Mix::USUAL), month("2026-11-01", Mix::USUAL)];
        let mut seen = BTreeSet::new();
        for block in 0..5 {
            let lots = Lots::deal(town, block, &months);
            for number in lots.strangers().chain(lots.lives().map(|life| life.number)) {
                assert!(seen.insert(number.text()));
            }
        }
    }
}
