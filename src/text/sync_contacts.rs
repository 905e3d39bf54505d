//! What sync-contacts, user edits and giving back say.

super::messages! {
    UNKNOWN_SOURCE = "unknown-source", 5,
        "Källan {source} står inte i contacts.sources. Kända: {known}.",
        "The source {source} is not in contacts.sources. Known: {known}.";
    NO_SOURCES = "no-sources", 5,
        "Inga källor är angivna. Lägg till t.ex. contacts.sources = [\"{source}\"] i konfigurationen.",
        "No sources are configured. Add, say, contacts.sources = [\"{source}\"] to the configuration.";
    NO_ROWS = "no-rows", 5,
        "{file} har inga rader. Inget har ändrats.",
        "{file} has no rows. Nothing was changed.";
    NO_ROWS_HINT = "no-rows-hint", 20,
        "En tom export är nästan alltid ett fel i källan. Se efter där.",
        "An empty export is nearly always a mistake in the source. Look there.";
    CONTACTS_SYNCED = "contacts-synced", 18,
        "{source}: {rows} rader, {changed} ändrade, {created} nya",
        "{source}: {rows} rows, {changed} changed, {created} new";
    CONTACTS_FILE_SYNCED = "contacts-file-synced", 18,
        "Har läst in {file} från {source} med {rows} rader.",
        "Applied {file} from {source} with {rows} rows.";
    CONTACT_KEPT = "contact-kept", 19,
        "{person}: egen uppgift ({field}) behålls mot {source}.",
        "{person}: their own {field} is kept against {source}.";
    NUMBER_TAKEN_OVER = "number-taken-over", 15,
        "{person}: det tillfälliga numret är ersatt med källans fullständiga.",
        "{person}: the temporary number gave way to the source's full one.";
    CREATES_NOBODY = "creates-nobody", 10,
        "Ingen skapas: registret återställdes utan sidofil. Kör \"restore --accept-loss\" när det är utrett.",
        "Nobody is created: the registry was restored without its side file. Run \"restore --accept-loss\" once that is settled.";
    GIVEN_BACK = "given-back", 15,
        "{fields} egna uppgifter är källornas igen; nästa inläsning fyller dem.",
        "{fields} details of people's own are the sources' again; the next sync fills them.";
    BUNDLE_DAMAGED = "bundle-damaged", 5,
        "{file} är ingen hel zip-fil, eller orimligt stor. Hämta den på nytt.",
        "{file} is not a whole zip file, or absurdly big. Fetch it again.";
    BUNDLE_MANIFEST = "bundle-manifest", 5,
        "{file}: manifest.csv saknas eller kan inte läsas.",
        "{file}: manifest.csv is missing or can't be read.";
    BUNDLE_MISSING = "bundle-missing", 5,
        "{file}: {member} saknas, trots att den behövs eller manifest.csv lovar den.",
        "{file}: {member} is missing, though it is needed or manifest.csv promises it.";
    BAD_CONTACT = "bad-contact", 5,
        "{flag}: ingen användbar {field}.", "{flag}: no usable {field}.";
}
