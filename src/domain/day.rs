//! Days as text and as numbers: millions of them are read and written, and the general ways of the calendar's library look
//! at a format each time.

use chrono::{Datelike, NaiveDate};

/// `YYYY-MM-DD` or `YYYYMMDD`, a day that exists.
pub fn day(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let (year, month, day) = match bytes.len() {
        8 => (bytes.get(..4)?, bytes.get(4..6)?, bytes.get(6..)?),
        10 if bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-') => {
            (bytes.get(..4)?, bytes.get(5..7)?, bytes.get(8..)?)
        }
        _ => return None,
    };
    NaiveDate::from_ymd_opt(integer(year)?.cast_signed(), integer(month)?, integer(day)?)
}

/// `YYYY-MM-DD`.
pub fn iso(day: NaiveDate) -> String {
    let Ok(year @ 0..=9999) = u32::try_from(day.year()) else { return day.to_string() };
    let mut text = String::with_capacity(10);
    for (number, ones, end) in [(year, 1000, Some('-')), (day.month(), 10, Some('-')), (day.day(), 10, None)]
    {
        let mut ones = ones;
        while ones > 0 {
            text.extend(char::from_digit(number / ones % 10, 10));
            ones /= 10;
        }
        text.extend(end);
    }
    text
}

fn integer(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

/// A day that may be missing, staged as a number: `#[serde(with = "staged")]`.
pub mod staged {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Days of the calendar, the first of January of the year 1 being 1.
    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.num_days_from_ce()).serialize(serializer)
    }

    /// The day.
    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
        let days = Option::<i32>::deserialize(deserializer)?;
        Ok(days.and_then(NaiveDate::from_num_days_from_ce_opt))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_day_is_not_read() {
        for text in
            ["", "2024-02-30", "2024-2-30", "20240230", "2024/02/28", "24-02-28", "2024-02-28 ", "+024-02-28"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_day_is_written_as_the_calendar_writes_it_and_read_back(days in -800_000..4_000_000) {
            let Some(that) = NaiveDate::from_num_days_from_ce_opt(days) else { return Ok(()) };
            let text = iso(that);
            prop_assert_eq!(&text, &that.to_string());
            if (0..=9999).contains(&that.year()) {
                prop_assert_eq!(day(&text), Some(that));
                prop_assert_eq!(day(&text.replace('-', "")), Some(that));
            }
        }

        #[test]
        fn a_staged_day_comes_back(days in proptest::option::of(-800_000..4_000_000)) {
            #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
            struct Row(#[serde(with = "staged")] Option<NaiveDate>);
            let row = Row(days.and_then(NaiveDate::from_num_days_from_ce_opt));
            let bytes = postcard::to_allocvec(&row).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Row>(&bytes).unwrap(), row);
        }
    }
}
