//! Several rows of one source about one person, such as one per child or unit, as one statement. (rules.md,
//! sync-contacts 11)

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ContactField;
use super::source::{Said, SourceCategory, SourceStatement};
use super::value::same;

/// What one row says of a person; values are in their stored form.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceRow {
    /// Förnamn.
    pub first_name: Option<String>,
    /// Efternamn.
    pub last_name: Option<String>,
    /// Date of birth, if the row has one.
    pub birth_date: Option<NaiveDate>,
    /// What the person is in the source; several where its format can say so.
    pub categories: BTreeSet<SourceCategory>,
    /// By field; an empty text is an empty cell, an absent one no statement.
    pub said: BTreeMap<ContactField, String>,
}

impl std::fmt::Debug for SourceRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourceRow(hidden)")
    }
}

impl SourceRow {
    /// What an earlier file said, as a row of this one.
    pub fn again(statement: &SourceStatement, categories: &BTreeSet<SourceCategory>) -> Self {
        Self { categories: categories.clone(), said: statement.said.clone(), ..Self::default() }
    }
}

/// What all rows of a person say together.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// All categories of the rows.
    pub categories: BTreeSet<SourceCategory>,
    /// By field, as in a row.
    pub said: BTreeMap<ContactField, String>,
    /// Fields on which the rows disagree: they count as not said.
    pub disputed: BTreeSet<ContactField>,
}

impl Gathered {
    /// What they say of a field.
    pub fn of(&self, field: ContactField) -> Said<'_> {
        match self.said.get(&field).map(String::as_str) {
            None => Said::Nothing,
            Some("") => Said::Empty,
            Some(value) => Said::Value(value),
        }
    }
}

/// Brings rows together; their order does not show. Of two spellings of one value the lesser counts.
pub fn gather(rows: &[&SourceRow]) -> Gathered {
    let mut gathered = Gathered::default();
    for row in rows {
        gathered.categories.extend(&row.categories);
    }
    for field in ContactField::ALL {
        let mut values: Vec<&String> = rows.iter().filter_map(|row| row.said.get(&field)).collect();
        values.sort();
        let Some(first) = values.first() else { continue };
        if values.iter().all(|value| same(field, first, value)) {
            gathered.said.insert(field, (*first).clone());
        } else {
            gathered.disputed.insert(field);
        }
    }
    gathered
}

/// First name, last name and birth date, as far as the rows have them: what a new person gets.
pub fn introduction(rows: &[&SourceRow]) -> (Option<String>, Option<String>, Option<NaiveDate>) {
    let least =
        |name: fn(&SourceRow) -> Option<&String>| rows.iter().filter_map(|row| name(row)).min().cloned();
    (
        least(|row| row.first_name.as_ref()),
        least(|row| row.last_name.as_ref()),
        rows.iter().filter_map(|row| row.birth_date).min(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(email: Option<&str>, mobile: Option<&str>) -> SourceRow {
        let cells = [(ContactField::Email, email), (ContactField::Mobile, mobile)];
        let said = cells.into_iter().filter_map(|(field, cell)| Some((field, cell?.to_owned()))).collect();
        SourceRow { said, ..SourceRow::default() }
    }

    #[test]
    fn equal_statements_count_once_and_a_field_on_which_rows_disagree_is_not_said() {
        let (a, b) = (Some("a@example.org"), Some("b@example.org"));
        // (rows, e-mail said, disputed)
        let rows: &[(&[SourceRow], Option<&str>, bool)] = &[
            (&[row(a, None), row(a, None)], a, false), // equal: once
            (&[row(a, None), row(Some("A@example.org"), None)], Some("A@example.org"), false), // equal without case
            (&[row(a, None), row(b, None)], None, true), // they disagree
            (&[row(a, None), row(Some(""), None)], None, true), // an empty cell is a statement
            (&[row(a, None), row(None, None)], a, false), // an absent one is none
            (&[row(Some(""), None), row(Some(""), None)], Some(""), false), // both say that it is empty
            (&[row(a, None), row(b, None), row(a, None)], None, true), // the majority does not count
        ];
        for (group, said, disputed) in rows {
            for turned in [group.iter().collect::<Vec<_>>(), group.iter().rev().collect()] {
                let gathered = gather(&turned);
                assert_eq!(gathered.said.get(&ContactField::Email).map(String::as_str), *said);
                assert_eq!(gathered.disputed.contains(&ContactField::Email), *disputed);
            }
        }
    }
}
