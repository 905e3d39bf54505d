//! What findings say.

super::messages! {}
