//! What is typed, where it is typed, and how the answer looks there.

#![cfg(test)]

mod locales;
mod long_lists;
mod reference;
mod suggestions;
mod support;
mod swedish;
mod terminals;
