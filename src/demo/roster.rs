//! The town's own books as a file for `person import`.

use std::io::{self, Write};

use super::people::Town;
use crate::formats::csv_out::{CsvWriter, Separator};

const HEADER: [&str; 13] = [
    "id_number",
    "category",
    "first_name",
    "middle_name",
    "last_name",
    "birth_date",
    "care_of",
    "street",
    "postal_code",
    "city",
    "email",
    "mobile",
    "allow_update",
];

impl Town {
    /// Writes everybody, one row each.
    pub fn write_roster(self, sink: impl Write) -> io::Result<()> {
        let mut rows = CsvWriter::new(sink, Separator::Semicolon)?;
        rows.write_row(HEADER)?;
        for person in self.everybody() {
            let (name, home) = (&person.name, &person.home);
            rows.write_row([
                person.number.text().as_str(),
                "borrower",
                &name.first,
                name.middle.as_deref().unwrap_or_default(),
                &name.last,
                &person.number.birth_date().to_string(),
                home.care_of.as_deref().unwrap_or_default(),
                &home.street,
                &home.postal_code,
                home.city,
                person.email.as_deref().unwrap_or_default(),
                person.mobile.as_deref().unwrap_or_default(),
                if person.keeps_own { "no" } else { "yes" },
            ])?;
        }
        rows.finish()?.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use chrono::NaiveDate;

    use super::*;
    use crate::domain::id_number::Country;
    use crate::formats::csv::{CsvReader, Mapping};
    use crate::formats::person_rows::{COLUMNS, PersonRow};

    #[test]
    fn every_row_is_one_that_person_import_takes() {
        let mut file = Vec::new();
        Town { people: 300, seed: 5 }.write_roster(&mut file).unwrap();
        let mut reader = CsvReader::open(Cursor::new(file), COLUMNS, &Mapping::default()).unwrap();
        let mut row = reader.row();
        let mut rows = 0;
        while let Some(outcome) = reader.next_row(&mut row).unwrap() {
            outcome.unwrap();
            let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
            let typed = PersonRow::read(&row, today, Country::Sweden).unwrap();
            assert_eq!(typed.birth_date, typed.number.birth_date());
            rows += 1;
        }
        assert_eq!(rows, 300);
    }
}
