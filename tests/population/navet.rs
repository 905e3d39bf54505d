//! Navet's XML: read like rows, and its counters checked before the first change.

use std::{fmt::Write as _, io::Write as _};

use super::support::*;

/// A post with a name, a home in our municipality and what else is said.
fn post(number: &str, street: &str, beside: &str, inside: &str) -> String {
    format!(
        "<Folkbokforingspost>{beside}<Personpost><PersonId><PersonNr>{number}</PersonNr></PersonId>{inside}\
         <Namn><Fornamn>Tolvan</Fornamn><Efternamn>Tolvansson</Efternamn></Namn><Folkbokforing><LanKod>05</LanKod>\
         <KommunKod>81</KommunKod><Fastighetsbeteckning>ENEN 1:2</Fastighetsbeteckning></Folkbokforing><Adresser>\
         <Folkbokforingsadress><Utdelningsadress2>{street}</Utdelningsadress2><PostNr>60299</PostNr>\
         <Postort>TESTBY</Postort></Folkbokforingsadress></Adresser></Personpost></Folkbokforingspost>"
    )
}

const PROTECTED: &str = "<Sekretessmarkering>J</Sekretessmarkering>";

fn home(number: &str, street: &str) -> String {
    post(number, street, "", "")
}

/// A file with these counters: `AntalPoster`, `AntalPosterTotalt`, `AntalFiler`, `FilNr`.
fn file(counters: [u64; 4], posts: &[String]) -> String {
    let names = ["AntalPoster", "AntalPosterTotalt", "AntalFiler", "FilNr"];
    let mut inside = String::new();
    for (name, counter) in names.iter().zip(counters) {
        write!(inside, "<{name}>{counter}</{name}>").unwrap();
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ns0:Navetavisering xmlns:ns0=\"urn:x\"><Aviseringsinformation>\
         <Filinformation><BestallningsId>00000236-FO01-0001</BestallningsId><Utfil><Filnamn>a.xml</Filnamn>{inside}\
         <LopNr>7</LopNr></Utfil></Filinformation></Aviseringsinformation><Folkbokforingsposter>{}\
         </Folkbokforingsposter></ns0:Navetavisering>\n",
        posts.concat()
    )
}

/// A whole delivery in one file.
fn whole(posts: &[String]) -> String {
    let count = posts.len() as u64;
    file([count, count, 1, 1], posts)
}

impl World {
    #[track_caller]
    fn navet(&self, flags: &[&str], files: &[String]) -> Done {
        let files: Vec<String> = files.iter().map(|content| self.file(content)).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        self.run(&[&["population-import"], flags, &files].concat())
    }
}

const CHANGES: &[&str] = &["--mode", "changes"];

#[test]
fn posts_become_the_same_rows_as_those_of_a_csv_file() {
    let (xml, csv) = (World::with_three(), World::with_three());
    let done = xml.navet(&[], &[whole(&[home(ANNA, "Nygatan 1"), post(BO, "B", PROTECTED, "")])]).to(0);
    assert_eq!(done.sorted(), [0, 0, 2, 0, 0, 0]);
    let header = HEADER.replace("key_code;", "").replace(";deceased_date", "");
    let rows = "no;0581;Tolvan;;Tolvansson;;Nygatan 1;60299;TESTBY;ENEN 1:2";
    let rows = format!("{header}\n{ANNA};{rows}\n{BO};ja;0581;;;;;;;;\n");
    csv.run(&["population-import", &csv.file(rows)]).to(0);
    assert_eq!(xml.everything(), csv.everything());
    xml.update("changed").to(0);
}

#[test]
fn what_navet_does_not_deliver_stays() {
    let world = World::with_three();
    world.load(&[row(ANNA, "Gamla gatan 1")]).to(0);
    let moved = home(ANNA, "Nygatan 1").replace("<Fastighetsbeteckning>ENEN 1:2</Fastighetsbeteckning>", "");
    world.navet(CHANGES, &[whole(&[moved])]).to(0);
    let stored = "SELECT concat_ws('|', key_code, street, property) FROM population";
    assert_eq!(world.ask(stored), ["113204|Nygatan 1|ENEN 1:2"]);
    // Registered nowhere new: the stored municipality stays.
    let dead = format!(
        "<Folkbokforingspost><Personpost><PersonId><PersonNr>{ANNA}</PersonNr></PersonId><Avregistrering>\
         <AvregistreringsorsakKod>AV</AvregistreringsorsakKod><Avregistreringsdatum>20250113</Avregistreringsdatum>\
         </Avregistrering></Personpost></Folkbokforingspost>"
    );
    let unknown = dead.replace(ANNA, DAVID);
    let done = world.navet(CHANGES, &[whole(&[dead, unknown])]).to(3);
    assert_eq!(done.rejected(), [(2, "municipality-shape".to_owned())]);
    let stored = "SELECT concat_ws('|', municipality, street, deceased_date) FROM population";
    assert_eq!(world.ask(stored), ["0581|Nygatan 1|2025-01-13"]);
}

