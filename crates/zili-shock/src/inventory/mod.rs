#![doc = include_str!("../../../../docs/src/methods/inventory.md")]

mod block;
mod boario;
pub mod bottlenecks;
pub mod comparison;
mod compat;
mod dynamics;
mod flows;
mod guan;
mod needs;
pub mod paths;
mod pichler;
mod plan;
mod rebuilding;
mod record;
pub(crate) mod simd;
mod sourcing;
mod stage;
mod view;

#[cfg(test)]
mod reference_tests;
#[cfg(test)]
mod soundness_tests;

pub use record::{Cause, Detail, Loss, Point, Record, Spell};
pub use stage::{Ask, Stage, mixing};

use crate::by_region::{ROLE, role};
use crate::{Error, Posed, Together};
use needs::Function;
use zili_scenario::Scenario;
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Cell, Column, Finding, Method, Parameter, Params, Watch, World, row};

pub static METHOD: Method = Method {
    name: "inventory",
    page: include_str!("../../../../docs/src/methods/inventory.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE.minor(),
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("output", "Usual output", "output over the horizon without the scenario").minor(),
        Column::musd("value_added", "Usual value added", "value added over the horizon without the scenario").minor(),
        Column::musd("output_lost", "Output lost", "output lost over the horizon, what is made up for deducted")
            .minor(),
        Column::musd("value_added_lost", "Loss", "value added lost over the horizon"),
        Column::share("loss_share", "of value added", "value_added_lost / value_added"),
        Column::musd("lost_capacity", "direct", "value added lost to capacity that is gone (direct)"),
        Column::musd("lost_inputs", "for want of inputs", "value added lost for want of inputs (downstream)"),
        Column::musd("lost_orders", "for want of orders", "value added lost for want of orders (upstream)"),
        Column::musd("caught_up", "made up for", "value added made beyond the usual, deducted from the loss"),
        Column::musd("final_unmet", "Final demand unmet", "final demand of the region's users that is not met").minor(),
        Column::share("worst_share", "Worst", "least value added of a step, as a share of the usual"),
        Column::day("worst_day", "on day", "day on which that step begins"),
        Column::day(
            "recovery_day",
            "Back by day",
            "day from which value added stays within 1 % of the usual; missing if that is not within the horizon",
        ),
    ],
    parameters: PARAMETERS,
};

