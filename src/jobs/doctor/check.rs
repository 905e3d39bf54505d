//! What a diagnosis is made of.

use std::cell::{Cell, RefCell};

use crate::failure::{Failure, escaped};
use crate::text::{Message, Params};

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// The configuration and its secrets.
    Configuration,
    /// Modes, owners and what lies about.
    Files,
    /// Room on the disks.
    Space,
    /// The registry's own soundness.
    Registry,
    /// The machine's clock.
    Clock,
    /// Work that waits to be finished.
    Unfinished,
    /// Jobs: how they ended last, and whether they are overdue.
    Jobs,
    /// Copies of the registry.
    Backups,
    /// The drop server.
    Server,
}

impl Area {
    /// The stable word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Files => "files",
            Self::Space => "space",
            Self::Registry => "registry",
            Self::Clock => "clock",
            Self::Unfinished => "unfinished",
            Self::Jobs => "jobs",
            Self::Backups => "backups",
            Self::Server => "server",
        }
    }
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to do.
    Well,
    /// It works, and somebody should look before it doesn't.
    Warning,
    /// Something doesn't work, or is unsafe.
    Problem,
    /// It could not be tried, or there is nothing to try.
    Skipped,
}

impl Verdict {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Problem, Self::Warning, Self::Skipped, Self::Well];

    /// The stable word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Warning => "warning",
            Self::Problem => "problem",
            Self::Skipped => "skipped",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Check {
    /// What it is about.
    pub area: Area,
    /// What was looked at: `login`.
    pub name: &'static str,
    /// A path, a job, a server; may be empty.
    pub subject: String,
    /// What it came to.
    pub verdict: Verdict,
    /// What was found.
    pub message: Message,
    /// Its parameters, and those of the hint. Nothing personal, no secret.
    pub params: Params,
    /// What to do next.
    pub hint: Option<Message>,
}

impl Check {
    /// Something that was found, in words.
    #[expect(clippy::needless_pass_by_value, reason = "a chain of parameters reads better without &")]
    pub fn new(
        area: Area,
        name: &'static str,
        subject: impl ToString,
        verdict: Verdict,
        message: Message,
    ) -> Self {
        let subject = escaped(&subject.to_string());
        Self { area, name, subject, verdict, message, params: Vec::new(), hint: None }
    }

    /// Something that failed, in the failure's own words.
    pub fn failed(area: Area, name: &'static str, subject: impl ToString, failure: &Failure) -> Self {
        let mut check = Self::new(area, name, subject, Verdict::Problem, failure.message);
        check.params.clone_from(&failure.params);
        check.hint = failure.hint.as_deref().copied();
        check
    }

    /// Puts a parameter in. Control characters are escaped: names come from outside.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a chain of parameters reads better without &")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, escaped(&value.to_string())));
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// Whether the registry could be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// It was opened.
    Clear,
    /// It can't be opened at all.
    Blocked,
}

/// All checks, in the order in which they were made.
pub struct Diagnosis<'w> {
    checks: RefCell<Vec<Check>>,
    sight: Cell<Sight>,
    witness: &'w dyn Fn(&Check),
}

impl<'w> Diagnosis<'w> {
    /// An empty one; `witness` hears of each check as it is made.
    pub fn new(witness: &'w dyn Fn(&Check)) -> Self {
        Self { checks: RefCell::default(), sight: Cell::new(Sight::Clear), witness }
    }

    /// Adds a check.
    pub fn note(&self, check: Check) {
        (self.witness)(&check);
        self.checks.borrow_mut().push(check);
    }

    /// The registry can't be opened at all.
    pub(super) fn block(&self) {
        self.sight.set(Sight::Blocked);
    }

    /// All checks so far.
    pub fn checks(&self) -> Vec<Check> {
        self.checks.borrow().clone()
    }

    /// How many checks came to this.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.checks.borrow().iter().filter(|check| check.verdict == verdict).count()
    }

    /// 0 well, 3 found something, 1 could not look (product.md, Exit codes).
    pub fn exit(&self) -> u8 {
        match (self.sight.get(), self.count(Verdict::Warning) + self.count(Verdict::Problem)) {
            (Sight::Blocked, _) => 1,
            (Sight::Clear, 0) => 0,
            (Sight::Clear, _) => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::failure as text;

    #[test]
    fn warnings_and_problems_end_with_3_and_a_registry_that_cannot_be_opened_with_1() {
        use Verdict::{Problem, Skipped, Warning, Well};
        // (verdicts, whether the registry was opened, exit code)
        let rows: [(&[Verdict], Sight, u8); 7] = [
            (&[], Sight::Clear, 0),
            (&[Well, Skipped, Well], Sight::Clear, 0),
            (&[Well, Warning], Sight::Clear, 3),
            (&[Problem, Well], Sight::Clear, 3),
            (&[Warning, Problem], Sight::Clear, 3),
            (&[Problem], Sight::Blocked, 1),
            (&[Well], Sight::Blocked, 1),
        ];
        for (verdicts, sight, expected) in rows {
            let heard = Cell::new(0);
            let witness = |_: &Check| heard.set(heard.get() + 1);
            let diagnosis = Diagnosis::new(&witness);
            for verdict in verdicts {
                diagnosis.note(Check::new(Area::Files, "mode", "a", *verdict, text::IO));
            }
            diagnosis.sight.set(sight);
            assert_eq!(diagnosis.exit(), expected, "{verdicts:?} {sight:?}");
            assert_eq!(heard.get(), verdicts.len());
        }
    }
}
