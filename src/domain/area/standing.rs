//! What the population register says of one person's key code.

use super::code::KeyCode;

/// A row of the population register about one of a person's numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RegisterRow<'r> {
    /// 0 for the current number; former ones count from 1, the oldest first.
    pub former: i64,
    /// Whether the last extract held it.
    pub is_present: bool,
    /// Skyddade personuppgifter.
    pub is_protected: bool,
    /// Kommunkod.
    pub municipality: &'r str,
    /// As it stands there.
    pub key_code: Option<&'r str>,
}

/// Why somebody has no key code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoCode {
    /// Protected here or there: neither code nor area.
    Protected,
    /// The register has no row of them, or had.
    NotRegistered,
    /// Registered in a municipality that isn't ours.
    Elsewhere,
    /// The register has a row of them without a usable code.
    Missing,
}

impl NoCode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Protected, Self::NotRegistered, Self::Elsewhere, Self::Missing];

    /// The name among the counts of a run.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::NotRegistered => "not_registered",
            Self::Elsewhere => "other_municipality",
            Self::Missing => "code_missing",
        }
    }
}

/// What the register says now.
pub type Standing = Result<KeyCode, NoCode>;

/// Judges the rows of one person's numbers. A row of the current number goes before those of former ones, of these the
/// newest: the register may not know of the change yet. Whether somebody is dead or deregistered with us plays no part:
/// everybody gets the code that the register has now.
pub fn standing(is_protected: bool, rows: &[RegisterRow<'_>], ours: &[String]) -> Standing {
    if is_protected || rows.iter().any(|row| row.is_protected) {
        return Err(NoCode::Protected);
    }
    let present = rows.iter().filter(|row| row.is_present);
    // 0 is the current number, which goes first; of the others the highest is the newest.
    let row = present.min_by_key(|row| if row.former == 0 { i64::MIN } else { -row.former });
    let row = row.ok_or(NoCode::NotRegistered)?;
    if !ours.iter().any(|code| code == row.municipality) {
        return Err(NoCode::Elsewhere);
    }
    row.key_code.and_then(|code| KeyCode::parse(code.trim()).ok()).ok_or(NoCode::Missing)
}
