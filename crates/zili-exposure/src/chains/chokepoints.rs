#![doc = include_str!("../../../../docs/src/methods/chain-chokepoints.md")]

use super::decisions::{Functions, NEVER, Thing, TooLarge};
use super::{NEEDED, Standing, View};
use zili_world::chain::OPTION;
use zili_world::method::{Accepts, column};
use zili_world::{Column, Error, Finding, Method, Parameter, Params, RegionCode, World, row};

pub static METHOD: Method = Method {
    name: "chain-chokepoints",
    page: include_str!("../../../../docs/src/methods/chain-chokepoints.md"),
    columns: &[
        column::HOME,
        Column::text("grade", "Grade", "grade of the product; * if the chain has none"),
        Column::text(
            "sure",
            "Sure",
            "certain: whatever the unknown shares are; possible: for some of what they may be",
        ),
        Column::integer("order", "Regions", "regions", "how many regions it takes"),
        Column::text(
            "coalition",
            "Coalition",
            "regions that together stop the product for home, none of them dispensable",
        ),
        Column::text("inputs", "What they take away", "inputs whose supply is lost to home").result(),
    ],
    parameters: &[
        OPTION,
        NEEDED,
        Parameter {
            name: "order",
            accepts: Accepts::Count { default: 3, most: 8 },
            description: "largest coalition looked for",
        },
        Parameter {
            name: "most",
            accepts: Accepts::Count { default: 50, most: 10_000 },
            description: "most coalitions listed for each grade and degree of certainty, the smallest first",
        },
    ],
};

/// Nodes of diagrams: some hundreds of megabytes.
const MOST_NODES: usize = 10_000_000;

/// The smallest coalitions that can stop the product.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let standing = Standing::new(world, params)?;
    let chain = standing.chain;
    let regions: Vec<RegionCode> = standing.regions().into_iter().filter(|code| !standing.is_home(code)).collect();
    let order = params.options.number("order") as usize;
    let most = params.options.number("most") as usize;
    let mut finding = standing.finding(&METHOD, params);
    for (g, grade) in chain.grades.iter().enumerate() {
        let grade = if grade.is_empty() { "*" } else { grade };
        for (view, sure) in View::BOTH.into_iter().zip(["certain", "possible"]) {
            let found = coalitions(&standing, &regions, g, view, order);
            let sets = found.map_err(|TooLarge| {
                Error::Unanswerable(format!("the coalitions against {} are too many; give a smaller order", chain.name))
            })?;
            let denies = |set: &[u32], code: &RegionCode| set.iter().any(|&k| regions[k as usize] == *code);
            // What is certain is not said again as possible.
            let surely = |set: &[u32]| {
                let lost = |i: usize| standing.lost(i, |code| denies(set, code), View::Certain);
                !chain.works(g, lost)[chain.product]
            };
            let new: Vec<&Vec<u32>> = sets.iter().filter(|set| view == View::Certain || !surely(set)).collect();
            if new.len() > most {
                finding.note(format!("{grade}, {sure}: {most} of {} coalitions listed", new.len()));
            }
            for set in new.into_iter().take(most) {
                let codes: Vec<&str> = set.iter().map(|&k| regions[k as usize].as_str()).collect();
                let taken = (0..chain.inputs.len()).filter(|&i| standing.lost(i, |code| denies(set, code), view));
                let taken: Vec<&str> = taken.map(|i| chain.inputs[i].id.as_str()).collect();
                finding.push(row![&params.home.code, grade, sure, codes.len(), codes.join("+"), taken.join(", ")]);
            }
        }
    }
    if finding.rows.is_empty() {
        finding.note(format!("no coalition of up to {order} regions can stop it"));
    }
    Ok(finding)
}

/// Coalitions that are looked at one by one at most.
const MOST_SETS: usize = 100_000;

/// Minimal coalitions of up to `order` regions, the smallest first.
fn coalitions(
    standing: &Standing,
    regions: &[RegionCode],
    grade: usize,
    view: View,
    order: usize,
) -> Result<Vec<Vec<u32>>, TooLarge> {
    let chain = standing.chain;
    let mut functions = Functions::new(MOST_NODES);
    let mut things = Vec::new();
    for i in 0..chain.inputs.len() {
        let suppliers = standing.shares[i].iter().flat_map(|shares| &shares.regions);
        let events: Vec<u32> =
            suppliers.filter_map(|(code, _)| regions.iter().position(|r| r == code).map(|k| k as u32)).collect();
        let lost = |happened: &[bool]| {
            let denies = |code: &RegionCode| {
                events.iter().zip(happened).any(|(&k, happened)| *happened && regions[k as usize] == *code)
            };
            standing.lost(i, denies, view)
        };
        let own = if events.is_empty() { NEVER } else { functions.weighed(&events, order, &lost)? };
        things.push(Thing {
            own,
            requires: chain.requires(i, grade).collect(),
            variants: chain.variants(i, grade).into_iter().flatten().collect(),
            varied: chain.variants(i, grade).is_some(),
        });
    }
    let fails = functions.failures(&things)?[chain.product];
    let sets = functions.minimal_sets(fails, Some(order))?;
    match sets.by_order().iter().sum::<u64>() > MOST_SETS as u64 {
        true => Err(TooLarge),
        false => Ok(sets.list(MOST_SETS)),
    }
}
