//! What is wrong with a file or folder of our own.

super::messages! {}
