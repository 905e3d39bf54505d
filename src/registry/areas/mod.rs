//! Links of key codes to areas, who has which, and what the population register says of it.

mod links;
mod people;
mod standing;

pub use links::{LinkRow, Verb};
pub use standing::{Located, Locator};
