//! What `sweep` found.

super::messages! {
    IN_TABLE = "sweep-table", 5,
        "{table}.{column}: här står något om {people} som en skyddad person inte får lämna efter sig.",
        "{table}.{column}: something of {people} stands here that a protected person must not leave behind.";
    IN_TABLE_HINT = "sweep-table-hint", 20,
        "Kör ett jobb. Står det kvar är det ett fel i mantal: rapportera det, utan uppgifter.",
        "Run a job. If it stays it is a fault of mantal: report it, without values.";
    HIDDEN = "sweep-hidden", 10,
        "{table}.{column}: uppgifter om {people}, som är dolda men inte raderade. Ingen ser dem.",
        "{table}.{column}: values of {people}, who are hidden but not erased. Nobody sees them.";
    HIDDEN_HINT = "sweep-hidden-hint", 20,
        "Filen som dolde dem väntar på dig: se \"mantal findings --kind held\".",
        "The file that hid them waits for you: see \"mantal findings --kind held\".";
    IN_FILE = "sweep-file", 5,
        "{file}: här står numret för {people}.",
        "{file}: the number of {people} stands here.";
    IN_SPOOL_HINT = "sweep-spool-hint", 20,
        "Läs in filen eller låt den gå (\"mantal findings\"); det som inte behövs ska bort.",
        "Let the file be applied, or let it go (\"mantal findings\"); delete what is not needed.";
    IN_COPY = "sweep-copy", 5,
        "{file}, {table}.{column}: kopian har kvar uppgifter om {people}.",
        "{file}, {table}.{column}: the copy still has values of {people}.";
    IN_COPY_HINT = "sweep-copy-hint", 20,
        "Inget kan radera i en kopia: ta bort den när en nyare finns.",
        "Nothing can erase in a copy: delete it when there is a newer one.";
    FOREIGN_COPY = "sweep-foreign-copy", 5,
        "{file} är en kopia av ett annat register: vem som är skyddad där går inte att se här.",
        "{file} is a copy of another registry: who is protected there can't be seen here.";
    NOBODY_KNOWN = "sweep-nobody-known", 20, "någon utan internt id", "somebody without an internal id";
    PENDING = "sweep-pending", 5,
        "Raderingen av {people} är inte klar: det som raderats kan finnas kvar i registrets fil.",
        "The erasure of {people} is not finished: what was erased may still stand in the registry's file.";
    PENDING_HINT = "sweep-pending-hint", 20,
        "Avsluta program som läser registret, och kör ett jobb.",
        "Close programs that read the registry, and run a job.";
    BLOCKED = "sweep-blocked", 5,
        "{file} gick inte att söka igenom: {reason}",
        "{file} could not be looked through: {reason}";
    SUM = "sweep-sum", 20,
        "{people} skyddade; {columns} kolumner, {files} filer och {copies} kopior genomsökta: {hits} fynd, {blocked} gick inte att söka igenom.",
        "{people} protected; {columns} columns, {files} files and {copies} copies looked through: {hits} hits, {blocked} could not be looked through.";
}
