//! `mantal doctor` as a monitor runs it: on sound installations, on each defect made for real, over servers that fail at
//! each step. It changes nothing, takes no lock, and shows no secret.

#[cfg(test)]
mod defects;
#[cfg(test)]
mod disks;
#[cfg(test)]
mod leftovers;
#[cfg(test)]
#[path = "../transport/real_server.rs"]
mod real_server;
#[cfg(test)]
#[path = "../transport/scripted.rs"]
#[expect(dead_code, reason = "the transports' own tests need the rest")]
mod scripted;
#[cfg(test)]
mod seen;
#[cfg(test)]
mod server;
#[cfg(test)]
mod sound;
#[cfg(test)]
#[path = "../transport/stand.rs"]
#[expect(dead_code, reason = "the transports' own tests need the rest")]
mod stand;
#[cfg(test)]
mod stopped;
#[cfg(test)]
#[path = "../round_trip/support.rs"]
#[expect(dead_code, reason = "the round trip's own tests need the rest")]
mod support;
