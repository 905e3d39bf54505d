//! The name of a list to SPAR: letters that stand for themselves, the day, and a running number.

use chrono::{Datelike, NaiveDate};

/// A checked `spar.list_name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListName(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    ShortYear,
    Year,
    Month,
    Day,
    Serial { width: usize },
}

/// Wider than any number that will ever be reached.
const WIDEST: usize = 18;

impl ListName {
    /// Reads a template: `A–Z a–z 0–9 . - _`, `{yy} {yyyy} {mm} {dd}`, and `{serial}` or `{serial:06}` at least once.
    pub fn parse(template: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((literal, after)) = rest.split_once('{') {
            parts.push(literal_part(literal)?);
            let (name, tail) = after.split_once('}')?;
            parts.push(placeholder(name)?);
            rest = tail;
        }
        parts.push(literal_part(rest)?);
        let has_serial = parts.iter().any(|part| matches!(part, Part::Serial { .. }));
        has_serial.then_some(Self(parts))
    }

    /// The name of the list with this number, made on this day; without an ending.
    pub fn render(&self, serial: u64, today: NaiveDate) -> String {
        let render = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::ShortYear => format!("{:02}", today.year().rem_euclid(100)),
            Part::Year => format!("{:04}", today.year()),
            Part::Month => format!("{:02}", today.month()),
            Part::Day => format!("{:02}", today.day()),
            Part::Serial { width } => format!("{serial:0width$}"),
        };
        self.0.iter().map(render).collect()
    }
}

fn literal_part(text: &str) -> Option<Part> {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    text.bytes().all(is_legal).then(|| Part::Literal(text.to_owned()))
}

fn placeholder(name: &str) -> Option<Part> {
    match name {
        "yy" => Some(Part::ShortYear),
        "yyyy" => Some(Part::Year),
        "mm" => Some(Part::Month),
        "dd" => Some(Part::Day),
        "serial" => Some(Part::Serial { width: 1 }),
        _ => {
            let digits = name
                .strip_prefix("serial:")
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
            let width = digits.parse().ok().filter(|width| (1..=WIDEST).contains(width))?;
            Some(Part::Serial { width })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_named_by_its_template() {
        let today = NaiveDate::from_ymd_opt(2014, 4, 7).unwrap();
        let rows = [
            ("C{yy}{mm}-{serial:06}-spar", 243, "C1404-000243-spar"), // the default
            ("{yyyy}{mm}{dd}_{serial}", 1, "20140407_1"),             // every placeholder
            ("{serial:3}", 12_345, "12345"),                          // a number outgrows its width
        ];
        for (template, serial, expected) in rows {
            assert_eq!(ListName::parse(template).unwrap().render(serial, today), expected);
        }
    }

    #[test]
    fn a_template_that_could_make_a_wrong_name_is_refused() {
        let rows = [
            "C{yy}{mm}-spar", // no serial: two lists of one name
            "",               // nothing
            "../{serial}",    // leaves the folder
            "a b{serial}",    // a blank
            "å{serial}",      // a letter that SPAR's names may not have
            "{serial",        // never closed
            "serial}",        // never opened
            "{SERIAL}",       // another spelling
            "{hh}{serial}",   // an unknown placeholder
            "{serial:}",      // no width
            "{serial:0}",     // a width of nothing
            "{serial:99}",    // a width beyond any number
            "{serial:+6}",    // a sign
        ];
        for template in rows {
            assert_eq!(ListName::parse(template), None, "{template}");
        }
    }
}
