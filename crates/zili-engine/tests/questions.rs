//! Any question that the schema allows, and many that it does not, is answered or refused: no panic, no end of memory.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};
use zili_engine::{Engine, Entry, Field, Importing, Library, Need, Question, describe, register};
use zili_world::method::Accepts;
use zili_world::{Stop, Unwatched, Watch};

/// Whoever asks a thousand questions does not wait for each: long ones are called off, as any door may.
struct Impatient(Instant);

impl Watch for Impatient {
    fn stop(&self) -> Option<Stop> {
        (self.0.elapsed() > Duration::from_secs(1)).then_some(Stop::Deadline)
    }
}

/// Name, two regions, flows and final use of two sectors each.
type Small = (&'static str, [&'static str; 2], [f64; 16], [f64; 8]);

/// A library with small worlds: by hand, one whose industry makes nothing, and one region.
fn library(folder: &Path) -> Library {
    let library = Library::at(folder.join("library"));
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    library.import(&Importing::of("plain", examples.join("plain-table"), "by-hand"), &Unwatched).expect("imported");
    let worlds: [Small; 2] = [
        (
            "empty",
            ["CHN,China", "USA,United States"],
            [4.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 3.0, 1.0, 1.0, 0.0, 2.0, 2.0],
            [20.0, 5.0, 0.0, 0.0, 6.0, 18.0, 3.0, 12.0],
        ),
        (
            "open",
            ["CHN,China", "ROW,Rest"],
            [5.0, 1.0, 2.0, 3.0, 1.0, 6.0, 2.0, 2.0, 2.0, 1.0, 7.0, 1.0, 3.0, 2.0, 1.0, 4.0],
            [9.0, 2.0, 8.0, 3.0, 1.0, 11.0, 2.0, 7.0],
        ),
    ];
    for (name, regions, z, y) in worlds {
        let place = folder.join(name);
        std::fs::create_dir_all(&place).expect("a folder");
        let write = |file: &str, text: String| std::fs::write(place.join(file), text).expect("written");
        write("regions.csv", format!("code,name\n{}\n", regions.join("\n")));
        write("sectors.csv", "code,name,isic4\nC26,Electronics,26\nG,Trade,45 46 47\n".to_owned());
        write("final_demand.csv", "code,name\nhh,Households\n".to_owned());
        write("primary_inputs.csv", "code,name,role\nVA,Value added,value-added\n".to_owned());
        let rows = |values: &[f64], columns: usize| {
            let line = |row: &[f64]| row.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
            values.chunks(columns).map(line).collect::<Vec<_>>().join("\n") + "\n"
        };
        write("Z.csv", rows(&z, 4));
        write("Y.csv", rows(&y, 2));
        // Value added is what balances the table.
        let made = |i: usize| z[i * 4..][..4].iter().sum::<f64>() + y[i * 2..][..2].iter().sum::<f64>();
        let earned = |j: usize| made(j) - (0..4).map(|i| z[i * 4 + j]).sum::<f64>();
        write("V.csv", rows(&(0..4).map(earned).collect::<Vec<_>>(), 4));
        write("world.toml", "title = \"Small\"\nunit = \"million USD\"\nyear = 2020\n[[source]]\nid = \"s\"\ntitle = \"Invented\"\nlicence = \"Apache-2.0\"\n".to_owned());
        library.import(&Importing::of("plain", &place, name), &Unwatched).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    library
}

/// Words that mean something in some world, and some that mean nothing.
const HOMES: [&str; 12] =
    ["CHN", "CHN", "CHN", "CHN", "USA", "ROW", "AAA", "BBB", "EU27", "all", "CHN+USA", "no\u{7}body"];
const WORLDS: [&str; 8] = ["by-hand", "empty", "empty", "empty", "open", "open", "open", "nowhere"];

fn scenario() -> impl Strategy<Value = Value> {
    let pick = |words: &'static [&'static str]| proptest::sample::select(words);
    (pick(&HOMES), pick(&HOMES), pick(&["C26", "G", "s1", "X"]), 0.0..1.1f64, pick(&["10", "60", "0", "400"])).prop_map(
        |(by, against, sector, severity, horizon)| {
            let text = format!(
                "home = {against:?}\nhorizon = {horizon}\nstep = 10\n[[control]]\nby = {by:?}\nagainst = {against:?}\nsectors = [{sector:?}]\nseverity = {severity}\nseverity_range = [0.1, 0.9]\n"
            );
            json!({"name": "s.toml", "text": text})
        },
    )
}

