//! Words of tables and summaries.

super::messages! {
    RUN = "word-run", 20, "körning", "run";
}
