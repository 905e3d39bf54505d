//! Why something could not be done.

super::messages! {
    INTERNAL = "internal", 5,
        "Internt fel: {what}. Inget har ändrats; rapportera gärna felet.",
        "Internal error: {what}. Nothing was changed; please report it.";
    IO = "io", 5, "{path}: {reason}.", "{path}: {reason}.";
    DISK_FULL = "disk-full", 5,
        "Disken är full: {reason}. Inget har ändrats; frigör plats och kör igen.",
        "The disk is full: {reason}. Nothing was changed; free some space and run again.";
    REGISTRY_BUSY = "registry-busy", 5,
        "Registret är låst av ett annat program: {reason}.",
        "The registry is locked by another program: {reason}.";
    REGISTRY_ERROR = "registry-error", 5, "Fel i registret: {reason}.", "Registry error: {reason}.";
    STOPPED = "stopped", 5, "Avbrutet: {reason}.", "Stopped: {reason}.";
}
