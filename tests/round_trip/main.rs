//! The round trip with SPAR: the program is run as cron runs it, over a folder and over FTP servers that fail at each
//! step. One test per sentence of rules.md, spar-export 1–6 and spar-import 1.

#[cfg(test)]
mod fetched;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod many;
#[cfg(test)]
mod marks;
#[cfg(test)]
mod named;
#[cfg(test)]
mod network;
#[cfg(test)]
mod planted;
#[cfg(test)]
#[path = "../transport/real_server.rs"]
mod real_server;
#[cfg(test)]
mod retried;
#[cfg(test)]
#[path = "../transport/scripted.rs"]
#[expect(dead_code, reason = "the transports' own tests need the rest")]
mod scripted;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod spreadsheets;
#[cfg(test)]
#[path = "../transport/stand.rs"]
#[expect(dead_code, reason = "the transports' own tests need the rest")]
mod stand;
#[cfg(test)]
mod support;
#[cfg(test)]
mod untold;
#[cfg(test)]
mod whom;
