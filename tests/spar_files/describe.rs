//! What was read, as the lines of the texts beside the fixtures.

use std::fmt::Write as _;

use chrono::NaiveDate;
use mantal::domain::id_number::IdNumber;
use mantal::domain::spar::post::{Dated, Details, Envelope, Post, PostAddress, PostName};

fn put(out: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        write!(out, " {name}={value}").unwrap();
    }
}

fn interval<T>(dated: &Dated<T>) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    format!("{}..{}", day(dated.from), day(dated.till))
}

fn number(number: Option<IdNumber>) -> String {
    number.map_or("-".to_owned(), |number| format!("{} {}", number.reveal(), number.kind().name()))
}

fn name(out: &mut String, dated: &Dated<PostName>) {
    write!(out, "  name {}", interval(dated)).unwrap();
    let PostName { first, called, middle, last } = &dated.value;
    for (name, value) in [("first", first), ("called", called), ("middle", middle), ("last", last)] {
        put(out, name, value.as_deref());
    }
    out.push('\n');
}

fn details(out: &mut String, dated: &Dated<Details>) {
    let details = &dated.value;
    write!(out, "  details {}", interval(dated)).unwrap();
    out.push_str(if details.sekretess { " sekretess" } else { "" });
    out.push_str(if details.skyddad { " skyddad" } else { "" });
    put(out, "cause", details.cause.as_deref());
    put(out, "deregistered", details.deregistered_on.as_deref());
    put(out, "died", details.died_on.as_deref());
    put(out, "found-dead", details.found_dead_on.as_deref());
    put(out, "coordination-died", details.coordination_died_on.as_deref());
    put(out, "born", details.birth_date.map(|date| date.to_string()).as_deref());
    for link in &details.links {
        write!(out, " link={:?}:{}", link.way, number(link.number)).unwrap();
    }
    out.push('\n');
}

fn address(out: &mut String, group: &str, dated: &Dated<PostAddress>) {
    let address = &dated.value;
    let where_to = if address.foreign { "foreign" } else { "swedish" };
    write!(out, "  {group} {} {where_to}", interval(dated)).unwrap();
    put(out, "co", address.care_of.as_deref());
    for line in &address.lines {
        put(out, "line", Some(line));
    }
    put(out, "code", address.postal_code.as_deref());
    put(out, "city", address.city.as_deref());
    put(out, "country", address.country.as_deref());
    out.push('\n');
}

fn describe_post(out: &mut String, ordinal: usize, post: &Post) {
    writeln!(out, "post {ordinal}: {}, {:?}", number(post.number), post.id_type).unwrap();
    let day = |day: Option<NaiveDate>| day.map(|day| format!(" {day}")).unwrap_or_default();
    writeln!(out, "  sekretess {:?}{}", post.sekretess, day(post.sekretess_on)).unwrap();
    writeln!(out, "  skyddad {:?}{}", post.skyddad, day(post.skyddad_on)).unwrap();
    if let Some(changed) = post.changed_on {
        writeln!(out, "  changed {changed}").unwrap();
    }
    post.names.iter().for_each(|dated| name(out, dated));
    post.details.iter().for_each(|dated| details(out, dated));
    for dated in &post.residences {
        let residence = dated.value.map_or("-".to_owned(), |residence| format!("{residence:?}"));
        writeln!(out, "  residence {} {residence}", interval(dated)).unwrap();
    }
    let groups = [
        ("registered", &post.registered),
        ("special", &post.special),
        ("abroad", &post.abroad),
        ("contact", &post.contact),
    ];
    for (group, addresses) in groups {
        for dated in addresses {
            address(out, group, dated);
        }
    }
}

pub fn describe(envelope: &Envelope, posts: &[Post]) -> String {
    let mut out = "file".to_owned();
    put(&mut out, "customer", envelope.customer.as_deref());
    put(&mut out, "order", envelope.order.as_deref());
    put(&mut out, "created", envelope.created.as_deref());
    put(&mut out, "sequence", envelope.sequence.map(|sequence| sequence.to_string()).as_deref());
    out.push('\n');
    posts.iter().enumerate().for_each(|(index, post)| describe_post(&mut out, index + 1, post));
    out
}
