//! What every transport promises, held against each of them, and what they do when the other side misbehaves.

#![cfg(test)]

mod contract;
mod faults;
mod folder;
mod listings;
mod real_server;
mod retries;
mod scripted;
mod stand;
