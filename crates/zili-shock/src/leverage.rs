#![doc = include_str!("../../../docs/src/methods/leverage.md")]

use crate::Error;
use crate::by_region;
use crate::equilibrium::economy::Shock;
use crate::equilibrium::long_run::LongRun;
use crate::equilibrium::{DEFICITS, THETA_FACTOR, TOLERANCE};
use rayon::prelude::*;
use std::collections::BTreeSet;
use zili_scenario::Scenario;
use zili_world::method::{Accepts, column};
use zili_world::{Column, Finding, Method, Parameter, Params, World, elasticities, row};

pub static METHOD: Method = Method {
    name: "leverage",
    page: include_str!("../../../docs/src/methods/leverage.md"),
    columns: &[
        column::YEAR.minor(),
        Column::text(
            "search",
            "Search",
            "alone: each denial by itself; greedy: one after the other; exact: the best set of its size",
        )
        .key(),
        Column::integer("size", "Denials", "denials", "how many denials are in the set").key(),
        Column::text("denials", "Which", "who denies which sectors").key(),
        Column::musd("lost", "Home loses", "home's real income, a year"),
        Column::share("loss", "of income", "lost over home's income"),
        Column::musd(
            "own_cost",
            "Deniers lose",
            "real income of all who deny in the scenario together, a year; below zero a gain",
        ),
        Column::number("each", "per unit", "times", "lost / own_cost; missing where denying costs the deniers nothing"),
        Column::musd("net", "Net", "lost − weight × own_cost: what sets are chosen by"),
    ],
    parameters: &[
        Parameter { name: "size", accepts: Accepts::Count { default: 3 }, description: "denials in a set, at most" },
        Parameter {
            name: "weight",
            accepts: Accepts::Amount { default: 1.0 },
            description: "what a loss of its own weighs with the denier beside one of home's",
        },
        Parameter {
            name: "shortlist",
            accepts: Accepts::Count { default: 12 },
            description: "denials, the best alone, among which sets are searched exactly",
        },
        Parameter {
            name: "shown",
            accepts: Accepts::Count { default: 10 },
            description: "denials that are listed alone",
        },
        elasticities::FILE,
        elasticities::THETA,
        THETA_FACTOR,
        DEFICITS,
        TOLERANCE,
    ],
};

/// Which few denials of a scenario hurt home most for what they cost those who deny.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let number = |name: &str| params.options.number(name) as usize;
    let controls = &by_region::controls(scenario, "a search for leverage")?;
    let search = Search::new(world, scenario, params)?;
    let (size, shown) = (number("size"), number("shown"));

    let mut finding = Finding::new(&METHOD, params);
    let mut alone: Vec<Set> = search.all.par_iter().filter_map(|&denial| search.set(&[denial].into())).collect();
    alone.sort_by(|a, b| b.net.total_cmp(&a.net).then(a.denials.cmp(&b.denials)));
    if alone.is_empty() {
        return Err(Error::NoEquilibrium("no denial of the scenario leaves home anybody to buy from".to_owned()));
    }
    let best: Vec<Denial> = alone.iter().filter_map(|set| set.denials.first().copied()).collect();
    let shortlist = &best[..number("shortlist").min(best.len())];
    let push = |finding: &mut Finding, kind: &str, set: &Set| {
        finding.push(row![
            params.year,
            kind,
            set.denials.len(),
            search.named(&set.denials),
            set.lost,
            set.lost / search.income,
            set.own_cost,
            // Less than a hundred-thousandth of what it does to home is rounding of none.
            if set.own_cost > 1e-5 * set.lost.abs() { set.lost / set.own_cost } else { f64::NAN },
            set.net,
        ]);
    };
    alone.iter().take(shown).for_each(|set| push(&mut finding, "alone", set));
    search.greedy(&best, size).iter().for_each(|set| push(&mut finding, "greedy", set));
    search.exact(shortlist, size).iter().for_each(|set| push(&mut finding, "exact", set));

    by_region::describe(&mut finding, controls);
    search.base.describe(&mut finding);
    let refused = search.all.len() - alone.len();
    if refused > 0 {
        finding.note(format!("{refused} denials leave somebody nobody to buy from, and are left out"));
    }
    if shortlist.len() < best.len() {
        finding.note(format!(
            "exact sets are of the {} denials that do most alone, of {}",
            shortlist.len(),
            best.len()
        ));
    }
    finding.note("by the trade equilibrium: in the end, when all has found its new place");
    Ok(finding)
}

