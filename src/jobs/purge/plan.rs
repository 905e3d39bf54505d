//! The plan that a proposal writes and a confirmation follows: internal ids, each with a keyed digest of all that there is
//! of it, and the registry that it is of. Nothing personal.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::survey::Survey;
use crate::failure::{Failure, Result};
use crate::io::{AtomicFile, Existing};
use crate::jobs::run::Run;
use crate::leak_control::{self, Place};
use crate::registry::retention::planned::Kind;
use crate::text::purge as text;

const FORMAT: &str = "mantal-purge-plan/1";
/// No plan is longer.
const LONGEST: u64 = 1 << 30;

/// A plan as it was read.
pub(super) struct Plan {
    records: Vec<(Kind, i64, String)>,
}

/// A plan beside what there is now.
pub(super) struct Seen {
    /// Records that are as they were.
    pub(super) unchanged: BTreeMap<Kind, BTreeSet<i64>>,
    others: Vec<(Kind, i64)>,
}

impl Plan {
    /// Writes the plan: whole or not at all, closed to others.
    pub(super) fn write(run: &Run<'_>, path: &Path, records: &[(Kind, i64)]) -> Result<()> {
        let mut rows = Vec::with_capacity(records.len());
        for (kind, id) in records {
            let digest =
                digest(run, *kind, *id)?.ok_or_else(|| Failure::internal("a record that is gone"))?;
            rows.push(json!({ "target": kind.name(), "id": id, "digest": digest }));
        }
        rows.extend(leak_control::text(Place::Plan).map(Value::from));
        let today = run.setup.today;
        let plan = json!({ "format": FORMAT, "registry": registry(run), "today": today, "records": rows });
        let mut file = AtomicFile::create(path)?;
        writeln!(file, "{plan}").map_err(|error| Failure::io(path, error))?;
        file.commit(Existing::Replace)
    }

    /// Reads a plan. One of another registry is refused.
    pub(super) fn read(run: &Run<'_>, path: &Path) -> Result<Self> {
        let refuse = |message| Failure::usage(message).with("path", path.display());
        let mut content = String::new();
        let file = File::open(path).map_err(|error| refuse(text::PLAN_UNREADABLE).caused_by(error))?;
        file.take(LONGEST)
            .read_to_string(&mut content)
            .map_err(|error| refuse(text::PLAN_UNREADABLE).caused_by(error))?;
        let plan: Value = serde_json::from_str(&content).map_err(|_| refuse(text::PLAN_UNREADABLE))?;
        let word = |name: &str| plan.get(name).and_then(Value::as_str).unwrap_or_default();
        if word("format") != FORMAT {
            return Err(refuse(text::PLAN_UNREADABLE));
        }
        if word("registry") != registry(run) {
            return Err(refuse(text::PLAN_FOREIGN));
        }
        let records = plan.get("records").and_then(Value::as_array);
        let records = records.and_then(|rows| rows.iter().map(record).collect::<Option<Vec<_>>>());
        Ok(Self { records: records.ok_or_else(|| refuse(text::PLAN_UNREADABLE))? })
    }

    /// Looks whether each record is as it was.
    pub(super) fn compare(self, run: &Run<'_>) -> Result<Seen> {
        let mut seen = Seen { unchanged: BTreeMap::new(), others: Vec::new() };
        for (kind, id, planned) in self.records {
            if digest(run, kind, id)?.as_deref() == Some(planned.as_str()) {
                seen.unchanged.entry(kind).or_default().insert(id);
            } else {
                seen.others.push((kind, id));
            }
        }
        Ok(seen)
    }
}

impl Seen {
    /// Names what stays although the plan has it: the run ends with remarks.
    pub(super) fn name_others(&self, run: &mut Run<'_>, survey: &Survey<'_>) {
        for (kind, id) in &self.others {
            run.remark(text::PLAN_CHANGED, &[("record", format!("{}:{id}", kind.name()))]);
        }
        let going: BTreeSet<(Kind, i64)> = super::records(survey).collect();
        for (kind, ids) in &self.unchanged {
            for id in ids.iter().filter(|id| !going.contains(&(*kind, **id))) {
                run.remark(text::PLAN_NOT_DUE, &[("record", format!("{}:{id}", kind.name()))]);
            }
        }
    }
}

fn record(row: &Value) -> Option<(Kind, i64, String)> {
    let kind = Kind::parse(row.get("target")?.as_str()?)?;
    Some((kind, row.get("id")?.as_i64()?, row.get("digest")?.as_str()?.to_owned()))
}

fn digest(run: &Run<'_>, kind: Kind, id: i64) -> Result<Option<String>> {
    let content = run.registry.planned_content(kind, id)?;
    Ok(content.map(|content| run.key.digest_of(&content).to_string()))
}

/// Tells registries apart.
fn registry(run: &Run<'_>) -> String {
    let (one, other) = run.registry.salt();
    run.key.digest_of(&format!("registry {one} {other}")).to_string()
}
