//! Numbers of protected people: the current ones, which are known, and former ones, of which only keyed hashes are.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use super::Standing;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::keyed_hash::KeyedHash;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::formats::number_search::{bare, each_word};
use crate::io::SecretKey;
use crate::registry::Registry;
use crate::registry::sweep::{Protected, Trace};

/// What a word is.
enum Whose {
    /// Somebody's number.
    Current(PersonId),
    /// Somebody's before; nobody can tell whose.
    Former,
    NoNumberOfTheirs,
}

/// Whose numbers are looked for.
pub(super) struct Wanted {
    people: HashMap<PersonId, Standing>,
    numbers: HashMap<String, PersonId>,
    former: Option<(SecretKey, BTreeSet<KeyedHash>)>,
}

impl Wanted {
    /// The key is only needed where there are hashes.
    pub(super) fn of(people: &[Protected], registry: &Registry, key: &Path) -> Result<Self> {
        let hashes = registry.refused_numbers()?;
        let former = if hashes.is_empty() { None } else { Some((SecretKey::load(key)?, hashes)) };
        Ok(Self {
            people: people.iter().map(|one| (one.id, Standing::of(one.concealment))).collect(),
            numbers: people.iter().map(|one| (bare(one.number.reveal()), one.id)).collect(),
            former,
        })
    }

    /// How far somebody's protection has gone.
    pub(super) fn standing(&self, person: Option<PersonId>) -> Standing {
        person.and_then(|id| self.people.get(&id).copied()).unwrap_or(Standing::Erased)
    }

    /// Everybody whose number stands in a text; none for a number that nobody has any more.
    pub(super) fn find_in(&self, content: impl Read) -> std::io::Result<BTreeSet<Option<PersonId>>> {
        let mut found = BTreeSet::new();
        each_word(content, |word| {
            match self.whose(word) {
                Whose::Current(person) => drop(found.insert(Some(person))),
                Whose::Former => drop(found.insert(None)),
                Whose::NoNumberOfTheirs => {}
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    fn whose(&self, word: &str) -> Whose {
        // Instants and serials in names of files have more digits than a number.
        if word.len() > 12 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Whose::NoNumberOfTheirs;
        }
        let short = bare(word);
        match self.numbers.get(&short) {
            Some(person) => Whose::Current(*person),
            None if self.is_former(word, &short) => Whose::Former,
            None => Whose::NoNumberOfTheirs,
        }
    }

    fn is_former(&self, word: &str, short: &str) -> bool {
        let Some((key, hashes)) = &self.former else { return false };
        let read = |text: &str| IdKind::ALL.into_iter().find_map(|kind| IdNumber::from_stored(text, kind));
        let whole = (word.len() == 12).then(|| read(word));
        let centuries = ["", "18", "19", "20"].map(|century| read(&format!("{century}{short}")));
        whole.into_iter().chain(centuries).flatten().any(|number| hashes.contains(&key.hash(&number)))
    }

    fn is_former_key(&self, key: NumberKey) -> bool {
        let text = key.reveal();
        text.is_some_and(|text| self.is_former(&text, &bare(&text)))
    }
}

/// Numbers where none may stand: former ones in tables of others, any in texts that are about nobody.
pub(super) fn look(registry: &Registry, wanted: &Wanted, traces: &mut BTreeSet<Trace>) -> Result<()> {
    if wanted.former.is_some() {
        registry.each_other_number(|table, key| {
            if wanted.is_former_key(key) {
                traces.insert(Trace { table, column: "key", person: None });
            }
        })?;
    }
    registry.each_impersonal_text(|(table, column), text| {
        // Reading from memory doesn't fail.
        for person in wanted.find_in(text).unwrap_or_default() {
            traces.insert(Trace { table, column, person });
        }
    })
}
