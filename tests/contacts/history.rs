//! Random nights of two sources: rows in any order give the same registry.

use crate::files::number;
use crate::support::World;

/// Reproducible, without the clock.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn night(dice: &mut Dice, people: u32) -> Vec<String> {
    let emails = ["", "a@example.org", "A@example.org", "b@example.org", "nobody"];
    let mobiles = ["", "070-174 06 05", "+46701740606", "x"];
    let categories = ["student", "staff", "guardian"];
    let mut rows = Vec::new();
    for at in 0..people {
        for _ in 0..dice.roll(3) {
            let mut pick =
                |words: &[&str]| words[usize::try_from(dice.roll(words.len() as u64)).unwrap()].to_owned();
            rows.push(format!("{};{};{};{}", number(at), pick(&categories), pick(&emails), pick(&mobiles)));
        }
    }
    rows
}

#[test]
fn rows_in_any_order_give_the_same_registry_and_the_same_counts() {
    for seed in 0..3 {
        let (one, other) = (World::new(), World::new());
        let mut dice = Dice(seed);
        for at in 0..5 {
            let source = if at % 2 == 0 { "procapita" } else { "extens" };
            let mut rows = night(&mut dice, 40);
            let flags =
                ["--allow", "contacts=999", "--allow", "contacts_rows=999", "--allow", "rejected=999"];
            let sync = |world: &World, rows: &[String]| {
                let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
                world.sync_with(source, "id_number;category;email;mobile", &rows, &flags)
            };
            let first = sync(&one, &rows);
            rows.sort_by_key(|row| row.bytes().rev().collect::<Vec<_>>());
            let second = sync(&other, &rows);
            assert_eq!(first.json["run"]["counts"], second.json["run"]["counts"]);
            assert_eq!(one.list(), other.list(), "seed {seed}, night {at}");
            first.records();
        }
        let statements = "SELECT person_id || source || categories || coalesce(email, '-') || coalesce(mobile, '-') || disputed
                          FROM source_statement ORDER BY 1";
        assert_eq!(one.ask(statements), other.ask(statements));
    }
}
