//! Changes to a person as values: what the journal stores, a dry run prints and undo puts back.