/// A value for an option: mostly one that is accepted, at its bounds too.
fn setting(accepts: Accepts) -> BoxedStrategy<Value> {
    let odd = proptest::sample::select(vec![json!(-1), json!(1e300), json!("x"), json!(0), json!(0.5)]);
    let number = |low: f64, high: f64| prop_oneof![Just(low), Just(high), low..=high].prop_map(|v| json!(v)).boxed();
    let within = match accepts {
        Accepts::Number { above, below, .. } => {
            let (low, high) = (above.max(-1e6), below.min(1e15));
            number(low + 1e-9 * (high - low), high - 1e-9 * (high - low))
        }
        Accepts::Share { .. } | Accepts::Fraction { .. } => number(0.0, 1.0),
        Accepts::Amount { most, .. } => number(0.0, most),
        Accepts::Count { most, .. } => {
            prop_oneof![Just(1), Just(most), 1..=most.min(20)].prop_map(|v| json!(v)).boxed()
        }
        Accepts::Choice(words) => proptest::sample::select(words).prop_map(|v| json!(v)).boxed(),
        Accepts::Name { default } => proptest::sample::select(vec![default, "nothing"]).prop_map(|v| json!(v)).boxed(),
    };
    prop_oneof![30 => within, 1 => odd].boxed()
}

