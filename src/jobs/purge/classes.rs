//! Classes as small numbers, each with its rules: a million people have a handful.

use std::collections::HashMap;
use std::num::NonZeroU32;

use crate::domain::retention::{Rule, Rules, Target};

/// A class that somebody or something has, from 1: one more or none takes no more room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClassId(NonZeroU32);

impl ClassId {
    const fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Every class met so far.
pub(super) struct Classes<'r> {
    rules: &'r Rules,
    ids: HashMap<String, ClassId>,
    known: Vec<(String, [Option<&'r Rule>; Target::ALL.len()])>,
}

impl<'r> Classes<'r> {
    pub(super) fn new(rules: &'r Rules) -> Self {
        Self { rules, ids: HashMap::new(), known: Vec::new() }
    }

    /// The number of a class; none for none.
    pub(super) fn id(&mut self, name: Option<&str>) -> Option<ClassId> {
        let name = name.filter(|name| !name.is_empty())?;
        if let Some(id) = self.ids.get(name) {
            return Some(*id);
        }
        self.known.push((name.to_owned(), Target::ALL.map(|target| self.rules.find(name, target))));
        let id = ClassId(u32::try_from(self.known.len()).ok().and_then(NonZeroU32::new)?);
        self.ids.insert(name.to_owned(), id);
        Some(id)
    }

    /// The rule of a class for a target.
    pub(super) fn rule(&self, class: Option<ClassId>, target: Target) -> Option<&'r Rule> {
        let (_, rules) = self.known.get(class?.place())?;
        let place = Target::ALL.iter().position(|known| *known == target)?;
        rules.get(place).copied().flatten()
    }

    /// The name of a class.
    pub(super) fn name(&self, class: Option<ClassId>) -> Option<&str> {
        self.known.get(class?.place()).map(|(name, _)| name.as_str())
    }
}
