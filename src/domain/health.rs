//! What the figures of an installation mean: room, clock, certificate, age. No I/O and no clock; times come in as
//! differences. (reliability.md 4, A5, B2 and C5)

use std::time::Duration;

use chrono::TimeDelta;

/// A file system with less is close to full, whatever lies on it: 64 MiB.
pub const LITTLE: u64 = 64 << 20;
/// So many new files at least must have a place.
const FEW_INODES: u64 = 100;
/// Clocks are put right by small steps.
const TOLERANCE: TimeDelta = TimeDelta::seconds(60);
/// An installation that wrote nothing for longer has a wrong clock, or nobody.
const LONG_AHEAD: TimeDelta = TimeDelta::days(366);
/// A new certificate takes some weeks to get.
const ENDS_SOON: TimeDelta = TimeDelta::days(30);

/// What a file system has left for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// In bytes.
    pub bytes: u64,
    /// New files that have a place; none where the file system has no such bound.
    pub inodes: Option<u64>,
}

/// Whether there is room enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// For what may come.
    Enough,
    /// For what is sure to come, and little more.
    Little,
    /// Not for what is sure to come.
    TooLittle,
    /// No place for new files.
    NoInodes,
}

/// Judges a file system on which so many bytes will be needed at once.
pub const fn room(left: Left, needed: u64) -> Room {
    if let Some(inodes) = left.inodes
        && inodes < FEW_INODES
    {
        return Room::NoInodes;
    }
    if left.bytes < needed {
        Room::TooLittle
    } else if left.bytes < needed.saturating_add(LITTLE) {
        Room::Little
    } else {
        Room::Enough
    }
}

/// Whether the machine's clock can be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Nothing speaks against it.
    Plausible,
    /// It is before something that has happened.
    Behind,
    /// It is more than a year after anything that has happened.
    FarAhead,
}

/// Judges the clock by the time since the newest thing that happened.
pub fn clock(since_newest: TimeDelta) -> Clock {
    if since_newest < -TOLERANCE {
        Clock::Behind
    } else if since_newest > LONG_AHEAD {
        Clock::FarAhead
    } else {
        Clock::Plausible
    }
}

/// Whether a certificate may be shown today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// For more than 30 days.
    Valid,
    /// For 30 days at most.
    EndsSoon,
    /// Its last day is over.
    Over,
    /// Its first day has not come.
    NotYet,
}

/// Judges a certificate by the time since it began and the time until it ends.
pub fn certificate(since_first: TimeDelta, until_last: TimeDelta) -> Certificate {
    if until_last < TimeDelta::zero() {
        Certificate::Over
    } else if since_first < TimeDelta::zero() {
        Certificate::NotYet
    } else if until_last <= ENDS_SOON {
        Certificate::EndsSoon
    } else {
        Certificate::Valid
    }
}

/// Whether something that should come again and again has come. (product.md, `max_age.JOB`)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// It has.
    Fresh,
    /// It should have come by now.
    Overdue,
}

/// Judges by the time since it came last; for what never came, since it could have come.
pub fn age(since: TimeDelta, most: Duration) -> Age {
    match since.to_std() {
        Ok(since) if since > most => Age::Overdue,
        // What came after now is the clock's fault, not the job's.
        Ok(_) | Err(_) => Age::Fresh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_must_have_what_is_needed_and_some_more() {
        const MIB: u64 = 1 << 20;
        // (free, inodes, needed, verdict)
        let rows = [
            (64 * MIB, None, 0, Room::Enough),
            // Close to full, whatever is needed.
            (64 * MIB - 1, None, 0, Room::Little),
            (0, None, 0, Room::Little),
            // The rewrite after an erasure fits, and nothing beside it.
            (200 * MIB, None, 200 * MIB, Room::Little),
            (264 * MIB, None, 200 * MIB, Room::Enough),
            // It does not fit.
            (200 * MIB - 1, None, 200 * MIB, Room::TooLittle),
            (0, None, 1, Room::TooLittle),
            // Room for bytes, none for files.
            (u64::MAX, Some(0), 1, Room::NoInodes),
            (u64::MAX, Some(99), 1, Room::NoInodes),
            (u64::MAX, Some(100), 1, Room::Enough),
            (u64::MAX, None, u64::MAX, Room::Enough),
        ];
        for (bytes, inodes, needed, expected) in rows {
            assert_eq!(room(Left { bytes, inodes }, needed), expected, "{bytes} {inodes:?} {needed}");
        }
    }

    #[test]
    fn a_clock_is_neither_before_the_newest_run_nor_more_than_a_year_after_it() {
        // (seconds since the newest thing that happened, verdict)
        let rows = [
            (0, Clock::Plausible),
            (86_400, Clock::Plausible),
            // A small step back, as a time service makes it.
            (-60, Clock::Plausible),
            (-61, Clock::Behind),
            (-400 * 86_400, Clock::Behind),
            (366 * 86_400, Clock::Plausible),
            (366 * 86_400 + 1, Clock::FarAhead),
        ];
        for (seconds, expected) in rows {
            assert_eq!(clock(TimeDelta::seconds(seconds)), expected, "{seconds}");
        }
    }

    #[test]
    fn a_certificate_is_told_of_a_month_before_it_ends() {
        const DAY: i64 = 86_400;
        // (seconds since its first instant, seconds until its last, verdict)
        let rows = [
            (300 * DAY, 65 * DAY, Certificate::Valid),
            (335 * DAY, 30 * DAY + 1, Certificate::Valid),
            (335 * DAY, 30 * DAY, Certificate::EndsSoon),
            (365 * DAY, 0, Certificate::EndsSoon),
            (365 * DAY, -1, Certificate::Over),
            (0, 365 * DAY, Certificate::Valid),
            (-1, 365 * DAY, Certificate::NotYet),
            // One that ends before it begins.
            (-1, -1, Certificate::Over),
        ];
        for (since, until, expected) in rows {
            assert_eq!(
                certificate(TimeDelta::seconds(since), TimeDelta::seconds(until)),
                expected,
                "{since} {until}"
            );
        }
    }

    #[test]
    fn a_job_is_overdue_once_it_is_older_than_its_max_age() {
        const MOST: Duration = Duration::from_hours(26);
        // (seconds since it came, verdict)
        let rows = [
            (0, Age::Fresh),
            (26 * 3_600, Age::Fresh),
            (26 * 3_600 + 1, Age::Overdue),
            // In the future: that the clock is wrong is told elsewhere.
            (-1, Age::Fresh),
        ];
        for (seconds, expected) in rows {
            assert_eq!(age(TimeDelta::seconds(seconds), MOST), expected, "{seconds}");
        }
    }
}
