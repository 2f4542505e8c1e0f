//! The chapter of a strategy: what the page and the folder have of a plan.

use std::collections::BTreeMap;
use zili_plan::Strategy;
use zili_plan::strategy::read;
use zili_report::assess::{Assessment, Figure, Question, Section, assess};
use zili_report::{folder, html};
use zili_scenario::BlocBook;
use zili_world::{Bloc, Cell, Matrix, ValueAdded, World};

const BY_HAND: &str = include_str!("../../../examples/strategies/by-hand.toml");

/// Two economies, for the chapters before this one.
fn world() -> World {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let z = Matrix::from_fn(4, 4, |i, j| (1 + (i + 2 * j) % 5) as f64);
    let y = Matrix::from_fn(4, 2, |i, j| (10 + i + j) as f64);
    zili_testkit::world(&names(&["FIN", "JPN"]), &names(&["A", "B"]), 1, z, y)
}

fn strategy(text: &str) -> Strategy {
    let (world, book) = (World::bundled("wiod2013").expect("bundled"), BlocBook::bundled().expect("blocs"));
    read(text, "s.toml", &world, &book).unwrap_or_else(|e| panic!("{e}")).0
}

fn answer(world: &World, strategy: Option<Strategy>) -> Assessment {
    let classification = world.classification();
    let question = Question {
        home: Bloc::of_region(classification, classification.region("FIN").expect("a region")),
        focus: None,
        blocs: Vec::new(),
        year: zili_testkit::YEAR,
        value_added: ValueAdded::Residual,
        scenarios: Vec::new(),
        draws: 1,
        strategy,
    };
    assess(world, &question, &zili_world::Unwatched).unwrap_or_else(|e| panic!("{e}"))
}

fn section(assessment: &Assessment) -> &Section {
    assessment.sections.iter().find(|section| section.id == "plan").expect("the chapter")
}

fn figure<'a>(assessment: &'a Assessment, id: &str) -> &'a Figure {
    section(assessment).figures.iter().find(|figure| figure.id == id).unwrap_or_else(|| panic!("no figure {id}"))
}

/// A cell by the name of its column.
fn at<'a>(figure: &Figure, row: &'a [Cell], column: &str) -> &'a Cell {
    &row[figure.finding.column(column).expect("a column")]
}

fn number(figure: &Figure, row: &[Cell], column: &str) -> f64 {
    at(figure, row, column).number().unwrap_or_else(|| panic!("{column} is missing"))
}