#[test]
fn a_dead_person_is_dead_and_a_number_is_never_changed_from_here() {
    let world = World::with_three();
    let dead = "<Avregistrering><AvregistreringsorsakKod>AV</AvregistreringsorsakKod>\
                <Avregistreringsdatum>20250113</Avregistreringsdatum></Avregistrering>";
    let other = format!("<HanvisningsPersonNr>{DAVID}</HanvisningsPersonNr>");
    world.people(&[DAVID]);
    let gone = "<Avregistrering><AvregistreringsorsakKod>GN</AvregistreringsorsakKod></Avregistrering>";
    let posts = [post(ANNA, "A", "", dead), post(BO, "B", "", &format!("{other}{gone}"))];
    world.navet(CHANGES, &[whole(&posts)]).to(0);
    let log =
        world.ask("SELECT code FROM log_line WHERE code LIKE 'population-%' AND prio = 15 ORDER BY code");
    assert_eq!(log, ["population-deregistered", "population-references"]);
    let people = "SELECT concat_ws('|', id_number, status) FROM person ORDER BY id";
    world.person_rows("id_number;category", &[format!("{ANNA};patron"), format!("{BO};patron")]);
    world.update("changed");
    let found = world.ask(people);
    assert_eq!(found[..2], [format!("{ANNA}|deceased"), format!("{BO}|active")]);
}

#[test]
fn counters_off_by_one_either_way_reject_the_file_and_hide_nobody() {
    let posts = [home(ANNA, "Kanariegatan 7"), post(BO, "Kanariegatan 8", PROTECTED, "")];
    for counters in [[1, 1, 1, 1], [3, 3, 1, 1], [2, 1, 1, 1], [2, 3, 1, 1], [2, 2, 1, 2], [2, 2, 0, 1]] {
        let world = World::with_three();
        let before = world.everything();
        let done = world.navet(&[], &[file(counters, &posts)]).to(1);
        assert!(["navet-count", "navet-number"].contains(&done.error()), "{counters:?}: {}", done.error());
        assert_eq!((world.everything(), done.found()), (before, vec!["file-rejected".to_owned()]));
        assert!(!world.holds("Kanariegatan"), "{counters:?}");
        assert_eq!(world.show(BO)["protected"], false);
        // Delivered anew, whole: applied.
        world.navet(&[], &[whole(&posts)]).to(0);
        assert_eq!(world.show(BO)["protected"], true);
    }
}

#[test]
fn a_delivery_of_two_files_is_checked_and_loaded_as_one() {
    let one = file([1, 3, 2, 1], &[home(ANNA, "A")]);
    let two = file([2, 3, 2, 2], &[home(BO, "B"), home(CECILIA, "C")]);
    for files in [[one.clone(), two.clone()], [two.clone(), one.clone()]] {
        let world = World::with_three();
        world.load(&[row(DAVID, "D")]).to(0);
        let done = world.navet(&[], &files).to(0);
        assert_eq!((done.sorted(), done.count("absent")), ([0, 0, 3, 0, 0, 0], 1));
        assert_eq!(
            world.ask("SELECT key FROM population WHERE present = 1 ORDER BY key"),
            [ANNA, BO, CECILIA]
        );
        // What stands is in a delivery too, whichever of its files says it.
        let done = world.navet(&[], &files.clone().map(|file| file + "\n")).to(0);
        assert_eq!((done.sorted(), done.count("absent")), ([0, 3, 0, 0, 0, 0], 0));
        let moved = two.replace(">C<", ">C2<");
        let done = world.navet(&[], &[one.replace("\n<ns0", " <ns0"), moved]).to(0);
        assert_eq!((done.sorted(), done.count("absent")), ([1, 2, 0, 0, 0, 0], 0));
    }
    let world = World::with_three();
    let before = world.everything();
    let done = world.navet(&[], std::slice::from_ref(&two)).to(1);
    assert_eq!((done.error(), done.found().len()), ("navet-missing", 0));
    assert!(done.json["error"]["text"].as_str().unwrap().contains("(FilNr): 1."), "{}", done.json["error"]);
    let short = file([1, 4, 2, 1], &[post(ANNA, "A", PROTECTED, "")]);
    for wrong in [[one.clone(), one.replace("\n<ns0", " <ns0")], [short, two.clone()]] {
        world.navet(&[], &wrong).to(1);
    }
    assert_eq!(
        world.everything(),
        before,
        "nothing of a delivery that isn't whole is loaded, and nobody hidden"
    );
    world.navet(CHANGES, &[one, two]).to(0);
}

