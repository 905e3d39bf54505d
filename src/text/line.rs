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
