//! The chapters on technology chains and on minerals: what the page and the folder have of them.

use serde_json::Value;
use std::fs;
use zili_report::assess::{Assessment, Figure, Question, assess};
use zili_report::{folder, html};
use zili_testkit::chains::{chain, input, source, supply};
use zili_world::{Bloc, Cell, Chain, Matrix, ValueAdded, World};

/// Two economies, for the chapters before these.
fn world() -> World {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let z = Matrix::from_fn(4, 4, |i, j| (1 + (i + 2 * j) % 5) as f64);
    let y = Matrix::from_fn(4, 2, |i, j| (10 + i + j) as f64);
    zili_testkit::world(&names(&["CHN", "JPN"]), &names(&["A", "B"]), 1, z, y)
}

fn answer(world: &World, home: &str) -> Assessment {
    let classification = world.classification();
    let question = Question {
        home: Bloc::of_region(classification, classification.region(home).expect("a region")),
        focus: None,
        blocs: Vec::new(),
        year: zili_testkit::YEAR,
        value_added: ValueAdded::Residual,
        scenarios: Vec::new(),
        draws: 1,
        strategy: None,
    };
    assess(world, &question, &zili_world::Unwatched).unwrap_or_else(|e| panic!("{e}"))
}

fn figure<'a>(assessment: &'a Assessment, id: &str) -> &'a Figure {
    let mut figures = assessment.sections.iter().flat_map(|s| &s.figures);
    figures.find(|figure| figure.id == id).unwrap_or_else(|| panic!("no figure {id}"))
}

fn texts<'a>(figure: &'a Figure, column: &str) -> Vec<&'a str> {
    let c = figure.finding.column(column).expect("a column");
    figure.finding.rows.iter().map(|row| row[c].text()).collect()
}

/// A chain of the user's: a machine that one firm makes, stuff of which no share is known, and a part at home.
fn mine() -> Chain {
    chain(
        "name = \"Mine\"\ntitle = \"My part\"\nproduct = \"part\"",
        &[
            source("Invented <figures>"),
            input("part", "product", ""),
            input("machine", "tool", "name = \"A machine\"\ngoes_into = [\"part\"]"),
            input("stuff", "material", "goes_into = [\"machine\"]"),
            input("glue", "material", "goes_into = [\"part\"]"),
            supply("machine", "JPN", "firm = \"Only Works\"\nshare = 1.0\nyear = 2019"),
            supply("stuff", "JPN", ""),
            supply("stuff", "CHN", ""),
            supply("glue", "CHN", "share = 1.0\nyear = 2021"),
        ],
    )
}

fn with_mine() -> World {
    world().with_chain(mine())
}

#[test]
fn a_chain_of_the_user_has_its_chapter_before_those_that_ship() {
    let world = with_mine();
    let assessment = answer(&world, "CHN");
    let sections: Vec<&str> = assessment.sections.iter().map(|s| s.id.as_str()).collect();
    let place = |id: &str| sections.iter().position(|s| *s == id).unwrap_or_else(|| panic!("{id}: {sections:?}"));
    assert!(place("power") < place("chain-mine") && place("chain-mine") < place("chain-advanced-chips"));
    assert!(place("chain-advanced-chips") < place("raw-materials"));

    let inputs = figure(&assessment, "chain-mine-inputs");
    assert_eq!(inputs.kind, "chain");
    let column = |name: &str| inputs.finding.column(name).expect("a column");
    let row = |id: &str| inputs.finding.rows.iter().find(|row| row[column("input")].text() == id).expect("a row");
    let read = |id: &str, name: &str| row(id)[column(name)].clone();
    // Known to the last: one firm abroad, nothing open.
    assert_eq!(read("machine", "firm").text(), "Only Works");
    assert_eq!(read("machine", "not_attributed").number(), Some(0.0));
    assert_eq!(read("machine", "alone").text(), "JPN");
    // Nothing known: all of it open, foreign between nothing and all.
    assert_eq!(read("stuff", "not_attributed").number(), Some(1.0));
    assert_eq!([read("stuff", "foreign_low").number(), read("stuff", "foreign_high").number()], [Some(0.0), Some(1.0)]);
    assert_eq!([read("stuff", "alone").text(), read("stuff", "perhaps").text()], ["", "JPN"]);
    assert_eq!(read("glue", "foreign_high").number(), Some(0.0));
    // What nobody is said to supply has no share, not one of zero.
    assert_eq!([read("part", "foreign_low"), read("part", "not_attributed")], [Cell::Missing, Cell::Missing]);

    let lead = &assessment.sections[place("chain-mine")].lead;
    assert!(lead.contains("1 of 3 inputs with known suppliers hangs on a single region abroad for certain (JPN 1); 1 more perhaps does"), "{lead}");
    assert!(lead.contains("JPN alone can stop the part."), "{lead}");
    assert!(lead.contains("CHN itself can take 1 input away from everybody else: glue."), "{lead}");
    assert!(lead.contains("For 1 of them more than a tenth"), "{lead}");
    assert!(
        assessment
            .summary
            .iter()
            .any(|s| s == "1 input of my part hangs on a single region abroad, JPN, which alone can stop it."),
        "{:?}",
        assessment.summary
    );
}

