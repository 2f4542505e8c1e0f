#![doc = include_str!("../../../docs/src/methods/leverage.md")]

use crate::Error;
use crate::by_region;
use crate::equilibrium::economy::Shock;
use crate::equilibrium::long_run::LongRun;
use crate::equilibrium::solve::Failed;
use crate::equilibrium::{DEFICITS, THETA_FACTOR, TOLERANCE};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use zili_scenario::{Control, Scenario};
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
        Column::share("loss", "of income", "lost over home's income").minor(),
        Column::musd(
            "own_cost",
            "Deniers lose",
            "real income of all who deny in the scenario together, a year; below zero a gain",
        ),
        Column::number("each", "per unit", "times", "lost / own_cost; missing where denying costs the deniers nothing"),
    ],
    parameters: &[
        Parameter {
            name: "size",
            accepts: Accepts::Count { default: 3, most: 8 },
            description: "denials in a set, at most",
        },
        Parameter {
            name: "least",
            accepts: Accepts::Share { default: 0.05 },
            description: "denials by which home loses less than this share of what the strongest does alone are left out",
        },
        Parameter {
            name: "shortlist",
            accepts: Accepts::Count { default: 12, most: 200 },
            description: "denials, the best alone, among which sets are searched exactly",
        },
        Parameter {
            name: "shown",
            accepts: Accepts::Count { default: 10, most: 10_000 },
            description: "denials that are listed alone",
        },
        elasticities::FILE,
        elasticities::THETA,
        THETA_FACTOR,
        DEFICITS,
        TOLERANCE,
    ],
};

