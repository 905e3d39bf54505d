//! Who looked at whom, and what may be shown of protected people.

super::messages! {
    NOT_LOGGED = "access-not-logged", 10,
        "Det gick inte att anteckna vem som tittade: {reason}",
        "Who looked could not be noted: {reason}";
    REVEAL_NOT_LOGGED = "reveal-not-logged", 5,
        "Uppgifter om skyddade visas bara när det går att anteckna vem som såg dem, och det gick inte: {reason}",
        "Details of protected people are only shown if who saw them can be noted, and it could not: {reason}";
    REVEAL_WITHOUT_REASON = "reveal-without-reason", 5,
        "--reveal: skriv varför uppgifterna behövs; det antecknas. Inga namn eller nummer.",
        "--reveal: write why the details are needed; it is noted. No names or numbers.";
    REASON_TOO_LONG = "reveal-reason-too-long", 5,
        "--reveal: skälet får vara högst {most} tecken.",
        "--reveal: the reason may have {most} characters at most.";
    NOBODY_LOOKED = "access-nobody", 18,
        "Ingen har tittat, så långt loggen räcker.",
        "Nobody has looked, as far back as the log goes.";
    DAMAGED = "access-damaged", 10,
        "{file}: {count} rader går inte att läsa.",
        "{file}: {count} lines can't be read.";
    EXPORT_NEEDS_REASON = "export-needs-reason", 5,
        "{person} är skyddad: skriv varför uppgifterna behövs med --reveal; det antecknas.",
        "{person} is protected: say with --reveal why the details are needed; it is noted.";
    LIST_NAMED = "run-list-named", 20,
        "{list} ({state}, SHA-256 {sha256}) namngav {numbers}; av dem är {known} kända här:",
        "{list} ({state}, SHA-256 {sha256}) named {numbers}; {known} of them are known here:";
    RUN_CHANGED = "run-changed-people", 20, "Ändrade {count}:", "Changed {count}:";
    EVERYONE = "access-everyone", 20, "alla", "everyone";
    SAW = "access-saw", 20, "visade: {reason}", "revealed: {reason}";
}