/// Options of the model, shared by the three findings that it gives.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "mode",
        accepts: Accepts::Choice(&["sound", "boario", "boario-base", "guan", "pichler"]),
        description: "the model as on this page, or one of its relatives exactly as published",
    },
    Parameter {
        name: "psi",
        accepts: Accepts::Share { default: 0.8 },
        description: "share of its target below which a stock holds production back (Hallegatte 2014)",
    },
    Parameter {
        name: "restoration",
        accepts: Accepts::Number { default: 60.0, above: 0.0, below: 36_500.0 },
        description: "days in which a gap in stocks is closed (BoARIO's default; Hallegatte 2014 has 30, Pichler et al. 10)",
    },
    Parameter {
        name: "stock_days",
        accepts: Accepts::Number { default: 90.0, above: 0.0, below: 36_500.0 },
        description: "days of use that firms hold of inputs that can be stored (Hallegatte 2014)",
    },
    Parameter {
        name: "function",
        accepts: Accepts::Choice(Function::NAMES),
        description: "how production falls with stocks (Pichler et al. 2022)",
    },
    Parameter {
        name: "essential",
        accepts: Accepts::Fraction { default: 0.01 },
        description: "cost share from which on an input is essential, where the scenario does not say (an assumption)",
    },
    Parameter {
        name: "important",
        accepts: Accepts::Fraction { default: 0.001 },
        description: "cost share from which on an input is important (an assumption)",
    },
    Parameter {
        name: "alpha_max",
        accepts: Accepts::Number { default: 1.25, above: 0.999_999, below: 1e3 },
        description: "most that capacity can be stretched (Hallegatte 2014)",
    },
    Parameter {
        name: "alpha_tau",
        accepts: Accepts::Number { default: 365.0, above: 0.0, below: 36_500.0 },
        description: "days in which capacity is stretched, and relaxes (Hallegatte 2014)",
    },
    Parameter {
        name: "capital_ratio",
        accepts: Accepts::Number { default: 4.0, above: 0.0, below: 1e3 },
        description: "productive capital per unit of yearly value added (Hallegatte 2008)",
    },
    Parameter {
        name: "mixing",
        accepts: Accepts::Fraction { default: 0.05 },
        description: "share of what a user buys of a product that is taken to come from its region's origins at large, so that rounding and estimation leave nobody to a single supplier (an assumption)",
    },
    Parameter {
        name: "orders",
        accepts: Accepts::Choice(&["capacity", "fixed"]),
        description: "orders shift to suppliers with capacity left (Guan et al. 2020), or keep their shares",
    },
    Parameter {
        name: "resourcing",
        accepts: Accepts::Fraction { default: 0.0 },
        description: "share of denied flows that other suppliers take over, where no response says otherwise",
    },
    Parameter {
        name: "resourcing_days",
        accepts: Accepts::Number { default: 90.0, above: 0.0, below: 36_500.0 },
        description: "days from the beginning of a control until they do (an assumption)",
    },
    Parameter {
        name: "rationing",
        accepts: Accepts::Choice(&["proportional", "inputs-first", "final-first"]),
        description: "who is served first when a supplier cannot serve all",
    },
    Parameter {
        name: "income_response",
        accepts: Accepts::Fraction { default: 0.0 },
        description: "share of a region's lost value added by which its final demand falls",
    },
    Parameter {
        name: "monetary_factor",
        accepts: Accepts::Number { default: 1e6, above: 0.0, below: 1e15 },
        description: "boario: the events' unit, which sets to how many decimals it rounds damages",
    },
    Parameter {
        name: "detail",
        accepts: Accepts::Choice(&["regions", "sectors", "industries"]),
        description: "rows for regions; for home's sectors too; or for every industry",
    },
];

/// Losses of every region over the horizon.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    let stage = Stage::new(world, scenario, params)?;
    watch.begin("steps", scenario.steps() as u64);
    let record = stage.play_one(scenario, params, Detail::Totals, watch)?;
    losses(&stage, scenario, params, &record)
}

/// Scenarios side by side share each reading of the flows.
pub const TOGETHER: Together = Together {
    alike,
    most: SIDE_BY_SIDE,
    run: |world, posed, watch| together(world, posed, watch, |_| Detail::Totals, losses),
};

/// Enough to share the flows, few enough to stay in the cache.
const SIDE_BY_SIDE: usize = 16;

/// Whether two scenarios can be run on one table laid out in steps.
fn alike(one: &Posed, other: &Posed) -> bool {
    let of = |posed: &Posed| {
        let Posed { scenario, params } = posed;
        (scenario.year, scenario.step.to_bits(), scenario.horizon.to_bits(), mixing(params).to_bits())
    };
    of(one) == of(other)
}

/// A finding for each of some scenarios that are alike.
fn together(
    world: &World,
    posed: &[Posed],
    watch: &dyn Watch,
    detail: fn(&Params) -> Detail,
    answer: fn(&Stage, &Scenario, &Params, &Record) -> Result<Finding, Error>,
) -> Result<Vec<Finding>, Error> {
    let Some(first) = posed.first() else { return Ok(Vec::new()) };
    let stage = Stage::new(world, &first.scenario, &first.params)?;
    let asks: Vec<Ask> =
        posed.iter().map(|Posed { scenario, params }| Ask { scenario, params, detail: detail(params) }).collect();
    let records = stage.play(&asks, watch)?;
    let found =
        posed.iter().zip(&records).map(|(posed, record)| answer(&stage, &posed.scenario, &posed.params, record));
    found.collect()
}

