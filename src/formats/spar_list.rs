//! Lists to SPAR: three forms, the same bytes for the same numbers. (rules.md, spar-export 3; spar.md 2)

use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The root and its namespace as far as they are known (spar.md, 2 and 9).
const OPENING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<SPARInfilIdNummer xmlns=\"http://statenspersonadressregister.se/schema/avisering/2023.1/infilidnummer\">\n";
const CLOSING: &str = "</SPARInfilIdNummer>\n";

/// What a list looks like (`spar.format`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One line, commas, no final newline.
    Csv,
    /// One number a line.
    Lines,
    /// `InfilIdNummer`, which alone can ask for the current state.
    Xml,
}

/// Whether a number's current state is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Changes only.
    Changes,
    /// `nulage="JA"`: once, what holds now.
    CurrentState,
}

/// Writes a list number by number.
pub struct ListWriter<W: Write> {
    out: W,
    form: Form,
    is_first: bool,
}

impl<W: Write> ListWriter<W> {
    /// Begins a list.
    pub fn new(mut out: W, form: Form) -> io::Result<Self> {
        if form == Form::Xml {
            out.write_all(OPENING.as_bytes())?;
        }
        Ok(Self { out, form, is_first: true })
    }

    /// Adds a number of twelve digits.
    pub fn add(&mut self, number: &str, wish: Wish) -> io::Result<()> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        match (self.form, wish) {
            (Form::Csv, _) if is_first => write!(self.out, "{number}"),
            (Form::Csv, _) => write!(self.out, ",{number}"),
            (Form::Lines, _) => writeln!(self.out, "{number}"),
            (Form::Xml, Wish::Changes) => writeln!(self.out, "  <InfilIdNummer>{number}</InfilIdNummer>"),
            (Form::Xml, Wish::CurrentState) => {
                writeln!(self.out, "  <InfilIdNummer nulage=\"JA\">{number}</InfilIdNummer>")
            }
        }
    }

    /// Ends the list.
    pub fn finish(mut self) -> io::Result<W> {
        if self.form == Form::Xml {
            self.out.write_all(CLOSING.as_bytes())?;
        }
        Ok(self.out)
    }
}

/// Packs a list as a zip with exactly one member. The same list gives the same bytes: the member has no time.
pub fn pack<W: Write + Seek>(out: W, member: &str, content: &mut dyn io::Read) -> io::Result<W> {
    let mut zip = ZipWriter::new(out);
    zip.start_file(member, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
    io::copy(content, &mut zip)?;
    Ok(zip.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Form) -> String {
        let mut list = ListWriter::new(Vec::new(), form).unwrap();
        list.add("197701862398", Wish::Changes).unwrap();
        list.add("198501012382", Wish::CurrentState).unwrap();
        String::from_utf8(list.finish().unwrap()).unwrap()
    }

    #[test]
    fn each_form_has_its_bytes() {
        assert_eq!(written(Form::Csv), "197701862398,198501012382");
        assert_eq!(written(Form::Lines), "197701862398\n198501012382\n");
        assert!(written(Form::Xml).contains("<InfilIdNummer>197701862398</InfilIdNummer>"));
        assert!(written(Form::Xml).contains("<InfilIdNummer nulage=\"JA\">198501012382</InfilIdNummer>"));
        assert!(written(Form::Xml).ends_with("</SPARInfilIdNummer>\n"));
    }

    #[test]
    fn a_packed_list_is_a_zip_with_one_member_that_holds_it() {
        let packed =
            pack(io::Cursor::new(Vec::new()), "C2611-000001-spar", &mut "197701862398".as_bytes()).unwrap();
        let mut archive = zip::ZipArchive::new(packed).unwrap();
        assert_eq!(archive.len(), 1);
        let mut text = String::new();
        io::Read::read_to_string(&mut archive.by_index(0).unwrap(), &mut text).unwrap();
        assert_eq!(text, "197701862398");
    }
}
