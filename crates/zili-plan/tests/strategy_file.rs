//! Strategy files: what they say, and every slip with its name, line and column.

use std::sync::LazyLock;
use zili_plan::strategy::{Effect, LeverKind, Strategy, read};
use zili_scenario::BlocBook;
use zili_world::World;
use zili_world::written::Diagnostic;

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled("icio2022").expect("bundled"));
static BOOK: LazyLock<BlocBook> = LazyLock::new(|| BlocBook::bundled().expect("blocs"));
const BY_HAND: &str = include_str!("../../../examples/strategies/by-hand.toml");

fn sound(text: &str) -> (Strategy, Vec<Diagnostic>) {
    read(text, "s.toml", &WORLD, &BOOK).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong: name and place of each, and everything as it is shown.
fn refused(text: &str) -> (Vec<String>, String) {
    let Err(zili_plan::Error::Refused(refusal)) = read(text, "s.toml", &WORLD, &BOOK) else {
        panic!("should be refused:\n{text}");
    };
    let places = refusal.0.iter().map(|d| format!("{} {}:{}", d.name.as_str(), d.line, d.column));
    (places.collect(), refusal.to_string())
}

/// The example with one thing changed.
fn changed(from: &str, to: &str) -> String {
    assert!(BY_HAND.contains(from), "the example has no {from}");
    BY_HAND.replacen(from, to, 1)
}

#[test]
fn the_example_by_hand_is_read_as_it_is_written() {
    let (s, warnings) = sound(BY_HAND);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((s.name.as_str(), s.home.code.as_str(), s.from, s.years), ("By hand", "FIN", 2026, 5));
    assert_eq!(s.inputs[1].demand, [8.0, 9.0, 10.0, 11.0, 12.0]);
    assert_eq!(s.suppliers.len(), 3);
    assert_eq!(s.programmes[2].modes[0].cost, [("regional".to_owned(), vec![3.0, 1.0])]);
    assert_eq!(s.programmes[4].any, [["magnet-plant", "recycling"]]);
    assert_eq!(s.levers[0].kind, LeverKind::Procurement);
    assert!(
        matches!(&s.levers[0].effects[0], Effect::Purchase { input, amount } if input == "motors" && *amount == 2.0)
    );
    assert_eq!(s.adversary.as_ref().map(|a| a.moves.len()), Some(3));
}

/// One change to the example, with § where the slip is said to be; its name, and words of what is said.
fn says(from: &str, to: &str, name: &str, words: &[&str]) {
    let marked = changed(from, to);
    let mark = marked.find('§').expect("a mark");
    let before = &marked[..mark];
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let place = format!("{name} {}:{column}", before.matches('\n').count() + 1);
    let (places, said) = refused(&marked.replacen('§', "", 1));
    assert_eq!(places, [place], "{said}");
    for word in words {
        assert!(said.contains(word), "should say '{word}':\n{said}");
    }
}

/// The same for what is only warned of.
fn warns(from: &str, to: &str, name: &str, words: &[&str]) {
    let marked = changed(from, to);
    let before = &marked[..marked.find('§').expect("a mark")];
    let place = (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
    let (_, said) = sound(&marked.replacen('§', "", 1));
    let found: Vec<_> = said.iter().map(|d| (d.name.as_str(), (d.line, d.column))).collect();
    assert_eq!(found, [(name, place)], "{said:?}");
    for word in words {
        assert!(said[0].message.contains(word), "should say '{word}':\n{}", said[0]);
    }
}

#[test]
fn slips_of_the_pen_are_named_with_the_nearest() {
    says("home_cost = 1", "§home_kost = 1", "unknown-key", &["did you mean 'home_cost'"]);
    says("requires = \"sintering\"", "requires = §\"sintring\"", "unknown-code", &["did you mean 'sintering'"]);
    says("beside = \"central\"", "beside = §\"centre\"", "unknown-code", &["did you mean 'central'"]);
    says("talent = { engineers = 15 }", "talent = { §enginers = 15 }", "unknown-code", &["'engineers'"]);
    says("cost = { regional = [3, 1] }", "cost = { §regonal = [3, 1] }", "unknown-code", &["'regional'"]);
    says("delivers = { magnets = 4 }", "delivers = { §magnet = 4 }", "unknown-code", &["'magnets'"]);
    says("region = \"BRA\"", "region = §\"Brasil\"", "unknown-code", &["did you mean 'BRA'"]);
    says("\npenalty = 20", "\npenalty = §\"20%\"", "wrong-type", &["write 0.2"]);
    says("kind = \"procurement\"", "kind = §\"procurment\"", "unknown-word", &["did you mean 'procurement'"]);
    says("on = \"purchase\"", "on = §\"purchases\"", "unknown-word", &["did you mean 'purchase'"]);
    says("inputs = \"motors\"", "inputs = [§\"motor\"]", "unknown-code", &["did you mean 'motors'"]);
    says("home = \"FIN\"", "home = §\"Finnland\"", "unknown-code", &["did you mean 'FIN'"]);
    says("discount = 0", "chain = §\"advanced-chip\"", "unknown-code", &["did you mean 'advanced-chips'"]);
    says("discount = 0", "sector = 1\n§discont = 0", "unknown-key", &[]);
}

#[test]
fn tables_where_lists_belong_and_lists_where_tables_do() {
    says("[adversary]", "§[[adversary]]", "wrong-type", &["write [adversary]"]);
    let mode = "title = \"Pilot line for sintering\"";
    says(
        mode,
        "mode = §3\ncapabilities = \"sintering\"\n[[programme]]\nname = \"x\"\ndelivers = { motors = 1 }",
        "wrong-type",
        &["[[programme.mode]]"],
    );
    says("effect = [{", "effect = [§3, {", "wrong-type", &["expected a table"]);
    says("target = { share = 0.6, by = 2029 }", "target = §0.6", "wrong-type", &["expected a table"]);
}

#[test]
fn numbers_that_make_no_sense_are_refused() {
    says("cost = { central = 10 }", "cost = { central = §-10 }", "out-of-range", &["a number from 0 on"]);
    says("probability = 0.2", "probability = §1.2", "out-of-range", &["a share from 0 to 1", "0.012"]);
    says("share = 0.6", "share = §1.6", "out-of-range", &["a share above 0"]);
    says("by = 2029", "by = §2035", "out-of-range", &["2026 to 2030"]);
    says("success = 0.8", "success = §0", "out-of-range", &["a share above 0"]);
    says("years = 5", "years = §0", "out-of-range", &["from 1 to 100"]);
    says("from = 2026\ny", "from = §26\ny", "out-of-range", &["1900"]);
    says("training = 3", "training = §2.5", "out-of-range", &["whole number"]);
    says("amount = [4, 4, 4, 4, 4]", "amount = §[4, 4, 4]", "out-of-range", &["3 numbers", "2026 to 2030"]);
    says("regional = [3, 1]", "regional = §[3, 1, 1]", "out-of-range", &["each of its 2 years"]);
    says("{ 2026 = 8, 2030 = 12 }", "§{ 2026 = 8, 2029 = 12 }", "out-of-range", &["2030 too"]);
    says("penalty = 30", "penalty = [1, 2, 3, 4, §nan]", "out-of-range", &["a number from 0 on"]);
    says("budget = 3", "budget = §-1", "out-of-range", &[]);
}

#[test]
fn probabilities_of_more_than_one_are_refused_with_what_the_rest_means() {
    let more = "[[scenario]]\nname = \"more\"\nprobability = §0.9\n[[scenario.cut]]\nregions = \"BRA\"\nseverity = 1\n\n[adversary]";
    says("[adversary]", more, "out-of-range", &["add up to 1.100", "that nothing happens"]);
}

#[test]
fn a_number_has_a_source_or_is_called_an_assumption() {
    let bare = BY_HAND.replacen("default_source = \"assumption\"", "", 1).replacen("discount = 0", "", 1);
    let (places, said) = refused(&bare);
    // Once for each entry is enough: inputs, suppliers, budgets, skill, modes (of which two in one programme) and so on.
    assert!(places.iter().all(|place| place.starts_with("no-source ")) && places.len() > 15, "{places:?}");
    assert!(said.contains("who says demand of input magnets?"), "{said}");
    says("source = \"assumption\"", "source = §\"assumed\"", "unknown-code", &["did you mean 'assumption'"]);
    let text = changed(
        "discount = 0",
        "discount = { value = 0.02, source = \"book\" }\n[[source]]\nid = \"book\"\ntitle = \"B\"\npublisher = \"P\"\n",
    );
    let (s, _) = sound(&text);
    let figure = |what: &str| s.figures.iter().find(|f| f.what == what).unwrap_or_else(|| panic!("no {what}"));
    assert_eq!(figure("strategy: discount").source.as_deref(), Some("book"));
    assert_eq!(s.figures.iter().filter(|f| f.source.is_some()).count(), 1);
    assert_eq!(figure("input motors: demand").value, "8 to 12");
    assert!(figure("budget central: carry").by_default && !figure("budget regional: carry").by_default);
    assert_eq!(figure("programme motor-line, mode crash: success").value, "0.8");
    assert!(figure("risk: tail").by_default && s.risk.tail == 0.95);
}

#[test]
fn courses_over_years_are_written_in_four_ways() {
    let demand = |given: &str| sound(&changed("demand = 10", given)).0.inputs[0].demand.clone();
    assert_eq!(demand("demand = [1, 2, 3, 4, 5]"), [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(demand("demand = { 2025 = 0, 2035 = 10 }"), [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(demand("demand = { total = 20 }"), [4.0; 5]);
    assert_eq!(demand("demand = { value = [1, 2, 3, 4, 5], source = \"assumption\" }"), [1.0, 2.0, 3.0, 4.0, 5.0]);
    let grown = demand("demand = { start = 10, growth = 0.5 }");
    assert_eq!(grown, [10.0, 15.0, 22.5, 33.75, 50.625]);
    says("demand = 10", "demand = §{ start = 10, rate = 0.5 }", "unknown-key", &["growth"]);
    says("demand = 10", "demand = §{ start = 10, total = 5 }", "wrong-type", &["give one of these"]);
    says("cost = { central = 5 }", "cost = { central = §{ 2026 = 5, 2030 = 6 } }", "wrong-type", &["a list"]);
}

#[test]
fn prerequisites_that_can_never_be_met_are_named() {
    let text = changed("title = \"Pilot line for sintering\"", "requires = \"magnet-plant\"");
    let (places, said) = refused(&text);
    // The plant waits for sintering, the pilot line delivers it and waits for the plant; recycling lets lean motors start.
    assert_eq!(places.len(), 1, "{said}");
    assert!(places[0].starts_with("cycle "), "{said}");
    assert!(said.contains("pilot-line → magnet-plant → sintering → pilot-line"), "{said}");

    let text = changed("capabilities = \"sintering\"", "delivers = { magnets = 1 }");
    let (places, said) = refused(&text);
    assert_eq!(places.len(), 2, "{said}");
    assert!(said.contains("nobody delivers 'sintering'") && said.contains("'magnet-plant' can never start"), "{said}");
    assert!(sound(&text.replace("title = \"Sintering of rare-earth alloys\"", "at_hand = true")).1.is_empty());

    // An alternative breaks the circle.
    let text = changed("name = \"recycling\"", "name = \"recycling\"\nany = [[\"lean-motors\", \"pilot-line\"]]");
    assert!(sound(&text).1.is_empty());
    let text = text.replace("[\"magnet-plant\", \"recycling\"]", "[\"recycling\"]");
    assert!(sound(&text).1.is_empty());
    let text = text.replace("[\"lean-motors\", \"pilot-line\"]", "[\"lean-motors\"]");
    assert!(refused(&text).1.contains("recycling → lean-motors → recycling"));
}

#[test]
fn what_contradicts_itself_is_refused() {
    let twice = "[[input]]\nname = §\"motors\"\ndemand = 1\nhome = 1\nhome_cost = 1\npenalty = 1\n\n[[skill]]";
    says("[[skill]]", twice, "contradiction", &["another input already"]);
    says("[[skill]]", "[[budget]]\nlevel = §\"central\"\namount = 1\n[[skill]]", "contradiction", &["another budget"]);
    says("name = \"lean-motors\"", "name = §\"recycling\"", "contradiction", &["another programme or capability"]);
    says("name = \"crash\"", "name = §\"normal\"", "contradiction", &["another mode of motor-line"]);
    says("region = \"BRA\"", "region = §\"EU27\"", "contradiction", &["FIN is home"]);
    says("region = \"BRA\"", "region = §\"JPN\"", "contradiction", &["JPN supplies magnets in two entries"]);
    says("regions = \"BRA\"", "regions = §\"KOR\"", "empty-effect", &["supplies none of that"]);
    says("beside = \"central\"", "beside = §\"regional\"", "contradiction", &["name two levels"]);
    let shared = "cofunding = { level = \"central\", beside = \"regional\", ratio = 1 }";
    let firms = format!(
        "[[budget]]\nlevel = \"firms\"\namount = 9\n\n[[programme]]\nname = \"x\"\ncofunding = §{}\ndelivers = {{ motors = 1 }}\nmode = [{{ duration = 1, cost = {{ firms = 1 }} }}]\n\n[[lever]]",
        &shared[12..]
    );
    says("[[lever]]", &firms, "empty-effect", &["neither central nor regional pays"]);
    says("from = 2029", "from = 2029\nuntil = §2027", "contradiction", &["begins in 2029"]);
    let supplier = "[[supplier]]\ninput = \"motors\"\nregion = \"JPN\"\n";
    says(supplier, &format!("§{supplier}share = 0.7\n"), "missing-key", &["one of them"]);
    says(
        "on = \"purchase\", input",
        "on = \"purchase\", level = §\"central\", input",
        "unknown-key",
        &["accepted: input, amount"],
    );
}

#[test]
fn what_changes_nothing_is_refused() {
    says(
        "name = \"guarantee\"\ntitle = \"The state buys two thousand motors a year at home\"\nkind = \"procurement\"\nduration = 3\neffect = [{ on = \"purchase\", input = \"motors\", amount = 2 }]",
        "name = §\"guarantee\"\nkind = \"procurement\"\nduration = 3\n",
        "empty-effect",
        &["changes nothing"],
    );
    says("amount = 2 }]", "amount = §0 }]", "empty-effect", &["changes nothing"]);
    says("demand = 10", "demand = §0", "empty-effect", &["needs nothing"]);
    let head = "home = \"FIN\"\nfrom = 2026\nyears = 5\n";
    let (places, said) = refused(head);
    assert_eq!(places, ["missing-key 1:1", "empty-effect 1:1"], "{said}");
    let (places, _) = refused("");
    assert_eq!(places, ["missing-key 1:1"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = changed("home_cost = 1", "home_kost = 1")
        .replacen("region = \"BRA\"", "region = \"Brasil\"", 1)
        .replacen("probability = 0.2", "probability = 1.2", 1)
        .replacen("success = 0.8", "sucess = 0.8", 1)
        .replacen("severity = 1\nfrom = 2029", "severity = \"all\"", 1);
    let (places, said) = refused(&text);
    let names: Vec<&str> = places.iter().filter_map(|place| place.split(' ').next()).collect();
    // An entry that cannot be read is not held against those that name it.
    assert_eq!(names, ["unknown-key", "unknown-code", "unknown-key", "out-of-range", "wrong-type"], "{said}");
}

#[test]
fn what_can_come_to_nothing_is_said() {
    warns("name = \"recycling\"", "name = §\"recycling\"\nstarts = [2029, 2030]", "empty-effect", &["2031", "2030"]);
    warns(
        "cost = 1\n\n[[adversary.move.cut]]",
        "cost = §4\n\n[[adversary.move.cut]]",
        "empty-effect",
        &["more than the adversary has"],
    );
    warns("demand = 10", "demand = §13", "never-met", &["home needs 13"]);
    warns("share = 0.6", "share = §0.95", "never-met", &["the target is 9.5"]);
    warns("[[skill]]", "[[budget]]\nlevel = §\"firms\"\namount = 3\n\n[[skill]]", "empty-effect", &["nothing is paid"]);
    warns(
        "[[skill]]",
        "[[skill]]\nname = §\"smiths\"\npeople = 3\n\n[[skill]]",
        "empty-effect",
        &["no programme needs"],
    );
    let dear = "[[programme]]\nname = §\"dear\"\ndelivers = { motors = 1 }\nmode = [{ duration = 1, cost = { central = 61 } }]\n\n[[lever]]";
    warns("[[lever]]", dear, "empty-effect", &["more than it has"]);
}

#[test]
fn the_schema_is_that_of_the_code() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/reference");
    let schema = zili_plan::strategy::schema();
    let path = format!("{folder}/strategy.schema.json");
    if std::env::var_os("ZILI_BLESS").is_some() {
        std::fs::write(&path, &schema).expect("written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == schema, "strategy.schema.json is behind the code; run ZILI_BLESS=1 cargo test");
}

#[test]
fn every_example_is_read_without_a_warning() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/strategies");
    for entry in std::fs::read_dir(folder).expect("examples") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let (s, warnings) = sound(&text);
        let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        assert!(warnings.is_empty(), "{}:\n{}", path.display(), said.join("\n"));
        let cited = |id: &str| s.figures.iter().any(|figure| figure.source.as_deref() == Some(id));
        let idle: Vec<&str> = s.sources.iter().map(|source| source.id.as_str()).filter(|id| !cited(id)).collect();
        assert!(idle.is_empty(), "{}: nothing is said by {idle:?}", path.display());
    }
}
