//! From a spelling to the number. Digits are ASCII digits and nothing else; blanks may stand around, not inside.

use chrono::{Datelike, NaiveDate};

use super::{Century, Country, IdKind, IdNumber, IdNumberError, Reading};

type Parsed = Result<(IdNumber, Century), IdNumberError>;

const RESERVE_LETTERS: &[u8] = b"TRSUWXJKLMNP";
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2099;

/// Reads any spelling; see `Identity numbers` in rules.md.
pub(super) fn parse(text: &str, reading: &Reading) -> Parsed {
    let text = text.trim();
    if text.is_empty() {
        return Err(IdNumberError::Empty);
    }
    if let Some((prefix, danish)) = text.split_at_checked(3)
        && prefix.eq_ignore_ascii_case("DK:")
    {
        let spelling = Spelling::split(danish).ok_or(IdNumberError::Shape)?;
        let number = cpr(&spelling)?;
        return of_kind(IdKind::Cpr, reading).map(|_| (number, Century::Written));
    }
    let spelling = Spelling::split(text).ok_or(IdNumberError::Shape)?;
    if spelling.may_be_cpr() && ten_digits_are_cpr(reading) {
        return cpr(&spelling).map(|number| (number, Century::Written));
    }
    swedish(&spelling, reading)
}

/// What the row says of the kind goes before the configured country.
fn ten_digits_are_cpr(reading: &Reading) -> bool {
    match (reading.kind, reading.country) {
        (Some(kind), _) => kind == IdKind::Cpr,
        (None, Country::Denmark) => true,
        (None, Country::Sweden) => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    None,
    Minus,
    Plus,
}

/// The parts of a text that could be a number: six or eight digits, perhaps a sign, four more characters.
struct Spelling<'t> {
    date: &'t [u8],
    separator: Separator,
    serial: [u8; 4],
}

impl<'t> Spelling<'t> {
    fn split(text: &'t str) -> Option<Self> {
        let (head, serial) = text.as_bytes().split_last_chunk::<4>()?;
        let (date, separator) = match head {
            [date @ .., b'-'] => (date, Separator::Minus),
            [date @ .., b'+'] => (date, Separator::Plus),
            date => (date, Separator::None),
        };
        let lengths_fit = match date.len() {
            6 => true,
            // A plus would contradict the century that is written out.
            8 => separator != Separator::Plus,
            _ => false,
        };
        let fits = lengths_fit && date.iter().all(u8::is_ascii_digit);
        fits.then(|| Self { date, separator, serial: serial.map(|byte| byte.to_ascii_uppercase()) })
    }

    fn may_be_cpr(&self) -> bool {
        self.date.len() == 6
            && self.separator != Separator::Plus
            && self.serial.iter().all(u8::is_ascii_digit)
    }
}

/// What the last four characters make of a number.
enum Serial {
    Digits,
    Temporary,
    Reserve,
}

impl Serial {
    fn read(serial: [u8; 4]) -> Option<Self> {
        let [first, rest @ ..] = serial;
        if serial.iter().all(u8::is_ascii_digit) {
            Some(Self::Digits)
        } else if !rest.iter().all(u8::is_ascii_alphanumeric) {
            None
        } else if serial.starts_with(b"TF") {
            // Before the reserve letter T.
            Some(Self::Temporary)
        } else {
            RESERVE_LETTERS.contains(&first).then_some(Self::Reserve)
        }
    }
}

/// A month and a day as they stand in a number, the year still open.
#[derive(Clone, Copy)]
enum Day {
    Real {
        month: u32,
        day: u32,
    },
    /// Day + 60. Skatteverket's published numbers have month 00, day 60 and 30 February: no calendar can judge them.
    Coordination {
        month: u32,
        day: u32,
    },
}

impl Day {
    fn read(month_and_day: &[u8]) -> Option<Self> {
        let (month, day) = month_and_day.split_at_checked(2)?;
        let (month, day) = (integer(month)?, integer(day)?);
        match day {
            1..=31 => Some(Self::Real { month, day }),
            60..=91 if month <= 12 => Some(Self::Coordination { month, day: day - 60 }),
            _ => None,
        }
    }

    fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Real { month, day } | Self::Coordination { month, day } => {
                NaiveDate::from_ymd_opt(year, month, day)
            }
        }
    }

    fn stands_in(self, year: i32) -> bool {
        match self {
            Self::Real { .. } => self.in_year(year).is_some(),
            Self::Coordination { .. } => true,
        }
    }

    fn is_not_after(self, year: i32, reference: NaiveDate) -> bool {
        match self {
            Self::Real { month, day } | Self::Coordination { month, day } => {
                (year, month, day) <= (reference.year(), reference.month(), reference.day())
            }
        }
    }
}

