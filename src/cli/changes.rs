//! `mantal changes`

use chrono::{NaiveDate, TimeZone};

use super::access::{self, Seen};
use super::changes_view::{Format, Rows};
use super::flags::RunFlags;
use super::session::Session;
use crate::domain::feed::Position;
use crate::domain::zone::Zone;
use crate::failure::{Failure, Result};
use crate::io::reading;
use crate::jobs::changes_ack::{Acknowledge, Upto};
use crate::registry::Registry;
use crate::registry::feed::Floor;
use crate::registry::runs::{RunId, Which};
use crate::text::{failure as failures, feed as text};

/// Shows what changed about people, for other systems: one row per person and field. Reading moves no cursor; --ack does.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal changes --since 2026-11-01 --format jsonl"))]
pub(crate) struct Args {
    /// Rows of later runs than this one (0: all), or since the beginning of a day
    #[arg(long, value_name = "RUN|DATE", required_unless_present = "cursor", conflicts_with = "cursor")]
    since: Option<String>,
    /// Rows that this consumer has not acknowledged
    #[arg(long, value_name = "NAME")]
    cursor: Option<String>,
    /// The consumer has everything: up to where its last reading ended, up to this position, or up to now
    #[arg(long, value_name = "POSITION|now|last", num_args = 0..=1, default_missing_value = "last", requires = "cursor")]
    ack: Option<String>,
    /// csv, or jsonl: an object a line (default: csv; with --json jsonl)
    #[arg(long, value_parser = ["csv", "jsonl"])]
    format: Option<String>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let name = args.cursor.as_deref().map(checked_name).transpose()?;
    match (&args.ack, name) {
        (Some(upto), Some(name)) => acknowledge(session, name, upto, &args.flags),
        (None | Some(_), _) => read(session, args, name),
    }
}

fn checked_name(name: &str) -> Result<&str> {
    let is_sign = |sign: u8| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    let is_name = (1..=40).contains(&name.len()) && name.bytes().all(is_sign);
    if is_name { Ok(name) } else { Err(Failure::usage(text::FEED_BAD_NAME)) }
}

fn acknowledge(session: &Session, name: &str, upto: &str, flags: &RunFlags) -> Result<u8> {
    let upto = match upto {
        "now" => Upto::Now,
        "last" => {
            let last = reading::recall(&session.settings()?.spool, name)?.and_then(|word| word.parse().ok());
            let nothing = || Failure::failed(text::FEED_NOTHING_READ).with("cursor", name);
            Upto::LastReading(last.ok_or_else(nothing)?)
        }
        word => Upto::Named(position(word, &session.registry_for_change()?)?),
    };
    session.execute(&mut Acknowledge { cursor: name.to_owned(), upto }, flags)
}

fn position(word: &str, registry: &Registry) -> Result<Position> {
    let end = registry.feed_end()?;
    word.parse().map_err(|()| Failure::usage(text::FEED_BAD_POSITION).with("value", word).with("end", end))
}

/// From where, and since when.
struct Start {
    after: Position,
    since: Option<String>,
}

fn read(session: &Session, args: &Args, cursor: Option<&str>) -> Result<u8> {
    session.settings()?;
    let registry = session.registry()?;
    access::note(session, "changes", &Seen::Everyone(None), None)?;
    let is_jsonl = session.global.json || args.format.as_deref() == Some("jsonl");
    let format = if is_jsonl { Format::Jsonl } else { Format::Csv };
    let mut end = Position::default();
    let mut is_heard = true;
    registry.snapshot(|| {
        let start = start(session, &registry, args.since.as_deref(), cursor)?;
        end = registry.feed_end()?;
        let mut rows = Rows::begin(&registry, format)?;
        registry.feed(start.after, |entry| {
            if start.since.as_ref().is_none_or(|since| entry.at >= *since) {
                rows.entry(&entry)
            } else {
                Ok(())
            }
        })?;
        is_heard = rows.finish();
        Ok(())
    })?;
    match cursor {
        // Who stopped listening in the middle was not given everything.
        Some(name) if is_heard => {
            reading::remember(&session.settings()?.spool, name, &end.to_string())?;
        }
        Some(_) | None => {}
    }
    Ok(0)
}

fn start(session: &Session, registry: &Registry, since: Option<&str>, cursor: Option<&str>) -> Result<Start> {
    let floor = registry.journal_floor()?;
    let gap = |is_gap: &dyn Fn(&Floor) -> bool| match &floor {
        Some(floor) if is_gap(floor) => {
            Err(Failure::failed(text::FEED_TOO_OLD).with("run", floor.run.0).with("at", &floor.at))
        }
        Some(_) | None => Ok(()),
    };
    if let Some(name) = cursor {
        let cursor = registry.cursor(name)?;
        if cursor.as_ref().is_some_and(|cursor| cursor.is_lost) {
            return Err(Failure::failed(text::FEED_LOST).with("cursor", name));
        }
        let after = cursor.map(|cursor| cursor.position).unwrap_or_default();
        gap(&|floor| floor.journal > after.journal)?;
        return Ok(Start { after, since: None });
    }
    let word = since.unwrap_or_default();
    if let Ok(run) = word.parse::<i64>() {
        let newest = registry.newest_run(Which::All)?.map_or(0, |run| run.0);
        if !(0..=newest).contains(&run) {
            return Err(Failure::failed(failures::NOT_FOUND).with("what", format!("run:{run}")));
        }
        gap(&|floor| floor.run.0 > run)?;
        return Ok(Start { after: registry.feed_after_run(RunId(run))?, since: None });
    }
    let day: NaiveDate = word.parse().map_err(|_| Failure::usage(text::FEED_BAD_SINCE).with("value", "…"))?;
    let instant = beginning(day, session.settings()?.timezone);
    gap(&|floor| floor.at >= instant)?;
    let after = registry.feed_after_run(registry.last_run_before(&instant)?)?;
    Ok(Start { after, since: Some(instant) })
}

/// The first instant of a local day in UTC, written so that it sorts before all of that second's fractions.
fn beginning(day: NaiveDate, timezone: Zone) -> String {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    // A day may begin at one: where the clock is moved at midnight, the first minute after it.
    let steps = (0..=4 * 60).map(|minute| midnight + chrono::Duration::minutes(minute));
    let first = steps.into_iter().find_map(|local| timezone.from_local_datetime(&local).earliest());
    first.map_or(midnight, |first| first.naive_utc()).format("%Y-%m-%dT%H:%M:%S").to_string()
}
