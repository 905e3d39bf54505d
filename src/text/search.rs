//! What `update-search` and `search` say.

super::messages! {
    UPDATED = "search-updated", 18,
        "Sökningen omfattar {people} personer.",
        "The search covers {people} people.";
    OLD = "search-old", 10,
        "Sökningen byggdes {built} (UTC): vad som är nytt sedan dess hittas kanske inte. Kör \"mantal update-search\" varje natt.",
        "The search was built {built} (UTC): what is new since may not be found. Run \"mantal update-search\" every night.";
    NEVER_BUILT = "search-never-built", 10,
        "Sökningen är inte byggd: bara hela nummer hittas. Kör \"mantal update-search\".",
        "The search was never built: only whole numbers are found. Run \"mantal update-search\".";
    NOTHING = "search-nothing", 5,
        "Ange något att söka efter: namn, nummer eller adress.",
        "Name something to look for: a name, a number or an address.";
    TOO_MANY_WORDS = "search-too-many-words", 5,
        "Det är fler än {most} ord. Sök på färre.",
        "That is more than {most} words. Look for fewer.";
    NOBODY = "search-nobody", 18,
        "Ingen träff. Skyddade personer hittas bara med hela numret.",
        "Nobody found. Protected people are found by their whole number only.";
    MORE = "search-more", 18,
        "Bara de {shown} första visas. Sök på mer, eller höj --limit.",
        "Only the first {shown} are shown. Look for more words, or raise --limit.";
    IN_REGISTRY = "search-in-registry", 20, "register", "registry";
    IN_POPULATION = "search-in-population", 20, "folkbokföring", "population";
    IN_BOTH = "search-in-both", 20, "båda", "both";
}
