//! The tables of update-areas as the document has them. Protected people are in none but in one total, the run's count.

use serde_json::{Value, json};

use crate::domain::area::{AreaCount, Assignment, Tally, Unlinked};

/// People per area now and then, who goes where, and the codes that nobody linked.
pub(super) fn tables(tally: &Tally, assignment: &Assignment<'_>) -> Value {
    json!({
        "areas": tally.areas(assignment).iter().map(area).collect::<Value>(),
        "moves": moves(tally),
        "unlinked": tally.unlinked(assignment).iter().map(unlinked).collect::<Value>(),
    })
}

fn area(count: &AreaCount) -> Value {
    json!({ "activity": count.activity, "area": count.area, "now": count.now, "then": count.then })
}

fn moves(tally: &Tally) -> Value {
    let one = |(key, people): (&crate::domain::area::Move, &u64)| json!({ "activity": key.activity, "from": key.from, "to": key.to, "people": people });
    tally.moves().iter().map(one).collect()
}

fn unlinked(code: &Unlinked) -> Value {
    json!({ "activity": code.activity, "key_code": code.code.as_str(), "people": code.people })
}
