//! Words of tables and summaries.

super::messages! {
    RUN = "word-run", 20, "körning", "run";
    DRY_RUN = "word-dry-run", 20, " (provkörning)", " (dry run)";
    PROTECTED = "word-protected", 20, "skyddad", "protected";
}
