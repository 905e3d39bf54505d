//! Why an XML file of SPAR or Navet can't be used.

super::messages! {
    NOT_WELL_FORMED = "not-well-formed", 5,
        "{file} är inte välformad XML (byte {byte}, post {post}). Inget har ändrats.",
        "{file} is not well-formed XML (byte {byte}, post {post}). Nothing was changed.";
    NOT_CLOSED = "not-closed", 5,
        "{file} slutar mitt i (byte {byte}, post {post}). Inget har ändrats.",
        "{file} ends in the middle (byte {byte}, post {post}). Nothing was changed.";
    NO_POSTS = "no-posts", 5,
        "{file} är ingen aviseringsfil: AviseringPoster saknas. Inget har ändrats.",
        "{file} is no update file: it has no `AviseringPoster`. Nothing was changed.";
    NOT_NAVET = "not-navet", 5,
        "{file} är ingen fil från Navet: Navetavisering med Folkbokforingsposter saknas. Inget har ändrats.",
        "{file} is no file of Navet's: it has no `Navetavisering` with `Folkbokforingsposter`. Nothing was changed.";
    BAD_COUNTER = "bad-counter", 5,
        "{file} har en räknare (AntalPoster, AntalFiler …) som inte är ett tal (byte {byte}). Inget har ändrats.",
        "{file} has a counter (`AntalPoster`, `AntalFiler` …) that is no number (byte {byte}). Nothing was changed.";
    DOCTYPE = "doctype", 5,
        "{file} har en dokumenttypsdeklaration (byte {byte}); sådana tas inte emot. Inget har ändrats.",
        "{file} has a document type declaration (byte {byte}); none is accepted. Nothing was changed.";
    TOO_DEEP = "too-deep", 5,
        "{file} har för många element i varandra (byte {byte}, post {post}). Inget har ändrats.",
        "{file} nests too many elements (byte {byte}, post {post}). Nothing was changed.";
    TEXT_TOO_LONG = "text-too-long", 5,
        "{file} har ett element med för lång text (byte {byte}, post {post}). Inget har ändrats.",
        "{file} has an element with too long a text (byte {byte}, post {post}). Nothing was changed.";
    TOKEN_TOO_LONG = "token-too-long", 5,
        "{file} har en tagg eller kommentar utan slut (byte {byte}, post {post}). Inget har ändrats.",
        "{file} has a tag or comment without an end (byte {byte}, post {post}). Nothing was changed.";
    POST_TOO_LONG = "post-too-long", 5,
        "{file} har en orimligt lång post (byte {byte}, post {post}). Inget har ändrats.",
        "{file} has a post of absurd length (byte {byte}, post {post}). Nothing was changed.";
    TOO_MANY_ATTRIBUTES = "too-many-attributes", 5,
        "{file} har ett element med för många attribut (byte {byte}, post {post}). Inget har ändrats.",
        "{file} has an element with too many attributes (byte {byte}, post {post}). Nothing was changed.";
    UNKNOWN_ENTITY = "unknown-entity", 5,
        "{file} använder en entitet som XML inte känner (byte {byte}, post {post}). Inget har ändrats.",
        "{file} uses an entity that XML does not know (byte {byte}, post {post}). Nothing was changed.";
    WRONG_ENCODING = "wrong-encoding", 5,
        "{file} är inte i den teckenkodning som den anger (byte {byte}, post {post}). Inget har ändrats.",
        "{file} is not in the encoding that it declares (byte {byte}, post {post}). Nothing was changed.";
    UNKNOWN_ENCODING = "unknown-encoding", 5,
        "{file} anger en teckenkodning som inte tas emot. Inget har ändrats.",
        "{file} declares an encoding that is not accepted. Nothing was changed.";
    PACKING_DAMAGED = "packing-damaged", 5,
        "{file} är ingen hel zip- eller gzip-fil. Inget har ändrats.",
        "{file} is not a whole zip or gzip file. Nothing was changed.";
    NOT_ONE_MEMBER = "not-one-member", 5,
        "{file} ska innehålla exakt en fil. Inget har ändrats.",
        "{file} must contain exactly one file. Nothing was changed.";
    ENCRYPTED = "encrypted", 5,
        "{file} är lösenordsskyddad. Inget har ändrats.",
        "{file} has a password. Nothing was changed.";
    PACKING_METHOD = "packing-method", 5,
        "{file} är packad på ett sätt som inte kan läsas. Inget har ändrats.",
        "{file} is packed in a way that can't be read. Nothing was changed.";
    CHECKSUM = "checksum", 5,
        "{file} är skadad: innehållet har fel storlek eller kontrollsumma. Inget har ändrats.",
        "{file} is damaged: its content has the wrong size or checksum. Nothing was changed.";
    TOO_BIG = "too-big", 5,
        "{file} blir orimligt stor när den packas upp. Inget har ändrats.",
        "{file} grows absurdly when it is unpacked. Nothing was changed.";
    UNREADABLE = "unreadable", 5,
        "{file} kunde inte läsas: {reason}. Inget har ändrats.",
        "{file} could not be read: {reason}. Nothing was changed.";
    NO_NUMBER = "no-number", 15,
        "posten har inget läsbart personnummer", "the post has no readable identity number";
    HINT_FETCH_AGAIN = "hint-fetch-again", 20,
        "Hämta filen på nytt; är den likadan då, fråga avsändaren.",
        "Fetch the file again; if it is the same then, ask the sender.";
    HINT_ASK_SENDER = "hint-ask-sender", 20,
        "Fråga avsändaren efter en riktig fil.",
        "Ask the sender for a proper file.";
    HINT_READ_AGAIN = "hint-read-again", 20,
        "Kontrollera disken och kör igen.",
        "Check the disk and run again.";
}
