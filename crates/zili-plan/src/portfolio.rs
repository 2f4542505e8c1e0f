#![doc = include_str!("../../../docs/src/methods/portfolio.md")]

pub mod alternatives;
pub mod attack;
pub mod attacks;
pub mod compile;
pub mod copies;
pub mod decisions;
pub mod evaluate;
pub mod frontier;
pub mod infeasible;
pub mod instance;
mod interrupt;
pub mod master;
pub mod means;
pub mod planned;
pub mod program;
pub mod recourse;
pub mod rules;
pub mod search;
pub mod sensitivity;
pub mod supply;
pub mod value;

pub use planned::{Earlier, Planned, plan};

use crate::Error;
use crate::draws::SEED;
use alternatives::Verdict;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Finding, Method, Options, Parameter, Watch, row};

pub static METHOD: Method = Method {
    name: "portfolio",
    page: include_str!("../../../docs/src/methods/portfolio.md"),
    columns: &[
        column::HOME,
        Column::text("kind", "Kind", "programme or lever").minor(),
        Column::text("programme", "Programme", "name in the strategy"),
        Column::text("title", "What", "its title").result().minor(),
        Column::text("mode", "Mode", "the way of doing it that is chosen; empty if it is not started").result(),
        Column { name: "start", label: "Start", description: "year in which it starts; missing if it does not", key: false, ..column::YEAR },
        Column { name: "end", label: "Delivers", description: "first year in which it has ended", key: false, ..column::YEAR },
        Column::musd("cost", "Cost", "what it costs in all, not discounted"),
        Column::text("delivers", "Adds", "input and capacity a year that it adds, or is expected to add").result().minor(),
        Column::text(
            "verdict",
            "Verdict",
            "must-have: no plan without it is within `near` of the best; never: no plan with it is; option: both are; empty if not asked",
        )
        .result(),
        Column::musd(
            "regret",
            "Regret",
            "what the best plan found without it (with it, if it is not started) costs more, discounted; missing if not asked, or if there is no other plan",
        ),
        Column::musd("regret_least", "at least", "the same, at least, as far as it is proven").minor(),
    ],
    parameters: PARAMETERS,
};

pub(crate) const AGAINST: Parameter = Parameter {
    name: "against",
    accepts: Accepts::Choice(&["auto", "adversary", "scenarios", "nothing"]),
    description: "against what the plan is made; auto: the adversary if the strategy has one, else its scenarios, else nothing",
};
pub(crate) const GAP: Parameter = Parameter {
    name: "gap",
    accepts: Accepts::Fraction { default: 0.005 },
    description: "share by which the plan may cost more than the best possible one",
};
pub(crate) const ITERATIONS: Parameter = Parameter {
    name: "iterations",
    accepts: Accepts::Count { default: 5_000_000, most: 1_000_000_000 },
    description: "iterations of the simplex method after which the best plan so far is given with its bound, some tens of thousands a second; what is asked of it afterwards has as many again: all alternatives together, and each plan that it is compared with",
};
/// Iterations that settle why nothing is possible.
const ENOUGH: u64 = 2_000_000;

/// Options of everything that asks for a plan.
pub const PARAMETERS: &[Parameter] = &[
    AGAINST,
    GAP,
    ITERATIONS,
    Parameter {
        name: "draws",
        accepts: Accepts::Amount { default: 0.0, most: 1e3 },
        description: "against scenarios: draws of which programmes succeed; 0: each delivers what is to be expected of it",
    },
    SEED,
    sensitivity::CHANGE,
    Parameter {
        name: "near",
        accepts: Accepts::Amount { default: 0.0, most: 10.0 },
        description: "share by which a plan may cost more than the best and still count as an alternative; 0: alternatives are not looked for",
    },
];

/// The plan: what is started when, what it costs and adds, and what would be lost without it.
pub fn finding(planned: &Planned, options: &Options, watch: &dyn Watch) -> Result<Finding, Error> {
    let strategy = &planned.strategy;
    let mut finding = planned.begun(&METHOD, options);
    let near = options.number("near");
    let verdicts = if near > 0.0 { Some(alternatives::verdicts(planned, near, watch)?) } else { None };
    let titles = strategy.programmes.iter().map(|p| ("programme", &p.title));
    let titles = titles.chain(strategy.levers.iter().map(|lever| ("lever", &lever.title)));
    let mut rows: Vec<(usize, Vec<Cell>)> = Vec::new();
    for (p, (kind, title)) in titles.enumerate() {
        let programme = &planned.instance.programmes[p];
        let start = planned.found.plan.starts[p];
        let mode = start.map(|(mode, _)| &programme.modes[mode]);
        let year = |t: usize| strategy.from + t as i32;
        let (verdict, regret, least) = match &verdicts {
            Some(verdicts) => {
                let Verdict { word, regret, least } = verdicts[p];
                (word, regret, least)
            }
            None => ("", f64::NAN, f64::NAN),
        };
        let cells = row![
            &strategy.home.code,
            kind,
            &programme.name,
            title,
            mode.map_or("", |mode| mode.name.as_str()),
            start.map_or(Cell::Missing, |(_, t)| year(t).into()),
            start.zip(mode).map_or(Cell::Missing, |((_, t), mode)| year(t + mode.duration).into()),
            mode.map_or(f64::NAN, |mode| mode.spent),
            delivers(planned, p),
            verdict,
            regret,
            least,
        ];
        rows.push((start.map_or(usize::MAX, |(_, t)| t), cells));
    }
    // What starts first is first; what is not started is last.
    rows.sort_by_key(|(start, _)| *start);
    rows.into_iter().for_each(|(_, cells)| finding.push(cells));
    Ok(finding)
}

/// Inputs and units that a programme adds, in its chosen mode or its first.
fn delivers(planned: &Planned, p: usize) -> String {
    let programme = &planned.instance.programmes[p];
    let mode = planned.found.plan.starts[p].map_or(0, |(mode, _)| mode);
    let Some(mode) = programme.modes.get(mode) else { return String::new() };
    let of = |&(input, units): &(usize, f64)| {
        let input = &planned.strategy.inputs[input];
        format!("{}: {}", input.name, amount(units * mode.success))
    };
    mode.delivers.iter().map(of).collect::<Vec<_>>().join("; ")
}

/// A number to four digits, for text.
fn amount(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = (3 - value.abs().log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