#[test]
fn the_drawing_and_the_table_of_a_chain_have_the_same_inputs() {
    let world = with_mine();
    let assessment = answer(&world, "CHN");
    for id in ["chain-mine", "chain-advanced-chips"] {
        let inputs = figure(&assessment, &format!("{id}-inputs"));
        let graph: Value = serde_json::from_str(inputs.options["graph"].as_str().expect("a graph")).expect("json");
        let mut drawn: Vec<&str> =
            graph["nodes"].as_array().expect("nodes").iter().filter_map(|n| n[0].as_str()).collect();
        let mut listed = texts(inputs, "input");
        drawn.sort_unstable();
        listed.sort_unstable();
        assert_eq!(drawn, listed);
        let nodes = drawn.len() as u64;
        for edge in graph["edges"].as_array().expect("edges") {
            assert!(edge[0].as_u64().expect("from") < nodes && edge[1].as_u64().expect("to") < nodes);
            assert!(!edge[3].as_array().expect("steps").is_empty(), "a line that leads nowhere");
        }
        // The page reads suppliers from the table of this figure.
        let suppliers = figure(&assessment, inputs.options["suppliers"].as_str().expect("an id"));
        assert!(texts(suppliers, "input").iter().all(|input| listed.contains(input)));
    }
    let chips = zili_world::chain::bundled().iter().find(|chain| chain.name == "advanced-chips").expect("bundled");
    assert_eq!(figure(&assessment, "chain-advanced-chips-suppliers").finding.rows.len(), chips.supplies.len());
}

#[test]
fn an_unknown_share_stays_unknown_in_the_list_of_suppliers() {
    let world = with_mine();
    let assessment = answer(&world, "CHN");
    let suppliers = figure(&assessment, "chain-mine-suppliers");
    let (low, input) = (suppliers.finding.column("share_low").expect("a column"), texts(suppliers, "input"));
    for (row, input) in suppliers.finding.rows.iter().zip(input) {
        assert_eq!(row[low] == Cell::Missing, input == "stuff");
    }
}

