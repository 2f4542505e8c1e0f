//! The plan of a chain's graph: stages, columns, lines.

use super::super::layered::lay_out;
use super::*;
use zili_testkit::chains::{self, input, source, supply};
use zili_world::chain::bundled;

fn chain(parts: &[String]) -> Chain {
    chains::chain("name = \"x\"\nproduct = \"p\"", &[parts, &[source("Invented")]].concat())
}

/// Every line of a plan leads forward, and the product comes last.
fn sound(chain: &Chain) -> graph::Plan {
    let (plan, links) = graph::plan(chain);
    assert_eq!(plan.columns.len(), chain.inputs.len());
    for link in &links {
        let (from, to) = (&chain.inputs[link.from].id, &chain.inputs[link.to].id);
        assert!(plan.columns[link.from] < plan.columns[link.to], "{from} → {to}");
    }
    assert_eq!(plan.columns.iter().max(), Some(&plan.columns[chain.product]));
    // Stages follow each other without a gap, and hold every column.
    let ends: Vec<usize> = plan.stages.iter().flat_map(|(_, first, last)| *first..=*last).collect();
    assert_eq!(ends, (0..=plan.columns[chain.product]).collect::<Vec<_>>());
    let wanted: usize = chain.inputs.iter().map(|input| input.requires.len() + input.variants.len()).sum();
    assert_eq!(links.len(), wanted);
    assert_eq!(lay_out(&plan.columns, &links).routes.len(), wanted);
    plan
}

#[test]
fn every_bundled_chain_can_be_drawn() {
    for chain in bundled() {
        let plan = sound(chain);
        let column = |id: &str| plan.columns[chain.input(id).expect("an input")];
        if chain.name == "advanced-chips" {
            let names: Vec<&str> = plan.stages.iter().map(|(name, ..)| name.as_str()).collect();
            assert_eq!(names, ["Chip design", "Wafer fabrication", "Assembly, packaging and test", ""]);
            // One column for each step from the stage's end.
            assert_eq!(column("fabrication") - column("lithography"), 1);
            assert_eq!(column("fabrication") - column("neon"), 5);
        }
    }
}

#[test]
fn a_chain_of_a_lone_input_is_one_node() {
    let chain = chain(&[input("p", "product", ""), supply("p", "JPN", "")]);
    assert_eq!(sound(&chain).stages, [(String::new(), 0, 0)]);
}

/// Stages that have no input of their own, an input of no stage, and one of a late stage that an early one needs.
#[test]
fn an_input_that_goes_into_an_earlier_stage_is_drawn_there() {
    let supplied = |id: &str, more: &str| input(id, "material", more) + &supply(id, "JPN", "");
    let chain = chain(&[
        "[[stage]]\nid = \"first\"\n[[stage]]\nid = \"second\"\n".to_owned(),
        input("p", "product", ""),
        supplied("a", "stage = \"first\""),
        supplied("b", "stage = \"second\""),
        supplied("late", "stage = \"second\"\ngoes_into = [\"a\", \"b\"]"),
        supplied("loose", "goes_into = [\"b\"]"),
    ]);
    let plan = sound(&chain);
    let column = |id: &str| plan.columns[chain.input(id).expect("an input")];
    assert_eq!(plan.stages, [("first".to_owned(), 0, 2), ("second".to_owned(), 3, 5), (String::new(), 6, 6)]);
    assert_eq!([column("late"), column("a"), column("first")], [0, 1, 2]);
    assert_eq!([column("loose"), column("b"), column("second"), column("p")], [3, 4, 5, 6]);
}

#[test]
fn names_that_look_alike_get_ids_of_their_own() {
    let named = |name: &str| Chain { name: name.to_owned(), ..bundled()[0].clone() };
    let (a, b, c) = (named("My chain/1"), named("my chain 1"), named("../other"));
    let chains = [&a, &b, &c];
    let slugs: Vec<String> = (0..3).map(|k| slug(&chains, k)).collect();
    assert_eq!(slugs, ["chain-my-chain-1-1", "chain-my-chain-1-2", "chain----other"]);
}
