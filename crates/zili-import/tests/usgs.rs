//! The US Geological Survey's editions: the official folders where they are at hand against what ships with zili, an invented one, and slips.

use std::path::Path;
use zili_import::{Error, Kind, SetFile};
use zili_testkit::oracle::beside;
use zili_world::minerals::{self, Flag, Producer, ProductionSet};
use zili_world::store::sha256;

fn usgs(path: &Path) -> Result<SetFile, Error> {
    let Kind::Minerals(read) = zili_import::format("usgs").expect("a format").kind else {
        panic!("usgs holds minerals")
    };
    read(path)
}

/// A folder with one file, read.
fn read(file: &str, text: &str) -> Result<SetFile, String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("world")).expect("a folder");
    std::fs::write(folder.path().join("world").join(file), text).expect("written");
    usgs(folder.path()).map_err(|refusal| refusal.to_string())
}

fn set(file: &SetFile) -> ProductionSet {
    ProductionSet::read(&file.text, "set.csv", "set").unwrap_or_else(|refusal| panic!("{refusal}\n{}", file.text))
}

/// The bundled set comes from a reading of these folders by another program: every row, and no other.
#[test]
fn the_official_editions_are_read_as_the_bundled_set_has_them() {
    for (edition, rows) in [(2022, 378), (2023, 2274), (2024, 2334)] {
        let Some(folder) = beside(&format!("data/minerals-usgs/{edition}")) else { continue };
        let file = usgs(&folder).unwrap_or_else(|refusal| panic!("{refusal}"));
        let ours = set(&file).rows;
        let bundled = &minerals::bundled().expect("sound").production.rows;
        let theirs: Vec<_> = bundled.iter().filter(|row| row.edition == edition).cloned().collect();
        for (a, b) in ours.iter().zip(&theirs) {
            assert_eq!(a, b, "{edition}");
        }
        assert_eq!((ours.len(), theirs.len()), (rows, rows), "{edition}");
        assert!(!file.remarks.iter().any(|remark| remark.contains("not understood")), "{:?}", file.remarks);
    }
}

/// All editions at once make the bundled file, to the last byte.
#[test]
fn the_official_editions_together_make_the_bundled_file() {
    let Some(folder) = beside("data/minerals-usgs") else { return };
    let file = usgs(&folder).unwrap_or_else(|refusal| panic!("{refusal}"));
    let bundled = &minerals::bundled().expect("sound").production.file.sha256;
    assert_eq!(sha256(file.text.as_bytes()), *bundled);
}

