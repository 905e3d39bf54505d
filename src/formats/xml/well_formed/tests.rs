use super::*;

#[test]
fn names_are_told_from_other_texts() {
    let table = [
        ("Namn", Some("Namn")),
        ("spako:Namn", Some("Namn")),
        ("_a-1.b", Some("_a-1.b")),
        ("Ändring", Some("Ändring")),
        ("", None),
        ("1a", None),
        ("-a", None),
        ("a/", None),
        ("a=b", None),
        (":a", None),
        ("a:", None),
        ("a:b:c", None),
        ("a:1", None),
        ("×a", None), // U+00D7 begins no name
    ];
    for (name, local) in table {
        assert_eq!(local_name(name).ok(), local, "{name}");
    }
}

#[test]
fn a_reference_is_one_of_five_or_a_legal_character() {
    let table = [
        ("amp", Ok('&')),
        ("lt", Ok('<')),
        ("gt", Ok('>')),
        ("apos", Ok('\'')),
        ("quot", Ok('"')),
        ("#197", Ok('Å')),
        ("#xC5", Ok('Å')),
        ("#9", Ok('\t')),
        ("uuml", Err(Reason::UnknownEntity)),
        ("", Err(Reason::UnknownEntity)),
        ("#", Err(Reason::NotWellFormed)),
        ("#x", Err(Reason::NotWellFormed)),
        ("#0", Err(Reason::NotWellFormed)),
        ("#XC5", Err(Reason::NotWellFormed)),
        ("#+65", Err(Reason::NotWellFormed)),
        ("#xD800", Err(Reason::NotWellFormed)),
        ("#xFFFF", Err(Reason::NotWellFormed)),
        ("#x110000", Err(Reason::NotWellFormed)),
        ("#99999999999", Err(Reason::NotWellFormed)),
    ];
    for (name, expected) in table {
        assert_eq!(reference(name), expected, "&{name};");
    }
}

#[test]
fn attributes_are_quoted_apart_and_each_there_once() {
    let table = [
        ("", true),
        (" ", true),
        (" a='1'", true),
        (" a = \"1\"\n b='x > y' ", true),
        (" xmlns:a='u' xmlns:b='u'", true),
        (" a='&lt;&#65;'", true),
        ("a='1'", false),
        (" a='1'b='2'", false),
        (" a=1", false),
        (" a", false),
        (" ='1'", false),
        (" a='1", false),
        (" a='1\"", false),
        (" a='<'", false),
        (" a='&'", false),
        (" a='&b c;'", false),
        (" a='1' a='2'", false),
        (" a b='1'", false),
        (" 1='1'", false),
    ];
    for (raw, fine) in table {
        assert_eq!(check_attributes(raw).is_ok(), fine, "<x{raw}>");
    }
}

#[test]
fn a_declaration_has_its_parts_in_order() {
    let table = [
        (" version='1.0'", Ok(None)),
        (" version='1.0' encoding='UTF-8'", Ok(Some("UTF-8"))),
        (" version=\"1.0\" encoding=\"x\" standalone=\"yes\" ", Ok(Some("x"))),
        (" version='1.0' standalone='no'", Ok(None)),
        ("", Err(Reason::NotWellFormed)),
        (" encoding='UTF-8'", Err(Reason::NotWellFormed)),
        (" encoding='UTF-8' version='1.0'", Err(Reason::NotWellFormed)),
        (" version='1.1'", Err(Reason::NotWellFormed)),
        (" version='1.0' standalone='maybe'", Err(Reason::NotWellFormed)),
        (" version='1.0' other='x'", Err(Reason::NotWellFormed)),
        (" version='1.0' version='1.0'", Err(Reason::NotWellFormed)),
    ];
    for (raw, expected) in table {
        assert_eq!(declaration(raw), expected, "<?xml{raw}?>");
    }
}

#[test]
fn an_instruction_is_not_called_xml() {
    for (target, fine) in
        [("a", true), ("xml-stylesheet", true), ("XML", false), ("xml", false), ("", false), ("1", false)]
    {
        assert_eq!(check_target(target).is_ok(), fine, "<?{target}?>");
    }
}
