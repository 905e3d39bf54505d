//! Values that cells of several files hold.

use chrono::NaiveDate;

pub use crate::domain::day::day as date;

/// Why a cell is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayFault {
    /// Not `YYYY-MM-DD`.
    Form,
    /// The calendar has no such day.
    Absent,
}

/// `YYYY-MM-DD` and nothing else, a day that exists.
pub fn iso_day(text: &str) -> Result<NaiveDate, DayFault> {
    let fits =
        |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(fits) {
        return Err(DayFault::Form);
    }
    date(text).ok_or(DayFault::Absent)
}

/// `yes`, `no`, `ja`, `nej`, `j`, `n` in any case.
pub fn yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "ja" | "j" => Some(true),
        "no" | "nej" | "n" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_four_two_two_digits_and_exists() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29);
        let rows = [
            ("2024-02-29", day),
            ("20240229", day),
            ("2023-02-29", None),
            ("2024-2-29", None),
            ("2024-02-2９", None),
            ("2024/02/29", None),
            ("+240229", None),
            ("24-02-29", None),
            ("2024-02-29T00:00", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn an_iso_day_is_written_in_one_way_only() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29);
        let rows = [
            ("2024-02-29", Ok(day.unwrap())),
            ("2023-02-29", Err(DayFault::Absent)),
            ("20240229", Err(DayFault::Form)),
            ("2024-2-29", Err(DayFault::Form)),
            ("2024-02-29T00:00", Err(DayFault::Form)),
            ("29.02.2024", Err(DayFault::Form)),
        ];
        for (text, expected) in rows {
            assert_eq!(iso_day(text), expected, "{text}");
        }
    }

    #[test]
    fn yes_and_no_come_in_two_languages_and_any_case() {
        for text in ["yes", "YES", "ja", "Ja", "j", "J"] {
            assert_eq!(yes_no(text), Some(true), "{text}");
        }
        for text in ["no", "No", "nej", "NEJ", "n"] {
            assert_eq!(yes_no(text), Some(false), "{text}");
        }
        for text in ["", "y", "1", "true", "x", "nein"] {
            assert_eq!(yes_no(text), None, "{text}");
        }
    }
}