#[test]
fn what_is_glued_marked_and_trailing_is_read() {
    let text = "\u{feff}Source,Country,Type,Prod_t_2030,Prod_t_est_2031,Prod_notes,Reserves_t,Reserves_notes,,,\r\n\
        MCS2032,United\u{a0}States,\"Mine production, tin\",W,NA,,,,,,\r\n\
        MCS 2032,Japane,\"Mine production, tin\",\"e5,000\",\"1,234,500\",,,,,,\r\n\
        ,China6,\"Mine production, tin\",<100,Less than ½ unit.,,,,,,\r\n\
        MCS2032,Peru (exports),\"Mine production, tin\",\u{a0}\u{a0}325 ,7.5,,,,,,\r\n\
        MCS2032,Peru (other),\"Mine production, tin\",100,2,,,,,,\r\n\
        MCS2032,Chile,\"Mine production, tin\",,,\"a note\r\nof two lines\",,,,,\r\n\
        MCS2032,Trinidad and Tobago,\"Mine production, tin\",0,,,,,,,\r\n\
        ,,,,,,,,,,\r\n\
        MCS2032,Other countries10,\"Mine production, tin\",3,4,,,,,,\r\n\
        MCS2032,\"World total (rounded), excluding U.S. production\",\"Mine production, tin\",8000,\"1,300,000\",,,,,,\r\n";
    let file = read("MCS2032-tin_world.csv", text).expect("read");
    let found = set(&file);
    let of = |code: &str, year: i32| {
        let producer = match code {
            "WLD" => Producer::World,
            "OTH" => Producer::Others,
            code => Producer::Country(code.into()),
        };
        let row = found.rows.iter().find(|row| row.producer == producer && row.year == year);
        row.map(|row| (row.tonnes, row.flag))
    };
    assert_eq!(of("USA", 2030), Some((None, Flag::Withheld)));
    assert_eq!(of("USA", 2031), Some((None, Flag::Unknown)));
    assert_eq!(of("JPN", 2030), Some((Some(5000.0), Flag::Estimated)));
    assert_eq!(of("JPN", 2031), Some((Some(1_234_500.0), Flag::Estimated)));
    assert_eq!((of("CHN", 2030), of("CHN", 2031)), (Some((None, Flag::Below)), Some((None, Flag::Below))));
    // Two rows of one country are one producer.
    assert_eq!(of("PER", 2030), Some((Some(425.0), Flag::Reported)));
    assert_eq!(of("PER", 2031), Some((Some(9.5), Flag::Estimated)));
    // A zero is a figure, and an empty cell is none.
    assert_eq!((of("CHL", 2030), of("TTO", 2031)), (None, None));
    assert_eq!(of("TTO", 2030), Some((Some(0.0), Flag::Reported)));
    assert_eq!(of("OTH", 2031), Some((Some(4.0), Flag::Estimated)));
    let total = found.rows.iter().find(|row| row.producer == Producer::World).expect("a total");
    assert_eq!((total.tonnes, total.excludes.as_slice(), total.edition), (Some(8000.0), &["USA".into()][..], 2032));
    assert_eq!(found.rows.len(), 13);
    assert!(file.remarks.is_empty(), "{:?}", file.remarks);
    // The same with the lines in another order.
    let lines: Vec<&str> = text.split_inclusive("\r\n").collect();
    let other = [&lines[..1], &lines[9..], &lines[1..9]].concat().concat();
    assert_eq!(read("mcs2032-tin_world.csv", &other).expect("read").text, file.text);
}

#[test]
fn units_are_tonnes_and_what_lacks_a_part_is_none() {
    let text = "Source,Country,Type,Prod_kct_2030,Prod_kct_est_2031\nMCS2032,Canada,Mine production,50,50\n\
        MCS2032,Canada (other),Mine production,25,W\n";
    let found = set(&read("mcs2032-gemst_world.csv", text).expect("read")).rows;
    // A carat is 0.2 g.
    assert_eq!((found[0].tonnes, found[1].tonnes, found[1].flag), (Some(0.015), None, Flag::Withheld));
}

#[test]
fn what_is_left_out_is_said() {
    let text = "Source,Country,Type,Prod_kt_2030,Prod_kt_est_2031\nMCS2032,China,Soda ash natural,1,1\n";
    let refusal = read("mcs2032-sodaa_world.csv", text).expect_err("no such type");
    assert!(
        refusal.contains(":2: type 'Soda ash natural' of sodaa is not known") && refusal.contains("soda ash, natural")
    );
    let text = text.replace("Soda ash natural", "\"Soda ash, natural\"")
        + "MCS2032,\"World total, synthetic\",\"Soda ash, synthetic\",4,4\n\
           MCS2032,World total,\"Soda ash, natural, excluding Atlantis\",4,4\n";
    let file = read("mcs2032-sodaa_world.csv", &text).expect("read");
    assert_eq!(set(&file).rows.len(), 4);
    assert!(
        file.remarks.iter().any(|said| said.contains("sodaa") && said.contains("totals only")),
        "{:?}",
        file.remarks
    );
    let unclear = "mcs2032-sodaa_world.csv:4: what the world's total leaves out is not understood: 'excluding atlantis";
    assert!(file.remarks.iter().any(|said| said.contains(unclear)), "{:?}", file.remarks);
}