/// A sector of a region that it may deny, as sector and region.
type Denial = (usize, usize);

/// Some denials together.
#[derive(Clone, Debug)]
struct Set {
    denials: BTreeSet<Denial>,
    lost: f64,
    own_cost: f64,
    net: f64,
}

struct Search {
    base: LongRun,
    /// All that the scenario denies.
    whole: Shock,
    all: Vec<Denial>,
    home: Vec<usize>,
    deniers: Vec<usize>,
    income: f64,
    incomes: Vec<f64>,
    weight: f64,
}

impl Search {
    fn new(world: &World, scenario: &Scenario, params: &Params) -> Result<Self, Error> {
        let controls = scenario.controls_on_table();
        let base = LongRun::new(world, params, false)?;
        let whole = base.shock(&controls)?;
        let home = params.home.positions(&base.classification)?;
        let mut deniers = BTreeSet::new();
        for control in &controls {
            deniers.extend(control.by.positions(&base.classification)?);
        }
        let deniers = deniers.into_iter().filter(|r| !home.contains(r)).collect();
        let economy = &base.economy;
        let falls = |(j, i): &Denial| (0..economy.regions).any(|n| whole.left[0][economy.flow(*j, n, *i)] < 1.0);
        let cells = (0..economy.sectors).flat_map(|j| (0..economy.regions).map(move |i| (j, i)));
        let all = cells.filter(|cell| !home.contains(&cell.1) && falls(cell)).collect();
        let incomes = economy.incomes();
        let income = home.iter().map(|&r| incomes[r]).sum();
        Ok(Self { whole, all, home, deniers, income, incomes, weight: params.options.number("weight"), base })
    }

    /// What follows from some denials; none where it leaves somebody nobody to buy from.
    fn set(&self, denials: &BTreeSet<Denial>) -> Option<Set> {
        let economy = &self.base.economy;
        let mut shock = economy.unchanged();
        for &(j, i) in denials {
            for n in 0..economy.regions {
                let at = economy.flow(j, n, i);
                shock.left[0][at] = self.whole.left[0][at];
            }
        }
        let welfare = self.base.welfare(&shock).ok()?;
        let lost = |of: &[usize]| of.iter().map(|&r| -welfare[r].exact * self.incomes[r]).sum::<f64>();
        let (lost, own_cost) = (lost(&self.home), lost(&self.deniers));
        Some(Set { denials: denials.clone(), lost, own_cost, net: lost - self.weight * own_cost })
    }

    /// The best of some sets; of equals the first.
    fn best(&self, sets: &[BTreeSet<Denial>]) -> Option<Set> {
        let found: Vec<Option<Set>> = sets.par_iter().map(|set| self.set(set)).collect();
        found.into_iter().flatten().reduce(|best, next| if next.net > best.net { next } else { best })
    }

    /// One denial after the other, each the one that adds most.
    fn greedy(&self, from: &[Denial], size: usize) -> Vec<Set> {
        let mut sets: Vec<Set> = Vec::new();
        while sets.len() < size.min(from.len()) {
            let so_far = sets.last().map_or_else(BTreeSet::new, |set| set.denials.clone());
            let next = |denial: &Denial| (!so_far.contains(denial)).then(|| &so_far | &[*denial].into());
            let candidates: Vec<BTreeSet<Denial>> = from.iter().filter_map(next).collect();
            match self.best(&candidates) {
                Some(set) => sets.push(set),
                None => break,
            }
        }
        sets
    }

    /// The best set of each size.
    fn exact(&self, from: &[Denial], size: usize) -> Vec<Set> {
        let mut of_size: Vec<BTreeSet<Denial>> = vec![BTreeSet::new()];
        let mut sets = Vec::new();
        for _ in 0..size.min(from.len()) {
            let position = |denial: &Denial| from.iter().position(|known| known == denial);
            let larger = |set: &BTreeSet<Denial>| {
                let after = set.iter().filter_map(position).max().map_or(0, |last| last + 1);
                from[after..].iter().map(|denial| set | &[*denial].into()).collect::<Vec<_>>()
            };
            of_size = of_size.iter().flat_map(larger).collect();
            sets.extend(self.best(&of_size));
        }
        sets
    }

    fn named(&self, denials: &BTreeSet<Denial>) -> String {
        let (regions, sectors) = (self.base.classification.regions(), self.base.classification.sectors());
        let named = denials.iter().map(|&(j, i)| format!("{} {}", regions[i].code, sectors[j].code));
        named.collect::<Vec<_>>().join(", ")
    }
}
