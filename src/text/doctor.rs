//! What `doctor` found. A hint says what to do, with the parameters of the sentence before it.

super::messages! {
    WELL = "word-well", 20, "bra", "well";
    WARNING = "word-warning", 20, "varning", "warning";
    PROBLEM = "word-problem", 20, "fel", "problem";
    SKIPPED = "word-skipped", 20, "hoppat över", "skipped";
    SUM = "doctor-sum", 20,
        "Summa: {problem} fel, {warning} varningar, {skipped} hoppade över, {well} bra.",
        "Sum: {problem} problems, {warning} warnings, {skipped} skipped, {well} well.";
    CONFIGURATION_READ = "doctor-configuration", 20,
        "Läst, och ingen annan kan ändra den. Registret är {registry}.",
        "Read, and nobody else can change it. The registry is {registry}.";
    SECRETS_CLOSED = "doctor-secrets", 20,
        "Lösenord och nycklar är stängda för andra.",
        "Passwords and keys are closed to others.";
    KEY_READABLE = "doctor-key", 20, "Nyckeln går att läsa.", "The key can be read.";
    SIDE_READABLE = "doctor-side-file", 20, "Varje rad är hel.", "Every line is whole.";
    SECRETS_HINT = "doctor-secrets-hint", 20,
        "Utan rätt nyckel och sidofil ändrar inget kommando något: hämta dem från den mapp som \"backup --secrets\" fyllde.",
        "Without the right key and side file no command changes anything: bring them back from where \"backup --secrets\" put them.";
    MODES_CLOSED = "doctor-modes", 20,
        "{count} filer och mappar är våra och stängda för andra.",
        "{count} files and folders are ours and closed to others.";
    MODES_MORE = "doctor-modes-more", 20, "Och {count} till.", "And {count} more.";
    MODE_OPEN = "doctor-mode-open", 5,
        "{file} har läge {mode}: andra än ägaren kommer åt den.",
        "{file} has mode {mode}: others than its owner can get at it.";
    MODE_OPEN_HINT = "doctor-mode-open-hint", 20, "Rätta med: chmod {right} {file}", "Put it right with: chmod {right} {file}";
    FOLDER_WRITABLE = "doctor-folder-writable", 5,
        "Mappen {file} har läge {mode}: andra kan lägga en annan fil i registrets ställe.",
        "The folder {file} has mode {mode}: others can put another file in the registry's place.";
    FOLDER_WRITABLE_HINT = "doctor-folder-writable-hint", 20, "Rätta med: chmod go-w {file}", "Put it right with: chmod go-w {file}";
    FOREIGN_OWNER = "doctor-foreign-owner", 5,
        "{file} tillhör användare {owner}, inte den som kör jobben.",
        "{file} belongs to user {owner}, not to the one who runs the jobs.";
    FOREIGN_OWNER_HINT = "doctor-foreign-owner-hint", 20,
        "Kör doctor som den användare som kör jobben, eller rätta ägaren med chown.",
        "Run doctor as the user who runs the jobs, or put the owner right with chown.";
    NOT_PLAIN = "doctor-not-plain", 5,
        "{file} är varken vanlig fil eller mapp där en sådan ska vara.",
        "{file} is not the plain file or folder that should be there.";
    NOT_PLAIN_HINT = "doctor-not-plain-hint", 20, "Se efter vad det är och flytta undan det.", "Look at what it is and move it away.";
    NO_REMAINS = "doctor-remains", 20,
        "Inga kvarglömda kopior av registret bredvid det.",
        "No forgotten copies of the registry beside it.";
    SCRATCH_LEFT = "doctor-scratch-left", 10,
        "{file} är en halv kopia av registret från en avbruten körning.",
        "{file} is half a copy of the registry that a killed run left.";
    COPY_LEFT = "doctor-copy-left", 10,
        "{file} är en kopia av registret, {days} dagar gammal. Den som skyddats sedan dess står kvar i den.",
        "{file} is a copy of the registry, {days} days old. Whoever was protected since still stands in it.";
    REMAINS_HINT = "doctor-remains-hint", 20, "Ta bort den när den inte behövs.", "Delete it when it is not needed.";
    ROOM_ENOUGH = "doctor-room", 20,
        "{free} MiB ledigt; {needed} MiB kan behövas på en gång.",
        "{free} MiB free; {needed} MiB may be needed at once.";
    ROOM_LITTLE = "doctor-room-little", 10,
        "Bara {free} MiB ledigt; {needed} MiB kan behövas på en gång.",
        "Only {free} MiB free; {needed} MiB may be needed at once.";
    ROOM_TOO_LITTLE = "doctor-room-too-little", 5,
        "{free} MiB ledigt är för lite: {needed} MiB behövs för att skriva om registret efter en radering, och för nästa kopia.",
        "{free} MiB free is too little: {needed} MiB are needed to rewrite the registry after an erasure, and for the next copy.";
    ROOM_HINT = "doctor-room-hint", 20, "Frigör plats.", "Free some space.";
    NO_INODES = "doctor-no-inodes", 5, "Filsystemet har inga platser för nya filer.", "The file system has no places for new files.";
    NO_INODES_HINT = "doctor-no-inodes-hint", 20, "Ta bort filer som inte behövs; df -i visar hur många som får plats.", "Delete files that are not needed; df -i shows how many there is a place for.";
    DISK_READ_ONLY = "doctor-disk-read-only", 5, "Filsystemet går inte att skriva till.", "The file system can't be written to.";
    DISK_READ_ONLY_HINT = "doctor-disk-read-only-hint", 20,
        "Montera om det skrivbart. Blev det så av sig självt är disken kanske trasig: titta i systemets logg.",
        "Mount it writable. If it became so by itself the disk may be failing: look into the system's log.";
    REGISTRY_OPENED = "doctor-registry", 20, "Ett register från mantal.", "A registry of mantal.";
    VERSION_CURRENT = "doctor-version", 20, "Version {version}.", "Version {version}.";
    VERSION_OLDER = "doctor-version-older", 10,
        "Version {version}; detta program har {known}. Nästa kommando som ändrar något uppgraderar det, med en kopia först.",
        "Version {version}; this program has {known}. The next command that changes something upgrades it, after a copy.";
    AFTER_UPGRADE = "doctor-after-upgrade", 20, "Går att se först när registret är uppgraderat.", "Can be seen once the registry is upgraded.";
    REGISTRY_SIZE = "doctor-size", 20,
        "{size} MiB, varav {free} MiB lediga sidor; WAL {wal} MiB.",
        "{size} MiB, of which {free} MiB are free pages; WAL {wal} MiB.";
    WAL_LARGE = "doctor-wal-large", 10,
        "WAL-filen är {wal} MiB fast ingen körning pågår; registret är {size} MiB.",
        "The WAL is {wal} MiB although no run goes on; the registry is {size} MiB.";
    WAL_LARGE_HINT = "doctor-wal-large-hint", 20,
        "Avsluta program som läser registret länge; nästa körning tömmer den.",
        "Close programs that read the registry for long; the next run empties it.";
    PAGES_SOUND = "doctor-pages", 20, "Varje sida och varje index är hel.", "Every page and every index is whole.";
    REFERENCES_SOUND = "doctor-references", 20, "Varje hänvisning leder någonstans.", "Every reference leads somewhere.";
    SCHEMA_SOUND = "doctor-schema", 20, "Tabellerna är de som ska vara där.", "The tables are those that should be there.";
    KEY_FITS = "doctor-key-fits", 20, "Ingen annan nyckel är känd för registret.", "No other key is known to belong to the registry.";
    KEY_FOREIGN = "doctor-key-foreign", 5,
        "Nyckeln hör till ett annat register: inga skyddade känns igen med den.",
        "The key is another registry's: it recognises nobody who is protected.";
    CLOCK_PLAUSIBLE = "doctor-clock", 20, "Klockan är {now}.", "The clock says {now}.";
    CLOCK_BEHIND = "doctor-clock-behind", 5,
        "Klockan är {now}, före det som registret senast var med om ({newest}).",
        "The clock says {now}, before the newest that the registry knows of ({newest}).";
    CLOCK_FAR_AHEAD = "doctor-clock-ahead", 10,
        "Klockan är {now}, mer än ett år efter det som registret senast var med om ({newest}).",
        "The clock says {now}, more than a year after the newest that the registry knows of ({newest}).";
    CLOCK_HINT = "doctor-clock-hint", 20,
        "Ställ datorns klocka (NTP) innan något jobb körs: reglerna räknar i dagar.",
        "Set the machine's clock (NTP) before any job runs: the rules count days.";
    NOTHING_UNFINISHED = "doctor-unfinished", 20, "Ingenting väntar på att bli klart.", "Nothing waits to be finished.";
    RUN_GOES_ON = "doctor-run-goes-on", 20,
        "Körning {run} ({job}) pågår sedan {started}.",
        "Run {run} ({job}) goes on since {started}.";
    RUN_DIED = "doctor-run-died", 10,
        "Körning {run} ({job}) från {started} dog utan att avslutas.",
        "Run {run} ({job}) of {started} died without an end.";
    RUN_OPEN = "doctor-run-open", 10,
        "Körning {run} ({job}) från {started} är inte avslutad; om den pågår går inte att se här.",
        "Run {run} ({job}) of {started} is not closed; whether it goes on can't be seen here.";
    RUN_DIED_HINT = "doctor-run-died-hint", 20,
        "Nästa körning avslutar den och tar vid; starta jobbet igen om det inte kan vänta till i natt.",
        "The next run closes it and goes on; start the job again if it can't wait for the night.";
    ERASURE_PENDING = "doctor-erasure-pending", 5,
        "{count} raderingar är inte klara: raderade uppgifter kan finnas kvar i registrets fil.",
        "{count} erasures are not finished: erased values may still stand in the registry's file.";
    TRACE_PENDING = "doctor-trace-pending", 5,
        "{count} filer i spool ska bort, för en skyddad person står i dem.",
        "{count} files in the spool have to go, for a protected person stands in them.";
    ERASURE_PENDING_HINT = "doctor-erasure-pending-hint", 20,
        "Avsluta program som läser registret, se till att det finns plats på disken, och kör ett jobb.",
        "Close programs that read the registry, see that there is room on the disk, and run a job.";
    LIST_ON_ITS_WAY = "doctor-list-on-its-way", 10,
        "Lista {list} blev inte klar ({mark}).",
        "List {list} was not finished ({mark}).";
    LIST_ON_ITS_WAY_HINT = "doctor-list-on-its-way-hint", 20,
        "Nästa spar-export ser efter på servern och avslutar den.",
        "The next spar-export looks on the server and finishes it.";
    FILE_HELD = "doctor-file-held", 10,
        "{file} stoppades av en gräns (körning {run}).",
        "{file} was stopped by a limit (run {run}).";
    FILE_HELD_HINT = "doctor-file-held-hint", 20, "Se efter med: mantal log {run}", "Look with: mantal log {run}";
    INBOX_WAITS = "doctor-inbox", 10, "{count} filer är hämtade och inte inlästa.", "{count} files are fetched and not applied.";
    STAGING_LEFT = "doctor-staging", 10, "{count} arbetsfiler är kvar efter en avbruten körning.", "{count} scratch files are left by a killed run.";
    SPOOL_HINT = "doctor-spool-hint", 20, "Nästa spar-import tar hand om dem.", "The next spar-import takes care of them.";
    REMOVAL_WAITS = "doctor-removal", 10,
        "{count} inlästa filer är inte borttagna från servern.",
        "{count} applied files are not removed from the server.";
    REMOVAL_HINT = "doctor-removal-hint", 20,
        "Nästa spar-import försöker igen. Händer det varje natt saknar kontot rätt att ta bort i spar.server.get_dir.",
        "The next spar-import tries again. If it happens every night the account may not delete in spar.server.get_dir.";
    AT_A_LOSS = "doctor-at-a-loss", 5,
        "Registret är återställt utan nyckel eller sidofil, och ingen har godtagit det: spar-export skickar inget.",
        "The registry was restored without key or side file, and nobody has accepted that: spar-export sends nothing.";
    AT_A_LOSS_HINT = "doctor-at-a-loss-hint", 20,
        "Hämta dem från \"backup --secrets\" och återställ igen, eller kör \"mantal restore --accept-loss\".",
        "Bring them back from \"backup --secrets\" and restore again, or run \"mantal restore --accept-loss\".";
    LAST_RUN = "doctor-last-run", 20, "Körning {run}, {started}: {status}.", "Run {run}, {started}: {status}.";
    LAST_RUN_BAD = "doctor-last-run-bad", 5,
        "Körning {run}, {started}, gjorde inte sitt arbete: {status}.",
        "Run {run}, {started}, did not do its work: {status}.";
    LAST_RUN_HINT = "doctor-last-run-hint", 20, "Se efter med: mantal log {run}", "Look with: mantal log {run}";
    JOB_IN_TIME = "doctor-job-in-time", 20, "{age} gammal, högst {most}.", "{age} old, at most {most}.";
    JOB_OVERDUE = "doctor-job-overdue", 5,
        "{job} gjorde sitt arbete senast för {age} sedan; det får vara högst {most}.",
        "{job} last did its work {age} ago; that may be at most {most}.";
    JOB_NEVER = "doctor-job-never", 5,
        "{job} har aldrig gjort sitt arbete; det skulle ha gjorts inom {most}, och registret är {age} gammalt.",
        "{job} never did its work; that was due within {most}, and the registry is {age} old.";
    JOB_OVERDUE_HINT = "doctor-job-overdue-hint", 20,
        "Kontrollera att cron eller timern startar det, och vad det säger: mantal runs",
        "Check that cron or the timer starts it, and what it says: mantal runs";
    BACKUP_NEWEST = "doctor-backup", 20, "{file}, {age} gammal.", "{file}, {age} old.";
    BACKUP_OLD = "doctor-backup-old", 5,
        "Den nyaste kopian, {file}, är {age} gammal; den får vara högst {most}.",
        "The newest copy, {file}, is {age} old; it may be at most {most}.";
    BACKUP_OLD_HINT = "doctor-backup-old-hint", 20, "Kör: mantal backup", "Run: mantal backup";
    NO_BACKUP = "doctor-no-backup", 20, "Ingen säkerhetskopia här.", "No backup here.";
    NO_BACKUP_HINT = "doctor-no-backup-hint", 20, "Gör en med: mantal backup", "Make one with: mantal backup";
    SERVER_NOT_WANTED = "doctor-server-not-wanted", 20, "Inte provat (--no-server).", "Not tried (--no-server).";
    PROBE_NOT_WANTED = "doctor-probe-not-wanted", 20, "Inte provat (--no-probe).", "Not tried (--no-probe).";
    STEP_SKIPPED = "doctor-step-skipped", 20, "Inte provat: ett steg före det gick inte.", "Not tried: a step before it did not work.";
    NAME_FOUND = "doctor-name", 20, "Namnet finns: {addresses}.", "The name is found: {addresses}.";
    CONNECTED = "doctor-connect", 20, "Ansluten till {address}.", "Connected to {address}.";
    CERTIFICATE = "doctor-tls", 20,
        "{protocol}; certifikatet gäller {first} till {last}, SHA-256 {fingerprint}.",
        "{protocol}; the certificate is valid {first} to {last}, SHA-256 {fingerprint}.";
    CERTIFICATE_UNREAD = "doctor-tls-unread", 20,
        "{protocol}; certifikatet är betrott men dess datum kan inte läsas, SHA-256 {fingerprint}.",
        "{protocol}; the certificate is trusted but its dates can't be read, SHA-256 {fingerprint}.";
    CERTIFICATE_ENDS = "doctor-tls-ends", 10,
        "{protocol}; certifikatet går ut {last}, SHA-256 {fingerprint}.",
        "{protocol}; the certificate ends on {last}, SHA-256 {fingerprint}.";
    CERTIFICATE_OVER = "doctor-tls-over", 5,
        "{protocol}; certifikatet gick ut {last}, SHA-256 {fingerprint}.",
        "{protocol}; the certificate ended on {last}, SHA-256 {fingerprint}.";
    CERTIFICATE_NOT_YET = "doctor-tls-not-yet", 5,
        "{protocol}; certifikatet gäller först från {first}, SHA-256 {fingerprint}.",
        "{protocol}; the certificate is not valid before {first}, SHA-256 {fingerprint}.";
    CERTIFICATE_HINT = "doctor-tls-hint", 20,
        "Fråga dem som sköter servern efter det nya certifikatet, och om spar.server.tls_pin eller tls_ca ska ändras. Kontrollera datorns klocka.",
        "Ask those who run the server for the new certificate, and whether spar.server.tls_pin or tls_ca has to change. Check this machine's clock.";
    HOST_KEY = "doctor-host-key", 20, "Värdnyckeln är betrodd: {algorithm} {fingerprint}.", "The host key is trusted: {algorithm} {fingerprint}.";
    LOGGED_IN = "doctor-login", 20, "Inloggad som {user}.", "Logged in as {user}.";
    FOLDER_THERE = "doctor-folder", 20, "Mappen finns.", "The folder is there.";
    GET_FOLDER = "doctor-get-folder", 20,
        "{folder}/ har {count} namn, {ours} av dem att hämta eller redan hämtade.",
        "{folder}/ has {count} names, {ours} of them to be fetched or fetched before.";
    PUT_FOLDER = "doctor-put-folder", 20, "{folder}/ har {count} namn.", "{folder}/ has {count} names.";
    FOLDER_ODD = "doctor-folder-odd", 10,
        "{folder}/: {odd} namn är inga vanliga filnamn: {names}",
        "{folder}/: {odd} names are not plain file names: {names}";
    PROBES_LEFT = "doctor-probes-left", 10,
        "{folder}/ har {ours} provfiler från en doctor som avbröts (mantal-probe-….part).",
        "{folder}/ has {ours} probe files of a doctor that was cut off (mantal-probe-….part).";
    FOLDER_HINT = "doctor-folder-hint", 20, "Ta bort dem på servern.", "Delete them on the server.";
    PUT_FOLDER_BLIND = "doctor-put-folder-blind", 20,
        "{folder}/ får inte listas. Listor kan skickas ändå.",
        "{folder}/ may not be listed. Lists can be sent all the same.";
    PROBE_WRITTEN = "doctor-probe-written", 20, "En provfil är skriven och lika lång på servern.", "A probe file is written, and as long on the server.";
    PROBE_SIZE = "doctor-probe-size", 5,
        "Servern har {found} av provfilens {expected} byte.",
        "The server has {found} of the probe file's {expected} bytes.";
    PROBE_RENAMED = "doctor-probe-renamed", 20, "Provfilen har fått ett annat namn.", "The probe file was renamed.";
    RENAME_NOT_NEEDED = "doctor-rename-not-needed", 20,
        "Behövs inte med spar.ready = \"trigger\".",
        "Not needed with spar.ready = \"trigger\".";
    PROBE_DELETED = "doctor-probe-deleted", 20, "Provfilen är borttagen.", "The probe file is deleted.";
    PROBE_LEFT = "doctor-probe-left", 5,
        "Provfilen {file} är kanske kvar på servern. {reason}",
        "The probe file {file} may still be on the server. {reason}";
    PROBE_LEFT_HINT = "doctor-probe-left-hint", 20,
        "Ta bort den, och ge kontot rätt att ta bort i spar.server.put_dir: det behövs för att avsluta en bruten sändning. --no-probe låter bli.",
        "Delete it, and let the account delete in spar.server.put_dir: a broken sending can't be settled without. --no-probe leaves it out.";
}
