//! A town of people whom nobody has met: numbers, names and streets are invented, and the same for the same seed.

use super::numbers::{MOST_PEOPLE, Number};
use super::random::Random;

/// Whom to invent.
#[derive(Clone, Copy, Debug)]
pub struct Town {
    /// How many live there; at most [`MOST_PEOPLE`].
    pub people: u64,
    /// Another seed, another town.
    pub seed: u64,
}

/// Somebody invented, as the town's own books have them.
pub(super) struct Invented {
    pub(super) number: Number,
    pub(super) name: InventedName,
    pub(super) home: Home,
    pub(super) email: Option<String>,
    pub(super) mobile: Option<String>,
    /// The box is off.
    pub(super) keeps_own: bool,
}

pub(super) struct InventedName {
    pub(super) first: String,
    pub(super) middle: Option<String>,
    pub(super) last: String,
}

pub(super) struct Home {
    pub(super) care_of: Option<String>,
    pub(super) street: String,
    pub(super) postal_code: String,
    pub(super) city: &'static str,
}

const FIRST: [&str; 16] = [
    "Åsk", "Östr", "Bjø", "Læl", "Søl", "Tind", "Myr", "Ljung", "Häll", "Rør", "Vid", "Fjäl", "Ymn", "Ærl",
    "Grev", "Ödl",
];
const FIRST_END: [&str; 12] = ["a", "ulf", "rid", "mar", "ina", "e", "olf", "ea", "bert", "vig", "ön", "år"];
const LAST: [&str; 20] = [
    "Mantal", "Påhitt", "Exempel", "Øde", "Kæll", "Provning", "Sagt", "Ingen", "Blåbär", "Törn", "Småsten",
    "Ägg", "Rågås", "Drömme", "Fågel", "Kråk", "Snö", "Løv", "Vass", "Dagg",
];
const LAST_END: [&str; 10] =
    ["sson", "gren", "ström", "lund", "blad", "kvist", "gård", "bæk", "skog", "hult"];
const STREET: [&str; 16] = [
    "Påhitts",
    "Låtsas",
    "Sago",
    "Ingenstans",
    "Ærlighets",
    "Drake",
    "Månskens",
    "Øster",
    "Krusbärs",
    "Troll",
    "Källar",
    "Blåklocks",
    "Häst",
    "Råg",
    "Spökes",
    "Tøve",
];
const STREET_END: [&str; 6] = ["gatan", "vägen", "gränd", "stigen", "torget", "allén"];
const CITY: [&str; 8] =
    ["Mantalsby", "Ökulla", "Æbelstad", "Tøvelund", "Låtsasköping", "Påhittsta", "Sagåker", "Nårgränd"];

impl Town {
    /// Everybody, in the order of their numbers.
    pub(super) fn everybody(self) -> impl Iterator<Item = Invented> {
        (0..self.people).map(move |index| self.person(index))
    }

    /// The person at a place.
    pub(super) fn person(self, index: u64) -> Invented {
        let mut random = self.random(index, 0, 0);
        Invented {
            number: self.number(index),
            name: self.name(index, 0),
            home: self.home(index, 0),
            email: (random.below(10) < 6).then(|| format!("person{index}@example.org")),
            // Numbers that the Swedish regulator keeps free for films and books.
            mobile: (random.below(10) < 5).then(|| format!("070-17406{:02}", 5 + random.below(95))),
            keeps_own: random.below(50) == 0,
        }
    }

    /// Their first number. Ascending, no two alike.
    pub(super) fn number(self, index: u64) -> Number {
        let stride = MOST_PEOPLE.checked_div(self.people).unwrap_or(1);
        let begin = (index * MOST_PEOPLE).checked_div(self.people).unwrap_or_default();
        Number::own(begin + self.random(index, 1, 0).below(stride))
    }

    /// What they are called after so many changes of name.
    pub(super) fn name(self, index: u64, changes: u32) -> InventedName {
        let mut first = self.random(index, 2, 0);
        let mut random = self.random(index, 3, changes);
        InventedName {
            first: joined(&mut first, &FIRST, &FIRST_END),
            middle: (random.below(10) == 0).then(|| joined(&mut random, &LAST, &LAST_END)),
            last: joined(&mut random, &LAST, &LAST_END),
        }
    }

    /// Where they live after so many moves.
    pub(super) fn home(self, index: u64, moves: u32) -> Home {
        let mut random = self.random(index, 4, moves);
        let street = joined(&mut random, &STREET, &STREET_END);
        let house = 1 + random.below(120);
        let flat = if random.below(4) == 0 {
            format!(" lgh 1{}0{}", random.below(9), 1 + random.below(9))
        } else {
            String::new()
        };
        Home {
            care_of: (random.below(50) == 0).then(|| joined(&mut random, &LAST, &LAST_END)),
            street: format!("{street} {house}{flat}"),
            // No real postal code begins with 99.
            postal_code: format!("99{:03}", random.below(1_000)),
            city: random.pick(&CITY),
        }
    }

    fn random(self, index: u64, what: u64, version: u32) -> Random {
        Random::at(self.seed, &[index, what, u64::from(version)])
    }
}

fn joined(random: &mut Random, beginnings: &[&'static str], ends: &[&'static str]) -> String {
    format!("{}{}", random.pick(beginnings), random.pick(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_town_and_another_seed_another() {
        let line = |town: Town| -> Vec<String> {
            town.everybody()
                .map(|person| format!("{} {}", person.number.text(), person.home.street))
                .collect()
        };
        let town = Town { people: 50, seed: 1 };
        assert_eq!(line(town), line(town));
        assert_ne!(line(town), line(Town { seed: 2, ..town }));
    }

    #[test]
    fn people_of_a_full_town_have_numbers_of_their_own_in_order() {
        for people in [1, 2, 3, 999, MOST_PEOPLE] {
            let town = Town { people, seed: 9 };
            let numbers: Vec<String> = (0..people.min(3_000)).map(|at| town.number(at).text()).collect();
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{people} people");
            assert!(town.number(people - 1).text().as_str() < "1890");
        }
    }

    #[test]
    fn names_and_streets_fit_into_the_fields_of_spar() {
        let town = Town { people: 5_000, seed: 3 };
        for person in town.everybody() {
            assert!(person.home.street.chars().count() <= 35 && person.home.city.chars().count() <= 27);
            assert!(person.home.care_of.is_none_or(|care_of| care_of.chars().count() <= 35));
            assert!(person.name.last.chars().count() <= 60 && person.name.first.chars().count() <= 80);
        }
    }
}
