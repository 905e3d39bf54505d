//! Where a person stands with SPAR: to be asked, asked, answered. (rules.md, spar-export 1 and 6)

use chrono::NaiveDate;

use crate::domain::id_number::CheckDigit;
use crate::domain::person::{Person, Status};

/// Who is on a list (`spar.mode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskMode {
    /// Only people never asked about.
    New,
    /// The whole watch list.
    All,
}

/// What the ledger says about the current number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of a category that is asked about.
    pub is_wanted: bool,
    /// On SPAR's list before we came.
    pub is_known: bool,
    /// When it was sent.
    pub sent_on: Option<NaiveDate>,
    /// When the answer is due.
    pub due_on: Option<NaiveDate>,
    /// When it came.
    pub answered_on: Option<NaiveDate>,
}

/// product.md, `spar.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not to be asked about.
    None,
    /// On the next list.
    Queued,
    /// Would be, but the check digit is wrong.
    Held,
    /// Asked.
    Sent,
    /// Answered.
    Answered,
    /// The answer is late.
    Overdue,
}

impl State {
    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Queued => "queued",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Overdue => "overdue",
        }
    }
}

/// Judged when it is asked for: nothing is queued in any table.
pub fn state(person: &Person, asked: &Asked, mode: AskMode, today: NaiveDate) -> State {
    if asked.answered_on.is_some() {
        return State::Answered;
    }
    if asked.sent_on.is_some() {
        return if asked.due_on.is_some_and(|due| today > due) { State::Overdue } else { State::Sent };
    }
    let box_is_on = match mode {
        AskMode::New => person.allow_update,
        AskMode::All => true,
    };
    let is_asked = asked.is_wanted
        && !asked.is_known
        && box_is_on
        && person.number.kind().is_in_spar()
        && person.status != Status::Deceased;
    match (is_asked, person.number.check_digit()) {
        (false, _) => State::None,
        (true, CheckDigit::Right) => State::Queued,
        (true, CheckDigit::Wrong | CheckDigit::None) => State::Held,
    }
}