fn swedish(spelling: &Spelling<'_>, reading: &Reading) -> Parsed {
    let serial = Serial::read(spelling.serial).ok_or(IdNumberError::Shape)?;
    let (year, month_and_day) =
        spelling.date.split_at_checked(spelling.date.len() - 4).ok_or(IdNumberError::Shape)?;
    let day = Day::read(month_and_day).ok_or(IdNumberError::Date)?;
    let (year, century) = match (spelling.date.len(), integer(year)) {
        (8, Some(year)) => (year.cast_signed(), Century::Written),
        (_, Some(ending)) => reckon_year(ending.cast_signed(), day, spelling.separator, reading)?,
        (_, None) => return Err(IdNumberError::Shape),
    };
    if !YEARS.contains(&year) || !day.stands_in(year) {
        return Err(IdNumberError::Date);
    }
    let kind = of_kind(natural_kind(&serial, day)?, reading)?;
    let year = year.to_string();
    let hyphen: &[u8] = if kind == IdKind::Temporary { b"-" } else { b"" };
    IdNumber::assemble(kind, [year.as_bytes(), month_and_day, hyphen, &spelling.serial])
        .map(|number| (number, century))
        .ok_or(IdNumberError::Shape)
}

/// The kind that the characters alone speak of.
const fn natural_kind(serial: &Serial, day: Day) -> Result<IdKind, IdNumberError> {
    match (serial, day) {
        (Serial::Digits, Day::Real { .. }) => Ok(IdKind::Personnummer),
        (Serial::Digits, Day::Coordination { .. }) => Ok(IdKind::Samordningsnummer),
        (Serial::Temporary, Day::Real { .. }) => Ok(IdKind::Temporary),
        (Serial::Reserve, Day::Real { .. }) => Ok(IdKind::Reserve),
        (Serial::Temporary | Serial::Reserve, Day::Coordination { .. }) => Err(IdNumberError::Date),
    }
}

/// The kind with what the row names; only that tells an immunitetsnummer from a personnummer.
fn of_kind(natural: IdKind, reading: &Reading) -> Result<IdKind, IdNumberError> {
    match reading.kind {
        None => Ok(natural),
        Some(IdKind::Immunitetsnummer) if natural == IdKind::Personnummer => Ok(IdKind::Immunitetsnummer),
        Some(named) if named == natural => Ok(natural),
        Some(_) => Err(IdNumberError::Kind),
    }
}

/// The year of a short number: the birth date's, else the latest that is not after the reference date;
/// with a plus a hundred years earlier for whoever turns less than 100 this calendar year.
fn reckon_year(
    ending: i32,
    day: Day,
    separator: Separator,
    reading: &Reading,
) -> Result<(i32, Century), IdNumberError> {
    let from_birth = reading
        .birth_date
        .filter(|birth| *birth <= reading.reference && birth.year().rem_euclid(100) == ending)
        .map(|birth| (birth.year(), Century::BirthDate));
    let (year, century) = match from_birth {
        Some(found) => found,
        None => (latest_year(ending, day, reading.reference).ok_or(IdNumberError::Date)?, Century::Reckoned),
    };
    Ok(match separator {
        Separator::Plus if reading.reference.year() - year < 100 => (year - 100, century),
        Separator::Plus | Separator::Minus | Separator::None => (year, century),
    })
}

fn latest_year(ending: i32, day: Day, reference: NaiveDate) -> Option<i32> {
    let this_century = reference.year() - reference.year().rem_euclid(100) + ending;
    // 29 February of a year that ends in 00 may have to go back two centuries and more.
    (0..4)
        .map(|back| this_century - 100 * back)
        .find(|year| day.stands_in(*year) && day.is_not_after(*year, reference))
}

/// Ten digits `DDMMYYSSSS`; the seventh tells the century. No modulus 11: it has not held since 2007.
fn cpr(spelling: &Spelling<'_>) -> Result<IdNumber, IdNumberError> {
    if !spelling.may_be_cpr() {
        return Err(IdNumberError::Shape);
    }
    let number =
        IdNumber::assemble(IdKind::Cpr, [spelling.date, &spelling.serial]).ok_or(IdNumberError::Shape)?;
    birth_date(&number).map(|_| number).ok_or(IdNumberError::Date)
}

/// The day in a number of any kind; none for month 00, day 60 and days that no calendar has.
pub(super) fn birth_date(number: &IdNumber) -> Option<NaiveDate> {
    let text = number.reveal().as_bytes();
    match number.kind() {
        IdKind::Cpr => cpr_birth_date(text),
        IdKind::Personnummer
        | IdKind::Samordningsnummer
        | IdKind::Immunitetsnummer
        | IdKind::Temporary
        | IdKind::Reserve => {
            let year = integer(text.get(..4)?)?.cast_signed();
            Day::read(text.get(4..8)?)?.in_year(year)
        }
    }
}

fn cpr_birth_date(text: &[u8]) -> Option<NaiveDate> {
    let [day, month, ending] = [0..2, 2..4, 4..6].map(|part| text.get(part).and_then(integer));
    let ending = ending?.cast_signed();
    let century = match (text.get(6)?, ending) {
        (b'4' | b'9', ..=36) | (b'5'..=b'8', ..=57) => 2000,
        (b'0'..=b'4' | b'9', _) => 1900,
        _ => 1800,
    };
    // A replacement number (erstatningspersonnummer) has 60 added to its day.
    let day = day.map(|day| if day > 60 { day - 60 } else { day })?;
    NaiveDate::from_ymd_opt(century + ending, month?, day)
}

fn integer(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}
