//! Tables made of a plan's own: who pays for what, what is covered in the worst case, whose numbers it rests on.

use crate::Error;
use std::collections::BTreeMap;
use zili_plan::portfolio::Planned;
use zili_plan::strategy::Strategy;
use zili_plan::strategy::explain::{self, Explanation};
use zili_world::method::column;
use zili_world::{Cell, Chain, Column, Finding, row};

const PAYS_MOST: Column = Column::text("pays_most", "Paid by", "the level that pays most of it; empty if nobody pays");
const PAYERS: Column = Column::text("payers", "Who pays", "what each level pays, million USD, not discounted");

/// The table of programmes with who pays for those that are started.
pub(super) fn with_payers(mut finding: Finding, planned: &Planned) -> Result<Finding, Error> {
    let name = finding.column("programme")?;
    finding.columns.extend([PAYS_MOST, PAYERS]);
    for row in &mut finding.rows {
        let mut paid = payers(planned, row[name].text());
        paid.sort_by(|a, b| b.1.total_cmp(&a.1));
        let each: Vec<String> = paid.iter().map(|(level, amount)| format!("{level} {}", short(*amount))).collect();
        row.push(Cell::from(paid.first().map_or("", |(level, _)| level)));
        row.push(Cell::from(each.join(", ")));
    }
    Ok(finding)
}

/// An amount for a list in words: a decimal where it counts.
fn short(amount: f64) -> String {
    crate::format::separated(amount, if amount < 100.0 && (amount - amount.round()).abs() > 0.05 { 1 } else { 0 })
}

/// Levels that pay for a programme in the way in which the plan starts it, with how much.
fn payers<'a>(planned: &'a Planned, name: &str) -> Vec<(&'a str, f64)> {
    let levels = &planned.strategy.budgets;
    let found = planned.instance.programmes.iter().position(|programme| programme.name == name);
    let Some((p, (mode, _))) = found.and_then(|p| Some((p, planned.found.plan.starts[p]?))) else { return Vec::new() };
    let programme = &planned.instance.programmes[p];
    let mut paid = vec![0.0; levels.len()];
    for used in &programme.modes[mode].uses {
        // People come after levels; what is below zero is what a lever brings in.
        if let Some(paid) = paid.get_mut(used.resource).filter(|_| used.amount > 0.0) {
            *paid += used.amount;
        }
    }
    if let Some(cofunding) = programme.cofunding {
        let all: f64 = programme.modes[mode].pooled.iter().map(|(_, amount)| amount).sum();
        let part: f64 = planned.found.plan.split[p].iter().sum();
        paid[cofunding.level] += part;
        paid[cofunding.beside] += (all - part).max(0.0);
    }
    let amounts = levels.iter().zip(paid).filter(|(_, amount)| *amount > 1e-9);
    amounts.map(|(budget, amount)| (budget.level.as_str(), amount)).collect()
}

/// What is covered in an input and year over all cases.
#[derive(Default)]
struct Reach {
    least: Option<f64>,
    without: Option<f64>,
    /// Over the cases with a probability: probability times what is covered, and probability.
    expected: (f64, f64),
}

/// Covered demand of every input and year: with the plan in the worst case and to be expected, and without it in the worst case.
pub(super) fn covered(supply: &Finding, strategy: &Strategy) -> Result<Finding, Error> {
    let columns = vec![
        Column::text("input", "Input", "name in the strategy"),
        Column::text("input_name", "Input", "its title"),
        Column { description: "year planned", ..column::YEAR },
        Column::share(
            "least",
            "Covered at least",
            "share of demand that is met in the worst of the cases, with the plan",
        ),
        Column::share(
            "expected",
            "to be expected",
            "the same over the cases that have a probability; missing if none has",
        ),
        Column::share("without", "Without the plan", "the same in the worst of the cases, where nothing is started"),
    ];
    let at = |name: &str| supply.column(name);
    let (plan, probability, input) = (at("plan")?, at("probability")?, at("input")?);
    let (year, share) = (at("year")?, at("covered")?);
    let mut found: BTreeMap<(usize, i64), Reach> = BTreeMap::new();
    for row in &supply.rows {
        let place = strategy.inputs.iter().position(|known| known.name == row[input].text());
        let (Some(place), Some(when), Some(met)) = (place, row[year].number(), row[share].number()) else { continue };
        let reach = found.entry((place, when as i64)).or_default();
        let lower = |known: Option<f64>| Some(known.map_or(met, |known| known.min(met)));
        if row[plan].text() != "plan" {
            reach.without = lower(reach.without);
            continue;
        }
        reach.least = lower(reach.least);
        if let Some(weight) = row[probability].number() {
            reach.expected.0 += weight * met;
            reach.expected.1 += weight;
        }
    }
    let missing = |value: Option<f64>| value.map_or(Cell::Missing, Cell::from);
    let rows = found.into_iter().map(|((place, when), reach)| {
        let input = &strategy.inputs[place];
        let mut cells = row![&input.name, &input.title, when as i32];
        let (sum, weight) = reach.expected;
        cells.extend([missing(reach.least), Cell::from(sum / weight), missing(reach.without)]);
        cells
    });
    let rows = rows.collect();
    Ok(Finding { columns, rows, evidence: supply.evidence.clone() })
}

