//! What is wrong with a file or folder of our own.

super::messages! {
    NO_PLAIN_FILE = "file-not-plain", 5,
        "{file} är ingen vanlig fil (länk, mapp eller rör). Flytta undan den.",
        "{file} is not a plain file (a link, folder or pipe). Move it away.";
    NO_FOLDER = "file-not-folder", 5, "{file} är ingen mapp. Flytta undan den.", "{file} is not a folder. Move it away.";
    READABLE = "file-readable", 5,
        "{file} är öppen för andra än sin ägare och används inte. Rätta med: chmod 600",
        "{file} is open to others than its owner and is not used. Put it right with: chmod 600";
    EXISTS = "file-exists", 5,
        "{file} finns redan och skrivs inte över.",
        "{file} exists already and is not overwritten.";
    NO_RANDOM = "file-no-random", 5,
        "Inga slumptal från systemet för {file}.",
        "No random numbers from the system for {file}.";
    BUSY = "lock-busy", 5,
        "En annan körning har registret (väntade {seconds} s). Försök igen, eller vänta längre med --wait.",
        "Another run holds the registry (waited {seconds} s). Try again, or wait longer with --wait.";
    NETWORK = "file-network", 5,
        "{file} ligger på ett nätverksfilsystem ({kind}), där låsning inte håller. Flytta registret till en lokal disk.",
        "{file} is on a network file system ({kind}), where locks don't hold. Move the registry to a local disk.";
    KEY_DAMAGED = "key-damaged", 5,
        "{file} är ingen nyckel. Hämta den från den kopia som \"backup --secrets\" gjorde.",
        "{file} is not a key. Take it from the copy that \"backup --secrets\" made.";
    SIDE_DAMAGED = "side-damaged", 5,
        "{file} rad {line} är skadad. Hämta filen från den kopia som \"backup --secrets\" gjorde.",
        "{file} line {line} is damaged. Take the file from the copy that \"backup --secrets\" made.";
}
