//! The chapter on products and technology: what the page and the folder have of it, and what is left out and said.

use serde_json::Value;
use std::fs;
use zili_report::assess::{Assessment, Figure, Question, Section, assess};
use zili_report::{folder, html};
use zili_world::Source;
use zili_world::trade::{Collected, Collector};
use zili_world::{Bloc, Cell, Matrix, Trade, ValueAdded, World};

fn world(regions: &[&str], sectors: &[&str]) -> World {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let size = regions.len() * sectors.len();
    let z = Matrix::from_fn(size, size, |i, j| 100.0 * (1 + (i * i + 2 * j) % 7) as f64);
    let y = Matrix::from_fn(size, regions.len(), |i, j| 100.0 * (40 + (i * 5 + j * 3) % 11) as f64);
    zili_testkit::world(&names(regions), &names(sectors), 1, z, y)
}

/// Five economies, one of which nobody has figures of; each exports enough to be compared.
fn five() -> World {
    world(&["CHN", "JPN", "DEU", "USA", "XXX"], &["A", "B", "C", "D"])
}

fn answer(world: &World, home: Bloc) -> Assessment {
    let question = Question {
        home,
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

fn alone(world: &World, home: &str) -> Assessment {
    answer(world, Bloc::of_region(world.classification(), world.classification().region(home).expect("a region")))
}

fn chapter(assessment: &Assessment) -> &Section {
    assessment.sections.iter().find(|s| s.id == "technology").expect("a chapter")
}

fn figure<'a>(assessment: &'a Assessment, id: &str) -> &'a Figure {
    chapter(assessment).figures.iter().find(|f| f.id == id).unwrap_or_else(|| panic!("no figure {id}"))
}

fn ids(assessment: &Assessment) -> Vec<&str> {
    chapter(assessment).figures.iter().map(|f| f.id.as_str()).collect()
}

fn texts<'a>(figure: &'a Figure, column: &str) -> Vec<&'a str> {
    let c = figure.finding.column(column).expect("a column");
    figure.finding.rows.iter().map(|row| row[c].text()).collect()
}

fn numbers(figure: &Figure, column: &str) -> Vec<Option<f64>> {
    let c = figure.finding.column(column).expect("a column");
    figure.finding.rows.iter().map(|row| row[c].number()).collect()
}

#[test]
fn the_counts_at_the_head_are_those_of_the_table() {
    let assessment = alone(&five(), "CHN");
    let dependence = figure(&assessment, "product-dependence");
    let (year, flag, change) =
        (numbers(dependence, "year"), texts(dependence, "dependent"), texts(dependence, "change"));
    let last = year.iter().flatten().copied().fold(0.0, f64::max);
    let count = |fits: &dyn Fn(usize) -> bool| (0..flag.len()).filter(|k| fits(*k)).count();
    let now = count(&|k| year[k] == Some(last) && flag[k] == "yes");
    let before = count(&|k| year[k] != Some(last) && flag[k] == "yes");
    let (gone, new) = (count(&|k| change[k] == "gone"), count(&|k| change[k] == "new"));
    // Computed for China from the bundled file by a script apart from the measure: nine in 2024, seven in 2022.
    assert_eq!((last, now, before, gone, new), (2024.0, 9, 7, 0, 2));
    let lead = &chapter(&assessment).lead;
    assert!(lead.contains("CHN depended in 2024 on few suppliers for 9"), "{lead}");
    assert!(lead.contains("In 2022 it was 7; since then none has gone and 2 are new."), "{lead}");
    assert!(
        assessment
            .summary
            .contains(&"It depends on few suppliers for 9 of 30 critical materials in trade (2024).".to_owned()),
        "{:?}",
        assessment.summary
    );
}

#[test]
fn peers_are_the_largest_others_that_have_figures_and_gaps_stay_gaps() {
    let assessment = alone(&five(), "CHN");
    let research = figure(&assessment, "rd-intensity");
    let mut regions = texts(research, "region");
    regions.sort_unstable();
    regions.dedup();
    // XXX is in the table, but nobody has figures of it.
    assert_eq!(regions, ["CHN", "DEU", "JPN", "USA"]);
    assert_eq!(texts(research, "region")[0], "CHN", "home is first");
    // All economies have a row in every year between the first and the last figure; what is missing has none.
    let years = numbers(research, "year");
    let (first, last) = (years[0].expect("a year"), years[years.len() - 1].expect("a year"));
    assert_eq!(years.len(), 4 * (1 + (last - first) as usize));
    let patents = figure(&assessment, "foreign-patents");
    assert!(numbers(patents, "nonresident_share").iter().flatten().all(|share| (0.0..=1.0).contains(share)));
    // The test world's table is of one year, and a share of payments needs GDP: a line of one point is none.
    assert!(!ids(&assessment).contains(&"technology-dependence"), "{:?}", ids(&assessment));
    assert!(chapter(&assessment).lead.contains("No chart of technology dependence: "), "{}", chapter(&assessment).lead);
}

#[test]
fn a_bloc_has_no_shares_of_technology_and_the_chapter_says_so() {
    let world = five();
    let assessment = answer(&world, zili_testkit::bloc(&world, &[0, 1]));
    assert!(ids(&assessment).iter().all(|id| !["rd-intensity", "foreign-patents"].contains(id)));
    let lead = &chapter(&assessment).lead;
    assert!(
        lead.contains("No chart of research and development, technology dependence or foreign patents: bloc is a bloc"),
        "{lead}"
    );
}