/// Which few denials of a scenario hurt home most per unit of what they cost those who deny.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let number = |name: &str| params.options.number(name) as usize;
    let controls = &by_region::controls(scenario, "a search for leverage")?;
    let search = Search::new(world, controls, params)?;
    let (size, shown) = (number("size"), number("shown"));

    let singles: Vec<BTreeSet<Denial>> = search.all.iter().map(|&denial| [denial].into()).collect();
    let (mut alone, failed) = search.solved(&singles);
    if let (true, Some(failed)) = (alone.is_empty(), failed) {
        return Err(search.base.refused(failed));
    }
    let most = alone.iter().map(|set| set.lost).fold(0.0, f64::max);
    let hurting = alone.len();
    alone.retain(|set| set.lost > 0.0 && set.lost >= params.options.number("least") * most);
    if alone.is_empty() {
        return Err(Error::Nothing("no single denial of the scenario costs home anything in the long run".to_owned()));
    }
    let small = hurting - alone.len();
    alone.sort_by(by_leverage);
    let best: Vec<Denial> = alone.iter().flat_map(|set| set.denials.iter().copied()).collect();
    let shortlist = &best[..number("shortlist").min(best.len())];

    let (greedy, exact) = (search.greedy(&best, size), search.exact(shortlist, size)?);
    let mut finding = Finding::new(&METHOD, params);
    let mut push = |kind: &str, set: &Set| {
        let each = if set.is_free() { f64::NAN } else { set.lost / set.own_cost };
        let mut cells = row![params.year, kind, set.denials.len(), search.named(&set.denials), set.lost];
        cells.extend(row![set.lost / search.income, set.own_cost, each]);
        finding.push(cells);
    };
    alone.iter().take(shown).for_each(|set| push("alone", set));
    greedy.iter().for_each(|set| push("greedy", set));
    exact.iter().for_each(|set| push("exact", set));

    by_region::describe(&mut finding, controls);
    search.base.describe(&mut finding);
    by_region::for_good(&mut finding, scenario, controls);
    let refused = search.refused.into_inner();
    if refused > 0 {
        finding.note(format!("{refused} sets of denials have no equilibrium, and are left out"));
    }
    if small > 0 {
        finding.note(format!("{small} of {hurting} denials cost home less than `least` asks for, and are left out"));
    }
    if shortlist.len() < best.len() {
        finding.note(format!(
            "exact sets are of the {} denials that do most per unit alone, of {}",
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
}

impl Set {
    /// Less than a hundred-thousandth of what it does to home is rounding of none.
    fn is_free(&self) -> bool {
        self.own_cost <= 1e-5 * self.lost.abs()
    }
}

/// The better first: those that cost nothing by what home loses, then the others by that per unit of their cost; of equals the first named.
fn by_leverage(a: &Set, b: &Set) -> std::cmp::Ordering {
    let each = |set: &Set| if set.is_free() { set.lost } else { set.lost / set.own_cost };
    b.is_free().cmp(&a.is_free()).then(each(b).total_cmp(&each(a))).then_with(|| a.denials.cmp(&b.denials))
}

/// Equilibria that an exact search solves at most: minutes.
const MOST: f64 = 5000.0;

struct Search {
    base: LongRun,
    /// All that the scenario denies but in retaliation.
    whole: Shock,
    /// Those of the denials that fall on home.
    all: Vec<Denial>,
    home: Vec<usize>,
    deniers: Vec<usize>,
    income: f64,
    incomes: Vec<f64>,
    /// Sets without an equilibrium.
    refused: AtomicUsize,
}

impl Search {
    fn new(world: &World, controls: &[Control], params: &Params) -> Result<Self, Error> {
        let base = LongRun::new(world, params, false)?;
        let whole = base.shock(&by_region::denials(controls))?;
        let home = params.home.positions(&base.classification)?;
        let economy = &base.economy;
        let falls = |&(j, i): &Denial| home.iter().any(|&n| whole.left[0][economy.flow(j, n, i)] < 1.0);
        let cells = (0..economy.sectors).flat_map(|j| (0..economy.regions).map(move |i| (j, i)));
        let all: Vec<Denial> = cells.filter(falls).collect();
        if all.is_empty() {
            return Err(Error::Nothing(format!(
                "no control of the scenario denies {} anything: a search for leverage is about denials that fall on home",
                params.home.code
            )));
        }
        let deniers: BTreeSet<usize> = all.iter().map(|&(_, i)| i).collect();
        let incomes = economy.incomes();
        let income = home.iter().map(|&r| incomes[r]).sum();
        Ok(Self {
            whole,
            all,
            home,
            deniers: deniers.into_iter().collect(),
            income,
            incomes,
            refused: AtomicUsize::new(0),
            base,
        })
    }

    /// What follows from some denials.
    fn set(&self, denials: &BTreeSet<Denial>) -> Result<Set, Failed> {
        let economy = &self.base.economy;
        let mut shock = economy.unchanged();
        for &(j, i) in denials {
            for n in 0..economy.regions {
                let at = economy.flow(j, n, i);
                shock.left[0][at] = self.whole.left[0][at];
            }
        }
        let welfare = self.base.welfare(&shock)?;
        let lost = |of: &[usize]| of.iter().map(|&r| -welfare[r].exact * self.incomes[r]).sum::<f64>();
        Ok(Set { denials: denials.clone(), lost: lost(&self.home), own_cost: lost(&self.deniers) })
    }

    /// Those that have an equilibrium, in order, and why the first of the others has none.
    fn solved(&self, sets: &[BTreeSet<Denial>]) -> (Vec<Set>, Option<Failed>) {
        let found: Vec<Result<Set, Failed>> = sets.par_iter().map(|set| self.set(set)).collect();
        let (mut solved, mut first) = (Vec::new(), None);
        for found in found {
            match found {
                Ok(set) => solved.push(set),
                Err(failed) => {
                    self.refused.fetch_add(1, Ordering::Relaxed);
                    first = first.or(Some(failed));
                }
            }
        }
        (solved, first)
    }

    fn best(&self, sets: &[BTreeSet<Denial>]) -> Option<Set> {
        self.solved(sets).0.into_iter().min_by(by_leverage)
    }

    /// One denial after the other, each the one with which home loses most per unit.
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

    /// The best set of each size; refused where there are too many to solve.
    fn exact(&self, from: &[Denial], size: usize) -> Result<Vec<Set>, Error> {
        let size = size.min(from.len());
        let mut of_size = 1.0;
        let count: f64 = (0..size)
            .map(|k| {
                of_size *= (from.len() - k) as f64 / (k + 1) as f64;
                of_size
            })
            .sum();
        if count > MOST {
            return Err(Error::Nothing(format!(
                "{count:.0} sets of up to {size} of {} denials are too many to solve: at most {MOST}; set size or shortlist lower",
                from.len()
            )));
        }
        // Each with the place after its last denial, from where it grows.
        let mut grown: Vec<(BTreeSet<Denial>, usize)> = vec![(BTreeSet::new(), 0)];
        let mut sets = Vec::new();
        for _ in 0..size {
            let larger = |(set, after): &(BTreeSet<Denial>, usize)| {
                let with = |k: usize| (set | &[from[k]].into(), k + 1);
                (*after..from.len()).map(with).collect::<Vec<_>>()
            };
            grown = grown.iter().flat_map(larger).collect();
            let of_size: Vec<BTreeSet<Denial>> = grown.iter().map(|(set, _)| set.clone()).collect();
            sets.extend(self.best(&of_size));
        }
        Ok(sets)
    }

    fn named(&self, denials: &BTreeSet<Denial>) -> String {
        let (regions, sectors) = (self.base.classification.regions(), self.base.classification.sectors());
        let named = denials.iter().map(|&(j, i)| format!("{} {}", regions[i].code, sectors[j].code));
        named.collect::<Vec<_>>().join(", ")
    }
}
