//! What is wrong with a command line. What was typed is repeated only where it is the name of a flag: a word may be a
//! person's number.

super::messages! {
    UNKNOWN_FLAG = "unknown-flag", 5, "Här finns ingen flagga {flag}.", "There is no flag {flag} here.";
    UNKNOWN_WORD = "unknown-word", 5,
        "Ett ord för mycket: kommandot väntade det inte.",
        "One word too many: the command did not expect it.";
    UNKNOWN_COMMAND = "unknown-command", 5, "Det kommandot finns inte.", "There is no such command.";
    COMMAND_MISSING = "command-missing", 5,
        "Ett kommando saknas; välj bland {known}.",
        "A command is missing; choose among {known}.";
    ARGUMENT_MISSING = "argument-missing", 5, "Det här saknas: {what}.", "This is missing: {what}.";
    NOT_TOGETHER = "not-together", 5,
        "{flag} går inte ihop med {other}.",
        "{flag} can't be used together with {other}.";
    ONLY_ONCE = "only-once", 5, "{flag} får stå bara en gång.", "{flag} may stand only once.";
    VALUE_MISSING = "value-missing", 5, "{flag} behöver ett värde.", "{flag} needs a value.";
    VALUE_UNEXPECTED = "value-unexpected", 5, "{flag} har inget värde.", "{flag} takes no value.";
    VALUE_WRONG = "value-wrong", 5, "{flag}: värdet går inte att läsa.", "{flag}: the value can't be read.";
    VALUE_NOT_AMONG = "value-not-among", 5, "{flag}: välj bland {known}.", "{flag}: choose among {known}.";
    ALLOWANCE = "allowance-wrong", 5,
        "{flag}: skriv GRÄNS=ANTAL, antalet som heltal och gränsen en av {known}.",
        "{flag}: write LIMIT=COUNT, the count a whole number and the limit one of {known}.";
    UNREADABLE = "command-line-unreadable", 5,
        "Kommandoraden går inte att läsa.",
        "The command line can't be read.";
    MEANT = "meant", 20, "Menade du {what}?", "Did you mean {what}?";
    USAGE = "usage", 20, "Så här: {usage}", "Usage: {usage}";
    MORE = "more-help", 20, "Mer säger --help.", "--help says more.";
}
