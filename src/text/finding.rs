//! What findings say, by kind.

super::messages! {
    CHECK_DIGIT = "check-digit", 10,
        "Personnumrets kontrollsiffra stämmer inte; numret skickas aldrig till SPAR. Kontrollera det.",
        "The number's check digit is wrong; it is never sent to SPAR. Check the number.";
    UPDATE_BLOCKED = "update-blocked", 10,
        "SPAR eller befolkningsregistret har en ny uppgift ({field}), men Tillåt uppdatering är av.",
        "SPAR or the population register has something new ({field}), but updates are not allowed.";
    PROTECTION_LIFTED = "protection-lifted", 10,
        "SPAR eller befolkningsregistret säger att skyddet har upphört. Pröva det och kör \"person unprotect\".",
        "SPAR or the population register says that the protection has ended. Look into it and run \"person unprotect\".";
    COMMENT_REVIEW = "comment-review", 10,
        "Personen är skyddad och har kommentarer som personal skrev. Läs och rensa dem.",
        "The person is protected and has comments that staff wrote. Read and clear them.";
    NUMBER_CHANGE = "number-change", 10,
        "SPAR eller en källa tyder på ett byte av nummer som inte kan följas maskinellt. Utred det.",
        "SPAR or a source points to a change of number that can't be followed by machine. Look into it.";
    TWO_RECORDS = "two-records", 10,
        "Det nya numret finns redan på {other}. Är det samma person: slå ihop posterna med \"person merge\".",
        "The new number is already on {other}. If it is the same person, merge the records with \"person merge\".";
    RETURNED = "returned", 10,
        "SPAR spärrade personen men säger nu att den lever och är folkbokförd. Ska spärren hävas?",
        "SPAR blocked the person but now says they live and are registered. Should the block be lifted?";
    POST_CONFLICT = "post-conflict", 10,
        "Filen hade flera poster för personen som säger emot varandra; ingen användes.",
        "The file had several posts for the person that contradict each other; none was used.";
    NO_ADDRESS = "no-address", 10,
        "SPAR har ingen adress, men det är inget skäl till spärr.",
        "SPAR has no address, but that is no ground for a block.";
    FILE_REJECTED = "file-rejected", 10,
        "Filen {file} kunde inte läsas in.",
        "The file {file} could not be applied.";
    FILE_HELD = "file-held", 10,
        "Filen {file} stoppades av en gräns i körning {run}.",
        "The file {file} was stopped by a limit in run {run}.";
    NO_ANSWER = "no-answer", 10,
        "SPAR har inte svarat inom tiden. Numret är troligen fel eller avregistrerat: SPAR tiger om okända nummer.",
        "SPAR has not answered in time. The number is probably wrong or deregistered: SPAR is silent about unknown numbers.";
    NO_FILE = "no-file", 10,
        "Ingen fil från SPAR har lästs in sedan {since}. Kontrollera servern och avtalet.",
        "No file from SPAR was applied since {since}. Check the server and the agreement.";
    LIST_UNSETTLED = "list-unsettled", 10,
        "Lista {list}: det går inte att avgöra om den kom fram. Fråga mottagaren.",
        "List {list}: whether it arrived can't be decided from here. Ask the receiver.";
    SOURCE_CONFLICT = "source-conflict", 10,
        "Källor eller rader säger olika ({field}: {sources}). Rätta där uppgiften är fel.",
        "Sources or rows contradict each other ({field}: {sources}). Correct the one that is wrong.";
    SAME_NAME = "same-name-other-number", 10,
        "En annan person här har samma namn och födelsedatum men ett annat nummer. Är det samma person?",
        "Somebody else here has the same name and birth date but another number. Is it the same person?";
    DISPOSED_NUMBER = "disposed-number", 10,
        "{count} nummer i källan är gallrade eller skyddade personers tidigare och har inte lästs in (rad {lines}).",
        "{count} numbers in the source were disposed of, or are former ones of protected people, and were not used (line {lines}).";
    LIST_HELD = "list-held", 10,
        "Listan till SPAR stoppades av en gräns i körning {run}.",
        "The list to SPAR was stopped by a limit in run {run}.";
    NO_CLASS = "no-class", 10,
        "{count} saknar gallringsklass, eller har en som ingen regel gäller ({target}): de gallras aldrig. Ge dem en klass eller klassen en regel.",
        "{count} have no retention class, or one without a rule ({target}): they are never purged. Give them a class, or the class a rule.";
    UNLINKED_CODE = "unlinked-code", 10,
        "Nyckelkod {code} är inte kopplad till något område ({activity}); personer: {people}. Koppla den och kör update-areas.",
        "Key code {code} is linked to no area ({activity}); people: {people}. Link it and run update-areas.";
    ERASURE_PENDING = "erasure-pending", 10,
        "Raderingen är inte slutförd, för att ett annat program läser registret.",
        "The erasure is not finished because another program reads the registry.";
}
