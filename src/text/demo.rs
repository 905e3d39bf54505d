//! What `demo` tells of what it made, and what to look at next.

super::messages! {
    FOLDER_NOT_EMPTY = "demo-folder-not-empty", 5,
        "Mappen {path} är inte tom. Ange en ny: mantal demo MAPP",
        "The folder {path} is not empty. Name a new one: mantal demo DIR";
    HOW_MANY = "demo-how-many", 5,
        "Antalet personer ska vara mellan 1 och {most}.",
        "The number of people must be between 1 and {most}.";

    TITLE = "demo-title", 20,
        "Ett påhittat register ligger i {folder}. Ingen i det finns på riktigt.",
        "An invented registry is in {folder}. Nobody in it exists.";
    DONE = "demo-done", 20, "Det här hände (samma program som i drift):", "What happened (the same code as in production):";
    ENTERED = "demo-entered", 20,
        "  körning {run}  person import  {created} personer lades in",
        "  run {run}  person import  {created} people came in";
    SENT = "demo-sent", 20,
        "  körning {run}  spar-export    {sent} nummer skickade på en lista; en påhittad part hämtade den och svarade",
        "  run {run}  spar-export    {sent} numbers sent on a list; a stand-in partner collected and answered it";
    APPLIED = "demo-applied", 20,
        "  körning {run}  spar-import    {read} poster: {changed} ändrade, {unchanged} oförändrade, {skipped} överhoppade, {unknown} okända",
        "  run {run}  spar-import    {read} posts: {changed} changed, {unchanged} unchanged, {skipped} skipped, {unknown} unknown";
    OF_WHICH = "demo-of-which", 20,
        "             {address} nya adresser, {name} nya namn, {deceased} avlidna, {deregistered} avregistrerade, {protected} skyddade, {renumbered} nya nummer",
        "           {address} new addresses, {name} new names, {deceased} deceased, {deregistered} deregistered, {protected} protected, {renumbered} new numbers";
    QUESTIONS = "demo-questions", 20,
        "             väntar på en människa: {findings} (därför slutkod {exit})",
        "           waiting for a person: {findings} (hence exit code {exit})";
    AGAIN = "demo-again", 20,
        "  körning {run}  spar-import    samma fil igen: {changed} ändrade, som det ska vara",
        "  run {run}  spar-import    the same file again: {changed} changed, as it should be";
    NEXT = "demo-next", 20, "Att prova härnäst:", "What to try next:";
    SEE_RUNS = "demo-see-runs", 20, "alla körningar", "all runs";
    SEE_LOG = "demo-see-log", 20, "importens logg, en rad per ändrad person", "the import's log, a line for each changed person";
    SEE_FINDINGS = "demo-see-findings", 20, "det som behöver en människa", "what needs a person";
    SEE_MOVED = "demo-see-moved", 20, "någon som flyttade", "somebody who moved";
    SEE_DIED = "demo-see-died", 20, "någon som har avlidit", "somebody who died";
    SEE_RENUMBERED = "demo-see-renumbered", 20, "någon som fick ett nytt nummer", "somebody who got another number";
    SEE_PROTECTED = "demo-see-protected", 20,
        "någon som är skyddad: inget att se",
        "somebody who is protected: nothing to see";
    SEE_DRY = "demo-see-dry", 20,
        "nästa månads fil på prov: inget sparas",
        "next month's file on trial: nothing is kept";
    SEE_UNDO = "demo-see-undo", 20, "ångra importen; de skyddade förblir skyddade", "undo the import; the protected stay protected";
    CONFIGURED = "demo-configured", 20,
        "Läs {config}: varje inställning står där med sin förklaring.",
        "Read {config}: every setting stands there with its meaning.";
}
