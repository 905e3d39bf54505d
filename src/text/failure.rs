//! Why something could not be done, and what to do next.

super::messages! {
    INTERNAL = "internal", 5,
        "Internt fel: {what}. Det som inte var klart är ogjort; rapportera gärna felet.",
        "Internal error: {what}. What was not finished is undone; please report it.";
    IO = "io", 5, "{path}: {reason}.", "{path}: {reason}.";
    DISK_FULL = "disk-full", 5,
        "Disken är full: {reason}. Frigör plats och kör igen.",
        "The disk is full: {reason}. Free some space and run again.";
    ROW_NOT_CLOSED = "row-not-closed", 5,
        "Arbetet är gjort, men körningens rad kunde inte avslutas: {reason}",
        "The work is done, but the run's row could not be closed: {reason}";
    REGISTRY_BUSY = "registry-busy", 5,
        "Registret är låst av ett annat program: {reason}. Avsluta det och kör igen.",
        "The registry is locked by another program: {reason}. Close it and run again.";
    REGISTRY_ERROR = "registry-error", 5, "Fel i registret: {reason}.", "Registry error: {reason}.";
    STOPPED = "stopped", 5, "Avbrutet: {reason}.", "Stopped: {reason}.";
    INTERRUPTED = "interrupted", 5,
        "Avbrutet av signal {signal}. Det som var klart står kvar; kör igen för resten.",
        "Interrupted by signal {signal}. What was finished stands; run again for the rest.";
    REGISTRY_MISSING = "registry-missing", 5,
        "Registret {path} finns inte. Skapa det med \"mantal init\" eller hämta tillbaka det med \"mantal restore\".",
        "The registry {path} does not exist. Make one with \"mantal init\" or bring it back with \"mantal restore\".";
    REGISTRY_EMPTY = "registry-empty", 5,
        "Registret {path} är en tom fil, inget register. Hämta tillbaka det med \"mantal restore\".",
        "The registry {path} is an empty file, not a registry. Bring it back with \"mantal restore\".";
    REGISTRY_FOREIGN = "registry-foreign", 5,
        "{path} är inget register från mantal. Kontrollera \"registry\" i konfigurationen.",
        "{path} is not a registry of mantal. Check \"registry\" in the configuration.";
    REGISTRY_DAMAGED = "registry-damaged", 5,
        "Registret {path} är skadat ({reason}). Hämta tillbaka en kopia med \"mantal restore\".",
        "The registry {path} is damaged ({reason}). Bring a copy back with \"mantal restore\".";
    REGISTRY_NEWER = "registry-newer", 5,
        "Registret har version {version}, från mantal {program}; detta är mantal {own} och kan versioner till {known}. Inget har ändrats. Installera mantal {program} eller nyare.",
        "The registry has version {version}, of mantal {program}; this is mantal {own} and knows versions up to {known}. Nothing was changed. Install mantal {program} or newer.";
    REGISTRY_NEWER_COPY = "registry-newer-copy", 20,
        "Eller gå tillbaka till läget före uppgraderingen: \"mantal restore {copy}\" med detta program; det som hänt efteråt går förlorat, utom skyddet.",
        "Or go back to what was before the upgrade: \"mantal restore {copy}\" with this program; what happened since is lost, protection is not.";
    REGISTRY_NEWER_NO_COPY = "registry-newer-no-copy", 20,
        "Vill du stanna på detta program: \"mantal restore\" med en säkerhetskopia från före uppgraderingen; bredvid registret finns ingen kopia som detta program kan läsa.",
        "To stay with this program: \"mantal restore\" with a backup from before the upgrade; beside the registry there is no copy that this program can read.";
    REGISTRY_OLDER = "registry-older", 5,
        "Registret har version {version}; detta program läser {known}. Kör ett kommando som ändrar, så uppgraderas det.",
        "The registry has version {version}; this program reads {known}. Run a command that changes something to upgrade it.";
    SIDE_FILE_MISSING = "side-file-missing", 5,
        "Sidofilen {path} saknas. Den skyddar mot att skyddade personer kommer tillbaka; hämta den från \"backup --secrets\".",
        "The side file {path} is missing. It keeps protected people from coming back; bring it back from \"backup --secrets\".";
    HELD = "held", 10,
        "Stoppat av gräns: {counted}. Inget har ändrats. Släpp fram med: {allow} eller --approve {run}",
        "Stopped by a limit: {counted}. Nothing was changed. Let it pass with: {allow} or --approve {run}";
    HELD_HINT = "held-hint", 20,
        "Se efter vad som räknades innan du släpper fram det.",
        "Look at what was counted before you let it pass.";
    NOT_HELD = "not-held", 5,
        "Körning {run} finns inte eller stoppades inte av en gräns.",
        "Run {run} does not exist or was not stopped by a limit.";
    NOT_A_FILE = "not-a-file", 5, "{path} är ingen vanlig fil.", "{path} is not a regular file.";
    FILE_UNREADABLE = "file-unreadable", 5,
        "Filen {path} kan inte läsas: {reason}.",
        "The file {path} can't be read: {reason}.";
    FILE_CHANGED = "file-changed", 5,
        "Filen {path} ändrades medan den lästes; ingenting av den gäller. Kör igen när den är hel.",
        "The file {path} changed while it was read; nothing of it counts. Run again once it is whole.";
    SIZE_DIFFERS = "size-differs", 5,
        "{file}: servern har {found} byte av {expected}. Inget räknas som skickat eller hämtat.",
        "{file}: the server has {found} bytes of {expected}. Nothing counts as sent or fetched.";
    LIST_NAME_TAKEN = "list-name-taken", 5,
        "På servern finns redan en fil {file} som inte är vår; den skrivs inte över, och inget har skickats.",
        "The server already has a file {file} that is not ours; it is not overwritten, and nothing was sent.";
    NO_RENAME_HINT = "no-rename-hint", 20,
        "Servern kan inte byta namn på filer: sätt spar.ready = \"trigger\".",
        "The server can't rename files: set spar.ready = \"trigger\".";
    LIST_UNSETTLED = "list-unsettled-blocks", 5,
        "Lista {list} kan ha kommit fram eller inte; ingen ny skickas förrän det är avgjort.",
        "List {list} may or may not have arrived; no other is sent until that is settled.";
    LIST_UNSETTLED_HINT = "list-unsettled-hint", 20,
        "Fråga mottagaren, sedan \"findings done\" (framme) eller \"findings ignore\" (inte framme) på fyndet.",
        "Ask the receiver, then \"findings done\" (it arrived) or \"findings ignore\" (it did not) on the finding.";
    REJECTED_HINT = "rejected-hint", 20,
        "Filen ligger kvar i spool/rejected; inget har ändrats.",
        "The file is kept in spool/rejected; nothing was changed.";
    WRONG_CUSTOMER = "wrong-customer", 5,
        "Filen {file} är för kund eller uppdrag {found}; vi är {expected}.",
        "The file {file} is for customer or order {found}; we are {expected}.";
    SEQUENCE_TAKEN = "sequence-taken", 5,
        "Filen {file} har löpnummer {sequence}, som en annan inläst fil redan har.",
        "The file {file} bears sequence number {sequence}, which another applied file has.";
    NO_SUCH_COMMAND = "no-such-command", 5, "mantal {command} finns inte; mantal --help visar vad som finns.",
        "There is no mantal {command}; mantal --help shows what there is.";
    NOT_FOUND = "not-found", 5, "{what} finns inte.", "{what} does not exist.";
    COMMAND_LINE = "command-line", 5, "Kommandoraden: {reason}", "The command line: {reason}";
    ALREADY_THERE = "already-there", 5,
        "{path} finns redan; inget har ändrats.",
        "{path} is there already; nothing was changed.";
    NOT_PROTECTED = "not-protected", 5, "{person} är inte skyddad.", "{person} is not protected.";
    PROTECTED = "protected", 5,
        "{person} är skyddad: adress och kontaktuppgifter får inte sparas.",
        "{person} is protected: no address or contact detail may be stored.";
    NUMBER_TAKEN = "number-taken", 5,
        "Numret finns redan på en annan person ({person}).",
        "Another person has that number ({person}).";
    BAD_NUMBER = "bad-number", 5,
        "Det är inget personnummer, samordningsnummer eller internt id (person:17).",
        "That is no identity number and no internal id (person:17).";
    BAD_VALUE = "bad-value", 5, "{flag}: väntade {expected}.", "{flag}: expected {expected}.";
    NOTHING_TO_SET = "nothing-to-set", 5, "Ange minst en uppgift att ändra.", "Name at least one thing to set.";
    UNDONE_ALREADY = "undone-already", 5,
        "Körning {run} ({job}) är redan ångrad av körning {by}.",
        "Run {run} ({job}) was undone already, by run {by}.";
    NOT_UNDOABLE = "not-undoable", 5,
        "Körning {run} ({job}) kan inte ångras: det som är skickat, gallrat eller återställt går inte att ta tillbaka.",
        "Run {run} ({job}) can't be undone: what was sent, purged or restored can't be taken back.";
    FINDINGS_NOT_UNDOABLE = "findings-not-undoable", 5,
        "Körning {run} ({job}) kan inte ångras: fynd står inte i journalen. Ställ om dem med \"findings reopen|done|ignore\"; \"log {run}\" säger vilka.",
        "Run {run} ({job}) can't be undone: findings are in no journal. Set them with \"findings reopen|done|ignore\"; \"log {run}\" says which.";
    SCHEDULE_NOT_UNDOABLE = "schedule-not-undoable", 5,
        "Körning {run} ({job}) kan inte ångras: ändra schemat med \"schedule add\" eller \"schedule remove\". Körningar som schemat startade ångras var för sig.",
        "Run {run} ({job}) can't be undone: change the schedule with \"schedule add\" or \"schedule remove\". Runs that the schedule started are undone by themselves.";
    NOTHING_TO_UNDO = "nothing-to-undo", 5,
        "Körning {run} ({job}) ändrade inget om någon: det finns inget att ta tillbaka.",
        "Run {run} ({job}) changed nothing about anybody: there is nothing to take back.";
    JOURNAL_GONE = "journal-gone", 5,
        "Körning {run} ({job}) kan inte ångras: dess journal togs bort {on} för sin ålder (log.journal_days).",
        "Run {run} ({job}) can't be undone: its journal was removed on {on} because of its age (log.journal_days).";
    DRY_RUN_CHANGED_NOTHING = "dry-run-changed-nothing", 5,
        "Körning {run} ({job}) var en provkörning och ändrade inget.",
        "Run {run} ({job}) was a dry run and changed nothing.";
    TODAY_INVALID = "today-invalid", 5,
        "--today {value}: väntade ett datum som 2026-11-22.",
        "--today {value}: expected a date such as 2026-11-22.";
}
