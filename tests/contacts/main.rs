//! Contact details from systems of record: the program is run as cron runs it, over files of two sources. One test per
//! promise of rules.md, sync-contacts, and of docs/contacts.md.

#[cfg(test)]
mod edits;
#[cfg(test)]
mod files;
#[cfg(test)]
mod history;
#[cfg(test)]
mod newcomers;
#[cfg(test)]
mod oneroster;
#[cfg(test)]
mod protection;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod support;
