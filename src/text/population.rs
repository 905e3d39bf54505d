//! The population register: what is wrong with its rows and files, and what its jobs say.

super::messages! {
    MUNICIPALITY_SHAPE = "municipality-shape", 15,
        "{column}: ska vara fyra siffror", "{column}: must be four digits";
    MUNICIPALITY_FOREIGN = "municipality-foreign", 15,
        "{column}: personen bor i en annan kommun; läs in sådana filer med --nonresident",
        "{column}: the person lives in another municipality; load such files with --nonresident";
    MUNICIPALITY_OURS = "municipality-ours", 15,
        "{column}: personen bor i vår kommun; läs in sådana filer utan --nonresident",
        "{column}: the person lives in our municipality; load such files without --nonresident";
    KEY_CODE = "key-code-shape", 15,
        "{column}: ska vara en till åtta siffror", "{column}: must be one to eight digits";
    DECEASED_DATE = "deceased-date", 15,
        "{column}: ska vara en dag som finns och inte är i framtiden, ÅÅÅÅ-MM-DD (okänd månad eller dag: 00)",
        "{column}: must be a day that exists and is not to come, YYYY-MM-DD (unknown month or day: 00)";

    NO_MUNICIPALITY = "no-municipality", 5,
        "Inställningen municipality är tom: det går inte att veta vilka rader som är våra. Inget har ändrats.",
        "The setting municipality is empty: which rows are ours can't be told. Nothing was changed.";
    NO_MUNICIPALITY_HINT = "no-municipality-hint", 20,
        "Ange era kommunkoder i konfigurationen: municipality = [\"0581\"]",
        "Set your municipality codes in the configuration: municipality = [\"0581\"]";
    EMPTY_SNAPSHOT = "empty-snapshot", 5,
        "{file} har inga rader. Ett utdrag utan personer är ett fel, inte en tom kommun. Inget har ändrats.",
        "{file} has no rows. An extract without people is an error, not an empty municipality. Nothing was changed.";
    SEVERAL_MUNICIPALITIES = "several-municipalities", 5,
        "{file} har rader från flera kommuner ({municipalities}). Inget har ändrats.",
        "{file} has rows of several municipalities ({municipalities}). Nothing was changed.";
    SEVERAL_MUNICIPALITIES_HINT = "several-municipalities-hint", 20,
        "Med --nonresident läses en fil per kommun: dela filen.",
        "With --nonresident one file per municipality is read: split the file.";
    POPULATION_REJECTED_HINT = "population-rejected-hint", 20,
        "Hämta utdraget på nytt; är det likadant då, fråga den som lämnar det.",
        "Fetch the extract again; if it is the same then, ask whoever delivers it.";
    NAVET_COUNT = "navet-count", 5,
        "{file} säger {stated} i {counter}, men det är {found} poster. Inget har ändrats.",
        "{file} says {stated} in {counter}, but there are {found} posts. Nothing was changed.";
    NAVET_NUMBER = "navet-number", 5,
        "{file}: FilNr och AntalFiler stämmer inte med varandra eller med leveransens andra filer. Inget har ändrats.",
        "{file}: FilNr and AntalFiler don't fit together, or with the delivery's other files. Nothing was changed.";
    NAVET_MISSING = "navet-missing", 5,
        "{file} är en av {files} filer i en leverans; dessa saknas (FilNr): {missing}. Inget har ändrats.",
        "{file} is one of {files} files of a delivery; these are missing (FilNr): {missing}. Nothing was changed.";
    NAVET_MISSING_HINT = "navet-missing-hint", 20,
        "Ange alla leveransens filer i samma körning.",
        "Name all files of the delivery in one run.";
    NOT_UNDOABLE = "population-not-undoable", 5,
        "Körning {run} ({job}) kan inte ångras: registrets rader står inte i journalen. Nästa utdrag rättar dem.",
        "Run {run} ({job}) can't be undone: the register's rows are in no journal. The next extract puts them right.";

    POPULATION_IMPORTED = "population-imported", 18,
        "Inlästa utdrag: {files}", "Extracts loaded: {files}";
    ABSENT = "population-absent", 18,
        "{file}: {people} personer finns inte längre i utdraget och är märkta som frånvarande.",
        "{file}: {people} people are no longer in the extract and are marked absent.";
    ABSENCE_UNKNOWN = "population-absence-unknown", 10,
        "{file}: en avvisad rads nummer går inte att läsa, så ingen märks som frånvarande.",
        "{file}: a rejected row's number can't be read, so nobody is marked absent.";
    ABSENCE_ELSEWHERE = "population-absence-elsewhere", 10,
        "{file}: en tidigare körning läste in en annan av leveransens filer, så ingen märks som frånvarande.",
        "{file}: an earlier run loaded another file of the delivery, so nobody is marked absent.";
    REFERENCES = "population-references", 15,
        "{file}: {rows} poster hänvisar till ett annat personnummer; inga nummer byts härifrån.",
        "{file}: {rows} posts refer to another identity number; no number is changed from here.";
    DEREGISTERED = "population-deregistered", 15,
        "{file}: {rows} poster gäller personer som är avregistrerade av annat skäl än dödsfall; skälet sparas inte.",
        "{file}: {rows} posts are of people deregistered for another reason than death; the reason is not kept.";
    LIVES_HERE = "population-lives-here", 15,
        "{file}: {rows} rader gäller personer som finns i vår egen kommuns utdrag; de användes inte.",
        "{file}: {rows} rows are of people who are in our own municipality's extract; they were not used.";
    WRONG_CHECK_DIGIT = "population-check-digit", 15,
        "{file}: {rows} nummer har fel kontrollsiffra; raderna är inlästa.",
        "{file}: {rows} numbers have a wrong check digit; their rows are loaded.";
    PERSONS_UPDATED = "persons-updated", 18,
        "Uppdaterade personer: {changed}", "People updated: {changed}";
    PROPOSED = "persons-proposed", 18,
        "Förslag: {changed} personer skulle ändras. Inget har ändrats; gör det med --confirm",
        "Proposal: {changed} people would be changed. Nothing was changed; do it with --confirm";
}