#[test]
fn a_slip_is_named_with_its_line() {
    let header = "Source,Country,Type,Prod_t_2030,Prod_t_est_2031\n";
    let row = |cells: &str| format!("{header}MCS2032,China,Mine production,1,2\n\n{cells}\n");
    for (text, expected) in [
        (String::new(), "tin_world.csv: not the publisher's layout: no header Source,Country"),
        ("Commodity,Country,Production\n".to_owned(), "tin_world.csv:1: not the publisher's layout"),
        (
            header.replace("Prod_t_2030", "Prod_lb_2030"),
            ":1: column 'Prod_lb_2030': unit 'lb' is not known (accepted: 'kg'",
        ),
        (header.replace("Prod_t_2030", "Prod_t"), ":1: column 'Prod_t' is not known (accepted: Prod_UNIT_YEAR"),
        (header.replace("2031", "2030"), ":1: two columns of production in 2030"),
        (row("MCS2032,Atlantis,Mine production,1,2"), ":4: country 'Atlantis' is not known (accepted: names as zili"),
        (row("MCS2032,United States and Canada,Mine production,1,2"), ":4: country 'United States and Canada' is not"),
        (
            row("MCS2032,Peru,Sea bed,1,2"),
            ":4: type 'Sea bed' of tin is not known (accepted, as a beginning: 'mine prod",
        ),
        (row("MCS2032,Peru,Mine production,--,2"), ":4: production in 2030 is '--', not a number such as 5000"),
        (row("MCS2032,Peru,Mine production,\"5,5\",2"), ":4: production in 2030 is '5,5', not a number"),
        (row("MCS2032,Peru,Mine production,-5,2"), ":4: production in 2030 is '-5', not a number"),
        (row("MCS2032,Peru,Mine production,1e3,2"), ":4: production in 2030 is '1e3', not a number"),
        (row(&format!("MCS2032,Peru,Mine production,{},2", "9".repeat(400))), ", not a number such as"),
        (row("MCS2032,Peru,Mine production,5"), ":4: 4 cells, but production is in 5: the line is cut short"),
        (row("MCS2031,Peru,Mine production,5,6"), ":4: 'MCS2031' in a file whose name says 2032"),
        (row("MCS2032,China,Mine production,5,6"), ":4: 'China', 'Mine production' stands in line 2 already"),
        (
            row("MCS2032,World total,Mine production,5,6\nMCS2032,World total (rounded),Mine production,5,6"),
            ":5: a second world total of tin (mine) in 2030",
        ),
        (header.to_owned(), "no production of a mineral in its files"),
    ] {
        let refusal = read("mcs2032-tin_world.csv", &text).expect_err(&text);
        assert!(refusal.contains(expected), "{text}: {refusal}");
    }
    for (file, expected) in [
        ("mcs2032-unobtainium_world.csv", ":2: commodity 'unobtainium' is not known (accepted: alumi, antim"),
        ("tin_world.csv", "the name must read mcs20YY-COMMODITY_world.csv"),
        ("tin.csv", "no file in it or in a folder of it is named mcs20YY-COMMODITY_world.csv"),
    ] {
        let refusal = read(file, &format!("{header}MCS2032,China,Mine production,1,2\n")).expect_err(file);
        assert!(refusal.contains(expected), "{file}: {refusal}");
    }
}

#[test]
fn a_commodity_that_is_there_twice_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["mcs2032-tin_world.csv", "tin_mcs2032-tin_world.csv"] {
        std::fs::write(folder.path().join(name), "Source,Country,Type,Prod_t_2030\n,China,Mine production,1\n")
            .expect("written");
    }
    let refusal = usgs(folder.path()).expect_err("twice").to_string();
    assert!(refusal.contains("tin_mcs2032-tin_world.csv: the same edition and commodity as"), "{refusal}");
}
