//! What goes wrong between us and the drop server. `{step}` is the step in the words of an FTP client: put, get, ls.

super::messages! {
    CLEAR_TEXT = "server-clear-text", 10,
        "{server}: ftp skickar lösenord och personnummer i klartext. Välj ftps eller sftp om servern kan det.",
        "{server}: ftp sends the password and identity numbers in clear text. Choose ftps or sftp if the server can.";
    ODD_NAMES = "server-odd-names", 10,
        "{count} namn på servern är inga vanliga filnamn och hoppades över: {names}",
        "{count} names on the server are not plain file names and were left out: {names}";
    RETRIED = "server-retried", 15,
        "{reason} Nytt försök om {pause} s ({number} av {most}).",
        "{reason} Tried again in {pause} s ({number} of {most}).";
    UNREACHABLE = "server-unreachable", 5,
        "{server} kan inte nås ({step}: {reason}).",
        "{server} can't be reached ({step}: {reason}).";
    UNREACHABLE_HINT = "server-unreachable-hint", 20,
        "Kontrollera spar.server.host och spar.server.port, nätet och brandväggen. Kör sedan igen.",
        "Check spar.server.host and spar.server.port, the network and the firewall. Then run again.";
    NO_ANSWER = "server-no-answer", 5,
        "{server} svarade inte inom {reason} s ({step}).",
        "{server} did not answer within {reason} s ({step}).";
    SILENT = "server-silent", 5,
        "{server} var tyst i {reason} s ({step}).",
        "{server} was silent for {reason} s ({step}).";
    SILENT_HINT = "server-silent-hint", 20,
        "Kör igen senare. Händer det ofta: prova ett annat spar.server.passive, eller höj spar.server.idle_timeout.",
        "Run again later. If it happens often: try another spar.server.passive, or raise spar.server.idle_timeout.";
    LATE = "server-late", 5,
        "{server}: inte klart inom {reason} s ({step}).",
        "{server}: not finished within {reason} s ({step}).";
    LATE_HINT = "server-late-hint", 20,
        "Kör igen senare, eller höj spar.server.total_timeout.",
        "Run again later, or raise spar.server.total_timeout.";
    REFUSED = "server-login-refused", 5,
        "{server} godkände inte inloggningen ({reason}).",
        "{server} refused the login ({reason}).";
    REFUSED_HINT = "server-login-refused-hint", 20,
        "Kontrollera spar.server.user och lösenordet innan ni kör igen: upprepade försök kan låsa kontot.",
        "Check spar.server.user and the password before you run again: repeated attempts can lock the account.";
    BROKEN = "server-broke-off", 5,
        "{server} bröt förbindelsen ({step}: {reason}).",
        "{server} broke off ({step}: {reason}).";
    BROKEN_HINT = "server-broke-off-hint", 20,
        "Kör igen; nästa körning tar vid där denna slutade.",
        "Run again; the next run goes on where this one ended.";
    NO_DATA = "server-no-data", 5,
        "{server} svarar, men ingen dataförbindelse kom till stånd ({step}: {reason}).",
        "{server} answers, but no data connection came about ({step}: {reason}).";
    NO_DATA_HINT = "server-no-data-hint", 20,
        "Prova spar.server.passive = \"epsv\", \"pasv\" eller \"active\"; brandväggar släpper ofta bara igenom en av dem.",
        "Try spar.server.passive = \"epsv\", \"pasv\" or \"active\"; firewalls often let only one of them pass.";
    MISSING = "server-file-missing", 5,
        "{server}: filen finns inte ({step}: {reason}).",
        "{server}: there is no such file ({step}: {reason}).";
    NO_FOLDER = "server-folder-missing", 5,
        "{server}: mappen finns inte eller kan inte öppnas ({step}: {reason}).",
        "{server}: the folder is not there or can't be opened ({step}: {reason}).";
    NO_FOLDER_HINT = "server-folder-missing-hint", 20,
        "Kontrollera spar.server.path (som innehåller in/ och out/), eller spar.server.put_dir och spar.server.get_dir.",
        "Check spar.server.path (which contains in/ and out/), or spar.server.put_dir and spar.server.get_dir.";
    EXISTS = "server-file-exists", 5,
        "{server}: namnet är upptaget och skrivs inte över ({step}).",
        "{server}: the name is taken and is not overwritten ({step}).";
    EXISTS_HINT = "server-file-exists-hint", 20,
        "Se efter vad det är för fil innan ni flyttar den.",
        "Look at what the file is before you move it.";
    FULL = "server-full", 5,
        "{server} har ingen plats ({step}: {reason}).",
        "{server} has no room ({step}: {reason}).";
    FULL_HINT = "server-full-hint", 20,
        "Be den som sköter servern om plats. Kör sedan igen.",
        "Ask those who run the server for room. Then run again.";
    DENIED = "server-denied", 5,
        "{server} vägrade ({step}: {reason}).",
        "{server} refused ({step}: {reason}).";
    DENIED_HINT = "server-denied-hint", 20,
        "Kontrollera kontots rättigheter i spar.server.put_dir och spar.server.get_dir.",
        "Check the account's rights in spar.server.put_dir and spar.server.get_dir.";
    BUSY = "server-busy", 5,
        "{server} kan inte just nu ({step}: {reason}).",
        "{server} can't just now ({step}: {reason}).";
    UNSUPPORTED = "server-unsupported", 5,
        "{server} kan inte det som behövs ({step}: {reason}).",
        "{server} can't do what is needed ({step}: {reason}).";
    UNSUPPORTED_HINT = "server-unsupported-hint", 20,
        "Om servern inte kan byta namn på filer: spar.ready = \"trigger\".",
        "If the server can't rename files: spar.ready = \"trigger\".";
    PROTOCOL = "server-nonsense", 5,
        "{server} svarar på ett sätt som inte går att förstå ({step}: {reason}).",
        "{server} answers in a way that makes no sense ({step}: {reason}).";
    PROTOCOL_HINT = "server-nonsense-hint", 20,
        "Kontrollera att spar.server.transport, spar.server.host och spar.server.port stämmer med servern.",
        "Check that spar.server.transport, spar.server.host and spar.server.port fit the server.";
    BAD_NAME = "server-bad-name", 5,
        "{server}: inget vanligt filnamn ({step}). Inget har skickats.",
        "{server}: not a plain file name ({step}). Nothing was sent.";
    LOCAL = "server-local", 5,
        "Vår egen fil kunde inte läsas eller skrivas ({step}: {reason}). Kontrollera utrymmet i spool.",
        "Our own file could not be read or written ({step}: {reason}). Check the room in the spool.";
    NOT_YET = "server-not-yet", 5,
        "spar.server.transport = \"{reason}\" finns inte i denna version. Välj \"dir\" eller \"ftp\".",
        "spar.server.transport = \"{reason}\" is not in this version. Choose \"dir\" or \"ftp\".";
}
