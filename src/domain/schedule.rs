//! When a single run is due: what a local time means, and how late is too late. (rules.md, Running at a time)

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta, TimeZone};

use super::zone::Zone;

/// How somebody says a time, and how it is shown.
pub const FORMAT: &str = "%Y-%m-%d %H:%M";

/// No zone ever left out more than a day.
const LONGEST_GAP: TimeDelta = TimeDelta::hours(25);

/// Reads `2026-12-01 22:00`, or with a `T` between date and time.
pub fn parse(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    [FORMAT, "%Y-%m-%dT%H:%M"].iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

/// The instant (UTC) that a local time means: of an hour that exists twice its first, of one that doesn't exist the first
/// minute after it.
pub fn instant(local: NaiveDateTime, zone: Zone) -> Option<NaiveDateTime> {
    let mut time = local;
    while time - local <= LONGEST_GAP {
        if let Some(found) = zone.from_local_datetime(&time).earliest() {
            return Some(found.naive_utc());
        }
        time += TimeDelta::minutes(1);
    }
    None
}

/// Whether a single run may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Its time has not come.
    Early,
    /// It starts.
    Due,
    /// It doesn't start any more: a person decides.
    Late,
}

/// Judges a run that was meant for `due`; later than `max_late` it does not start.
pub fn timing(due: NaiveDateTime, now: NaiveDateTime, max_late: Duration) -> Timing {
    match (now - due).to_std() {
        Err(_) => Timing::Early,
        Ok(late) if late <= max_late => Timing::Due,
        Ok(_) => Timing::Late,
    }
}

/// The exit code of several jobs together: the one that needs a person most.
pub fn worse(one: u8, other: u8) -> u8 {
    let rank = |exit: u8| match exit {
        0 => 0,
        3 => 1,
        6 => 2,
        5 => 3,
        4 => 4,
        2 => 5,
        1 => 6,
        7.. => 7,
    };
    if rank(other) > rank(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> NaiveDateTime {
        parse(text).unwrap()
    }

    #[test]
    fn a_local_time_means_one_instant_on_every_day_of_the_year() {
        // (zone, local time, instant in UTC)
        let rows = [
            // Winter and summer.
            ("Europe/Stockholm", "2026-12-01 22:00", "2026-12-01 21:00"),
            ("Europe/Stockholm", "2026-07-01 22:00", "2026-07-01 20:00"),
            // The hour that does not exist: the first minute after it, 03:00 in summer time.
            ("Europe/Stockholm", "2026-03-29 01:59", "2026-03-29 00:59"),
            ("Europe/Stockholm", "2026-03-29 02:00", "2026-03-29 01:00"),
            ("Europe/Stockholm", "2026-03-29 02:30", "2026-03-29 01:00"),
            ("Europe/Stockholm", "2026-03-29 02:59", "2026-03-29 01:00"),
            ("Europe/Stockholm", "2026-03-29 03:00", "2026-03-29 01:00"),
            ("Europe/Stockholm", "2026-03-29 03:01", "2026-03-29 01:01"),
            // The hour that exists twice: its first, still in summer time.
            ("Europe/Stockholm", "2026-10-25 01:59", "2026-10-24 23:59"),
            ("Europe/Stockholm", "2026-10-25 02:00", "2026-10-25 00:00"),
            ("Europe/Stockholm", "2026-10-25 02:30", "2026-10-25 00:30"),
            ("Europe/Stockholm", "2026-10-25 02:59", "2026-10-25 00:59"),
            ("Europe/Stockholm", "2026-10-25 03:00", "2026-10-25 02:00"),
            // A zone without summer time, and the day that Samoa left out.
            ("Etc/UTC", "2026-03-29 02:30", "2026-03-29 02:30"),
            ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),
        ];
        for (zone, local, expected) in rows {
            assert_eq!(instant(time(local), zone.parse().unwrap()), Some(time(expected)), "{zone} {local}");
        }
    }

    #[test]
    fn a_time_is_a_date_and_a_minute() {
        // (text, whether it is one)
        let rows = [
            ("2026-12-01 22:00", true),
            ("2026-12-01T22:00", true),
            (" 2026-12-01 22:00 ", true),
            ("2026-12-01", false),
            ("22:00", false),
            ("2026-12-01 24:00", false),
            ("2026-02-29 12:00", false),
            ("2026-12-01 22:00:30", false),
            ("2026-12-01 22:00Z", false),
            ("tomorrow", false),
            ("", false),
        ];
        for (text, expected) in rows {
            assert_eq!(parse(text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn a_run_starts_from_its_minute_on_until_it_is_too_late() {
        let most = Duration::from_hours(6);
        // (now, verdict about what was meant for 22:00)
        let rows = [
            ("2026-12-01 21:59", Timing::Early),
            ("2026-12-01 22:00", Timing::Due),
            ("2026-12-01 22:05", Timing::Due),
            // The machine slept until six hours later, and one minute more.
            ("2026-12-02 04:00", Timing::Due),
            ("2026-12-02 04:01", Timing::Late),
            ("2027-12-01 22:00", Timing::Late),
        ];
        for (now, expected) in rows {
            assert_eq!(timing(time("2026-12-01 22:00"), time(now), most), expected, "{now}");
        }
    }

    #[test]
    fn the_exit_code_of_several_is_the_one_that_needs_a_person_most() {
        // (one, other, together)
        let rows = [
            (0, 0, 0),
            (0, 3, 3),
            (3, 5, 5),
            (5, 4, 4),
            (4, 2, 2),
            (2, 1, 1),
            (1, 143, 143),
            (6, 3, 6),
            (143, 137, 143),
        ];
        for (one, other, expected) in rows {
            assert_eq!((worse(one, other)), expected, "{one} {other}");
            let turned = if one > 6 && other > 6 { other } else { expected };
            assert_eq!(worse(other, one), turned, "{other} {one}");
        }
    }
}
