//! What is wrong with CSV files: their headers (nothing is done) and their rows (they are rejected, the others go on).

super::messages! {
    NO_MAPPING = "no-mapping", 5,
        "Konfigurationen har inga rubriker för {source}. Lägg till t.ex. [sources.{source}] med columns = { \"Personnr\" = \"id_number\" }.",
        "The configuration has no headers for {source}. Add, say, [sources.{source}] with columns = { \"Personnr\" = \"id_number\" }.";
    EMPTY = "csv-empty", 5, "{file}: filen är tom.", "{file}: the file is empty.";
    UNREADABLE = "csv-unreadable", 5,
        "{file} rad {line}: kunde inte läsas ({reason}).", "{file} line {line}: could not be read ({reason}).";
    UNDECODABLE = "csv-undecodable", 5,
        "{file}: teckenkodningen går inte att läsa. Spara om filen som UTF-8.",
        "{file}: the encoding can't be read. Save the file as UTF-8.";
    UNDECODABLE_LATER = "csv-undecodable-line", 5,
        "{file} efter rad {line}: tecken som inte går att läsa ({reason}). Spara om filen som UTF-8.",
        "{file} after line {line}: characters that can't be read ({reason}). Save the file as UTF-8.";
    MIXED_ENCODINGS = "csv-mixed-encodings", 5,
        "{file}: flera teckenkodningar i samma fil, så att namn skulle bli fel. Spara om den som UTF-8.",
        "{file}: several encodings in one file, so that names would be spoilt. Save it as UTF-8.";
    HEADER_BROKEN = "csv-header-broken", 5,
        "{file}: rubrikraden har ett citattecken som inte avslutas, eller är för lång.",
        "{file}: the header line has a quote that is not closed, or is too long.";
    HEADER_TOO_LONG = "csv-too-many-columns", 5,
        "{file}: fler kolumner än någon fil har.", "{file}: more columns than any file has.";
    NO_HEADER = "csv-no-header", 5,
        "{file}: första raden ser ut som uppgifter, inte som kolumnnamn. Lägg till en rubrikrad.",
        "{file}: the first line looks like data, not like names of columns. Add a header line.";
    COLUMN_MISSING = "csv-column-missing", 5,
        "{file}: kolumn saknas: {column}.", "{file}: missing column: {column}.";
    COLUMN_TWICE = "csv-column-twice", 5,
        "{file}: kolumnen {column} finns två gånger.", "{file}: the column {column} stands twice.";
    COLUMN_UNKNOWN = "csv-column-unknown", 5,
        "{file}: okänd kolumn: {column}.", "{file}: unknown column: {column}.";
    COLUMN_NAMELESS = "csv-column-nameless", 5,
        "{file}: kolumn {column} har inget namn.", "{file}: column {column} has no name.";
    EXPECTED = "csv-expected", 5,
        "Kolumner (* måste finnas): {expected}.", "Columns (* must be there): {expected}.";

    RAGGED = "ragged", 15,
        "raden har fler eller färre celler än rubriken", "the row has more or fewer cells than the header";
    BROKEN_QUOTE = "broken-quote", 15,
        "ett citattecken avslutas inte där cellen slutar", "a quote is not closed where its cell ends";
    ROW_TOO_LONG = "row-too-long", 15, "raden är längre än 1 MiB", "the row is longer than 1 MiB";
    NUL = "nul", 15, "raden innehåller NUL-tecken", "the row contains NUL characters";
    LOST_LETTER = "lost-letter", 15,
        "en bokstav har gått förlorad i en tidigare konvertering", "an earlier conversion has lost a letter";
    CELL_TOO_LONG = "cell-too-long", 15,
        "{column}: längre än 1 000 tecken", "{column}: longer than 1 000 characters";
    CONTROL_CHARACTER = "control-character", 15, "{column}: styrtecken", "{column}: control characters";
    ID_NUMBER_EMPTY = "id-number-empty", 15, "{column}: tomt", "{column}: empty";
    ID_NUMBER_SHAPE = "id-number-shape", 15,
        "{column}: inget identitetsnummer i någon känd form", "{column}: no identity number of any known form";
    ID_NUMBER_DATE = "id-number-date", 15,
        "{column}: datumet i numret finns inte", "{column}: the date in the number does not exist";
    ID_NUMBER_KIND = "id-number-kind", 15,
        "{column}: numret är inte av det slag som raden anger", "{column}: the number is not of the kind that the row names";
    ID_KIND = "id-kind", 15,
        "{column}: ska vara personnummer, samordningsnummer, immunitetsnummer, temporary, reserve eller cpr",
        "{column}: must be personnummer, samordningsnummer, immunitetsnummer, temporary, reserve or cpr";
    BIRTH_DATE = "birth-date", 15,
        "{column}: ska vara en dag som finns, ÅÅÅÅ-MM-DD", "{column}: must be a day that exists, YYYY-MM-DD";
    ADDRESS_KIND = "address-kind", 15,
        "{column}: ska vara home, work eller extra", "{column}: must be home, work or extra";
    ROWS_DISAGREE = "rows-disagree", 15,
        "{column}: raden säger emot rad {line} om samma person", "{column}: the row contradicts line {line} about the same person";
    SOURCE_CATEGORY = "source-category", 15,
        "{column}: ska vara student, staff eller guardian", "{column}: must be student, staff or guardian";
    EMAIL = "email-shape", 15,
        "{column}: ingen e-postadress; räknas som inte sagd", "{column}: no e-mail address; counts as not said";
    PHONE = "phone-shape", 15,
        "{column}: inget telefonnummer; räknas som inte sagt", "{column}: no phone number; counts as not said";
    CHANGED_AT = "changed-at", 15,
        "{column}: ska vara en tidpunkt, t.ex. 2026-11-22T08:36:25Z", "{column}: must be an instant, such as 2026-11-22T08:36:25Z";
    ROW_STATUS = "row-status", 15,
        "{column}: ska vara active eller tobedeleted", "{column}: must be active or tobedeleted";
    YES_NO = "yes-no", 15, "{column}: ska vara ja eller nej", "{column}: must be yes or no";
}
