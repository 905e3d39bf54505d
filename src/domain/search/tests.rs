use super::*;

fn folded(text: &str) -> String {
    let mut words = Vec::new();
    fold(text, &mut words);
    words.join(" ")
}

#[test]
fn case_and_accents_make_no_difference() {
    let rows = [
        // The Swedish letters are typed without their signs, and found with them.
        ("Öberg", "oberg"),
        ("OBERG", "oberg"),
        ("ÅSTRÖM ÄRLIG", "astrom arlig"),
        // Danish and Norwegian ones too; ø is ö.
        ("Sørensen", "sorensen"),
        ("Kjær", "kjaer"),
        // Accents of names from elsewhere.
        ("André Muñoz", "andre munoz"),
        ("Łukasz Żak", "lukasz zak"),
        ("Đặng Nguyễn", "dang nguyen"),
        ("Groß Þór", "gross thor"),
        ("İnönü ılgaz", "inonu ilgaz"),
        // An accent that stands alone after its letter is the same letter.
        ("O\u{308}berg", "oberg"),
        // Two names with a hyphen are two words, an apostrophe is none.
        ("Anna-Karin O'Brien O’Brien", "anna karin obrien obrien"),
        // Other alphabets stay as they are, in lower case.
        ("Иван", "иван"),
        ("李 明", "李 明"),
        // What is neither letter nor digit only parts words.
        ("c/o Testström, 3 tr.", "c o teststrom 3 tr"),
        ("\"NEAR\"* -a:b^(c)\0d", "near a b c d"),
        ("\u{ad}so\u{ad}ft\u{200b}", "soft"),
        ("… – !", ""),
    ];
    for (text, expected) in rows {
        assert_eq!(folded(text), expected, "{text}");
    }
}

#[test]
fn a_word_of_any_length_is_cut_alike_where_it_is_stored_and_where_it_is_typed() {
    let long = "Ö".repeat(1_000_000);
    assert_eq!(folded(&long), "o".repeat(40));
    assert_eq!(Wanted::read(&long).unwrap().words(), ["o".repeat(40)]);
}

#[test]
fn an_entry_is_the_same_in_whatever_order_its_words_come() {
    let mut one = Gathering::default();
    one.name("Anna Öberg");
    one.name("Anna");
    one.place("Testvägen 2 A");
    one.postal_code("602 99");
    let mut other = Gathering::default();
    other.postal_code("60299");
    other.place("2 A TESTVÄGEN");
    other.name("OBERG Anna");
    let entry = one.entry();
    assert!(entry == other.entry());
    assert_eq!((entry.names.as_str(), entry.places.as_str()), ("anna oberg", "2 60299 99 a testvagen"));
}

#[test]
fn a_number_is_found_with_and_without_its_century() {
    // (the stored number as an integer, what it is found by)
    let rows = [
        (198_501_012_382, "198501012382 8501012382"),
        // A Danish one has no century.
        (101_701_234, "0101701234"),
    ];
    for (key, expected) in rows {
        let mut gathering = Gathering::default();
        gathering.number(NumberKey(key));
        assert_eq!(gathering.entry().numbers, expected);
    }
}

#[test]
fn numbers_are_read_in_every_spelling_whole_or_begun() {
    let rows = [
        ("198501012382", "198501012382"),
        ("19850101-2382", "198501012382"),
        ("8501012382", "8501012382"),
        ("850101-2382", "8501012382"),
        // The sign tells the century of an exact number; the words find every century.
        ("850101+2382", "8501012382"),
        // Blanks around.
        (" \t850101-2382\u{a0}\n", "8501012382"),
        // Begun.
        ("850101-", "850101"),
        ("850101-23", "85010123"),
        // With letters, in either case.
        ("20150101-TF12", "20150101tf12"),
        ("150101-r234", "150101r234"),
        ("DK:010170-1234", "0101701234"),
        ("dk:0101701234", "0101701234"),
        // Not numbers: two words as anywhere else.
        ("Testvägen 2-4", "testvagen 2 4"),
        ("12345-6789", "12345 6789"),
        ("850101--2382", "850101 2382"),
    ];
    for (text, expected) in rows {
        assert_eq!(Wanted::read(text).unwrap().words().join(" "), expected, "{text}");
    }
}

#[test]
fn a_text_that_looks_for_nobody_is_refused() {
    let many: Vec<String> = (0..200_000).map(|number| number.to_string()).collect();
    let rows = [
        ("", WantedError::Nothing),
        (" \0 \"*\" -- ", WantedError::Nothing),
        // So many words nobody has.
        (&many.join(" "), WantedError::TooMany),
        (&many.join("-"), WantedError::TooMany),
    ];
    for (text, expected) in rows {
        assert_eq!(Wanted::read(text), Err(expected));
    }
    // The same word again is one word.
    assert_eq!(Wanted::read(&"a b c ".repeat(200_000)).unwrap().words(), ["a", "b", "c"]);
}

#[test]
fn an_index_is_old_when_more_than_a_day_has_gone_by() {
    let at = |text: &str| text.parse().unwrap();
    let built = at("2026-03-28T01:30:00");
    assert!(!is_old(built, at("2026-03-29T01:30:00")));
    assert!(is_old(built, at("2026-03-29T01:30:01")));
    // A clock that was wrong once is no reason to warn.
    assert!(!is_old(built, at("2020-01-01T00:00:00")));
}
