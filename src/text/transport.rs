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
        "Kontrollera spar.server.user och lösenordet eller nyckeln innan ni kör igen: upprepade försök kan låsa kontot.",
        "Check spar.server.user and the password or the key before you run again: repeated attempts can lock the account.";
    UNKNOWN_KEY = "server-host-key-unknown", 5,
        "{server}: värdnyckeln är okänd ({reason}). Inget lösenord och ingen fil har skickats.",
        "{server}: the host key is not known ({reason}). No password and no file was sent.";
    UNKNOWN_KEY_HINT = "server-host-key-unknown-hint", 20,
        "Hämta nyckeln med \"{scan}\" och jämför dess fingeravtryck (ssh-keygen -lf) med vad den som sköter servern säger, på annat sätt än genom servern. Stämmer det: lägg raden i filen i spar.server.known_hosts (annars ~/.ssh/known_hosts), eller sätt spar.server.host_key = \"{fingerprint}\".",
        "Fetch the key with \"{scan}\" and compare its fingerprint (ssh-keygen -lf) with what those who run the server say, by another way than the server. If it is the same: put the line into the file of spar.server.known_hosts (else ~/.ssh/known_hosts), or set spar.server.host_key = \"{fingerprint}\".";
    CHANGED_KEY = "server-host-key-changed", 5,
        "VARNING: {server} har en annan värdnyckel än den kända ({reason}). Någon kan ha ställt sig mellan er och servern. Inget lösenord och ingen fil har skickats.",
        "WARNING: {server} has another host key than the known one ({reason}). Somebody may have put themselves between you and the server. No password and no file was sent.";
    CHANGED_KEY_HINT = "server-host-key-changed-hint", 20,
        "Kör inte igen förrän den som sköter servern, på annat sätt än genom servern, har sagt att nyckeln är bytt och att fingeravtrycket är {fingerprint}. Ta då bort serverns gamla rader (ssh-keygen -R) och lägg in den nya från \"{scan}\".",
        "Do not run again before those who run the server have said, by another way than the server, that the key was changed and that its fingerprint is {fingerprint}. Then remove the server's old lines (ssh-keygen -R) and put in the new one from \"{scan}\".";
    REVOKED_KEY = "server-host-key-revoked", 5,
        "VARNING: {server} visar en värdnyckel som är återkallad i known_hosts ({reason}). Inget lösenord och ingen fil har skickats.",
        "WARNING: {server} shows a host key that is revoked in known_hosts ({reason}). No password and no file was sent.";
    REVOKED_KEY_HINT = "server-host-key-revoked-hint", 20,
        "Någon som inte är servern kan ha nyckeln. Tala med den som sköter servern; låt raden med @revoked stå kvar.",
        "Somebody who is not the server may have the key. Talk to those who run the server; leave the line with @revoked.";
    NOT_THE_PINNED_KEY = "server-host-key-not-the-pinned", 5,
        "VARNING: {server} har en annan värdnyckel än den i spar.server.host_key ({reason}). Inget lösenord och ingen fil har skickats.",
        "WARNING: {server} has another host key than the one in spar.server.host_key ({reason}). No password and no file was sent.";
    NOT_THE_PINNED_KEY_HINT = "server-host-key-not-the-pinned-hint", 20,
        "Fråga den som sköter servern, på annat sätt än genom servern, om nyckeln är bytt. Är den det: ändra spar.server.host_key.",
        "Ask those who run the server, by another way than the server, whether the key was changed. If so: change spar.server.host_key.";
    ONLY_AUTHORITY = "server-host-key-only-authority", 5,
        "{server}: known_hosts har bara rader med @cert-authority för servern, och sådana används inte ({reason}). Inget lösenord och ingen fil har skickats.",
        "{server}: known_hosts has only lines with @cert-authority for the server, and those are not used ({reason}). No password and no file was sent.";
    NO_COMMON_WAY = "server-no-common-way", 5,
        "{server} och mantal har inget säkert sätt gemensamt ({step}: {reason}).",
        "{server} and mantal have no safe way in common ({step}: {reason}).";
    NO_COMMON_WAY_HINT = "server-no-common-way-hint", 20,
        "Serverns program är troligen gammalt: be den som sköter den om ett nyare.",
        "The server's software is probably old: ask those who run it for a newer one.";
    NO_WAY_IN = "server-no-way-in", 5,
        "{server}: det finns inget att logga in med.",
        "{server}: there is nothing to log in with.";
    NO_WAY_IN_HINT = "server-no-way-in-hint", 20,
        "Sätt spar.server.key_file eller ett lösenord (spar.server.password_file), eller starta en ssh-agent så att SSH_AUTH_SOCK är satt.",
        "Set spar.server.key_file or a password (spar.server.password_file), or start an ssh-agent so that SSH_AUTH_SOCK is set.";
    KEY_UNREADABLE = "server-key-unreadable", 5,
        "spar.server.key_file är ingen privat nyckel som kan användas ({reason}).",
        "spar.server.key_file is no private key that can be used ({reason}).";
    KEY_UNREADABLE_HINT = "server-key-unreadable-hint", 20,
        "Det ska vara den privata delen, inte .pub, av en nyckel av typ ed25519, ecdsa eller rsa, i OpenSSH:s form eller PEM.",
        "It must be the private part, not .pub, of a key of type ed25519, ecdsa or rsa, in OpenSSH's form or PEM.";
    NO_PASSPHRASE = "server-key-no-passphrase", 5,
        "spar.server.key_file är låst med en lösenfras, och ingen är angiven.",
        "spar.server.key_file is locked with a passphrase, and none is given.";
    NO_PASSPHRASE_HINT = "server-key-no-passphrase-hint", 20,
        "Ange lösenfrasen som lösenord: spar.server.password_file, password_command eller credential.",
        "Give the passphrase as the password: spar.server.password_file, password_command or credential.";
    WRONG_PASSPHRASE = "server-key-wrong-passphrase", 5,
        "spar.server.key_file kan inte låsas upp med den angivna lösenfrasen.",
        "spar.server.key_file can't be unlocked with the passphrase that is given.";
    WRONG_PASSPHRASE_HINT = "server-key-wrong-passphrase-hint", 20,
        "Är lösenfrasen rätt är filens kryptering för gammal: skriv om den med \"ssh-keygen -p -f FIL\".",
        "If the passphrase is right, the file's encryption is too old: rewrite it with \"ssh-keygen -p -f FILE\".";
    AGENT_UNREACHABLE = "server-agent-unreachable", 5,
        "ssh-agenten i SSH_AUTH_SOCK svarar inte som den ska ({reason}).",
        "The ssh-agent at SSH_AUTH_SOCK does not answer as it should ({reason}).";
    AGENT_EMPTY = "server-agent-empty", 5,
        "ssh-agenten i SSH_AUTH_SOCK har ingen nyckel att logga in med.",
        "The ssh-agent at SSH_AUTH_SOCK has no key to log in with.";
    AGENT_HINT = "server-agent-hint", 20,
        "Lägg in nyckeln med ssh-add, eller sätt spar.server.key_file.",
        "Put the key in with ssh-add, or set spar.server.key_file.";
    KNOWN_HOSTS_UNREADABLE = "server-known-hosts-unreadable", 5,
        "Filen i spar.server.known_hosts kan inte användas ({reason}).",
        "The file of spar.server.known_hosts can't be used ({reason}).";
    EXPIRED = "server-certificate-expired", 5,
        "{server}: certifikatet, eller ett ovanför det, gick ut {reason}. Inget har skickats dit. Certifikatets fingeravtryck är {fingerprint}.",
        "{server}: the certificate, or one above it, expired on {reason}. Nothing was sent to it. The certificate's fingerprint is {fingerprint}.";
    NOT_YET_VALID = "server-certificate-not-yet-valid", 5,
        "{server}: certifikatet, eller ett ovanför det, gäller först från {reason}. Inget har skickats dit. Certifikatets fingeravtryck är {fingerprint}.",
        "{server}: the certificate, or one above it, is not valid before {reason}. Nothing was sent to it. The certificate's fingerprint is {fingerprint}.";
    DATES_HINT = "server-certificate-dates-hint", 20,
        "Kontrollera datorns klocka. Stämmer den: be den som sköter servern om ett giltigt certifikat.",
        "Check this computer's clock. If it is right: ask those who run the server for a valid certificate.";
    WRONG_NAME = "server-certificate-wrong-name", 5,
        "{server}: certifikatet gäller för {reason}, inte för spar.server.host. Inget har skickats dit. Dess fingeravtryck är {fingerprint}.",
        "{server}: the certificate is for {reason}, not for spar.server.host. Nothing was sent to it. Its fingerprint is {fingerprint}.";
    WRONG_NAME_HINT = "server-certificate-wrong-name-hint", 20,
        "Sätt spar.server.host till ett namn i certifikatet. Går det inte: jämför fingeravtrycket med den som sköter servern och sätt spar.server.tls_pin.",
        "Set spar.server.host to a name in the certificate. If that can't be: compare the fingerprint with those who run the server and set spar.server.tls_pin.";
    UNKNOWN_ISSUER = "server-certificate-unknown-issuer", 5,
        "{server}: ingen som vi litar på har utfärdat certifikatet. Inget har skickats dit. Dess fingeravtryck är {fingerprint}.",
        "{server}: nobody whom we trust has issued the certificate. Nothing was sent to it. Its fingerprint is {fingerprint}.";
    NOT_A_SERVERS = "server-certificate-authority", 5,
        "{server}: certifikatet är en utfärdares eget (CA:TRUE) och kan bara godtas med spar.server.tls_pin. Inget har skickats dit. Dess fingeravtryck är {fingerprint}.",
        "{server}: the certificate is an authority's own (CA:TRUE) and can only be taken with spar.server.tls_pin. Nothing was sent to it. Its fingerprint is {fingerprint}.";
    PIN_HINT = "server-certificate-pin-hint", 20,
        "Sätt spar.server.tls_ca till utfärdarens certifikat, eller jämför fingeravtrycket med den som sköter servern och sätt spar.server.tls_pin.",
        "Set spar.server.tls_ca to the issuer's certificate, or compare the fingerprint with those who run the server and set spar.server.tls_pin.";
    ONLY_PIN_HINT = "server-certificate-only-pin-hint", 20,
        "Jämför fingeravtrycket med den som sköter servern, på annat sätt än genom servern, och sätt spar.server.tls_pin.",
        "Compare the fingerprint with those who run the server, by another way than the server, and set spar.server.tls_pin.";
    NOT_THE_PINNED = "server-certificate-not-the-pinned", 5,
        "{server} visar ett annat certifikat än det i spar.server.tls_pin. Inget har skickats dit. Dess fingeravtryck är {fingerprint}.",
        "{server} shows another certificate than the one in spar.server.tls_pin. Nothing was sent to it. Its fingerprint is {fingerprint}.";
    NOT_THE_PINNED_HINT = "server-certificate-not-the-pinned-hint", 20,
        "Fråga den som sköter servern om certifikatet är bytt, på annat sätt än genom servern. Är det så: ändra spar.server.tls_pin.",
        "Ask those who run the server, by another way than the server, whether the certificate was changed. If so: change spar.server.tls_pin.";
    BAD_CERTIFICATE = "server-certificate-bad", 5,
        "{server}: certifikatet kan inte godtas ({reason}). Inget har skickats dit. Dess fingeravtryck är {fingerprint}.",
        "{server}: the certificate can't be taken ({reason}). Nothing was sent to it. Its fingerprint is {fingerprint}.";
    BAD_CERTIFICATE_HINT = "server-certificate-bad-hint", 20,
        "Be den som sköter servern om ett annat certifikat.",
        "Ask those who run the server for another certificate.";
    UNSECURED = "server-not-secured", 5,
        "{server} kan eller vill inte kryptera ({step}: {reason}). Inget lösenord och ingen fil skickas i klartext.",
        "{server} can't or won't encrypt ({step}: {reason}). No password and no file is sent in clear text.";
    UNSECURED_HINT = "server-not-secured-hint", 20,
        "Kontrollera spar.server.transport och spar.server.port: ftps har oftast port 21, ftps-implicit port 990. Kunde servern det förr: fråga den som sköter den.",
        "Check spar.server.transport and spar.server.port: ftps mostly has port 21, ftps-implicit port 990. If the server could before: ask those who run it.";
    NOT_RESUMED = "server-session-not-resumed", 5,
        "{server} tog inte emot den krypterade dataförbindelsen ({step}: {reason}).",
        "{server} did not take the encrypted data connection ({step}: {reason}).";
    NOT_RESUMED_HINT = "server-session-not-resumed-hint", 20,
        "Servern vill troligen att TLS-sessionen återupptas: sätt spar.server.tls_max = \"1.2\" och kör igen.",
        "The server probably wants the TLS session to be resumed: set spar.server.tls_max = \"1.2\" and run again.";
    AUTHORITIES_UNREADABLE = "server-tls-ca-unreadable", 5,
        "spar.server.tls_ca kan inte användas ({reason}). Det ska vara en fil med certifikat i PEM-format.",
        "spar.server.tls_ca can't be used ({reason}). It must be a file of certificates in PEM form.";
    NO_AUTHORITY = "server-tls-no-authority", 5,
        "Det finns ingen certifikatutfärdare att lita på ({reason}).",
        "There is no certificate authority to trust ({reason}).";
    NO_AUTHORITY_HINT = "server-tls-no-authority-hint", 20,
        "Sätt spar.server.tls_ca eller spar.server.tls_pin, eller installera systemets certifikat (paketet ca-certificates).",
        "Set spar.server.tls_ca or spar.server.tls_pin, or install the system's certificates (package ca-certificates).";
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
}
