//! The change feed for other systems. (docs/changes.md)

super::messages! {
    FEED_BAD_SINCE = "feed-bad-since", 5,
        "--since {value}: väntade en körnings nummer (0 är från början) eller ett datum som 2026-11-22.",
        "--since {value}: expected the number of a run (0 is from the start) or a date such as 2026-11-22.";
    FEED_BAD_NAME = "feed-bad-name", 5,
        "--cursor: ett namn har 1 till 40 av tecknen a-z, 0-9, - och _.",
        "--cursor: a name has 1 to 40 of the signs a-z, 0-9, - and _.";
    FEED_BAD_POSITION = "feed-bad-position", 5,
        "--ack {value}: väntade en position som 1042.3 ur kolumnen position, eller now. Flödet slutar vid {end}.",
        "--ack {value}: expected a position such as 1042.3 from the column position, or now. The feed ends at {end}.";
    FEED_TOO_OLD = "feed-too-old", 5,
        "Journalen börjar efter körning {run} ({at}): ändringarna dessförinnan är bortgallrade. Ta hela listan: sätt först märket med \"changes --cursor NAMN --ack now\", kör sedan \"person list --json\".",
        "The journal begins after run {run} ({at}): the changes before are gone. Take the whole list: set the cursor with \"changes --cursor NAME --ack now\" first, then run \"person list --json\".";
    FEED_LOST = "feed-lost", 5,
        "Registret har återställts från en äldre kopia sedan {cursor} sattes. Ta hela listan: sätt först märket med \"changes --cursor {cursor} --ack now\", kör sedan \"person list --json\".",
        "The registry was restored from an older copy since {cursor} was set. Take the whole list: set the cursor with \"changes --cursor {cursor} --ack now\" first, then run \"person list --json\".";
    FEED_NOTHING_READ = "feed-nothing-read", 5,
        "Inget har lästs med {cursor} än. Läs först med \"changes --cursor {cursor}\", eller ange en position.",
        "Nothing was read with {cursor} yet. Read first with \"changes --cursor {cursor}\", or give a position.";
    FEED_MOVED = "feed-moved", 18,
        "{cursor} är flyttat från {from} till {to}.",
        "{cursor} was moved from {from} to {to}.";
    FEED_NOT_UNDOABLE = "feed-not-undoable", 5,
        "Körning {run} ({job}) flyttade bara ett märke i ändringsflödet. Flytta det med \"changes --cursor NAMN --ack POSITION\"; \"log {run}\" säger var det stod.",
        "Run {run} ({job}) only moved a cursor of the change feed. Move it with \"changes --cursor NAME --ack POSITION\"; \"log {run}\" says where it was.";
}
