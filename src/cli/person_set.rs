//! `mantal person set`

use chrono::NaiveDate;

use super::flags::RunFlags;
use super::person::resolve;
use super::session::Session;
use crate::domain::address::AddressKind;
use crate::domain::contact::ContactField;
use crate::failure::{Failure, Result};
use crate::jobs::person_set::{Block, PersonSet, PlaceWishes, Said, Wishes};
use crate::text::failure as text;

/// An empty value empties the field; `-` reads it from standard input.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal person set person:17 --allow-update no"))]
pub(crate) struct Args {
    /// An identity number, a former number, or person:17
    id: String,
    /// A change of number; the old one becomes a former number
    #[arg(long, value_name = "NUMBER")]
    id_number: Option<String>,
    /// Own category, such as borrower
    #[arg(long, value_name = "TEXT")]
    category: Option<String>,
    /// First names
    #[arg(long, value_name = "TEXT")]
    first_name: Option<String>,
    /// Middle name
    #[arg(long, value_name = "TEXT")]
    middle_name: Option<String>,
    /// Last name
    #[arg(long, value_name = "TEXT")]
    last_name: Option<String>,
    /// Date of birth
    #[arg(long, value_name = "YYYY-MM-DD")]
    birth_date: Option<String>,
    /// Whether SPAR and the population register may update the person
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    allow_update: Option<String>,
    /// The whole comment; what stood there is replaced
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// E-mail
    #[arg(long, value_name = "TEXT")]
    email: Option<String>,
    /// Mobile phone
    #[arg(long, value_name = "TEXT")]
    mobile: Option<String>,
    /// Other phone
    #[arg(long, value_name = "TEXT")]
    phone: Option<String>,
    /// The contact details are the person's own word: sources leave them alone
    #[arg(long)]
    by_person: bool,
    /// Which address the following cells are of
    #[arg(long, value_name = "KIND", value_parser = ["home", "work", "extra"])]
    address: Option<String>,
    /// c/o
    #[arg(long, value_name = "TEXT", requires = "address")]
    care_of: Option<String>,
    /// Street, or all lines of a foreign address
    #[arg(long, value_name = "TEXT", requires = "address")]
    street: Option<String>,
    /// Postal code
    #[arg(long, value_name = "TEXT", requires = "address")]
    postal_code: Option<String>,
    /// City
    #[arg(long, value_name = "TEXT", requires = "address")]
    city: Option<String>,
    /// Country, for a foreign address
    #[arg(long, value_name = "TEXT", requires = "address")]
    country: Option<String>,
    /// Whether it is the active address
    #[arg(long, value_name = "yes|no", requires = "address", value_parser = ["yes", "no"])]
    active: Option<String>,
    /// Block, with a reason
    #[arg(long, value_name = "REASON", conflicts_with = "unblock")]
    block: Option<String>,
    /// Lift a block: status active, no deregistration
    #[arg(long, value_name = "REASON")]
    unblock: Option<String>,
    /// Looked up online: left out of the next list to SPAR
    #[arg(long)]
    refreshed: bool,
    /// Retention class
    #[arg(long, value_name = "TEXT")]
    class: Option<String>,
    #[command(flatten)]
    flags: RunFlags,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let person = resolve(session, &args.id)?;
    let wishes = wishes(session, args)?;
    if wishes.is_empty() {
        return Err(Failure::usage(text::NOTHING_TO_SET));
    }
    session.execute(&mut PersonSet { person, wishes }, &args.flags)
}

fn wishes(session: &Session, args: &Args) -> Result<Wishes> {
    let value = |word: &Option<String>| word.as_deref().map(Session::value).transpose();
    let yes = |word: &Option<String>| word.as_deref().map(|word| word == "yes");
    let number = value(&args.id_number)?.map(|text| session.number(&text)).transpose()?;
    let mut contacts = Vec::new();
    for (field, word) in [
        (ContactField::Email, &args.email),
        (ContactField::Mobile, &args.mobile),
        (ContactField::Phone, &args.phone),
    ] {
        contacts.extend(value(word)?.map(|value| (field, value)));
    }
    Ok(Wishes {
        id_number: number,
        category: value(&args.category)?,
        first_name: value(&args.first_name)?,
        middle_name: value(&args.middle_name)?,
        last_name: value(&args.last_name)?,
        birth_date: value(&args.birth_date)?.map(|text| birth_date(&text)).transpose()?,
        allow_update: yes(&args.allow_update),
        comment: value(&args.comment)?,
        contacts,
        by: if args.by_person { Said::ByPerson } else { Said::ByStaff },
        address: args.address.as_deref().and_then(AddressKind::parse),
        place: PlaceWishes {
            care_of: value(&args.care_of)?,
            street: value(&args.street)?,
            postal_code: value(&args.postal_code)?,
            city: value(&args.city)?,
            country: value(&args.country)?,
        },
        active: yes(&args.active),
        block: match (value(&args.block)?, value(&args.unblock)?) {
            (Some(reason), _) => Some(Block::Set(reason)),
            (None, Some(reason)) => Some(Block::Lift(reason)),
            (None, None) => None,
        },
        refreshed: args.refreshed,
        class: value(&args.class)?,
    })
}

fn birth_date(text_value: &str) -> Result<Option<NaiveDate>> {
    if text_value.is_empty() {
        return Ok(None);
    }
    let wrong =
        |_| Failure::usage(text::BAD_VALUE).with("flag", "--birth-date").with("expected", "YYYY-MM-DD");
    text_value.parse().map(Some).map_err(wrong)
}
