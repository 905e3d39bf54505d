//! Log lines, and what `runs` shows beside a run. Libra's own messages are data and always Swedish.

super::messages! {
    RUN_INTERRUPTED = "run-interrupted", 10,
        "Avbruten: processen dog under körningen.",
        "Interrupted: the process died while it ran.";
    FOUND_INTERRUPTED = "found-interrupted", 10,
        "Körning {run} avbröts; dess ändringar är borta eller hela.",
        "Run {run} had been interrupted; its changes are gone or whole.";
    APPLIED_BEFORE = "applied-before", 10,
        "Inlästa före felet: {files}.",
        "Applied before the failure: {files}.";
    FILE_APPLIED = "file-applied", 18,
        "Har läst in {file} med {posts} poster.",
        "Applied {file} with {posts} posts.";
    ALREADY_APPLIED = "already-applied", 18,
        "{file} är redan inläst; inget att göra.",
        "{file} was applied before; nothing to do.";
    LIST_SENT = "list-sent", 18,
        "Har skickat lista {list} med nya låntagare till SPAR",
        "Har skickat lista {list} med nya låntagare till SPAR";
    NOTHING_TO_SEND = "nothing-to-send", 18,
        "Inga nya låntagare att skicka",
        "Inga nya låntagare att skicka";
    NOTHING_QUEUED_AT_A_LOSS = "nothing-queued-at-a-loss", 10,
        "Inget köas: registret återställdes utan sidofil. Kör \"restore --accept-loss\" när det är utrett.",
        "Nothing is queued: the registry was restored without its side file. Run \"restore --accept-loss\" once that is settled.";
    LIST_COMPOSED = "list-composed", 20,
        "{numbers} nummer i listan, {fresh} nya (gräns {limit}); {withheld} hålls kvar för fel kontrollsiffra.",
        "{numbers} numbers in the list, {fresh} new (limit {limit}); {withheld} held back for a wrong check digit.";
    LIST_COLLECTED = "list-collected", 15,
        "Lista {list} är borta från servern: mottagaren har hämtat den.",
        "List {list} is gone from the server: the receiver has collected it.";
    LIST_AGAIN = "list-again", 15,
        "Lista {list} kom aldrig fram och görs om under samma nummer.",
        "List {list} never arrived and is made anew under the same number.";
    NO_NEW_FILE = "no-new-file", 18, "Inga nya filer från SPAR", "No new files from SPAR";
    FILE_FETCHED = "file-fetched", 18, "Har hämtat {file}.", "Fetched {file}.";
    FILE_GROWING = "file-growing", 15,
        "{file} växer fortfarande på servern och får vänta.",
        "{file} still grows on the server and has to wait.";
    FILE_REMOVED = "file-removed", 20, "{file} är borttagen från servern.", "{file} was removed from the server.";
    REMOVAL_FAILED = "removal-failed", 10,
        "{file} kunde inte tas bort från servern ({reason}); nästa körning försöker igen.",
        "{file} could not be removed from the server ({reason}); the next run tries again.";
    REMOVAL_UNSURE = "removal-unsure", 15,
        "{file} ligger kvar på servern: den säger varken storlek eller tid, så filen kan vara en annan nu.",
        "{file} stays on the server, which tells neither size nor time: it may be another file by now.";
    SPAR_IMPORTED = "spar-imported", 18, "Inlästa filer: {files}", "Files applied: {files}";
    PERSON_IMPORTED = "person-imported", 19,
        "Info, har importerat personnummer {number}",
        "Info, har importerat personnummer {number}";
    HIDDEN = "hidden", 15,
        "{people} personer visas från nu som skyddade.",
        "{people} people are shown as protected from now on.";
    BIRTH_DATE_DIFFERS = "birth-date-differs", 15,
        "{person}: födelsedatum i SPAR skiljer sig från registrets.",
        "{person}: the birth date in SPAR differs from the registry's.";
    ERASURE_BLOCKED = "erasure-blocked", 10,
        "Raderingen är inte slutförd: ett annat program läser registret. Nästa körning försöker igen.",
        "The erasure is not finished: another program reads the registry. The next run tries again.";
    ERASURE_FAILED = "erasure-failed", 10,
        "Raderingen är inte slutförd ({reason}). Nästa körning försöker igen.",
        "The erasure is not finished ({reason}). The next run tries again.";
    PEOPLE_IMPORTED = "people-imported", 18, "Nya personer: {created}", "New people: {created}";
    PROTECTED_BY_HAND = "protected-by-hand", 15, "{person} skyddades för hand.", "{person} was protected by hand.";
    UNPROTECTED_BY_HAND = "unprotected-by-hand", 15,
        "Skyddet för {person} hävdes för hand.",
        "The protection of {person} was lifted by hand.";
    PERSON_SET = "person-set", 19, "{person}: {fields} ändrades för hand.", "{person}: {fields} set by hand.";
    UNDONE = "undone", 15,
        "Körning {run} är ångrad; {left} uppgifter lämnades som de är.",
        "Run {run} is undone; {left} facts were left as they are.";
    UNDO_LEFT = "undo-left", 15,
        "{person}: {field} har ändrats sedan dess eller är skyddad, och lämnades.",
        "{person}: {field} was changed since or is protected, and was left.";
    FINDING_SET = "finding-set", 19, "Fynd {finding}: {state}.", "Finding {finding}: {state}.";
    FILE_GIVEN_UP = "file-given-up", 15, "{file} släpps inte in.", "{file} will not be applied.";
    COPY_NOT_KEPT = "copy-not-kept", 15,
        "{file} sparas inte i spool, för uppgifter om en skyddad person står i filen. Behövs den igen: hämta den där den kom ifrån.",
        "{file} is not kept in the spool, for details of a protected person stand in it. If it is needed again, get it from where it came.";
    AGED = "aged", 20,
        "Borttaget för sin ålder: {journal} journalrader, {log} loggrader, {findings} avslutade fynd, {files} sparade filer.",
        "Removed because of its age: {journal} journal rows, {log} log lines, {findings} settled findings, {files} kept files.";
    AGEING_FAILED = "ageing-failed", 10,
        "Det som är för gammalt kunde inte tas bort ({reason}); nästa körning försöker igen.",
        "What is too old could not be removed ({reason}); the next run tries again.";
    JOURNAL_REMOVED = "journal-removed", 15,
        "Journalen för körning {run} togs bort {on} för sin ålder (log.journal_days): vem den ändrade är inte känt längre.",
        "The journal of run {run} was removed on {on} because of its age (log.journal_days): whom it changed is no longer known.";
    LOG_REMOVED = "log-removed", 15,
        "Loggraderna för körning {run} togs bort {on} för sin ålder (log.days).",
        "The log lines of run {run} were removed on {on} because of its age (log.days).";
    MADE = "made", 18, "Klart: {path}", "Made {path}";
    BACKED_UP = "backed-up", 18, "Säkerhetskopia: {path}", "Backup: {path}";
    RESTORED = "restored", 15,
        "Återställt från {path}: {protected} personer skyddades igen.",
        "Restored from {path}: {protected} people were protected again.";
    RESTORED_FILES_MISSING = "restored-files-missing", 10,
        "{files} filer lästes in efter kopian och saknas i den. Läs in dem igen. SHA-256: {hashes}",
        "{files} files were applied after the copy and are missing from it. Apply them again. SHA-256: {hashes}";
    RESTORED_AT_A_LOSS = "restored-at-a-loss", 10,
        "Sidofilen eller nyckeln saknas: inget köas och ingen skapas av källor förrän \"restore --accept-loss\".",
        "The side file or the key is missing: nothing is queued and sources create nobody until \"restore --accept-loss\".";
}
