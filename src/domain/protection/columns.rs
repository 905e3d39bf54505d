//! Every column of the registry that holds personal data, and what becomes of it when its person becomes protected.
//! A test fails for a column with text in neither list, so that nobody adds one unnoticed. (rules.md, Protection)

/// What becomes of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Stays, and is shown: what product.md lists for a protected person, and what finds them again.
    Kept,
    /// Stays, and is shown to nobody.
    Hidden,
    /// Stays hidden, or goes too with `protection.clear_names`.
    HiddenOrCleared,
    /// Goes in the run's transaction; the bytes after it.
    Erased,
    /// Is only there for protected people: a keyed hash.
    Hashed,
    /// Made from the columns of `search_entry`: goes with its row in the run's transaction, the bytes after it.
    Indexed,
}

/// A column with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What becomes of it.
    pub fate: Fate,
}

const fn column(table: &'static str, name: &'static str, fate: Fate) -> Column {
    Column { table, name, fate }
}

/// The list.
pub const PERSONAL: &[Column] = &[
    column("person", "id_number", Fate::Kept),
    column("person", "id_kind", Fate::Kept),
    column("person", "check_digit", Fate::Kept),
    column("person", "status", Fate::Kept),
    column("person", "category", Fate::Hidden),
    column("person", "first_name", Fate::HiddenOrCleared),
    column("person", "called_name", Fate::HiddenOrCleared),
    column("person", "middle_name", Fate::HiddenOrCleared),
    column("person", "last_name", Fate::HiddenOrCleared),
    column("person", "birth_date", Fate::HiddenOrCleared),
    column("person", "deregistration_code", Fate::Hidden),
    column("person", "deregistration_date", Fate::Hidden),
    column("person", "block_reason", Fate::Hidden),
    column("person", "comment", Fate::Hidden),
    column("person", "class", Fate::Hidden),
    column("person", "no_address_since", Fate::Erased),
    column("person", "special_since", Fate::Erased),
    column("person", "key_code", Fate::Erased),
    column("person_area", "activity", Fate::Erased),
    column("person_area", "area", Fate::Erased),
    column("number", "key", Fate::Kept),
    column("number", "kind", Fate::Kept),
    column("number", "said", Fate::Erased),
    column("number", "sent_on", Fate::Kept),
    column("number", "answer_due_on", Fate::Kept),
    column("number", "answered_on", Fate::Kept),
    column("refused_number", "hash", Fate::Hashed),
    column("reason", "reason", Fate::Hidden),
    column("address", "kind", Fate::Erased),
    column("address", "care_of", Fate::Erased),
    column("address", "street", Fate::Erased),
    column("address", "postal_code", Fate::Erased),
    column("address", "city", Fate::Erased),
    column("address", "country", Fate::Erased),
    column("contact", "field", Fate::Erased),
    column("contact", "value", Fate::Erased),
    column("contact", "origin", Fate::Erased),
    column("source_statement", "source", Fate::Erased),
    column("source_statement", "categories", Fate::Erased),
    column("source_statement", "email", Fate::Erased),
    column("source_statement", "mobile", Fate::Erased),
    column("source_statement", "phone", Fate::Erased),
    column("source_statement", "disputed", Fate::Erased),
    column("contact_edit", "field", Fate::Erased),
    column("contact_edit", "edited_at", Fate::Erased),
    column("source_conflict", "field", Fate::Erased),
    column("source_conflict", "detail", Fate::Erased),
    column("source_conflict", "sources", Fate::Erased),
    column("source_conflict", "facts", Fate::Erased),
    column("source_refused", "hash", Fate::Hashed),
    column("protection", "kind", Fate::Kept),
    column("protection", "since", Fate::Kept),
    column("notice", "kind", Fate::Kept),
    column("notice", "other_id", Fate::Erased),
    column("population", "key", Fate::Kept),
    column("population", "kind", Fate::Kept),
    column("population", "municipality", Fate::Kept),
    column("population", "key_code", Fate::Erased),
    column("population", "first_name", Fate::Erased),
    column("population", "middle_name", Fate::Erased),
    column("population", "last_name", Fate::Erased),
    column("population", "care_of", Fate::Erased),
    column("population", "street", Fate::Erased),
    column("population", "postal_code", Fate::Erased),
    column("population", "city", Fate::Erased),
    column("population", "property", Fate::Erased),
    column("population", "deceased_date", Fate::Erased),
    column("population", "address_on", Fate::Erased),
    column("population", "taken", Fate::Erased),
    column("person", "held_since", Fate::Hidden),
    column("person", "held_until", Fate::Hidden),
    column("case_record", "reference", Fate::Hidden),
    column("case_record", "class", Fate::Hidden),
    column("case_record", "opened", Fate::Hidden),
    column("case_record", "closed", Fate::Hidden),
    column("case_record", "last_activity", Fate::Hidden),
    column("case_record", "hold", Fate::Hidden),
    column("document", "reference", Fate::Hidden),
    column("document", "key1", Fate::Hidden),
    column("document", "key2", Fate::Hidden),
    column("subscription", "reference", Fate::Hidden),
    column("subscription", "kind", Fate::Hidden),
    column("subscription", "valid_from", Fate::Hidden),
    column("subscription", "valid_to", Fate::Hidden),
    column("obligation", "reference", Fate::Hidden),
    column("obligation", "kind", Fate::Hidden),
    column("obligation", "valid_from", Fate::Hidden),
    column("obligation", "valid_to", Fate::Hidden),
    column("draft", "reference", Fate::Hidden),
    column("draft", "touched", Fate::Hidden),
    column("event", "reference", Fate::Hidden),
    column("event", "touched", Fate::Hidden),
    column("relation", "kind", Fate::Erased),
    column("search_entry", "names", Fate::Erased),
    column("search_entry", "places", Fate::Erased),
    column("search_entry", "numbers", Fate::Erased),
    column("search", "names", Fate::Indexed),
    column("search", "places", Fate::Indexed),
    column("search", "numbers", Fate::Indexed),
    column("search_data", "block", Fate::Indexed),
    column("search_idx", "term", Fate::Indexed),
    column("journal", "changes", Fate::Erased),
    column("finding", "subject", Fate::Kept),
    column("finding", "facts", Fate::Erased),
    column("finding", "params", Fate::Erased),
    column("finding", "note", Fate::Erased),
];

