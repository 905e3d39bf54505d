//! mantal keeps a local register of people true. `docs/architecture.md` shows the rooms and which way imports go.

pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod failure;
pub mod formats;
pub mod io;
pub mod jobs;
pub mod leak_control;
pub mod registry;
pub mod text;
pub mod transport;
