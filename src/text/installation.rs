//! A new installation.

super::messages! {
    TAKEN = "installation-taken", 5,
        "{path} finns redan: här finns en installation, eller resterna av en. Välj en annan mapp, eller flytta undan filen.",
        "{path} is there already: this is an installation, or the rest of one. Choose another folder, or move the file away.";
}
