//! Retention: what is wrong with a plan of classes, what purge says, and the words of its tables.

super::messages! {
    PROPOSED = "purge-proposed", 18,
        "Personer att gallra: {due}, ärenden: {due_cases}. Inget har ändrats; \"purge --confirm\" gör det.",
        "People who are due: {due}, cases: {due_cases}. Nothing was changed; \"purge --confirm\" does it.";
    PURGED = "purged", 18,
        "Gallrade personer: {removed}, avidentifierade: {anonymised}, gallrade ärenden: {removed_cases}.",
        "People removed: {removed}, anonymised: {anonymised}, cases removed: {removed_cases}.";
    NOT_TODAY = "purge-not-today", 5,
        "Gallring görs bara för dagens datum: --today {today} är inte {real}. Inget har ändrats.",
        "Purging is done for the real today only: --today {today} is not {real}. Nothing was changed.";
    CLOCK_WRONG = "purge-clock", 5,
        "Klockan ({now}) stämmer inte med den senaste körningen ({newest}): den ligger före, eller mer än ett år efter. Inget har ändrats.",
        "The clock ({now}) does not fit the newest run ({newest}): it is before it, or more than a year after. Nothing was changed.";
    CLOCK_WRONG_HINT = "purge-clock-hint", 20,
        "Kontrollera datorns klocka. Går den rätt: kör något annat jobb först, till exempel \"mantal update-search\".",
        "Check the machine's clock. If it is right, run another job first, such as \"mantal update-search\".";
    PLAN_UNREADABLE = "purge-plan-unreadable", 5,
        "{path} är ingen plan som \"purge --plan\" har skrivit. Inget har ändrats.",
        "{path} is no plan written by \"purge --plan\". Nothing was changed.";
    PLAN_FOREIGN = "purge-plan-foreign", 5,
        "{path} är en plan för ett annat register. Inget har ändrats.",
        "{path} is a plan of another registry. Nothing was changed.";
    PLAN_CHANGED = "purge-plan-changed", 15,
        "{record} har ändrats eller försvunnit sedan planen gjordes och lämnades.",
        "{record} has changed or gone since the plan was made, and was left.";
    PLAN_NOT_DUE = "purge-plan-not-due", 15,
        "{record} ska inte gallras längre och lämnades.",
        "{record} is no longer due, and was left.";

    CAME_BACK = "purge-came-back", 15,
        "{person} har kommit tillbaka för hand; numret hör till någon som är gallrad.",
        "{person} came back by hand; the number is of somebody who was disposed of.";
    PROOF = "purge-proof", 18,
        "Gallrad {date} i körning {run}: {kind}, klass {class}, regel: {decision}.",
        "Disposed of on {date} in run {run}: {kind}, class {class}, rule: {decision}.";
    KEY_FOREIGN = "purge-key-foreign", 5,
        "{path} är inte nyckeln som bevisen i registret är gjorda med.",
        "{path} is not the key with which the registry's records were made.";
    CHAIN_WHOLE = "purge-chain-whole", 18,
        "Kedjan av gallringsbevis är hel: {records}.", "The chain of disposal records is whole: {records}.";
    CHAIN_BROKEN = "purge-chain-broken", 5,
        "Kedjan av gallringsbevis är bruten vid bevis {record}: det, eller ett före det, har ändrats, tagits bort eller skjutits in. Hela före det: {records}.",
        "The chain of disposal records is broken at record {record}: it, or one before it, was changed, taken out or put in. Whole before it: {records}.";
    PROOF_MISSING = "purge-proof-missing", 5,
        "registry.side minns {missing} gallrade nummer utan bevis i registret: bevis har tagits bort i slutet, eller registret är återställt. \"purge replay\" lägger dit dem.",
        "registry.side remembers {missing} disposed numbers without a record in the registry: records were taken from the end, or the registry was restored. \"purge replay\" adds them.";
    REPLAYED = "purge-replayed", 18,
        "Gallringar som registry.side minns: borttagna personer {removed}, tillagda bevis {records}.",
        "Disposals that registry.side remembers: people removed {removed}, records added {records}.";
    WORD_TARGET = "word-target", 20, "vad", "target";
    WORD_CLASS = "word-class", 20, "klass", "class";
    WORD_ACTION = "word-action", 20, "åtgärd", "action";
    WORD_COUNT = "word-count", 20, "antal", "count";
    WORD_REASON = "word-reason", 20, "skäl", "reason";
    WORD_PURGE_ON = "word-purge-on", 20, "gallras", "purge on";
    WORD_UNTIL = "word-until", 20, "till", "until";
    WORD_ID = "word-record-id", 20, "id", "id";
    PROTECTED_DUE = "purge-protected", 18,
        "Därtill skyddade personer att gallra: {protected}.",
        "Besides these, protected people who are due: {protected}.";
    EXPLAIN_DUE = "purge-explain-due", 18,
        "{person} ska gallras ({action}).", "{person} is due ({action}).";
    EXPLAIN_KEPT = "purge-explain-kept", 18,
        "{person} är kvar. Dessa skäl håller kvar:", "{person} stays. These reasons keep them:";

    PERIOD_SHAPE = "period-shape", 15,
        "{column}: en frist skrivs P365D, P60M, P5Y eller keep",
        "{column}: a period is written P365D, P60M, P5Y or keep";
    PERIOD_ZERO = "period-zero", 15,
        "{column}: med en frist på noll skulle allt gallras genast",
        "{column}: with a period of zero everything would go at once";
    PERIOD_LONG = "period-long", 15,
        "{column}: fristen är längre än 200 år; skriv keep för det som aldrig gallras",
        "{column}: the period is longer than 200 years; write keep for what is never purged";
    TARGET_UNKNOWN = "target-unknown", 15,
        "{column}: ska vara case, person, draft, event eller reduced",
        "{column}: must be case, person, draft, event or reduced";
    TARGET_DOCUMENT = "target-document", 15,
        "{column}: handlingar gallras med sitt ärende; ange klassen för case",
        "{column}: documents go with their case; give the class a rule for case";
    TARGET_HANGS_ON = "target-hangs-on", 15,
        "{column}: abonnemang och åtaganden gallras med sin person; ange klassen för person",
        "{column}: subscriptions and obligations go with their person; give the class a rule for person";
    FROM_UNKNOWN = "counted-from-unknown", 15,
        "{column}: ska vara closed, last_activity, created eller deceased",
        "{column}: must be closed, last_activity, created or deceased";
    FROM_MISFIT = "counted-from-misfit", 15,
        "{column}: en sådan dag finns inte för det som raden gäller (case: closed, last_activity, created; person: last_activity, created, deceased; draft och event: last_activity; reduced: created, last_activity)",
        "{column}: the row's target has no such day (case: closed, last_activity, created; person: last_activity, created, deceased; draft and event: last_activity; reduced: created, last_activity)";
    ACTION_UNKNOWN = "action-unknown", 15,
        "{column}: ska vara delete eller anonymise", "{column}: must be delete or anonymise";
    ANONYMISE_MISFIT = "anonymise-misfit", 15,
        "{column}: bara personer kan avidentifieras", "{column}: only people can be anonymised";
    YES_NO = "rule-yes-no", 15, "{column}: ska vara yes eller no", "{column}: must be yes or no";
    GRACE_SHAPE = "grace-shape", 15,
        "{column}: ska vara hela dagar, 0 till 3650", "{column}: must be whole days, 0 to 3650";
    RULE_TWICE = "rule-twice", 15,
        "samma klass och target som rad {line}; bara en regel kan gälla",
        "the same class and target as line {line}; only one rule can hold";
    RULES_REJECTED = "rules-rejected", 5,
        "{file}: felaktiga rader: {rows}. Inget har ändrats: klasserna läses in hela eller inte alls.",
        "{file}: wrong rows: {rows}. Nothing was changed: classes are taken whole or not at all.";
    RULES_NONE = "rules-none", 5,
        "{file}: inga klasser i filen; inget har ändrats.", "{file}: no classes in the file; nothing was changed.";
    RULES_TOO_MANY = "rules-too-many", 5,
        "{file}: fler än {most} rader; så många klasser har ingen. Inget har ändrats.",
        "{file}: more than {most} rows; nobody has so many classes. Nothing was changed.";
    RULES_IMPORTED = "rules-imported", 18,
        "{file}: {created} nya regler, {changed} ändrade, {removed} borttagna. Personer som därmed kan gallras: {becomes_due}.",
        "{file}: {created} new rules, {changed} changed, {removed} gone. People who become due because of it: {becomes_due}.";
    UNDO_RULE_LEFT = "undo-rule-left", 15,
        "Regeln för {class} ({target}) har ändrats sedan dess, och lämnades.",
        "The rule for {class} ({target}) was changed since, and was left.";
    ODD_SHORT = "rule-odd-short", 15, "Fristen är kortare än en månad.", "The period is shorter than a month.";
    ODD_LONG = "rule-odd-long", 15,
        "Fler dagar än P18250D, som betyder aldrig, men den här fristen tar slut.",
        "More days than P18250D, which means never, but this period ends.";
    ODD_NEVER_REMOVED = "rule-odd-never-removed", 15,
        "Personer avidentifieras men klassen har ingen regel för reduced: resten blir kvar för alltid.",
        "People are anonymised but the class has no rule for reduced: what is left stays for ever.";
    ODD_NEVER_REDUCED = "rule-odd-never-reduced", 15,
        "En regel för reduced, men ingen i klassen avidentifieras.",
        "A rule for reduced, but nobody of the class is anonymised.";
    ODD_GRACE = "rule-odd-grace", 15,
        "Respitdagar efter en frist som aldrig tar slut.", "Days of grace after a period that never ends.";
    ODD_UNUSED = "rule-odd-unused", 15,
        "Ingen person och inget ärende har klassen.", "Nobody and no case has the class.";

    NO_RECORD_HINT = "no-disposal-record-hint", 20,
        "Ingen gallringspost har det numret: den personen har inte gallrats ur det här registret.",
        "No disposal record has that number: that person was not disposed of from this registry.";
    WORD_PERIOD = "word-period", 20, "frist", "period";
    WORD_COUNTED_FROM = "word-counted-from", 20, "räknas från", "counted from";
    WORD_YEAR_END = "word-year-end", 20, "årets slut", "year end";
    WORD_GRACE = "word-grace", 20, "respitdagar", "days of grace";
    WORD_DUE_NOW = "word-due-now", 20, "att gallra nu", "due now";
    WORD_DUE_THEN = "word-due-then", 20, "att gallra då", "due then";
    WORD_ODD = "word-odd", 20, "att se över", "to look at";
}
