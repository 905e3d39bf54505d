//! `Aviseringsinformation`: which order a file is of, and its counters.

use std::io::BufRead;

use crate::domain::population::delivery::Part;
use crate::formats::xml::{Fault, Pull, Reason};

/// The groups on the way to the counters, and what stands in them.
enum Element {
    Group,
    Order,
    Counter(Counter),
}

#[derive(Clone, Copy)]
enum Counter {
    Posts,
    Total,
    Files,
    Number,
    Sequence,
}

fn element(name: &str) -> Option<Element> {
    Some(match name {
        "Filinformation" | "Utfil" => Element::Group,
        "BestallningsId" => Element::Order,
        "AntalPoster" => Element::Counter(Counter::Posts),
        "AntalPosterTotalt" => Element::Counter(Counter::Total),
        "AntalFiler" => Element::Counter(Counter::Files),
        "FilNr" => Element::Counter(Counter::Number),
        "LopNr" => Element::Counter(Counter::Sequence),
        _ => return None,
    })
}

/// Reads the element that is open.
pub(super) fn read<R: BufRead>(pull: &mut Pull<R>, part: &mut Part) -> Result<(), Fault> {
    while let Some(element) = pull.child(element)? {
        match element {
            Element::Group => read(pull, part)?,
            Element::Order => part.order = pull.value()?,
            Element::Counter(counter) => {
                let place = match counter {
                    Counter::Posts => &mut part.posts,
                    Counter::Total => &mut part.total,
                    Counter::Files => &mut part.files,
                    Counter::Number => &mut part.number,
                    Counter::Sequence => &mut part.sequence,
                };
                *place = number(pull)?;
            }
        }
    }
    Ok(())
}

/// An empty counter counts as none; one that is no number makes the file unusable.
fn number<R: BufRead>(pull: &mut Pull<R>) -> Result<Option<u64>, Fault> {
    let Some(text) = pull.value()? else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits => Ok(Some(number)),
        Ok(_) | Err(_) => Err(pull.fault(Reason::BadCounter)),
    }
}
