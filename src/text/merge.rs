//! `person merge`. (docs/merge.md)

super::messages! {
    MERGED = "merged", 15, "{other} är nu en del av {person}.", "{other} is now part of {person}.";
    MERGE_DIFFERED = "merge-differed", 15,
        "Posterna hade olika {fields}; \"person why\" visar vad som gäller nu, och undo tar tillbaka alltihop.",
        "The records had different {fields}; \"person why\" shows what holds now, and undo takes it all back.";
    MERGE_SAME = "merge-same", 5,
        "Båda är {person}: det finns inget att slå ihop.",
        "Both are {person}: there is nothing to merge.";
    MERGE_PROTECTED = "merge-protected", 5,
        "Skyddade personers poster slås inte ihop med andra. Häv skyddet först, om det är prövat.",
        "Records of protected people are not merged with others. Lift the protection first, if that has been decided.";
    MERGE_REDUCED = "merge-reduced", 5,
        "{person} är gallrad till nummer och klass; den går inte att slå ihop med någon.",
        "{person} was reduced to number and class; it can't be merged with anybody.";
    MERGE_RELATED = "merge-related", 5,
        "Den ena är vårdnadshavare för den andra: de är två personer.",
        "One is the guardian of the other: they are two people.";
    MERGE_HELD = "merge-held", 5,
        "{other} får inte försvinna (person hold) och {person} är fri. Slå ihop åt andra hållet, eller häv det först.",
        "{other} is held (person hold) and {person} is not. Merge the other way round, or release it first.";
    UNMERGE_CHANGED = "unmerge-changed", 5,
        "Körning {run}: {person} har bytt nummer, skyddats eller försvunnit sedan dess, så posterna kan inte skiljas åt maskinellt. Inget har ändrats.",
        "Run {run}: {person} has changed number, become protected or gone since, so the records can't be told apart by machine. Nothing was changed.";
    MERGE_AGAIN = "merge-again", 5,
        "Körning {run} skilde två poster åt. Slå ihop dem igen med \"person merge\".",
        "Run {run} took two records apart. Merge them again with \"person merge\".";
}
