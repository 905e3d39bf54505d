//! What is wrong with a configuration, a `--set` or a secret. Values are never quoted: one might be a password.

super::messages! {
    INIT_HINT = "config-init-hint", 5,
        "Skapa en med \"mantal init\", eller peka ut en med --config.",
        "Make one with \"mantal init\", or name one with --config.";
    CONFIG_NONE = "config-none", 5,
        "Ingen konfiguration: varken ./mantal.toml eller {file} finns.",
        "No configuration: there is neither ./mantal.toml nor {file}.";
    CONFIG_NOT_YOURS = "config-not-yours", 5,
        "Ingen konfiguration: {file} tillhör en annan användare och används inte.",
        "No configuration: {file} belongs to another user and is not used.";
    CONFIG_MISSING = "config-missing", 5,
        "Konfigurationsfilen {file} finns inte.",
        "The configuration file {file} does not exist.";
    CONFIG_UNREADABLE = "config-unreadable", 5,
        "Konfigurationsfilen {file} kan inte läsas: {reason}.",
        "The configuration file {file} can't be read: {reason}.";
    CONFIG_NO_FILE = "config-no-file", 5, "{file} är ingen vanlig fil.", "{file} is not a plain file.";
    CONFIG_OWNER = "config-owner", 5,
        "{file} ägs av någon annan än root och dig och används inte. Byt ägare med chown.",
        "{file} is owned by neither root nor you and is not used. Change its owner with chown.";
    CONFIG_WRITABLE = "config-writable", 5,
        "{file} kan skrivas av andra än sin ägare och används inte. Rätta med: chmod go-w",
        "{file} can be written by others than its owner and is not used. Put it right with: chmod go-w";
    CONFIG_TOO_LARGE = "config-too-large", 5,
        "{file} är större än en konfiguration kan vara.",
        "{file} is larger than a configuration can be.";
    CONFIG_NOT_UTF8 = "config-not-utf8", 5, "{file} är inte UTF-8. Spara den som UTF-8.", "{file} is not UTF-8. Save it as UTF-8.";
    SYNTAX = "config-syntax", 5,
        "{file}: rad {line}, kolumn {column} är inte TOML.",
        "{file}: line {line}, column {column} is not TOML.";
    SYNTAX_HINT = "config-syntax-hint", 5,
        "Texter står inom citattecken, listor inom [ ], och ingen nyckel två gånger.",
        "Texts stand in quotation marks, lists in [ ], and no key twice.";
    UNKNOWN_KEY = "config-unknown-key", 5,
        "{file}: inställningen {key} finns inte. Menades {nearest}?",
        "{file}: there is no setting {key}. Was it {nearest}?";
    SET_SHAPE = "config-set-shape", 5, "--set ska följas av nyckel=värde.", "--set must be followed by key=value.";
    SET_LIMIT = "config-set-limit", 5,
        "{key} kan inte ändras med --set, bara i konfigurationsfilen.",
        "{key} can't be changed with --set, only in the configuration file.";
    SET_LIMIT_HINT = "config-set-limit-hint", 5,
        "Höj en gräns för en körning med --allow NAMN=ANTAL.",
        "Raise a limit for one run with --allow NAME=N.";
    SET_SECRET = "config-set-secret", 5,
        "{key} kan inte anges med --set, bara i konfigurationsfilen.",
        "{key} can't be given with --set, only in the configuration file.";
    NEEDS_TEXT = "config-needs-text", 5,
        "{file}: {key} ska vara en text inom citattecken, inte tom.",
        "{file}: {key} must be a text in quotation marks, not empty.";
    NEEDS_PATH = "config-needs-path", 5,
        "{file}: {key} ska vara en sökväg inom citattecken.",
        "{file}: {key} must be a path in quotation marks.";
    NEEDS_FLAG = "config-needs-flag", 5,
        "{file}: {key} ska vara true eller false, utan citattecken.",
        "{file}: {key} must be true or false, without quotation marks.";
    NEEDS_COUNT = "config-needs-count", 5,
        "{file}: {key} ska vara ett heltal från {least} till {most}, utan citattecken.",
        "{file}: {key} must be a whole number from {least} to {most}, without quotation marks.";
    NEEDS_CHOICE = "config-needs-choice", 5,
        "{file}: {key} ska vara något av: {words} (inom citattecken).",
        "{file}: {key} must be one of: {words} (in quotation marks).";
    NEEDS_LIST = "config-needs-list", 5,
        "{file}: {key} ska vara en lista av texter, t.ex. [\"a\", \"b\"].",
        "{file}: {key} must be a list of texts, such as [\"a\", \"b\"].";
    NEEDS_FIELDS = "config-needs-fields", 5,
        "{file}: {key} ska vara en lista av: {words}.",
        "{file}: {key} must be a list of: {words}.";
    NEEDS_MUNICIPALITIES = "config-needs-municipalities", 5,
        "{file}: {key} ska vara en lista av kommunkoder med fyra siffror, t.ex. [\"0581\"].",
        "{file}: {key} must be a list of municipality codes of four digits, such as [\"0581\"].";
    NEEDS_SOURCE_NAMES = "config-needs-source-names", 5,
        "{file}: {key} ska vara en lista av namn med bokstäver a-z, siffror, - och _.",
        "{file}: {key} must be a list of names of letters a-z, digits, - and _.";
    NEEDS_PRECEDENCE = "config-needs-precedence", 5,
        "{file}: {key} ska vara något av {words}, eller en lista av källor med den viktigaste först.",
        "{file}: {key} must be one of {words}, or a list of sources, the highest first.";
    NEEDS_DURATION = "config-needs-duration", 5,
        "{file}: {key} ska vara ett heltal med s, m, h eller d efter, t.ex. \"26h\" eller \"35d\".",
        "{file}: {key} must be a whole number followed by s, m, h or d, such as \"26h\" or \"35d\".";
    NEEDS_SHARE = "config-needs-share", 5,
        "{file}: {key} ska vara en andel som \"5%\" eller \"0.5%\" (högst 100%), eller ett antal utan citattecken.",
        "{file}: {key} must be a share such as \"5%\" or \"0.5%\" (at most 100%), or a count without quotation marks.";
    NEEDS_DAYS_OR_KEEP = "config-needs-days-or-keep", 5,
        "{file}: {key} ska vara ett antal dagar från 1 till {most}, eller \"keep\".",
        "{file}: {key} must be a number of days from 1 to {most}, or \"keep\".";
    NEEDS_COLUMNS = "config-needs-columns", 5,
        "{file}: {key} ska para ihop källans rubriker med våra kolumner, t.ex. \"Personnr\" = \"id_number\", var och en högst en gång.",
        "{file}: {key} must pair the source's headers with our columns, such as \"Personnr\" = \"id_number\", each at most once.";
    NEEDS_COMMAND = "config-needs-command", 5,
        "{file}: {key} ska vara ett kommando, som text eller som lista av sina ord.",
        "{file}: {key} must be a command, as a text or as a list of its words.";
    NEEDS_LIST_NAME = "config-needs-list-name", 5,
        "{file}: {key} ska innehålla {serial} eller {serial:06} och får ha {yy} {yyyy} {mm} {dd}, A-Z a-z 0-9 . - och _.",
        "{file}: {key} must contain {serial} or {serial:06}, and may have {yy} {yyyy} {mm} {dd}, A-Z a-z 0-9 . - and _.";
    NEEDS_PATTERN = "config-needs-pattern", 5,
        "{file}: {key} ska vara ett filnamn där * står för vad som helst, utan snedstreck.",
        "{file}: {key} must be a file name in which * stands for anything, without a slash.";
    NEEDS_TIMEZONE = "config-needs-timezone", 5,
        "{file}: {key} ska vara en tidszon som \"Europe/Stockholm\".",
        "{file}: {key} must be a time zone such as \"Europe/Stockholm\".";
    NEEDS_URL = "config-needs-url", 5,
        "{file}: {key} ska vara en adress som börjar med https:// eller http://.",
        "{file}: {key} must be an address that begins with https:// or http://.";
    NEEDS_TLS_PIN = "config-needs-tls-pin", 5,
        "{file}: {key} ska vara \"sha256:\" följt av 64 hexadecimala siffror, med eller utan kolon mellan paren (openssl x509 -noout -fingerprint -sha256).",
        "{file}: {key} must be \"sha256:\" followed by 64 hexadecimal digits, with or without colons between the pairs (openssl x509 -noout -fingerprint -sha256).";
    TWO_PASSWORDS = "config-two-passwords", 5,
        "{file}: ange bara en av {keys} under spar.server.",
        "{file}: give only one of {keys} under spar.server.";
    REGISTRY_ENDING = "config-registry-ending", 5,
        "{file}: registry får inte sluta på .lock, .side eller .key: så heter filerna bredvid registret.",
        "{file}: registry must not end in .lock, .side or .key: so are the files beside it called.";
    UNKNOWN_SOURCE = "config-unknown-source", 5,
        "{file}: contacts.conflict nämner {source}, som inte står i contacts.sources.",
        "{file}: contacts.conflict names {source}, which is not in contacts.sources.";
    NEEDS_HOST_KEY = "config-needs-host-key", 5,
        "{file}: {key} ska vara ett fingeravtryck som ssh-keygen -l skriver det: \"SHA256:\" och 43 tecken.",
        "{file}: {key} must be a fingerprint as ssh-keygen -l prints it: \"SHA256:\" and 43 characters.";
    SERVER_NEEDS = "config-server-needs", 5,
        "{file}: {key} saknas och behövs när spar.server.transport är {transport}.",
        "{file}: {key} is missing and needed when spar.server.transport is {transport}.";
    SECRET_READABLE = "config-secret-readable", 5,
        "{file} kan läsas av andra än sin ägare och används inte. Rätta med: chmod 600",
        "{file} can be read by others than its owner and is not used. Put it right with: chmod 600";
    SECRET_UNREADABLE = "config-secret-unreadable", 5,
        "{file} kan inte läsas: {reason}.",
        "{file} can't be read: {reason}.";
    SECRET_EMPTY = "config-secret-empty", 5, "{file} är tom.", "{file} is empty.";
    PASSWORD_EMPTY = "config-password-empty", 5,
        "Lösenordets första rad är tom.",
        "The first line of the password is empty.";
    COMMAND_FAILED = "config-command-failed", 5,
        "{key} gav inget lösenord. Kör kommandot för hand för att se varför.",
        "{key} gave no password. Run the command by hand to see why.";
    CREDENTIAL_NAME = "config-credential-name", 5,
        "spar.server.credential ska vara ett namn, ingen sökväg: {name}.",
        "spar.server.credential must be a name, not a path: {name}.";
    CREDENTIAL_NOWHERE = "config-credential-nowhere", 5,
        "Variabeln {variable} saknas: {name} finns bara när systemd startar programmet med den.",
        "There is no variable {variable}: {name} is only there when systemd starts the program with it.";
}
