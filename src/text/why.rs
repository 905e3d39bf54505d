//! `person why`: rules in words, and what would have to change. A rule's code is `why-` and the rule, `/` as `-`.

super::messages! {
    RULE_IMPORT = "why-person-import", 20, "en rad i en import av personer", "a row of an import of people";
    RULE_ENTERED = "why-entered", 20, "personen kom in med uppgiften", "the person entered with it";
    RULE_SET = "why-person-set", 20, "ändrat för hand", "set by hand";
    RULE_PROTECT = "why-person-protect", 20, "skyddad för hand", "protected by hand";
    RULE_UNPROTECT = "why-person-unprotect", 20, "skyddet hävt för hand", "protection lifted by hand";
    RULE_MERGE = "why-person-merge", 20, "två poster slogs ihop", "two records were merged";
    RULE_RESTORE = "why-restore", 20, "skyddad igen när en kopia lästes tillbaka", "protected again when a copy was restored";
    RULE_RESET = "why-contacts-reset", 20, "gavs tillbaka till källorna", "given back to the sources";
    RULE_EDITS = "why-user-edits", 20, "personen ändrade själv", "the person changed it themselves";
    RULE_UNDO = "why-undo", 20, "en körning ångrades", "a run was undone";
    RULE_AREAS = "why-update-areas", 20, "befolkningsregistrets nyckelkod och dess kopplingar", "the population register's key code and its links";
    RULE_PROTECTED = "why-protection-2", 20, "SPAR eller befolkningsregistret skyddade personen", "SPAR or the population register protected the person";
    RULE_KIND = "why-id-number", 20, "SPAR säger att numret är av ett annat slag", "SPAR says that the number is of another kind";
    RULE_SPAR_7 = "why-spar-import-7", 20, "SPAR bytte numret", "SPAR changed the number";
    RULE_SPAR_8 = "why-spar-import-8", 20, "SPAR säger att personen är avliden", "SPAR says that the person is deceased";
    RULE_SPAR_9 = "why-spar-import-9", 20, "SPAR avregistrerade personen", "SPAR deregistered the person";
    RULE_SPAR_10 = "why-spar-import-10", 20, "två år utan adress hos SPAR", "two years without an address at SPAR";
    RULE_SPAR_11 = "why-spar-import-11", 20, "SPAR:s adress", "SPAR's address";
    RULE_SPAR_12 = "why-spar-import-12", 20, "SPAR:s namn eller födelsedatum", "SPAR's name or birth date";
    RULE_REGISTER_8 = "why-update-persons-8", 20, "befolkningsregistret säger att personen är avliden", "the population register says that the person is deceased";
    RULE_REGISTER_11 = "why-update-persons-11", 20, "befolkningsregistrets adress", "the population register's address";
    RULE_REGISTER_12 = "why-update-persons-12", 20, "befolkningsregistrets namn", "the population register's name";
    RULE_SYNC = "why-sync-contacts", 20, "en källas uppgift", "a source's statement";
    RULE_SYNC_1 = "why-sync-contacts-1", 20, "en källas första uppgift", "a source's first value";
    RULE_SYNC_2 = "why-sync-contacts-2", 20, "en källas nya uppgift", "a source's new value";
    RULE_SYNC_3 = "why-sync-contacts-3", 20, "personens egen uppgift stod kvar", "the person's own value stayed";
    RULE_SYNC_4 = "why-sync-contacts-4", 20, "källorna säger nu det som personen satte", "the sources now say what the person set";
    RULE_SYNC_5 = "why-sync-contacts-5", 20, "källan gäller alltid för fältet (contacts.force)", "the source always wins for the field (contacts.force)";
    RULE_SYNC_7 = "why-sync-contacts-7", 20, "källan tömde sin egen uppgift", "the source emptied its own value";
    RULE_SYNC_9 = "why-sync-contacts-9", 20, "en källa gav det fullständiga numret", "a source gave the full number";
    LOST_PERSONS_OWN = "lost-persons-own", 20,
        "Personen har själv ändrat uppgiften. Källans gäller efter \"contacts reset\", eller om fältet står i contacts.force.",
        "The person changed it themselves. The source's counts after \"contacts reset\", or with the field in contacts.force.";
    LOST_OTHER_SOURCE = "lost-other-source", 20,
        "En annan källas uppgift går före. Den här gäller när källan säger något nytt eller när contacts.conflict låter den gå före.",
        "Another source's value goes before. This one counts once its source says something new, or contacts.conflict lets it.";
    LOST_EMPTY = "lost-empty", 20,
        "Källan säger att den inget har, och det tar inget bort. Det gör det för källans egen uppgift med contacts.empty = \"clear\".",
        "The source says that it has nothing, which takes nothing away. With contacts.empty = \"clear\" it does, for its own value.";
    LOST_DISPUTED = "lost-disputed", 20,
        "Källans rader säger emot varandra och räknas inte. Rätta dem i källan.",
        "The source's rows contradict each other and don't count. Correct them in the source.";
    LOST_NEXT_TIME = "lost-next-time", 20,
        "Gäller nästa gång som källan läses in med samma uppgift.",
        "Counts the next time that the source is read with the same value.";
    LOST_BOX = "lost-box", 20,
        "\"Tillåt uppdatering\" är av. Slå på den med \"person set --allow-update yes\".",
        "Updates are not allowed. Allow them with \"person set --allow-update yes\".";
    LOST_NOT_YET = "lost-not-yet", 20,
        "Inte hämtat än: kör \"update-persons\" (med rätt --scope).",
        "Not taken yet: run \"update-persons\" (with the right --scope).";
    LOST_HEARD_BEFORE = "lost-heard-before", 20,
        "Redan hört en gång; något annat kom efter. Gäller när registret kommer med något nytt.",
        "Heard once already, and something else came after. Counts when the register comes with something new.";
    LOST_SPECIAL = "lost-special", 20,
        "SPAR:s särskilda postadress står kvar. Registrets gäller när den är nyare.",
        "SPAR's särskild postadress stands. The register's counts once it is newer.";
    LOST_LEFT = "lost-left", 20,
        "Reglerna för avlidna, avregistrerade eller nyare uppgifter lämnar den därhän.",
        "The rules for the deceased, the deregistered or newer statements leave it aside.";
    LOST_AREAS_NOT_YET = "lost-areas-not-yet", 20,
        "Inte hämtat än: kör \"update-areas\".",
        "Not taken yet: run \"update-areas\".";
    WHY_RUN = "why-run", 20, "{rule}: {job}, körning {run}, {at}, av {user}", "{rule}: {job}, run {run}, {at}, by {user}";
    WHY_SOURCE = "why-source", 20, "källa: {source}", "source: {source}";
    WHY_FILE = "why-file", 20, "fil: {file}", "file: {file}";
    WHY_OLD = "why-old", 20, "i stället för: {old}", "in place of: {old}";
    WHY_LOST = "why-lost", 20, "{source} säger {value}: {why}", "{source} says {value}: {why}";
    WHY_NOTHING = "why-nothing", 20, "ingenting", "nothing";
    WHY_REGISTER = "why-register", 20, "befolkningsregistret", "the population register";
    WHY_ERASED = "why-erased", 20,
        "journalen säger inte längre varifrån: raderat eller gallrat",
        "the journal no longer tells from where: erased or aged";
    WHY_OLDER = "why-older", 20,
        "äldre än journalen, som sparas i {days} dagar (log.journal_days)",
        "older than the journal, which is kept for {days} days (log.journal_days)";
    WHY_PROTECTED = "why-protected", 20,
        "Personen är skyddad: bara regel, körning och tid visas.",
        "The person is protected: only rule, run and time are shown.";
    WHY_REASON = "why-reason", 20,
        "skäl ({verb}): {reason} (körning {run}, {at}, av {user})",
        "reason ({verb}): {reason} (run {run}, {at}, by {user})";
    WHY_UNKNOWN_FIELD = "why-unknown-field", 5,
        "{field} är inget fält. Kända: {known}.",
        "{field} is no field. Known: {known}.";
}
