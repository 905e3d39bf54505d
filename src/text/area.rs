//! Key codes, links and areas: what is wrong with a file of links, what the jobs say, and the words of their tables.

super::messages! {
    CELL_EMPTY = "link-cell-empty", 15, "{column}: tomt", "{column}: empty";
    KEY_CODE_SHAPE = "link-code-shape", 15,
        "{column}: ska vara siffror, med en stjärna sist för alla koder som börjar så",
        "{column}: must be digits, with a star at the end for every code that begins so";
    KEY_CODE_LONG = "link-code-long", 15,
        "{column}: en nyckelkod har högst åtta siffror", "{column}: a key code has eight digits at most";
    KEY_CODE_STAR = "link-code-star", 15,
        "{column}: en ensam stjärna skulle koppla alla koder; skriv kodernas början före den",
        "{column}: a bare star would link every code; write how the codes begin before it";
    DATE_FORM = "link-date-form", 15,
        "{column}: datum skrivs ÅÅÅÅ-MM-DD och på inget annat sätt",
        "{column}: dates are written YYYY-MM-DD and in no other form";
    DATE_ABSENT = "link-date-absent", 15, "{column}: den dagen finns inte", "{column}: there is no such day";
    DAYS_REVERSED = "link-days-reversed", 15,
        "valid_from är senare än valid_to", "valid_from is later than valid_to";
    LINK_TWICE = "link-twice", 15,
        "samma kod, verksamhet och dag som rad {line}; bara en koppling kan gälla",
        "the same code, activity and day as line {line}; only one link can hold";
    LINK_STORED = "link-stored", 15,
        "samma kod, verksamhet och dag som en koppling som finns: {link}",
        "the same code, activity and day as a link that is there: {link}";
    LINKS_REJECTED = "links-rejected", 5,
        "{file}: felaktiga rader: {rows}. Inget har ändrats: en fil med kopplingar läses in hel eller inte alls.",
        "{file}: wrong rows: {rows}. Nothing was changed: a file of links is taken whole or not at all.";
    LINKS_NONE = "links-none", 5,
        "{file}: inga kopplingar i filen; inget har ändrats.", "{file}: no links in the file; nothing was changed.";
    LINKS_TOO_MANY = "links-too-many", 5,
        "{file}: fler än {most} rader; så många kopplingar har ingen kommun. Inget har ändrats.",
        "{file}: more than {most} rows; no municipality has so many links. Nothing was changed.";
    LINKS_IMPORTED = "links-imported", 18,
        "{file}: {created} nya kopplingar, {changed} ändrade, {removed} borttagna. Kör update-areas när det är dags.",
        "{file}: {created} new links, {changed} changed, {removed} gone. Run update-areas when it is time.";
    LINK_WITHOUT_CODE = "link-without-code", 15,
        "{file} rad {line}: {link} ({activity}) träffar ingen nyckelkod som någon har idag.",
        "{file} line {line}: {link} ({activity}) matches no key code that anybody has today.";
    NO_MUNICIPALITY = "areas-no-municipality", 5,
        "Inställningen municipality är tom: det går inte att veta vilka som är folkbokförda hos er. Inget har ändrats.",
        "The setting municipality is empty: who is registered with you can't be told. Nothing was changed.";
    NO_MUNICIPALITY_HINT = "areas-no-municipality-hint", 20,
        "Ange er kommunkod i konfigurationen: municipality = [\"0581\"]",
        "Set your municipality code in the configuration: municipality = [\"0581\"]";
    AREAS_UPDATED = "areas-updated", 18,
        "Personer vars nyckelkod eller område ändrades: {changed}",
        "People whose key code or area changed: {changed}";
    WHAT_IF = "areas-what-if", 18,
        "Med kopplingarna i {file} skulle {moved} personer få ett annat område eller inget. Inget har ändrats.",
        "With the links in {file}, {moved} people would get another area or none. Nothing was changed.";
    NO_LINKS = "areas-no-links", 15,
        "Inga nyckelkoder är kopplade till områden, så ingen får något. Koppla dem med area import.",
        "No key codes are linked to areas, so nobody gets one. Link them with area import.";
    REGISTER_EMPTY = "areas-register-empty", 15,
        "Befolkningsregistret har ingen av personerna, så ingen har någon nyckelkod. Läs in det med population-import.",
        "The population register has none of the people, so nobody has a key code. Load it with population-import.";
    UNDO_LINK_LEFT = "undo-link-left", 15,
        "Kopplingen {link} ({activity}) har ändrats sedan dess, och lämnades.",
        "The link {link} ({activity}) was changed since, and was left.";

    WORD_ACTIVITY = "word-activity", 20, "verksamhet", "activity";
    WORD_AREA = "word-area", 20, "område", "area";
    WORD_KEY_CODE = "word-key-code", 20, "nyckelkod", "key code";
    WORD_PEOPLE = "word-people", 20, "personer", "people";
    WORD_FROM_DAY = "word-from-day", 20, "från och med", "from";
    WORD_TO_DAY = "word-to-day", 20, "till och med", "to";
    WORD_FROM = "word-from-area", 20, "från område", "from area";
    WORD_TO = "word-to-area", 20, "till område", "to area";
    WORD_NONE = "word-no-area", 20, "(inget)", "(none)";
    WORD_NOW = "word-now", 20, "nu", "now";
    WORD_THEN = "word-then", 20, "då", "then";
    WORD_BEFORE = "word-area-before", 20, "område förut", "area before";
    WORD_CHANGE = "word-change", 20, "ändring", "change";
    WORD_YES = "word-yes", 20, "ja", "yes";
    WORD_NO = "word-no", 20, "nej", "no";
    WORD_ADDED = "word-link-added", 20, "ny", "new";
    WORD_CHANGED = "word-link-changed", 20, "ändrad", "changed";
    WORD_REMOVED = "word-link-removed", 20, "borttagen", "gone";
}