/// The losses of a run as a finding: home's members first, then the largest loss first.
pub fn losses(stage: &Stage, scenario: &Scenario, params: &Params, record: &Record) -> Result<Finding, Error> {
    let classification = stage.classification();
    let coefficients = &record.coefficients;
    let steps = record.steps as f64;
    let mut lines: Vec<(usize, bool, f64)> = (0..classification.regions().len())
        .map(|r| {
            let lost = classification.industries_of(r).map(|i| record.losses[i].net() * coefficients[i]).sum();
            (r, params.home.members.contains(&classification.regions()[r].code), lost)
        })
        .collect();
    lines.sort_by(|a, b| b.1.cmp(&a.1).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
    let mut finding = Finding::new(&METHOD, params);
    let detail = params.options.choice("detail");
    for (r, home, _) in lines {
        let region = &classification.regions()[r];
        let bloc = Bloc::of_region(classification, r);
        let role = role(&scenario.controls, &bloc);
        let path = (0..record.steps).map(|t| record.value_added[t * classification.regions().len() + r]);
        let usual: f64 = classification.industries_of(r).map(|i| record.before[i] * coefficients[i]).sum();
        let course = Course::of(path, usual, record.step);
        let mut push = |code: &str, name: &str, industries: std::ops::Range<usize>, course: Option<Course>| {
            let total = |of: &dyn Fn(usize) -> f64| industries.clone().map(of).sum::<f64>();
            let output = total(&|i| record.before[i]) * steps;
            let value_added = total(&|i| record.before[i] * coefficients[i]) * steps;
            let lost = total(&|i| record.losses[i].net() * coefficients[i]);
            let mut cells: Vec<Cell> = row![params.year, region.code.as_str(), &region.name, role, code, name];
            cells.extend(row![output, value_added, total(&|i| record.losses[i].net()), lost]);
            cells.push(Cell::from(if value_added != 0.0 { lost / value_added } else { f64::NAN }));
            cells.extend(row![
                total(&|i| record.losses[i].capacity * coefficients[i]),
                total(&|i| record.losses[i].inputs * coefficients[i]),
                total(&|i| record.losses[i].orders * coefficients[i]),
                total(&|i| record.losses[i].caught_up * coefficients[i]),
                total(&|i| record.unmet[i]),
            ]);
            let course = course.unwrap_or(Course { worst: f64::NAN, worst_day: f64::NAN, back: f64::NAN });
            cells.extend(row![course.worst, course.worst_day, course.back]);
            finding.push(cells);
        };
        let industries = classification.industries_of(r);
        push("*", "All sectors", industries.clone(), Some(course));
        if detail == "industries" || detail == "sectors" && home {
            for (i, sector) in industries.zip(classification.sectors()) {
                push(sector.code.as_str(), &sector.name, i..i + 1, None);
            }
        }
    }
    stage.describe(&mut finding, scenario, params, record)?;
    let lost: f64 = record.losses.iter().map(Loss::net).sum();
    let struck = record.losses.iter().map(|loss| loss.capacity).sum::<f64>() + stage.removed(scenario)?;
    if lost > AMPLIFIED * struck && struck > 0.0 {
        finding.note(format!(
            "the world loses {:.0} times the output that is struck directly: little things hold up much; see inventory-bottlenecks for which, and whether they are that essential",
            lost / struck
        ));
    }
    Ok(finding)
}

/// Losses of so many times what a scenario strikes directly are worth a doubt: multipliers of orders and inputs are 2 to 3.
const AMPLIFIED: f64 = 5.0;

/// How low a path went, and when it was back.
#[derive(Clone, Copy)]
struct Course {
    worst: f64,
    worst_day: f64,
    back: f64,
}

impl Course {
    fn of(path: impl Iterator<Item = f64>, usual: f64, step: f64) -> Self {
        let mut course = Course { worst: f64::INFINITY, worst_day: 0.0, back: 0.0 };
        if usual <= 0.0 {
            return Course { worst: f64::NAN, worst_day: f64::NAN, back: f64::NAN };
        }
        let mut last = 0;
        for (t, value) in path.enumerate() {
            let share = value / usual;
            if share < course.worst - 1e-12 {
                (course.worst, course.worst_day) = (share, t as f64 * step);
            }
            if (share - 1.0).abs() > 0.01 {
                course.back = (t + 1) as f64 * step;
            }
            last = t + 1;
        }
        if course.back >= last as f64 * step && course.back > 0.0 {
            course.back = f64::NAN;
        }
        course
    }
}