#[test]
fn a_home_that_is_in_no_data_has_no_figures_and_the_chapter_says_so() {
    let assessment = alone(&world(&["XXX", "CHN"], &["A", "B"]), "XXX");
    assert_eq!(ids(&assessment), Vec::<&str>::new());
    let lead = &chapter(&assessment).lead;
    for said in ["it buys none in these trade data", "there are no figures of XXX", "The product space is left out"] {
        assert!(lead.contains(said), "{lead}");
    }
    html::render(&world(&["XXX", "CHN"], &["A", "B"]), &assessment).unwrap_or_else(|e| panic!("{e}"));
}

/// What home makes in the network is what is not within reach, and a link leads to what the table names.
#[test]
fn the_network_and_the_scatter_share_out_the_products() {
    let assessment = alone(&with_products(), "CHN");
    let (space, reach) = (figure(&assessment, "product-space"), figure(&assessment, "product-reach"));
    let (codes, makes) = (texts(space, "product"), texts(space, "makes"));
    let mut open: Vec<&str> =
        codes.iter().zip(&makes).filter(|(_, makes)| **makes == "no").map(|(code, _)| *code).collect();
    let mut listed = texts(reach, "product");
    open.sort_unstable();
    listed.sort_unstable();
    assert_eq!(open, listed);
    let graph: Value = serde_json::from_str(space.options["graph"].as_str().expect("a graph")).expect("json");
    let drawn: Vec<&str> = graph["nodes"].as_array().expect("nodes").iter().filter_map(|n| n[0].as_str()).collect();
    assert_eq!(drawn, codes);
    let linked = texts(space, "linked");
    for link in graph["links"].as_array().expect("links") {
        let end = |k: usize| link[k].as_u64().expect("a node") as usize;
        assert!(linked[end(0)].contains(codes[end(1)]) && linked[end(1)].contains(codes[end(0)]), "{link}");
    }
    // No product stands alone: what two make is near to something.
    assert!(linked.iter().all(|near| !near.is_empty()));
}

/// A hundred products, each made by some of five economies, as trade of the user's.
fn with_products() -> World {
    let mut collector = Collector::default();
    let economies = ["CHN", "JPN", "DEU", "USA", "KOR"];
    for p in 0..100usize {
        for (c, from) in economies.iter().enumerate() {
            for (d, to) in economies.iter().enumerate().filter(|(d, _)| *d != c) {
                let usd = if (p * (c + 3) + p / 7) % 5 < 2 { 9e9 } else { 1e8 } + (p + d) as f64 * 1e6;
                collector.add(2016, from, Some(to), &format!("p{p:02}"), usd).expect("a flow");
            }
        }
    }
    let Collected { economies, products, years } = collector.finish().expect("flows");
    let source = Source {
        id: "my-trade".into(),
        title: "Mine <all of it>".into(),
        publisher: "Test".into(),
        edition: String::new(),
        licence: "none".into(),
        citation: String::new(),
        changes: String::new(),
    };
    let mut manifest = zili_testkit::trade::manifest(economies, products, &years);
    manifest.sources = vec![source];
    manifest.products.iter_mut().for_each(|product| product.name = format!("Product & {}", product.code));
    five().with_trade(Trade::in_memory(manifest, years))
}

#[test]
fn trade_in_many_products_takes_the_place_of_the_tables() {
    let (by_table, by_product) = (alone(&five(), "CHN"), alone(&with_products(), "CHN"));
    let lead = |assessment: &Assessment| chapter(assessment).lead.clone();
    assert!(lead(&by_table).contains("Of 4 sectors in trade in 2000"), "{}", lead(&by_table));
    assert!(lead(&by_product).contains("Of 100 products in trade in 2016"), "{}", lead(&by_product));
    assert_eq!(figure(&by_product, "product-space").finding.rows.len(), 100);
    assert!(figure(&by_table, "product-space").note.as_ref().is_some_and(|note| note.contains("4 sectors are few")));
    let asked = &figure(&by_product, "product-reach").finding.evidence;
    assert!(asked.parameters.contains(&("years".to_owned(), "2016".to_owned())), "{:?}", asked.parameters);
    assert_eq!(asked.sources, ["my-trade"]);
}

#[test]
fn page_and_folder_have_the_chapter_and_its_sources_once() {
    let world = with_products();
    let assessment = alone(&world, "CHN");
    let page = html::render(&world, &assessment).unwrap_or_else(|e| panic!("{e}"));
    let expected = ["product-dependence", "rd-intensity", "foreign-patents", "product-space", "product-reach"];
    assert_eq!(ids(&assessment), expected);
    for id in ["technology"].iter().chain(&expected) {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    for id in ["baci-202601", "wdi-2021", "my-trade"] {
        assert!(page.contains(&format!("href=\"#source-{id}\"")), "{id}");
        assert_eq!(page.matches(&format!("<li id=\"source-{id}\">")).count(), 1, "{id}");
    }
    assert!(page.contains("Mine &lt;all of it&gt;") && !page.contains("Mine <all of it>"), "text is escaped");
    let out = tempfile::tempdir().expect("a folder");
    folder::write(&world, &assessment, &out.path().join("r")).unwrap_or_else(|e| panic!("{e}"));
    let manifest = fs::read_to_string(out.path().join("r/manifest.json")).expect("a manifest");
    for name in expected {
        let table = fs::read_to_string(out.path().join(format!("r/tables/{name}.csv")))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(table.lines().count(), 1 + figure(&assessment, name).finding.rows.len(), "{name}");
        assert!(manifest.contains(&format!("tables/{name}.csv")), "{name}");
    }
    // Missing is an empty cell, not a zero.
    let research = figure(&assessment, "rd-intensity");
    assert!(research.finding.rows.iter().flatten().all(|cell| *cell != Cell::Number(0.0)));
    // Once more, and the same page.
    assert_eq!(html::render(&world, &alone(&world, "CHN")).unwrap_or_else(|e| panic!("{e}")), page);
}