/// Every input of the strategy's chain, with the year in which home first has more of it, or can do what it takes, than without the plan.
pub(super) fn reached(begun: &Finding, planned: &Planned, chain: &Chain) -> Finding {
    let columns = vec![
        Column::text("input", "Input", "id of the chain's input"),
        Column::text("input_name", "Input", "its name"),
        Column::text("wanted", "In the strategy", "whether the strategy has an input or a capability for it"),
        Column {
            name: "reached",
            label: "Reached",
            description: "first year with more of it at home than without the plan; missing if there is none",
            key: false,
            ..column::YEAR
        },
        Column::text("programmes", "By", "programmes that deliver it").result(),
        Column::share("before", "Self-reliance, first year", "home capacity as a share of demand, at most 1"),
        Column::share("after", "in the last", "the same in the last year planned"),
    ];
    let (strategy, instance) = (&planned.strategy, &planned.instance);
    let capacity = planned.found.plan.capacity(instance, &[]);
    let mut finding = Finding { columns, rows: Vec::new(), evidence: begun.evidence.clone() };
    for node in &chain.inputs {
        let named = |name: &Option<String>| name.as_deref() == Some(node.id.as_str());
        let input = strategy.inputs.iter().position(|input| named(&input.chain_input));
        let able: Vec<&str> =
            strategy.capabilities.iter().filter(|c| named(&c.chain_input)).map(|c| c.name.as_str()).collect();
        // Last digits of sums are no capacity.
        let more =
            |i: usize, t: usize| capacity[i][t] > instance.inputs[i].home[t] + 1e-9 * instance.inputs[i].demand[t];
        let added = input.and_then(|i| (0..strategy.years).find(|&t| more(i, t)));
        let ended = strategy.programmes.iter().enumerate().filter_map(|(p, programme)| {
            let delivers = programme.delivers.iter().any(|d| input.is_some_and(|i| strategy.inputs[i].name == d.input));
            let enables = programme.capabilities.iter().any(|name| able.contains(&name.as_str()));
            let (mode, start) = planned.found.plan.starts[p].filter(|_| delivers || enables)?;
            Some((start + instance.programmes[p].modes[mode].duration, &programme.title, enables))
        });
        let ended: Vec<(usize, &String, bool)> = ended.filter(|(end, ..)| *end < strategy.years).collect();
        let enabled = ended.iter().filter(|(.., enables)| *enables).map(|(end, ..)| *end).min();
        let first = added.into_iter().chain(enabled).min();
        let titles: Vec<&str> = ended.iter().map(|(_, title, _)| title.as_str()).collect();
        let share = |t: usize| {
            let demand = |i: usize| instance.inputs[i].demand[t];
            input.filter(|&i| demand(i) > 0.0).map_or(f64::NAN, |i| (capacity[i][t] / demand(i)).min(1.0))
        };
        finding.push(row![
            &node.id,
            &node.name,
            if input.is_some() || !able.is_empty() { "yes" } else { "no" },
            first.map_or(Cell::Missing, |t| (strategy.from + t as i32).into()),
            titles.join("; "),
            share(0),
            share(strategy.years - 1),
        ]);
    }
    finding
}

/// Sources that are counted one by one.
const NAMED: usize = 5;

/// How many of the strategy's numbers stand on whose word.
pub(super) fn counts(begun: &Finding, explanation: &Explanation) -> Finding {
    let columns = vec![
        Column::text(
            "word",
            "On whose word",
            "sourced, an assumption of the file, or one that zili makes where the file is silent",
        ),
        Column::text("source", "Source", "title of the source, or what kind of assumption"),
        Column::text("publisher", "Publisher", "who published it, and when"),
        Column::integer("numbers", "Numbers", "", "how many of the strategy's numbers"),
        Column::share("share", "Share", "of all its numbers"),
    ];
    let figures = &explanation.figures;
    let all = (figures.sourced + figures.assumed + figures.by_default).max(1) as f64;
    let mut finding = Finding { columns, rows: Vec::new(), evidence: begun.evidence.clone() };
    let mut line = |word: &str, source: &str, publisher: String, count: usize| {
        if count > 0 {
            finding.push(row![word, source, publisher, count as i32, count as f64 / all]);
        }
    };
    let mut cited: Vec<&explain::Cited> = figures.by_source.iter().collect();
    cited.sort_by_key(|source| std::cmp::Reverse(source.figures));
    let (named, others) = cited.split_at(cited.len().min(if cited.len() == NAMED + 1 { NAMED + 1 } else { NAMED }));
    for source in named {
        let year = source.year.map(|year| format!(", {year}")).unwrap_or_default();
        line("Sourced", &source.title, format!("{}{year}", source.publisher), source.figures);
    }
    let rest = others.iter().map(|source| source.figures).sum();
    line("Sourced", &format!("{} others, listed under Sources", others.len()), String::new(), rest);
    line("Assumed in the file", "called an assumption", String::new(), figures.assumed);
    line("Assumed by default", "not in the file", String::new(), figures.by_default);
    finding
}

/// Every number that nobody but the strategy says.
pub(super) fn assumptions(begun: &Finding, explanation: &Explanation) -> Finding {
    let columns = vec![
        Column::text("what", "What", "which number"),
        Column::text("value", "Value", "as one reads it; a course over years as from and to"),
        Column::text("word", "On whose word", "of the file, or zili's own where the file is silent"),
    ];
    let figures = &explanation.figures;
    let of = |list: &'_ [explain::Assumption], word: &'static str| -> Vec<Vec<Cell>> {
        list.iter().map(|figure| row![&figure.what, &figure.value, word]).collect()
    };
    let mut rows = of(&figures.assumptions, "assumed in the file");
    rows.extend(of(&figures.defaults, "assumed by default"));
    Finding { columns, rows, evidence: begun.evidence.clone() }
}
