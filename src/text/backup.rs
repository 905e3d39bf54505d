//! What `backup` and `restore` say.

super::messages! {
    BACKUP_DELETED = "backup-deleted", 20, "Äldre säkerhetskopia borttagen: {path}", "Older backup deleted: {path}";
    BACKUP_NOT_DELETED = "backup-not-deleted", 10,
        "En äldre säkerhetskopia kunde inte tas bort: {path} ({reason}). Nästa säkerhetskopiering försöker igen.",
        "An older backup could not be deleted: {path} ({reason}). The next backup tries again.";
    SECRETS_COPIED = "secrets-copied", 18, "Nyckel och sidofil: {path}", "Key and side file: {path}";
    SECRETS_WITH_BACKUP = "secrets-with-backup", 5,
        "{path}: nyckel och sidofil får inte ligga bland säkerhetskopiorna. Välj en annan mapp för --secrets.",
        "{path}: key and side file must not lie among the backups. Choose another folder for --secrets.";
    SECRETS_DIFFER = "secrets-differ", 5,
        "{path} hör till en annan installation eller har mer än vår, och skrivs inte över. Välj en annan mapp för --secrets.",
        "{path} is another installation's or has more than ours, and is not overwritten. Choose another folder for --secrets.";
    BACKUP_HINT = "backup-hint", 20,
        "Inget har ändrats. Återställ från en annan säkerhetskopia.",
        "Nothing was changed. Restore from another backup.";
    BACKUP_UNFINISHED = "backup-unfinished", 5,
        "{path} är ingen säkerhetskopia: {beside} ligger bredvid med innehåll. Återställ från en kopia som \"mantal backup\" gjorde.",
        "{path} is not a backup: {beside} lies beside it with content. Restore from a copy that \"mantal backup\" made.";
    RESTORE_ITSELF = "restore-itself", 5,
        "{path} är själva registret. Ange en säkerhetskopia.",
        "{path} is the registry itself. Name a backup.";
    REPLACED_KEPT = "replaced-kept", 15,
        "Det ersatta registret finns kvar som {path}. Ta bort det när det inte behövs.",
        "The replaced registry is kept as {path}. Delete it when it is no longer needed.";
    LOSS_ACCEPTED = "loss-accepted", 15,
        "Förlusten av sidofil eller nyckel är godtagen: köer och källor arbetar som vanligt.",
        "The loss of side file or key is accepted: queues and sources work as usual.";
    NO_LOSS = "no-loss", 18, "Inget att godta.", "There is nothing to accept.";
    QUEUE_FORGONE = "queue-forgone", 10,
        "Listor skickades efter kopian: {people} personer som väntade i den räknas som skickade. Ett nytt nummer frågas om som vanligt.",
        "Lists were sent after the copy: {people} people who were waiting in it count as sent. A new number is asked about as usual.";
}
