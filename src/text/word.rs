//! Words of tables and summaries.

super::messages! {}