#[test]
fn the_chapter_is_there_for_a_strategy_and_only_then() {
    let world = world();
    assert!(answer(&world, None).sections.iter().all(|section| section.id != "plan"));
    let assessment = answer(&world, Some(strategy(BY_HAND)));
    let ids: Vec<&str> = section(&assessment).figures.iter().map(|figure| figure.id.as_str()).collect();
    let all = [
        "plan-programmes",
        "plan-means",
        "plan-supply",
        "plan-covered",
        "plan-attacks",
        "plan-regret",
        "plan-frontier",
        "plan-sensitivity",
        "plan-value",
        "plan-numbers",
        "plan-assumptions",
    ];
    assert_eq!(ids, all);
    let page = html::render(&world, &assessment).unwrap_or_else(|e| panic!("{e}"));
    for id in all.into_iter().chain(["plan", "source-strategy"]) {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    // Every figure names the strategy as its source, and the years planned.
    let chapter = &page[page.find("<section id=\"plan\"").expect("the chapter")
        ..page.find("<section id=\"caveats\"").expect("caveats")];
    assert_eq!(chapter.matches("<b>Source</b> <a href=\"#source-strategy\">").count(), all.len());
    assert_eq!(chapter.matches("2026–2030</p>").count(), all.len());
    let out = tempfile::tempdir().expect("a folder");
    folder::write(&world, &assessment, &out.path().join("r")).unwrap_or_else(|e| panic!("{e}"));
    for id in all {
        let table = std::fs::read_to_string(out.path().join(format!("r/tables/{id}.csv"))).expect("a table");
        assert_eq!(table.lines().count(), 1 + figure(&assessment, id).finding.rows.len(), "{id}");
    }
    // Once more, and the same page.
    let again = answer(&world, Some(strategy(BY_HAND)));
    assert_eq!(html::render(&world, &again).unwrap_or_else(|e| panic!("{e}")), page);
}

#[test]
fn the_sentences_say_what_the_tables_do() {
    let world = world();
    let strategy = strategy(BY_HAND);
    let assessment = answer(&world, Some(strategy.clone()));
    let gantt = figure(&assessment, "plan-programmes");
    let started = |kind: &str| {
        let rows = gantt.finding.rows.iter().filter(|row| at(gantt, row, "start").number().is_some());
        rows.filter(|row| at(gantt, row, "kind").text() == kind).count()
    };
    let lead = &section(&assessment).lead;
    let says = format!("{} of 5 programmes and {} of 1 lever for ", started("programme"), started("lever"));
    assert!(lead.contains(&says), "{lead} should say {says}");
    let all = strategy.figures.len();
    assert!(lead.ends_with(&format!("All {all} numbers of the strategy are assumptions.")), "{lead}");
    assert!(
        assessment
            .summary
            .iter()
            .any(|sentence| sentence.starts_with("What to build first, by the strategy “By hand”:"))
    );
    let numbers = figure(&assessment, "plan-numbers");
    let counted: f64 = numbers.finding.rows.iter().map(|row| number(numbers, row, "numbers")).sum();
    assert_eq!(counted, all as f64);
    assert_eq!(figure(&assessment, "plan-assumptions").finding.rows.len(), all);
    // What is worth its cost averts some of the worst attack.
    let attacks = figure(&assessment, "plan-attacks");
    let worst =
        |name: &str| attacks.finding.rows.iter().find(|row| at(attacks, row, "attack").text() == name).expect(name);
    let (before, after) = (worst("worst without the plan"), worst("worst against the plan"));
    assert!(number(attacks, after, "after") < number(attacks, before, "before"));
}

/// What home makes, buys and releases and what is unmet is what is wanted; what levels pay is what a programme costs.
#[test]
fn supply_adds_up_to_demand_and_payments_to_cost() {
    let world = world();
    let assessment = answer(&world, Some(strategy(BY_HAND)));
    let supply = figure(&assessment, "plan-supply");
    let mut least: BTreeMap<(String, i64), f64> = BTreeMap::new();
    for row in &supply.finding.rows {
        let parts: f64 = ["made", "imported", "reserve", "unmet"].iter().map(|part| number(supply, row, part)).sum();
        let demand = number(supply, row, "demand");
        // Amounts are sums of a few numbers of the file.
        assert!((parts - demand).abs() <= 1e-9 * demand, "{row:?}");
        if at(supply, row, "plan").text() == "plan" {
            let key = (at(supply, row, "input").text().to_owned(), number(supply, row, "year") as i64);
            let known = least.entry(key).or_insert(1.0);
            *known = known.min(number(supply, row, "covered"));
        }
    }
    let covered = figure(&assessment, "plan-covered");
    assert_eq!(covered.finding.rows.len(), least.len());
    for row in &covered.finding.rows {
        let key = (at(covered, row, "input").text().to_owned(), number(covered, row, "year") as i64);
        assert_eq!(number(covered, row, "least"), least[&key], "{key:?}");
        assert!(number(covered, row, "expected") >= least[&key] - 1e-12, "{key:?}");
    }
    let gantt = figure(&assessment, "plan-programmes");
    for row in &gantt.finding.rows {
        let Some(cost) = at(gantt, row, "cost").number() else { continue };
        let payers = at(gantt, row, "payers").text();
        let amounts = payers.split(", ").filter_map(|one| one.rsplit(' ').next()?.parse::<f64>().ok());
        // Written to a tenth.
        assert!((amounts.sum::<f64>() - cost).abs() <= 0.1, "{payers} for {cost}");
    }
}

#[test]
fn without_an_adversary_there_are_no_attacks() {
    let world = world();
    let text = &BY_HAND[..BY_HAND.find("[adversary]").expect("an adversary")];
    let assessment = answer(&world, Some(strategy(text)));
    assert!(section(&assessment).figures.iter().all(|figure| figure.id != "plan-attacks"));
    assert!(
        section(&assessment).lead.contains("Made against the strategy's scenarios"),
        "{}",
        section(&assessment).lead
    );
}

/// Self-reliance that must be reached at once, before any plant is built.
#[test]
fn where_no_plan_is_possible_the_chapter_says_why() {
    let world = world();
    let must =
        BY_HAND.replace("target = { share = 0.6, by = 2029 }", "target = { share = 0.9, by = 2026, must = true }");
    assert_ne!(must, BY_HAND);
    let assessment = answer(&world, Some(strategy(&must)));
    let section = section(&assessment);
    assert!(
        section.lead.contains("No plan is possible: it cannot have home capacity for 90 % of 'magnets' by 2026"),
        "{}",
        section.lead
    );
    let ids: Vec<&str> = section.figures.iter().map(|figure| figure.id.as_str()).collect();
    assert_eq!(ids, ["plan-numbers", "plan-assumptions"]);
    html::render(&world, &assessment).unwrap_or_else(|e| panic!("{e}"));
}

/// The plant delivers magnets, the pilot line the ability to sinter them: each colours its input in the year in which it ends.
#[test]
fn the_chain_of_a_strategy_shows_when_an_input_is_reached() {
    let world = world();
    let text = BY_HAND
        .replace("discount = 0\n", "discount = 0\nchain = \"permanent-magnets\"\n")
        .replace("name = \"magnets\"\n", "name = \"magnets\"\nchain_input = \"ndfeb-blocks\"\n")
        .replace("name = \"sintering\"\n", "name = \"sintering\"\nchain_input = \"magnet-alloy\"\n");
    let assessment = answer(&world, Some(strategy(&text)));
    let (chain, gantt) = (figure(&assessment, "plan-chain"), figure(&assessment, "plan-programmes"));
    let row = |id: &str| chain.finding.rows.iter().find(|row| at(chain, row, "input").text() == id).expect("an input");
    let ends = |name: &str| {
        let row =
            gantt.finding.rows.iter().find(|row| at(gantt, row, "programme").text() == name).expect("a programme");
        at(gantt, row, "end").number()
    };
    let soonest = ["magnet-plant", "recycling"].into_iter().filter_map(ends).min_by(f64::total_cmp);
    assert!(soonest.is_some());
    assert_eq!(at(chain, row("ndfeb-blocks"), "reached").number(), soonest);
    assert_eq!(at(chain, row("magnet-alloy"), "reached").number(), ends("pilot-line"));
    assert_eq!(at(chain, row("ndfeb-blocks"), "before").number(), Some(0.2));
    let wanted = chain.finding.rows.iter().filter(|row| at(chain, row, "wanted").text() == "yes").count();
    assert_eq!(wanted, 2);
    let known = world.chain("permanent-magnets").expect("bundled");
    assert_eq!(chain.finding.rows.len(), known.inputs.len());
}
