//! What people are kept for: what is wrong with rows, what an import and an undo did, holds.

super::messages! {
    CELL_EMPTY = "cell-empty", 15, "{column}: tomt", "{column}: empty";
    DATE_FORM = "date-form", 15,
        "{column}: ska skrivas ÅÅÅÅ-MM-DD", "{column}: must be written YYYY-MM-DD";
    DATE_ABSENT = "date-absent", 15,
        "{column}: dagen finns inte", "{column}: there is no such day";
    GUARDIAN_ONLY = "relation-kind", 15, "{column}: ska vara guardian", "{column}: must be guardian";
    DAYS_REVERSED = "days-reversed", 15,
        "{column}: ligger före radens eller det lagrade startdatumet",
        "{column}: lies before the day on which it begins, in the row or as stored";
    OWN_GUARDIAN = "own-guardian", 15,
        "{column}: personen kan inte vara sin egen vårdnadshavare", "{column}: nobody is their own guardian";
    RECORDS_DISAGREE = "records-disagree", 15,
        "raden säger emot rad {line}, som har samma id", "the row contradicts line {line}, which has the same id";
    NO_ROWS = "retained-no-rows", 5,
        "{file}: inga rader. En tom fil läses inte in som en hel.",
        "{file}: no rows. An empty file is not taken for a whole one.";
    NO_ROWS_HINT = "retained-no-rows-hint", 5,
        "Se efter varför källsystemet skrev en tom fil. Utan --full tas inget bort.",
        "See why the source wrote an empty file. Without --full nothing is removed.";
    FULL_IS_ONE_FILE = "retained-full-one-file", 5,
        "--full tar en fil: det som inte står i den tas bort.",
        "--full takes one file: what is not in it is removed.";
    IMPORTED = "retained-imported", 18,
        "{file} ({kind}): {rows} rader, {created} nya, {changed} ändrade, {removed} borttagna.",
        "{file} ({kind}): {rows} rows, {created} new, {changed} changed, {removed} removed.";
    UNKNOWN = "retained-unknown", 15,
        "{file}: {rows} rader gäller personer eller ärenden som inte finns här; de lästes inte in.",
        "{file}: {rows} rows are of people or cases that are not here; they were not taken in.";
    WITHOUT_CASE = "retained-without-case", 15,
        "{file}: {rows} rader nämner ett ärende som inte finns här; de lästes in utan ärende.",
        "{file}: {rows} rows name a case that is not here; they were taken in without a case.";
    NO_ABSENCE = "retained-no-absence", 15,
        "{file}: en rad har ett id som inte går att läsa, så inget togs bort. Rätta raden och kör igen.",
        "{file}: a row has an id that can't be read, so nothing was removed. Correct the row and run again.";
    KEPT = "retained-kept", 15,
        "{file}: {rows} saknas i filen men finns kvar: de hålls, eller har handlingar som ska bevaras.",
        "{file}: {rows} are not in the file but stay: they are held, or have documents that must be kept.";
    HELD = "held-by-hand", 15, "{person} hålls: inget tar bort personen.", "{person} is held: nothing removes them.";
    RELEASED = "released-by-hand", 15, "{person} hålls inte längre.", "{person} is held no more.";
    NOT_HELD = "person-not-held", 5, "{person} hålls inte.", "{person} is not held.";
    HOLD_IS_OVER = "hold-is-over", 5,
        "--until {until} ligger före {today}: det vore ingen spärr alls.",
        "--until {until} lies before {today}: that would hold nothing at all.";
    UNDO_LEFT = "undo-retained-left", 15,
        "{kind}:{record} ({person}) är inte som körningen lämnade det, eller är skyddat, och lämnas.",
        "{kind}:{record} ({person}) is not as the run left it, or is protected, and is left.";
}
