//! Log lines.

super::messages! {}
