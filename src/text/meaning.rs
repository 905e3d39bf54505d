//! What each setting means: the comments of the file that `init` writes.

super::messages! {
    FILE_HEAD = "setting-file-head", 20,
        "Inställningar för mantal. En rad som börjar med # utan blanksteg visar en inställning med sitt förval\neller ett exempel; ta bort tecknet för att ändra den. Sökvägar utgår från den här filens mapp. Kontrollera med: mantal config check",
        "Settings of mantal. A line that begins with # and no blank shows a setting with its default or an\nexample; take the sign away to change it. Paths start from this file's folder. Check with: mantal config check";
    REGISTRY = "setting-registry", 20, "Registrets fil.", "The registry's file.";
    LANGUAGE = "setting-language", 20, "Språk i texter för människor: sv eller en.", "Language of texts for people: sv or en.";
    TIMEZONE = "setting-timezone", 20, "Tidszon för datum och klockslag.", "Time zone of dates and times of day.";
    COUNTRY = "setting-country", 20,
        "SE, eller DK: då läses tio siffror som CPR-nummer.",
        "SE, or DK: then ten digits are read as a CPR number.";
    MUNICIPALITY = "setting-municipality", 20, "Våra kommunkoder, t.ex. [\"0581\"].", "Our municipality codes, such as [\"0581\"].";
    SPOOL = "setting-spool", 20, "Mapp för filer som är på väg.", "Folder of files that are in work.";
    SPOOL_KEEP_DAYS = "setting-spool-keep-days", 20,
        "Dagar som stoppade och avvisade filer sparas.",
        "Days that held and rejected files are kept.";
    SPAR_MODE = "setting-spar-mode", 20,
        "new: bara personer som aldrig efterfrågats (en förmedlare har listan). all: hela bevakningslistan (SPAR självt).",
        "new: only people never asked about (an intermediary keeps the list). all: the whole watch list (SPAR itself).";
    SPAR_FORMAT = "setting-spar-format", 20, "csv, lines eller xml-2023.1.", "csv, lines or xml-2023.1.";
    SPAR_LIST_NAME = "setting-spar-list-name", 20,
        "Listans namn: bokstäver a-z, siffror, punkt, - och _, samt {yy} {yyyy} {mm} {dd} och {serial:06} (krävs).",
        "The list's name: letters a-z, digits, point, - and _, and {yy} {yyyy} {mm} {dd} and {serial:06} (required).";
    SPAR_ZIP = "setting-spar-zip", 20, "Om listor ska packas med zip.", "Whether lists are zipped.";
    SPAR_READY = "setting-spar-ready", 20,
        "Hur mottagaren ser att en fil är hel: rename (byter namn sist) eller trigger (tom fil bredvid).",
        "How the receiver knows that a file is whole: rename (named last) or trigger (an empty file beside it).";
    SPAR_CATEGORIES = "setting-spar-categories", 20,
        "Kategorier av personer som skickas; [\"*\"] är alla.",
        "Categories of people that are sent; [\"*\"] is all.";
    SPAR_PATTERN = "setting-spar-pattern", 20, "Filer som ska hämtas.", "Files to fetch.";
    SPAR_CUSTOMER = "setting-spar-customer", 20,
        "Vårt kundnummer: en fil för någon annan avvisas.",
        "Our customer number: a file for another is rejected.";
    SPAR_ORDER = "setting-spar-order", 20,
        "Vårt uppdrag: en fil för ett annat avvisas.",
        "Our order: a file of another is rejected.";
    SPAR_AFTER_FETCH = "setting-spar-after-fetch", 20,
        "Hämtad fil på servern: keep, eller delete när dess ändringar är sparade.",
        "A fetched file on the server: keep, or delete once its changes are stored.";
    SPAR_ANSWER_DAYS = "setting-spar-answer-days", 20,
        "Dagar inom vilka SPAR ska ha svarat om en person.",
        "Days within which SPAR should have answered about a person.";
    SPAR_FILE_DAYS = "setting-spar-file-days", 20,
        "Dagar utan fil från SPAR innan det anmärks.",
        "Days without a file from SPAR before that is a finding.";
    SERVER_TRANSPORT = "setting-server-transport", 20,
        "dir, ftp (okrypterat!), ftps, ftps-implicit eller sftp.",
        "dir, ftp (in clear text!), ftps, ftps-implicit or sftp.";
    SERVER_PATH = "setting-server-path", 20,
        "För dir: mapp med in/ (dit vi lämnar) och out/ (där vi hämtar).",
        "For dir: folder with in/ (where we put) and out/ (where we take).";
    SERVER_HOST = "setting-server-host", 20, "Serverns namn.", "The server's name.";
    SERVER_PORT = "setting-server-port", 20, "Port; annars den vanliga.", "Port; else the usual one.";
    SERVER_USER = "setting-server-user", 20, "Användare på servern.", "User on the server.";
    SERVER_PASSWORD_FILE = "setting-server-password-file", 20,
        "Fil med lösenordet, läsbar bara för sin ägare. Välj en av tre:",
        "File with the password, readable by its owner only. Choose one of three:";
    SERVER_PASSWORD_COMMAND = "setting-server-password-command", 20,
        "eller kommando som skriver ut lösenordet,",
        "or a command that prints the password,";
    SERVER_CREDENTIAL = "setting-server-credential", 20,
        "eller namnet på en systemd-credential.",
        "or the name of a systemd credential.";
    SERVER_KEY_FILE = "setting-server-key-file", 20,
        "För sftp: fil med privat nyckel, läsbar bara för sin ägare.",
        "For sftp: file with a private key, readable by its owner only.";
    SERVER_PUT_DIR = "setting-server-put-dir", 20, "Mapp på servern där vi lämnar.", "Folder on the server where we put.";
    SERVER_GET_DIR = "setting-server-get-dir", 20, "Mapp på servern där vi hämtar.", "Folder on the server where we take.";
    SERVER_PASSIVE = "setting-server-passive", 20, "För ftp: epsv, pasv eller active.", "For ftp: epsv, pasv or active.";
    SERVER_TLS_CA = "setting-server-tls-ca", 20,
        "För ftps: certifikatutfärdare att lita på (PEM).",
        "For ftps: certificate authorities to trust (PEM).";
    SERVER_TLS_PIN = "setting-server-tls-pin", 20,
        "För ftps: fingeravtryck för det enda certifikat som godtas.",
        "For ftps: fingerprint of the only certificate that is taken.";
    SERVER_TLS_MAX = "setting-server-tls-max", 20,
        "För ftps: 1.2 om servern kräver återupptagna sessioner.",
        "For ftps: 1.2 if the server demands resumed sessions.";
    SERVER_KNOWN_HOSTS = "setting-server-known-hosts", 20,
        "För sftp: fil med värdnycklar att lita på.",
        "For sftp: file of host keys to trust.";
    SERVER_HOST_KEY = "setting-server-host-key", 20,
        "För sftp: fingeravtryck för den enda värdnyckel som godtas.",
        "For sftp: fingerprint of the only host key that is taken.";
    SERVER_CONNECT_TIMEOUT = "setting-server-connect-timeout", 20,
        "Sekunder tills en förbindelse ska vara uppe.",
        "Seconds until a connection must stand.";
    SERVER_IDLE_TIMEOUT = "setting-server-idle-timeout", 20, "Sekunder utan livstecken.", "Seconds without a sign of life.";
    SERVER_TOTAL_TIMEOUT = "setting-server-total-timeout", 20, "Sekunder för hela överföringen.", "Seconds for the whole transfer.";
    SERVER_RETRIES = "setting-server-retries", 20,
        "Hur många gånger ett steg görs om efter ett fel som kan gå över.",
        "How often a step is tried again after a fault that may pass.";
    CONTACTS_SOURCES = "setting-contacts-sources", 20,
        "Källor som får anges med --source.",
        "Sources that may be named with --source.";
    CONTACTS_CONFLICT = "setting-contacts-conflict", 20,
        "Vilken källa som gäller: last-changed, last-synced eller en lista med den viktigaste först.",
        "Which source counts: last-changed, last-synced or a list, the highest first.";
    CONTACTS_CREATE = "setting-contacts-create", 20,
        "Om okända personer i en källa läggs till.",
        "Whether unknown people in a source are created.";
    CONTACTS_FORCE = "setting-contacts-force", 20,
        "Fält där källan alltid gäller, per kategori.",
        "Fields where the source always wins, by category.";
    CONTACTS_CLEAR_FLAG = "setting-contacts-clear-flag", 20,
        "Fält vars märke \"ändrat av personen\" släcks när källorna säger samma sak (förval: e-post för guardian).",
        "Fields whose mark \"changed by the person\" clears once the sources agree (default: e-mail of guardian).";
    CONTACTS_EMPTY = "setting-contacts-empty", 20,
        "Vad en tom uppgift från en källa betyder: keep eller clear.",
        "What an empty statement of a source means: keep or clear.";
    SOURCE_FORMAT = "setting-source-format", 20,
        "En källas egen export (byt NAME mot källans namn): csv eller oneroster.",
        "A source's own export (put the source's name for NAME): csv or oneroster.";
    SOURCE_COLUMNS = "setting-source-columns", 20,
        "Källans rubriker och vilka kolumner de är hos oss.",
        "The source's headers, and which columns of ours they are.";
    SOURCE_IGNORE_COLUMNS = "setting-source-ignore-columns", 20,
        "Källans rubriker som inte betyder något här.",
        "The source's headers that mean nothing here.";
    PROTECTION_CLEAR_NAMES = "setting-protection-clear-names", 20,
        "Om även namn raderas när en person får skyddade uppgifter.",
        "Whether names are erased too when a person becomes protected.";
    LOG_SHOW = "setting-log-show", 20,
        "Minst allvarliga prioritet som visas (lägre är allvarligare).",
        "The least serious priority that is shown (lower is more serious).";
    LOG_DAYS = "setting-log-days", 20, "Dagar som loggrader sparas.", "Days that log lines are kept.";
    LOG_JOURNAL_DAYS = "setting-log-journal-days", 20,
        "Dagar som ändringsjournalen sparas.",
        "Days that the change journal is kept.";
    LIMITS = "setting-limits", 20,
        "Så mycket får en körning göra innan en människa tittar: andel eller antal.",
        "So much may one run do before a person has to look: a share or a count.";
    LIMITS_FLOOR = "setting-limits-floor", 20, "Så många är alltid tillåtna.", "So many are always allowed.";
    PURGE_DRAFT_DAYS = "setting-purge-draft-days", 20,
        "Dagar som orörda utkast sparas, eller \"keep\".",
        "Days that untouched drafts are kept, or \"keep\".";
    PURGE_EVENT_DAYS = "setting-purge-event-days", 20,
        "Dagar som händelser utan ärende sparas, eller \"keep\".",
        "Days that events without a case are kept, or \"keep\".";
    MAX_AGE = "setting-max-age", 20,
        "Hur länge sedan ett jobb får ha körts innan det är försenat, t.ex. \"26h\" eller \"35d\".",
        "How long ago a job may have run before it is overdue, such as \"26h\" or \"35d\".";
    BACKUP_DIR = "setting-backup-dir", 20, "Mapp för säkerhetskopior.", "Folder of backups.";
    BACKUP_KEEP = "setting-backup-keep", 20, "Så många säkerhetskopior sparas.", "So many backups are kept.";
    NOTIFY_PING = "setting-notify-ping", 20,
        "Adress som får veta hur ett jobb gick.",
        "Address that is told how a job ended.";
    NOTIFY_COMMAND = "setting-notify-command", 20,
        "Kommando som körs när ett jobb är klart.",
        "Command that is run when a job has ended.";
    NOTIFY_METRICS_FILE = "setting-notify-metrics-file", 20,
        "Fil med mätvärden för en insamlare.",
        "File of metrics for a collector.";
    SCHEDULE_MAX_LATE = "setting-schedule-max-late", 20,
        "Hur sent ett schemalagt jobb får starta.",
        "How late a scheduled job may start.";
}
