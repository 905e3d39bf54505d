//! Held and rejected files are kept for whoever looks at them, but not where one would tell of somebody whose data were
//! erased: no run puts those back, into the spool neither. (product.md, promise 4)

use std::collections::HashSet;

use super::receive::Received;
use crate::domain::id_number::{IdNumber, NumberKey, Reading};
use crate::domain::spar::post::Post;
use crate::failure::Result;
use crate::formats::number_search::bare;
use crate::formats::spar_xml::SparReader;
use crate::jobs::run::Run;
use crate::jobs::settle::holds_any;
use crate::registry::people::Concealment;

/// Whether a file holds name, address or another number of somebody erased, or of a number that is refused since then.
/// One that can't be read to its end does if it holds such a person's number at all.
pub(super) fn tells_of_erased(run: &Run<'_>, file: &Received) -> Result<bool> {
    let people = run.registry.protected_people()?;
    let erased: Vec<IdNumber> = people
        .iter()
        .filter(|person| person.concealment == Concealment::Erased)
        .map(|person| person.number)
        .collect();
    let refuses = run.registry.refuses_any()?;
    if erased.is_empty() && !refuses {
        return Ok(false);
    }
    let keys: HashSet<NumberKey> = erased.iter().map(IdNumber::key).collect();
    let is_theirs = |number: &IdNumber| -> Result<bool> {
        Ok(keys.contains(&number.key()) || (refuses && run.registry.is_refused(run.key.hash(number))?))
    };
    if let Ok(xml) = file.open() {
        let mut reader = SparReader::new(xml, Reading::on(run.setup.today, run.setup.settings.country));
        loop {
            match reader.next_post() {
                Ok(Some(post)) => {
                    if tells(&post) && post.number.as_ref().map(is_theirs).transpose()?.unwrap_or(false) {
                        return Ok(true);
                    }
                }
                Ok(None) => return Ok(false),
                Err(_) => break,
            }
        }
    }
    holds_any(file.path(), &erased.iter().map(|number| bare(number.reveal())).collect())
}

/// Whether a post says where somebody lives, what they are called, or another number of theirs.
fn tells(post: &Post) -> bool {
    let is_linked = post.details.iter().any(|details| !details.value.links.is_empty());
    is_linked
        || !(post.names.is_empty()
            && post.registered.is_empty()
            && post.special.is_empty()
            && post.abroad.is_empty()
            && post.contact.is_empty())
}
