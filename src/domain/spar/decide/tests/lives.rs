//! Rules 8, 9, 13 and 14: dead, deregistered, back again, and the comment lines of each.

use super::*;

#[test]
fn a_death_sets_status_block_and_a_line_with_eight_digits() {
    let rows = [
        (Some("1997-07-01"), "SPAR - Avliden. Avregistreringsdatum 19970701"),
        (Some("19970701"), "SPAR - Avliden. Avregistreringsdatum 19970701"),
        // Unknown parts are 00.
        (Some("2019-01-00"), "SPAR - Avliden. Avregistreringsdatum 20190100"),
        (Some("200101"), "SPAR - Avliden. Avregistreringsdatum 20010100"),
        (Some("2001"), "SPAR - Avliden. Avregistreringsdatum 20010000"),
        // None at all.
        (None, "SPAR - Avliden."),
        (Some(""), "SPAR - Avliden."),
    ];
    for (date, line) in rows {
        let outcome = hear(&person(), &dead("AV", date));
        let after = &outcome.after;
        assert_eq!((after.status, after.blocked), (Status::Deceased, true), "{date:?}");
        assert_eq!(after.comment.as_deref(), Some(line), "{date:?}");
        // Code and date are kept as delivered.
        let expected = Deregistration { code: "AV".to_owned(), date: date.map(str::to_owned) };
        assert!(after.deregistration == Some(expected), "{date:?}");
        assert_eq!(after.block_reason, None, "SPAR's block has no reason of staff's");
    }
    let after = hear(&person(), &dead("A", None)).after;
    assert_eq!(after.deregistration.unwrap().code, "A", "A stays A");
}

#[test]
fn a_deaths_post_does_not_update_the_address_but_the_name() {
    let statement = Statement {
        place: Some(crate::domain::samples::place("Nygatan 9")),
        name: Some((text("Elvan"), None, None, text("Tolvansson"))),
        ..dead("AV", None)
    };
    let after = hear(&person(), &statement).after;
    assert_eq!(after.addresses, person().addresses);
    assert_eq!(after.name.first.as_deref(), Some("Elvan"));
}

#[test]
fn any_other_cause_deregisters_and_nothing_is_deleted() {
    for code in ["UV", "OB", "TA", "FI", "AS", "O", "XY"] {
        let mut stored = person();
        stored.comment = text("Har två lån.");
        let after = hear(&stored, &gone(code)).after;
        assert_eq!((after.status, after.blocked), (Status::Deregistered, true), "{code}");
        let line = "SPAR - Avregistrerad av annat skäl (utvandrad eller överförd till obefintligregistret)";
        assert_eq!(after.comment.as_deref(), Some(&*format!("Har två lån.\n{line}")), "{code}");
        assert_eq!((&after.name, &after.addresses), (&stored.name, &stored.addresses), "{code}");
        let expected = Deregistration { code: code.to_owned(), date: text("2020-05-05") };
        assert!(after.deregistration == Some(expected), "{code}");
    }
}

#[test]
fn a_deregistered_person_who_dies_is_deceased() {
    let stored = hear(&person(), &gone("UV")).after;
    let after = hear(&stored, &dead("AV", None)).after;
    assert_eq!(after.status, Status::Deceased);
    assert!(after.comment.unwrap().ends_with("\nSPAR - Avliden."));
}

#[test]
fn who_comes_back_with_an_address_is_asked_about_and_stays_blocked() {
    let blocked = hear(&person(), &gone("UV")).after;
    let outcome = hear(&blocked, &housed("Nygatan 9"));
    assert_eq!(outcome.notices(), [Notice::Returned]);
    assert!(outcome.after.addresses[&AddressKind::Home].place == crate::domain::samples::place("Nygatan 9"));
    let after = &outcome.after;
    assert_eq!((after.status, after.blocked, &after.comment), (Status::Deregistered, true, &blocked.comment));
    let rows = [
        ("alive, but without an address", blocked.clone(), statement(), vec![]),
        ("not blocked by SPAR", person(), housed("Nygatan 9"), vec![]),
        (
            "deregistered still, with an address abroad",
            blocked.clone(),
            Statement { life: gone("UV").life, ..housed("Nygatan 9") },
            vec![],
        ),
        ("of a replaced number", blocked.clone(), replaced(), vec![Notice::NumberChange]),
        // Gone again: the question answers itself.
        ("gone again", noted(blocked.clone(), &[Notice::Returned]), gone("OB"), vec![]),
        ("dead", noted(blocked, &[Notice::Returned]), dead("AV", None), vec![]),
    ];
    for (what, stored, statement, expected) in rows {
        assert_eq!(hear(&stored, &statement).notices(), expected, "{what}");
    }
    let by_staff = Person { blocked: true, block_reason: text("Obetalda avgifter"), ..person() };
    assert_eq!(hear(&by_staff, &housed("Nygatan 9")).notices(), []);
}

#[test]
fn a_statement_heard_before_does_not_undo_what_staff_did_since() {
    let mut unblocked = hear(&person(), &gone("UV")).after;
    (unblocked.status, unblocked.blocked, unblocked.deregistration) = (Status::Active, false, None);
    assert!(hear(&unblocked, &gone("UV")).changes.is_empty());
    // Another statement is news.
    assert_eq!(hear(&unblocked, &gone("OB")).after.status, Status::Deregistered);
}