/// Columns with text in which nothing of a person of the registry may ever stand: codes, dates of runs, names of files,
/// internal ids. Those of `run` tell which member of staff started it.
pub const IMPERSONAL: &[(&str, &[&str])] = &[
    ("meta", &["name", "value"]),
    (
        "run",
        &[
            "job",
            "source",
            "today",
            "started",
            "ended",
            "status",
            "message",
            "message_params",
            "counts",
            "limits",
            "plan",
            "user",
            "sudo_user",
            "host",
            "version",
            "arguments",
        ],
    ),
    ("log_line", &["at", "code", "params"]),
    ("journal", &["at", "verb"]),
    (
        "file",
        &["kind", "name", "sha256", "customer", "order_no", "created", "state", "spooled", "applied_on"],
    ),
    ("rejected", &["file", "code", "params"]),
    ("finding", &["kind", "detail", "state", "first_seen", "last_seen"]),
    ("mark", &["kind", "value"]),
    ("reason", &["verb"]),
    // The municipality's own choices; how many people, but not who, have a code: protected ones are not among them.
    ("area_link", &["activity", "code", "area", "valid_from", "valid_to"]),
    ("area_link_change", &["verb", "activity", "code", "area", "valid_from", "valid_to"]),
    ("held_code", &["code"]),
    ("hiding", &["verb"]),
    ("feed_cursor", &["name", "moved_at"]),
    ("journal_floor", &["at"]),
    ("spar_list", &["name", "file_name", "sha256", "content", "state", "sent_on"]),
    ("source_refused", &["source"]),
    ("source_delivery", &["source"]),
    ("remote_file", &["name", "modified", "sha256"]),
    // Words that could be personal are refused when a line is added.
    ("schedule", &["job", "words", "folder", "local_time", "due", "state", "started"]),
    // What FTS5 keeps of itself: columns without a name of ours, ids of its pages, its options.
    ("search", &["search", "rank"]),
    ("search_idx", &["segid", "pgno"]),
    ("search_config", &["k", "v"]),
];