#[test]
fn a_file_cut_off_anywhere_changes_nothing() {
    let world = World::with_three();
    let before = world.everything();
    let content = whole(&[post(ANNA, "Kanariegatan 7", PROTECTED, "")]);
    // The last line feed may go. The reader's own test cuts at every byte.
    let end = content.trim_end().len();
    for cut in (1..end).step_by(7).chain([end - 1]) {
        world.navet(&[], &[content[..cut].to_owned()]).to(1);
    }
    assert_eq!(world.everything(), before);
    assert!(!world.holds("Kanariegatan"));
}

#[test]
fn what_is_no_file_of_navets_is_rejected_whole() {
    let world = World::with_three();
    let before = world.everything();
    let good = whole(&[post(ANNA, "Kanariegatan 7", PROTECTED, "")]);
    let table = [
        (good.replace("Navetavisering", "SPARAvisering"), "not-navet"),
        (good.replace("<ns0:Nav", "<!DOCTYPE a [<!ENTITY b \"c\">]><ns0:Nav"), "doctype"),
        (good.replace("Folkbokforingsposter", "Poster"), "not-navet"),
        (good.replace("<FilNr>1", "<FilNr>a"), "bad-counter"),
        (good.replace("UTF-8", "UTF-32"), "unknown-encoding"),
        (format!("{good}<a/>"), "not-well-formed"),
    ];
    for (content, code) in table {
        assert_eq!(world.navet(&[], &[content]).to(1).error(), code);
    }
    let damaged = world.file(b"PK\x03\x04 and no more");
    assert_eq!(world.run(&["population-import", &damaged]).to(1).error(), "packing-damaged");
    assert_eq!(world.everything(), before);
    assert!(!world.holds("Kanariegatan"));
}

#[test]
fn a_packed_file_is_read_as_it_is() {
    let world = World::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(whole(&[home(ANNA, "A")]).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let cut = world.file(&packed[..packed.len() - 9]);
    world.run(&["population-import", &cut]).to(1);
    assert_eq!(world.ask("SELECT count(*) FROM population"), ["0"]);
    let file = world.file(&packed);
    world.run(&["population-import", &file]).to(0);
    assert_eq!(world.ask("SELECT street FROM population"), ["A"]);
}

#[test]
fn other_encodings_are_read() {
    let world = World::new();
    let content = whole(&[home(ANNA, "Åsgatan 1")]).replace("UTF-8", "ISO-8859-1");
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&content);
    let file = world.file(&latin);
    world.run(&["population-import", &file]).to(0);
    assert_eq!(world.ask("SELECT street FROM population"), ["Åsgatan 1"]);
}

#[test]
fn a_protected_post_leaves_no_trace_and_one_without_a_number_holds_the_file() {
    let world = World::with_three();
    let skyddad = "<SkyddadFolkbokforing>J</SkyddadFolkbokforing>";
    let posts = [post(ANNA, "Kanariegatan 7", PROTECTED, ""), post(DAVID, "Kanariegatan 8", skyddad, "")];
    let done = world.navet(CHANGES, &[whole(&posts)]).to(0);
    assert_eq!(done.count("protected"), 1);
    let stored = "SELECT concat_ws('|', key, municipality, marked, first_name, street, told) FROM population ORDER BY key";
    assert_eq!(world.ask(stored), [format!("{ANNA}|0581|1|0"), format!("{DAVID}|0581|2|0")]);
    assert_eq!(world.show(ANNA)["protection"][0]["kind"], "sekretessmarkering");
    assert!(!world.holds("Kanariegatan"));
    let unreadable = [post("198513012382", "B", PROTECTED, ""), post(BO, "B", PROTECTED, "")];
    world.navet(CHANGES, &[whole(&unreadable)]).to(4);
    assert_eq!(world.show(BO)["protected"], true, "hidden although the file is held");
}