/// Shares of the map's table against the measure's, mineral by mineral.
#[test]
fn the_map_and_the_ranking_of_minerals_agree() {
    let world = world();
    let assessment = answer(&world, "CHN");
    let (ranking, map) = (&figure(&assessment, "minerals").finding, &figure(&assessment, "minerals-map").finding);
    let of = |name: &str| ranking.column(name).expect("a column");
    let on = |name: &str| map.column(name).expect("a column");
    let mut seen = 0;
    for line in &ranking.rows {
        let Some(share) = line[of("top_foreign_share")].number() else { continue };
        let row = map.rows.iter().find(|row| {
            [("mineral", "mineral"), ("stage", "stage"), ("top_foreign", "producer")]
                .iter()
                .all(|(ranked, mapped)| line[of(ranked)].text() == row[on(mapped)].text())
        });
        let row = row.unwrap_or_else(|| panic!("{} is not on the map", line[of("mineral")].text()));
        assert_eq!(row[on("share")].number(), Some(share));
        seen += 1;
    }
    assert!(seen > 70, "{seen}");
    // The first of the ranking is the first that the map shows.
    assert_eq!(map.rows[0][on("mineral")].text(), ranking.rows[0][of("mineral")].text());
    // A producer without a figure has no share.
    assert!(map.rows.iter().all(|row| row[on("tonnes")].number().is_some() || row[on("share")] == Cell::Missing));
}

#[test]
fn page_and_folder_have_both_chapters_and_ids_once() {
    let world = with_mine();
    let assessment = answer(&world, "CHN");
    let page = html::render(&world, &assessment).unwrap_or_else(|e| panic!("{e}"));
    for id in ["chain-mine", "chain-mine-inputs", "chain-advanced-chips-coalitions", "raw-materials", "minerals-map"] {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    // Every figure names a source that the page has.
    for id in ["source-chain-mine", "source-usgs-mcs-2024", "source-natural-earth"] {
        assert!(page.contains(&format!("href=\"#{id}\"")) && page.contains(&format!("<li id=\"{id}\">")), "{id}");
    }
    assert!(page.contains("Invented &lt;figures&gt;") && !page.contains("Invented <figures>"), "text is escaped");
    assert!(page.contains("no opinion on any of them is meant"));
    let out = tempfile::tempdir().expect("a folder");
    folder::write(&world, &assessment, &out.path().join("r")).unwrap_or_else(|e| panic!("{e}"));
    for name in [
        "chain-mine-inputs",
        "chain-mine-suppliers",
        "chain-mine-coalitions",
        "chain-mine-mutual",
        "minerals",
        "minerals-map",
    ] {
        let table = fs::read_to_string(out.path().join(format!("r/tables/{name}.csv")))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(table.lines().count(), 1 + figure(&assessment, name).finding.rows.len(), "{name}");
    }
    // Once more, and the same page.
    assert_eq!(html::render(&world, &answer(&world, "CHN")).unwrap_or_else(|e| panic!("{e}")), page);
}

/// Home holds the only machine, the other the only glue.
#[test]
fn what_home_alone_makes_is_its_own_to_take_away() {
    let world = with_mine();
    let assessment = answer(&world, "JPN");
    let lead = &assessment.sections.iter().find(|s| s.id == "chain-mine").expect("a chapter").lead;
    assert!(
        lead.contains("1 of 3 inputs with known suppliers hangs on a single region abroad for certain (CHN 1)"),
        "{lead}"
    );
    assert!(lead.contains("JPN itself can take 1 input away from everybody else: A machine."), "{lead}");
}

/// The product is all there is, and one economy makes it: it is its own chokepoint, or nobody's.
#[test]
fn a_chain_of_a_lone_input_has_its_chapter() {
    let parts = [source("Invented"), input("p", "product", ""), supply("p", "JPN", "share = 1.0")];
    let world = world().with_chain(chain("name = \"lone\"\nproduct = \"p\"", &parts));
    let lead = |home: &str| {
        let assessment = answer(&world, home);
        html::render(&world, &assessment).unwrap_or_else(|e| panic!("{e}"));
        assessment.sections.iter().find(|s| s.id == "chain-lone").expect("a chapter").lead.clone()
    };
    let (abroad, at_home) = (lead("CHN"), lead("JPN"));
    assert!(abroad.contains("1 of 1 input with known suppliers hangs on a single region abroad"), "{abroad}");
    assert!(abroad.contains("JPN alone can stop the p."), "{abroad}");
    assert!(
        at_home.contains("No region alone can stop the p") && at_home.contains("Nobody else supplies any of it."),
        "{at_home}"
    );
}
