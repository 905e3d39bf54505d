//! What has to be known of every post, found without reading it. That can be wrong; so it counts only for a post that was
//! read before and of which reading told the same.

use std::sync::LazyLock;

use chrono::NaiveDate;
use memchr::memmem::Finder;

use super::value;
use crate::domain::id_number::{NumberKey, Reading};
use crate::domain::spar::post::{Flag, IdType, Post};

/// Where the elements seem to stand.
struct Finders {
    number: Finder<'static>,
    old_number: Finder<'static>,
    skyddad: Finder<'static>,
    changed: Finder<'static>,
    old_changed: Finder<'static>,
}

static FINDERS: LazyLock<Finders> = LazyLock::new(|| Finders {
    number: Finder::new("IdNummer>"),
    old_number: Finder::new("FysiskPersonId>"),
    skyddad: Finder::new("SkyddadFolkbokforing>"),
    changed: Finder::new("SenasteAndringSPAR>"),
    old_changed: Finder::new("SenasteAndringFolkbokforing>"),
});

/// Whose a post is, `SkyddadFolkbokforing` and `SenasteAndringSPAR`, as they seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Its number.
    pub key: NumberKey,
    /// `SkyddadFolkbokforing` is not there.
    pub is_unsaid: bool,
    /// `SenasteAndringSPAR`.
    pub changed_on: Option<NaiveDate>,
}

impl Glance {
    /// At a post as it stands in the file; none if there seems to be no number.
    pub fn at(post: &str, reading: &Reading) -> Option<Self> {
        let finders = &*FINDERS;
        let number = behind(post, &finders.number).or_else(|| behind(post, &finders.old_number))?;
        Some(Self {
            key: value::number(number, IdType::Unsaid, reading)?.key(),
            is_unsaid: finders.skyddad.find(post.as_bytes()).is_none(),
            changed_on: behind(post, &finders.changed)
                .or_else(|| behind(post, &finders.old_changed))
                .and_then(value::date),
        })
    }

    /// What it should have been.
    pub fn of(post: &Post) -> Option<Self> {
        Some(Self {
            key: post.number?.key(),
            is_unsaid: post.skyddad == Flag::Absent,
            changed_on: post.changed_on,
        })
    }
}

/// The text behind the first such tag.
fn behind<'p>(post: &'p str, tag: &Finder<'_>) -> Option<&'p str> {
    let start = tag.find(post.as_bytes())? + tag.needle().len();
    let rest = post.get(start..)?;
    rest.get(..rest.find('<')?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id_number::Country;
    use crate::formats::spar_xml::SparReader;

    const POST: &str = "<AviseringPost><PersonId><IdNummer>189001029819</IdNummer></PersonId>\
        <SkyddadFolkbokforing>NEJ</SkyddadFolkbokforing><SenasteAndringSPAR>2026-10-01</SenasteAndringSPAR>\
        <Relation><PersonId><IdNummer>189001039800</IdNummer></PersonId></Relation></AviseringPost>";

    fn both(post: &str) -> (Option<Glance>, Option<Glance>) {
        let reading = Reading::on(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), Country::Sweden);
        let file = format!("<R><AviseringPoster>{post}</AviseringPoster></R>");
        let read = SparReader::new(file.as_bytes(), reading).next_post().unwrap().unwrap();
        (Glance::at(post, &reading), Glance::of(&read))
    }

    #[test]
    fn a_glance_tells_what_reading_tells() {
        let without = |part: &str| POST.replace(part, "");
        for post in [
            POST.to_owned(),
            without("<SkyddadFolkbokforing>NEJ</SkyddadFolkbokforing>"),
            without("<SenasteAndringSPAR>2026-10-01</SenasteAndringSPAR>"),
            POST.replace("SenasteAndringSPAR", "SenasteAndringFolkbokforing"),
            POST.replace("IdNummer", "FysiskPersonId"),
            POST.replace('<', "<p:").replace("<p:/", "</p:"),
        ] {
            let (glance, read) = both(&post);
            assert!(glance == read && read.is_some(), "{post}");
        }
    }

    #[test]
    fn where_it_would_be_wrong_it_differs() {
        let elsewhere =
            POST.replace("<PersonId><IdNummer>189001029819", "<PersonId><IdNummer x=\"\">189001029819");
        let nested = POST
            .replace("NEJ</SkyddadFolkbokforing>", "")
            .replace("<SkyddadFolkbokforing>", "<SenasteAndringSPAR>2026-01-01</SenasteAndringSPAR>");
        for post in [elsewhere, nested] {
            let (glance, read) = both(&post);
            assert_ne!(glance, read, "{post}");
        }
    }
}
