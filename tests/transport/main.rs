//! What every transport promises, held against each of them, and what they do when the other side misbehaves.

#![cfg(test)]

mod certificates;
mod contract;
mod faults;
mod folder;
mod host_keys;
mod listings;
mod logins;
mod real_server;
mod retries;
mod scripted;
mod secured_server;
mod ssh_faults;
mod ssh_folder;
mod ssh_server;
mod sshd;
mod stand;
mod tls;
