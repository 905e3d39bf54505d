//! The rules of well-formed XML that the parser leaves to us: names, attributes, references, the declaration.

use super::fault::Reason;

/// No form of the file has half as many, namespace declarations included.
pub(super) const MAX_ATTRIBUTES: usize = 64;

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether there is nothing but XML's own white space.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// The name without its prefix; an error if it is no legal name.
pub(super) fn local_name(name: &str) -> Result<&str, Reason> {
    let local = match name.split_once(':') {
        Some((prefix, local)) if is_plain_name(prefix) => local,
        Some(_) => return Err(Reason::NotWellFormed),
        None => name,
    };
    if is_plain_name(local) { Ok(local) } else { Err(Reason::NotWellFormed) }
}

/// A name without a colon.
fn is_plain_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')) {
        return true;
    }
    let mut letters = name.chars();
    letters.next().is_some_and(starts_a_name) && letters.all(continues_a_name)
}

/// `NameStartChar` of XML 1.0, without the colon.
const fn starts_a_name(letter: char) -> bool {
    matches!(letter,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}'
        | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// `NameChar` of XML 1.0, without the colon.
const fn continues_a_name(letter: char) -> bool {
    starts_a_name(letter)
        || matches!(letter,
            '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// What `&name;` stands for.
pub(super) fn reference(name: &str) -> Result<char, Reason> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => match name.strip_prefix('#') {
            Some(number) => character(number).ok_or(Reason::NotWellFormed),
            None => Err(Reason::UnknownEntity),
        },
    }
}

fn character(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would take a sign.
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|letter| is_legal(*letter))
}

/// `Char` of XML 1.0; surrogates are no `char` anyway.
const fn is_legal(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// Text between tags: `]]>` may not stand there.
pub(super) fn check_text(text: &str) -> Result<(), Reason> {
    if text.as_bytes().contains(&b'>') && text.contains("]]>") { Err(Reason::NotWellFormed) } else { Ok(()) }
}

/// Checks what stands behind the name in a tag.
pub(super) fn check_attributes(raw: &str) -> Result<(), Reason> {
    if raw.is_empty() {
        return Ok(());
    }
    let mut names = Vec::new();
    for attribute in Attributes(raw) {
        let (name, value) = attribute?;
        local_name(name)?;
        check_value(value)?;
        if names.contains(&name) {
            return Err(Reason::NotWellFormed);
        }
        if names.len() == MAX_ATTRIBUTES {
            return Err(Reason::TooManyAttributes);
        }
        names.push(name);
    }
    Ok(())
}

fn check_value(value: &str) -> Result<(), Reason> {
    if value.contains('<') {
        return Err(Reason::NotWellFormed);
    }
    let mut parts = value.split('&');
    parts.next();
    parts.try_for_each(|part| {
        let (name, _) = part.split_once(';').ok_or(Reason::NotWellFormed)?;
        reference(name).map(|_| ())
    })
}

/// Reads `name="value"` after `name="value"`, each with white space before it.
struct Attributes<'a>(&'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<(&'a str, &'a str), Reason>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(BLANKS);
        if rest.is_empty() {
            return None;
        }
        let spaced = rest.len() < self.0.len();
        let found = attribute(rest).filter(|_| spaced);
        self.0 = found.map_or("", |(_, _, rest)| rest);
        Some(found.map(|(name, value, _)| (name, value)).ok_or(Reason::NotWellFormed))
    }
}

fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let rest = rest.trim_start_matches(BLANKS);
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, rest) = rest.strip_prefix(quote)?.split_once(quote)?;
    Some((name.trim_end_matches(BLANKS), value, rest))
}

/// Checks an XML declaration (what stands behind `<?xml`) and gives the encoding that it names.
pub(super) fn declaration(raw: &str) -> Result<Option<&str>, Reason> {
    let mut attributes = Attributes(raw);
    let mut next = attributes.next().transpose()?;
    match next {
        Some(("version", version)) if is_version(version) => next = attributes.next().transpose()?,
        _ => return Err(Reason::NotWellFormed),
    }
    let mut encoding = None;
    if let Some(("encoding", label)) = next {
        encoding = Some(label);
        next = attributes.next().transpose()?;
    }
    if let Some(("standalone", "yes" | "no")) = next {
        next = attributes.next().transpose()?;
    }
    if next.is_none() { Ok(encoding) } else { Err(Reason::NotWellFormed) }
}

/// XML 1.1 allows characters that 1.0 forbids; every 1.0 reader refuses it.
fn is_version(version: &str) -> bool {
    version == "1.0"
}

/// A processing instruction's target: a name, but not `xml` in any case.
pub(super) fn check_target(target: &str) -> Result<(), Reason> {
    if is_plain_name(target) && !target.eq_ignore_ascii_case("xml") {
        Ok(())
    } else {
        Err(Reason::NotWellFormed)
    }
}

#[cfg(test)]
mod tests;
