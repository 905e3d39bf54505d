//! Each reason that keeps one person, and until when.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::domain::retention::{Life, Owed, Reason, Target, Verdict};

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The person, or the person reduced.
    Person(Target),
    /// A case of theirs.
    Case(i64),
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Detail {
    subject: Subject,
    class: Option<String>,
    reason: Reason,
    /// The first day on which it keeps no longer, if that can be told.
    until: Option<NaiveDate>,
}

impl Detail {
    /// What keeps a case.
    pub(super) fn of_record(subject: Subject, class: Option<&str>, verdict: Verdict) -> Vec<Self> {
        let one = |reason| Self {
            subject,
            class: class.map(str::to_owned),
            reason,
            until: by_period(reason, verdict),
        };
        verdict.kept_by.iter().map(one).collect()
    }

    /// What keeps the person.
    pub(super) fn of_person(life: &Life, class: Option<&str>, verdict: Verdict) -> Vec<Self> {
        let after = |day: NaiveDate| day.checked_add_days(Days::new(1));
        let held_until = life.held.and_then(|hold| hold.until);
        let until = |reason| match (reason, held_until, life.owed) {
            (Reason::Hold, Some(day), _) | (Reason::Obligation, _, Owed::Until(Some(day))) => after(day),
            _ => by_period(reason, verdict),
        };
        let subject = Subject::Person(life.target());
        let one = |reason| Self { subject, class: class.map(str::to_owned), reason, until: until(reason) };
        verdict.kept_by.iter().map(one).collect()
    }

    /// As JSON; of protected people the reason alone.
    pub(super) fn to_json(&self, is_protected: bool) -> Value {
        let (target, id) = match self.subject {
            Subject::Person(target) => (target, None),
            Subject::Case(id) => (Target::Case, Some(id)),
        };
        if is_protected {
            return json!({ "target": target.name(), "id": null, "class": null, "reason": self.reason.name(),
                           "until": null });
        }
        json!({ "target": target.name(), "id": id, "class": self.class, "reason": self.reason.name(),
                "until": self.until })
    }
}

fn by_period(reason: Reason, verdict: Verdict) -> Option<NaiveDate> {
    match reason {
        Reason::Period => verdict.due_on,
        Reason::Grace => verdict.purge_on,
        Reason::Hold
        | Reason::Open
        | Reason::Document
        | Reason::NoClass
        | Reason::Never
        | Reason::Case
        | Reason::Obligation
        | Reason::Guardian
        | Reason::Alive
        | Reason::NoDate
        | Reason::OfCase => None,
    }
}