/// Questions to one method.
fn question(entry: Entry, strategy: &str) -> BoxedStrategy<Value> {
    let mut fields: Vec<(&'static str, BoxedStrategy<Value>, Need)> = Vec::new();
    let homes = proptest::sample::subsequence(HOMES.to_vec(), 1..2).prop_map(|v| json!(v)).boxed();
    let strategy = json!({"name": "p.toml", "text": strategy});
    for field in Field::ALL {
        let values: BoxedStrategy<Value> = match field {
            Field::World => proptest::sample::select(&WORLDS[..]).prop_map(|v| json!(v)).boxed(),
            Field::Home | Field::Partner => homes.clone(),
            Field::Year => {
                proptest::sample::select(vec![json!(2020), json!("all"), json!(1), json!("2020..2019")]).boxed()
            }
            Field::ValueAdded => {
                proptest::sample::select(vec![json!("auto"), json!("published"), json!("residual")]).boxed()
            }
            Field::Scenario => scenario().boxed(),
            Field::Denial => (proptest::sample::select(&HOMES[..]), proptest::sample::select(&HOMES[..]), 0.0..1.1f64)
                .prop_map(|(by, against, severity)| json!({"by": by, "against": against, "severity": severity}))
                .boxed(),
            Field::Strategy => Just(strategy.clone()).boxed(),
            Field::Start => Just(json!([{"programme": "p", "mode": "m", "start": 2026}])).boxed(),
            Field::Model => {
                proptest::sample::select(vec![json!("ban"), json!("price"), json!("horizons"), json!("nix")]).boxed()
            }
            Field::Draws => {
                proptest::sample::select(vec![json!(4), json!(9), json!(1_000_000), json!(4_294_967_295_u32)]).boxed()
            }
            Field::Seed => any::<u64>().prop_map(|v| json!(v)).boxed(),
            Field::Tariffs | Field::Research | Field::Citations | Field::Chains | Field::Blocs => continue,
        };
        fields.push((field.as_str(), values, entry.need(field)));
    }
    let fields: Vec<BoxedStrategy<Option<(String, Value)>>> = fields
        .into_iter()
        .map(|(name, values, need)| {
            let often = match need {
                Need::Must => 0.97,
                // The large world that is meant where none is named has tests of its own.
                Need::May if name == Field::World.as_str() => 0.999_999,
                Need::May => 0.5,
                Need::Never => 0.02,
            };
            proptest::option::weighted(often, values).prop_map(move |v| v.map(|v| (name.to_owned(), v))).boxed()
        })
        .collect();
    let options: Vec<BoxedStrategy<Option<(String, Value)>>> = entry
        .method
        .parameters
        .iter()
        .map(|parameter| {
            let name = parameter.name;
            proptest::option::weighted(0.2, setting(parameter.accepts))
                .prop_map(move |v| v.map(|v| (name.to_owned(), v)))
                .boxed()
        })
        .collect();
    let name = entry.method.name;
    (fields, options)
        .prop_map(move |(fields, options)| {
            let mut question: Map<String, Value> = fields.into_iter().flatten().collect();
            question.insert("method".to_owned(), json!(name));
            question.insert("options".to_owned(), Value::Object(options.into_iter().flatten().collect()));
            Value::Object(question)
        })
        .boxed()
}

#[test]
fn a_thousand_questions_are_answered_or_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Engine::new(library(folder.path()));
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/strategies/by-hand.toml");
    let strategy = std::fs::read_to_string(examples).expect("an example");
    let entries = register();
    // A search that goes on for longer sets PROPTEST_CASES: so many to each method.
    let each = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let each = each.unwrap_or(1000_u32.div_ceil(entries.len() as u32));
    let (answered, asked) = (Cell::new(0), Cell::new(0));
    for entry in entries {
        let mut runner = TestRunner::new_with_rng(
            Config { cases: each, failure_persistence: None, ..Config::default() },
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        let run = runner.run(&question(entry, &strategy), |question| {
            // What is no question at all is refused where it is read.
            let Ok(read) = Question::parse(&question.to_string(), "q.json") else { return Ok(()) };
            asked.set(asked.get() + 1);
            match engine.answer(&read, &Impatient(Instant::now())) {
                Ok(finding) => {
                    answered.set(answered.get() + 1);
                    prop_assert!(finding.rows.iter().all(|row| row.len() == finding.columns.len()), "{question}");
                }
                Err(error) => {
                    prop_assert!(!error.to_string().is_empty() && !error.code().is_empty(), "{question}");
                }
            }
            Ok(())
        });
        run.unwrap_or_else(|e| panic!("{}: {e}", entry.method.name));
    }
    let (answered, asked) = (answered.get(), asked.get());
    assert!(asked > 800 && answered > 120, "{answered} of {asked} answered");
}

/// Whatever the schema has a default for is accepted, and every number has a largest value.
#[test]
fn every_option_has_a_largest_value() {
    for entry in register() {
        let schema = describe(&entry)["question"]["properties"]["options"]["properties"].clone();
        for parameter in entry.method.parameters {
            let about = &schema[parameter.name];
            let bounded = about["maximum"].is_number() || about["exclusiveMaximum"].is_number();
            assert!(bounded || !parameter.accepts.is_number(), "{} {}", entry.method.name, parameter.name);
        }
    }
}

#[test]
fn fields_that_a_method_has_no_use_for_are_refused_with_those_it_takes() {
    let engine = Engine::new(Library::bundled());
    let refusal = |text: &str| {
        let question = Question::parse(text, "q.json").expect("a question");
        engine.answer(&question, &Unwatched).expect_err("refused").to_string()
    };
    let said = refusal(r#"{"method": "power", "home": "DEU", "strategy": {"name": "s", "text": ""}}"#);
    assert!(said.contains("has no use for strategy") && said.contains("partner"), "{said}");
    assert!(refusal(r#"{"method": "power"}"#).contains("needs home"));
    assert!(refusal(r#"{"method": "powr", "home": "DEU"}"#).contains("did you mean 'power'"));
    assert!(
        refusal(r#"{"method": "ban", "denial": {"by": "USA", "against": "CHN", "severity": 2}}"#)
            .contains("severity 2")
    );
    let unknown = Question::parse(r#"{"method": "power", "hom": "DEU"}"#, "q.json").expect_err("refused").to_string();
    assert!(unknown.contains("q.json:1:") && unknown.contains("hom"), "{unknown}");
}

/// Two questions on one table: with a memory the second finds the factors that the first made; without one they go with the first.
#[test]
fn a_second_question_on_a_table_does_not_factor_it_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let question = Question::parse(r#"{"method": "multipliers", "home": "CHN", "world": "open"}"#, "q").expect("one");
    let stays = |engine: Engine| {
        let ready = engine.ready(&question, &Unwatched).expect("ready");
        engine.run(&ready, &Unwatched).expect("answered");
        let system = std::sync::Arc::downgrade(&ready.world().expect("a world").system(2020).expect("a system"));
        system.upgrade().is_some()
    };
    let library = library(folder.path());
    assert!(stays(Engine::new(library.clone()).with_memory(1 << 20)));
    assert!(!stays(Engine::new(library)));
}

/// Says stop from the first time that it is asked.
struct Over;

impl Watch for Over {
    fn stop(&self) -> Option<Stop> {
        Some(Stop::Deadline)
    }
}

/// A plan that was cut short is not given to whoever asks next.
#[test]
fn a_question_that_was_called_off_leaves_nothing_for_the_next() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/strategies");
    let ask = r#"{"method": "portfolio", "strategy": {"file": "by-hand.toml"}}"#;
    let mut question = Question::parse(ask, "q").expect("one");
    question.read_files(&examples).expect("read");
    let plan = |engine: &Engine, watch: &dyn Watch| {
        let ready = engine.ready(&question, &Unwatched).expect("ready");
        engine.planned(&ready, watch).map(|planned| (planned.found.cost.to_bits(), planned.found.stopped))
    };
    let whole = plan(&Engine::new(Library::bundled()), &Unwatched).expect("a plan");
    let engine = Engine::new(Library::bundled());
    let cut = plan(&engine, &Over);
    assert!(cut.as_ref().is_err_and(|error| error.code() == "deadline") || cut.is_ok_and(|(_, stopped)| stopped));
    assert_eq!(plan(&engine, &Unwatched).expect("a plan"), whole);
}
