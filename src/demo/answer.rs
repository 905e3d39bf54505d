//! SPAR's answer as a stand-in writes it: a whole update file about the invented people, in constant memory.

use std::io::{self, Write};

use chrono::NaiveDate;

use super::life::{Lots, Month, THOUSAND};
use super::people::Town;
use super::post::{PREFIXES, posts_of, stranger};
use super::random::Random;

/// The customer and the order of SPAR's own test material.
const CUSTOMER: &str = "500243";
const ORDER: &str = "949";

const COMPONENT: &str = "http://statenspersonadressregister.se/schema/komponent/";

/// So many thousands of people are mixed with one another at a time.
const WINDOW: u64 = 16;

/// In which order the posts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorting {
    /// By number.
    Numbers,
    /// At random, within windows of some ten thousand posts.
    Windows,
}

/// One update file.
#[derive(Clone, Debug)]
pub struct Answer<'m> {
    /// About whom.
    pub town: Town,
    /// What happened until now; the last one is the month of this file.
    pub months: &'m [Month],
    /// In which order.
    pub sorting: Sorting,
}

impl Answer<'_> {
    /// What SPAR would call the file.
    pub fn name(&self) -> String {
        let day = self.day().format("%Y%m%d");
        format!("SPARAvisering_{day}031500_SPAR{CUSTOMER}-{ORDER}.xml")
    }

    /// Writes the file; gives how many posts it has.
    pub fn write(&self, sink: impl Write) -> io::Result<u64> {
        self.write_about(sink, &|_| true)
    }

    /// Writes a file about those of the town whose numbers were asked about, and some strangers.
    pub(super) fn write_about(&self, mut sink: impl Write, asked: &dyn Fn(&str) -> bool) -> io::Result<u64> {
        self.head(&mut sink)?;
        let mut posts = Vec::new();
        let mut written = 0;
        let blocks = self.town.people.div_ceil(THOUSAND);
        for block in 0..blocks {
            self.block(block, asked, &mut posts);
            if self.sorting == Sorting::Numbers || (block + 1) % WINDOW == 0 || block + 1 == blocks {
                if self.sorting == Sorting::Windows {
                    Random::at(self.town.seed, &[block, 200]).shuffle(&mut posts);
                }
                written += posts.len() as u64;
                posts.drain(..).try_for_each(|post| sink.write_all(post.as_bytes()))?;
            }
        }
        sink.write_all(b"</a:AviseringPoster>\n</SPARAvisering>\n")?;
        sink.flush()?;
        Ok(written)
    }

    fn day(&self) -> NaiveDate {
        self.months.last().map(|month| month.day).unwrap_or_default()
    }

    fn block(&self, block: u64, asked: &dyn Fn(&str) -> bool, posts: &mut Vec<String>) {
        let lots = Lots::deal(self.town, block, self.months);
        for life in lots.lives().filter(|life| asked(&life.former.unwrap_or(life.number).text())) {
            posts_of(self.town, &life, posts);
        }
        let first_day = self.months.first().map(|month| month.day).unwrap_or_default();
        posts.extend(lots.strangers().map(|number| stranger(self.town, number, first_day)));
    }

    fn head(&self, sink: &mut impl Write) -> io::Result<()> {
        let day = self.day();
        let yesterday = day - chrono::Days::new(1);
        write!(
            sink,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!-- Invented by mantal: nobody in this file exists. -->
<SPARAvisering xmlns=\"http://statenspersonadressregister.se/schema/avisering/2021.1/avisering\">
<IdentifieringsinformationFil>
<Medieleverantor><KundNr>500001</KundNr></Medieleverantor>
<Mediemottagare><KundNr>{CUSTOMER}</KundNr></Mediemottagare>
<Filinformation><UppdragId>{ORDER}</UppdragId>\
<ResultatfilSkapad>{day}T03:15:00.000</ResultatfilSkapad>\
<Sekvensnummer>{}</Sekvensnummer></Filinformation>
</IdentifieringsinformationFil>
<Aviseringsunderlag>
<Kundinfil><Namn>C0000-000001-spar.csv</Namn><Inlast>{yesterday}T10:00:00.000</Inlast></Kundinfil>
<Folkbokforingsfil><Inlast>{day}T01:30:00.000</Inlast></Folkbokforingsfil>
</Aviseringsunderlag>
<a:AviseringPoster",
            self.months.len()
        )?;
        for (prefix, component) in PREFIXES {
            write!(sink, " xmlns:{prefix}=\"{COMPONENT}{component}\"")?;
        }
        sink.write_all(b">\n")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Cursor;

    use super::*;
    use crate::demo::Mix;
    use crate::domain::id_number::{Country, Reading};
    use crate::domain::spar::post::Post;
    use crate::formats::spar_xml::SparReader;

    const TOWN: Town = Town { people: 2_000, seed: 11 };

    fn months(mixes: &[Mix]) -> Vec<Month> {
        let days = ["2026-09-01", "2026-10-01", "2026-11-01"];
        days.iter().zip(mixes).map(|(day, mix)| Month { day: day.parse().unwrap(), mix: *mix }).collect()
    }

    fn file(months: &[Month], sorting: Sorting) -> Vec<u8> {
        let mut file = Vec::new();
        Answer { town: TOWN, months, sorting }.write(&mut file).unwrap();
        file
    }

    fn read(file: &[u8]) -> Vec<Post> {
        let today = "2026-11-22".parse().unwrap();
        let mut reader = SparReader::new(Cursor::new(file), Reading::on(today, Country::Sweden));
        assert_eq!(reader.envelope().unwrap().customer.as_deref(), Some(CUSTOMER));
        let mut posts = Vec::new();
        while let Some(post) = reader.next_post().unwrap() {
            posts.push(post);
        }
        posts
    }

    #[test]
    fn the_file_is_one_that_the_importer_reads_with_the_mix_in_it() {
        let posts = read(&file(&months(&[Mix::USUAL]), Sorting::Numbers));
        let cause = |post: &Post| post.details.first().and_then(|dated| dated.value.cause.clone());
        let count = |code: &str| posts.iter().filter(|post| cause(post).as_deref() == Some(code)).count();
        // Each of 2 000, a second post for the four new numbers, ten strangers.
        assert_eq!(posts.len(), 2_000 + 4 + 10);
        assert!(posts.iter().all(|post| post.number.is_some()));
        assert_eq!((count("AV"), count("UV"), count("GN")), (24, 16, 6));
        assert_eq!(
            posts.iter().filter(|post| post.sekretess != crate::domain::spar::post::Flag::No).count(),
            6
        );
    }

    #[test]
    fn posts_are_as_long_as_real_ones() {
        let file = file(&months(&[Mix::USUAL]), Sorting::Numbers);
        let each = file.len() / 2_014;
        assert!((650..800).contains(&each), "{each} bytes");
    }

    #[test]
    fn another_order_has_the_same_posts() {
        let months = months(&[Mix::USUAL, Mix::USUAL]);
        let lines = |sorting| -> BTreeSet<Vec<u8>> {
            file(&months, sorting).split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
        };
        assert_eq!(lines(Sorting::Numbers), lines(Sorting::Windows));
        assert_ne!(file(&months, Sorting::Numbers), file(&months, Sorting::Windows));
    }

    #[test]
    fn a_month_in_which_nothing_happened_says_the_same_of_everybody_who_kept_the_number() {
        let before = read(&file(&months(&[Mix::USUAL]), Sorting::Numbers));
        let after = read(&file(&months(&[Mix::USUAL, Mix::NOTHING]), Sorting::Numbers));
        // Only the four posts of the replaced numbers are not sent again.
        assert_eq!(before.len() - after.len(), 4);
        let missing: Vec<&Post> = before.iter().filter(|post| !after.contains(post)).collect();
        assert_eq!(missing.len(), 4);
    }
}
