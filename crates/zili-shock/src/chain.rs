#![doc = include_str!("../../../docs/src/methods/chain.md")]

use crate::Error;
use zili_scenario::{Carried, Case, Control, Scenario, What};
use zili_world::chain::{Chain, Holding, Kind, OPTION, Share, Shares, Supply as Supplied};
use zili_world::method::Accepts;
use zili_world::{Column, Finding, Method, Options, Parameter, Params, RegionCode, World, row};

pub static METHOD: Method = Method {
    name: "chain",
    page: include_str!("../../../docs/src/methods/chain.md"),
    columns: &[
        Column::text("grade", "Grade", "grade of the product; * if the chain has none"),
        Column::day("day", "Day", "day of the scenario").key(),
        Column::share(
            "capacity_low",
            "Made at least",
            "what home can still make of the product, as a share of before, at least",
        ),
        Column::share("capacity_high", "at most", "the same at most"),
        Column::text("binds", "What binds", "id of the input that holds it down at its least; empty if nothing does")
            .result(),
        Column::share(
            "supply_low",
            "of which there is",
            "how much of that input there is at least, as a share of before",
        ),
        Column::share("supply_high", "at most", "the same at most").minor(),
        Column::text("lost", "Lost", "inputs of which less than a tenth is left at least").result().minor(),
    ],
    parameters: &[
        OPTION,
        Parameter {
            name: "stock_days",
            accepts: Accepts::Amount { default: 60.0, most: 36_500.0 },
            description: "days of use that home holds of what is not a tool (an assumption: vary it)",
        },
        Parameter {
            name: "tool_life",
            accepts: Accepts::Number { default: 8.0, above: 0.0, below: 1e3 },
            description: "years that tools last: those in place go on when new ones are denied (an assumption: vary it)",
        },
        Parameter {
            name: "expansion",
            accepts: Accepts::Amount { default: 0.1, most: 100.0 },
            description: "what suppliers that are left add a year, as a share of what they supply (an assumption: vary it)",
        },
        Parameter {
            name: "every",
            accepts: Accepts::Number { default: 30.0, above: 0.01, below: 1e6 },
            description: "days between rows",
        },
    ],
};

const DAYS_A_YEAR: f64 = 365.0;

/// What home can still make of the product of a chain, day by day.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let options = &params.options;
    let mut course = Course::new(world, scenario, options)?;
    let chain = course.chain;
    let mut finding = begun(chain, scenario, params);
    let every = (options.number("every") / scenario.step).round().max(1.0) as usize;
    for t in 0..=scenario.steps() {
        let day = course.advance();
        if t % every != 0 && t != scenario.steps() {
            continue;
        }
        for (g, grade) in chain.grades.iter().enumerate() {
            let low = course.made(g, Side::Least);
            let high = course.made(g, Side::Most);
            let binding = binding(chain, &low);
            let supply = binding.map_or(Holding { low: f64::NAN, high: f64::NAN }, |i| course.available(i));
            let lost = (0..chain.inputs.len()).filter(|&i| course.available(i).low < 0.1);
            let lost: Vec<&str> = lost.map(|i| chain.inputs[i].id.as_str()).collect();
            finding.push(row![
                if grade.is_empty() { "*" } else { grade },
                day,
                low[chain.product].0,
                high[chain.product].0,
                binding.map_or("", |i| chain.inputs[i].id.as_str()),
                supply.low,
                supply.high,
                lost.join(", ")
            ]);
        }
    }
    Ok(finding)
}

/// A chain under a scenario's controls, step after step.
struct Course<'a> {
    world: &'a World,
    chain: &'a Chain,
    options: &'a Options,
    reach: Vec<Reach<'a>>,
    /// By input; none where nobody is said to supply it.
    states: Vec<Option<State>>,
    step: f64,
    /// Steps taken.
    taken: usize,
}

impl<'a> Course<'a> {
    fn new(world: &'a World, scenario: &'a Scenario, options: &'a Options) -> Result<Self, Error> {
        let chain = world.chain(options.name(OPTION.name))?;
        let falls = |control| Reach::of(control, scenario, chain);
        let reach: Vec<Reach> = scenario.controls.iter().filter_map(falls).collect();
        if reach.is_empty() {
            let text = format!(
                "no control of the scenario denies the whole of home an input of {}, or a firm in it",
                chain.name
            );
            return Err(Error::Nothing(text));
        }
        let states = (0..chain.inputs.len()).map(|i| State::new(chain, i, options)).collect();
        Ok(Self { world, chain, options, reach, states, step: scenario.step, taken: 0 })
    }

    /// Takes a step; gives the day on which it begins.
    fn advance(&mut self) -> f64 {
        let day = self.taken as f64 * self.step;
        for (i, state) in self.states.iter_mut().enumerate() {
            if let Some(state) = state {
                let denied = denied(self.chain, self.world, i, &self.reach, &state.shares, day);
                state.step(denied, self.step, self.options);
            }
        }
        self.taken += 1;
        day
    }

    /// How much of an input there is; what nobody is said to supply is held down by its parts alone.
    fn available(&self, input: usize) -> Holding {
        self.states[input].as_ref().map_or(Holding { low: 1.0, high: 1.0 }, State::available)
    }

    /// What there can be of every input, and which of its needs holds it down.
    fn made(&self, grade: usize, side: Side) -> Vec<(f64, Option<usize>)> {
        let own = |i: usize| match side {
            Side::Least => self.available(i).low,
            Side::Most => self.available(i).high,
        };
        capacities(self.chain, grade, &own, side)
    }
}

/// Share of before that home can still make of a chain's product, at one end of what is possible, by step of the scenario.
pub(crate) fn capacity(world: &World, scenario: &Scenario, carried: &Carried) -> Result<Vec<f64>, Error> {
    let none = Vec::new();
    let own = scenario.settings.get(METHOD.name).unwrap_or(&none);
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(name, _)| *name != OPTION.name);
    let options = Options::parse(&METHOD, own.chain([(OPTION.name, carried.chain.as_str())]))?;
    let mut course = Course::new(world, scenario, &options)?;
    let grade = match &carried.grade {
        None => 0,
        Some(grade) => course
            .chain
            .grades
            .iter()
            .position(|known| known == grade)
            .ok_or_else(|| Error::Nothing(format!("{} has no grade '{grade}'", course.chain.name)))?,
    };
    let side = if carried.case == Case::Worst { Side::Least } else { Side::Most };
    let product = course.chain.product;
    let step = |_| {
        course.advance();
        course.made(grade, side)[product].0
    };
    Ok((0..scenario.steps()).map(step).collect())
}

fn begun(chain: &Chain, scenario: &Scenario, params: &Params) -> Finding {
    let mut finding = Finding::apart(&METHOD, params);
    chain.sign(&mut finding);
    finding.parameter("scenario", scenario.name.as_str());
    for control in &scenario.controls {
        let strange: Vec<&str> = match &control.what {
            What::Inputs(words) => unknown(words, |word| chain.inputs.iter().any(|input| input.is_named(word))),
            What::Entities(words) => unknown(words, |word| chain.supplies.iter().any(|supply| supply.is_firm(word))),
            _ => {
                finding.note("controls on sectors and products fall on a table, not on a chain, and are left out");
                continue;
            }
        };
        finding.parameter("control", control.describe());
        if !strange.is_empty() {
            finding.note(format!("{} does not know {}: nothing of it is denied", chain.name, strange.join(", ")));
        }
        if !falls_on_home(control, scenario) {
            finding.note(format!("not against the whole of home, and left out: {}", control.describe()));
        }
    }
    finding.note("stocks, lives of tools and expansion are assumptions: vary them before believing a figure");
    finding
}

/// Words that name nothing.
fn unknown(words: &[String], known: impl Fn(&str) -> bool) -> Vec<&str> {
    words.iter().map(String::as_str).filter(|word| !known(word)).collect()
}

fn falls_on_home(control: &Control, scenario: &Scenario) -> bool {
    scenario.home.members.iter().all(|member| control.against.members.contains(member))
}

/// A control as it falls on a chain.
struct Reach<'a> {
    control: &'a Control,
    inputs: Vec<usize>,
    firms: Vec<&'a str>,
}

impl<'a> Reach<'a> {
    /// None if it does not fall on home, or on nothing of the chain.
    fn of(control: &'a Control, scenario: &Scenario, chain: &Chain) -> Option<Self> {
        if !falls_on_home(control, scenario) {
            return None;
        }
        let mut reach = Self { control, inputs: Vec::new(), firms: Vec::new() };
        match &control.what {
            What::Inputs(words) => {
                let named = |i: &usize| words.iter().any(|word| chain.inputs[*i].is_named(word));
                (0..chain.inputs.len()).filter(named).for_each(|i| supplied(chain, i, &mut reach.inputs));
            }
            What::Entities(words) => {
                let known = |word: &&str| chain.supplies.iter().any(|supply| supply.is_firm(word));
                reach.firms = words.iter().map(String::as_str).filter(known).collect();
                if !reach.firms.is_empty() {
                    reach.inputs = (0..chain.inputs.len()).collect();
                }
            }
            _ => return None,
        }
        (!reach.inputs.is_empty()).then_some(reach)
    }

    /// Share of a supply that is denied on a day; without one, of what a region supplies besides those named.
    fn level(&self, input: usize, supply: Option<&Supplied>, day: f64) -> f64 {
        let listed = |supply: &Supplied| self.firms.iter().any(|word| supply.is_firm(word));
        let falls = self.inputs.contains(&input) && (self.firms.is_empty() || supply.is_some_and(listed));
        if falls { self.control.severity * self.control.window.at(day) } else { 0.0 }
    }
}

/// Inputs of which somebody is said to supply: the one itself, or what it is made of.
fn supplied(chain: &Chain, input: usize, found: &mut Vec<usize>) {
    if found.contains(&input) {
        return;
    }
    if chain.supplies_of(input).next().is_some() {
        found.push(input);
        return;
    }
    let parts = chain.inputs[input].requires.iter().chain(&chain.inputs[input].variants);
    parts.for_each(|&part| supplied(chain, part, found));
}

/// Share of what a region supplies of an input that is denied on a day, at least and at most.
fn share(chain: &Chain, input: usize, region: &RegionCode, reach: &[&Reach], day: f64) -> (f64, f64) {
    // Of several controls on one supplier the severest counts.
    let level = |supply: Option<&Supplied>| reach.iter().map(|r| r.level(input, supply, day)).fold(0.0, f64::max);
    let rows = || chain.supplies_of(input).filter(|supply| supply.region.as_ref() == Some(region));
    let known = |supply: &Supplied| matches!(supply.share, Share::Known(_));
    let firms = || rows().filter(|supply| supply.firm.is_some());
    let base = level(None);
    let levels = || firms().map(|firm| level(Some(firm)));
    let most = levels().fold(base, f64::max);
    let listed: f64 = firms().map(|firm| firm.share.bounds().0 * level(Some(firm))).sum();
    let named: f64 = firms().map(|firm| firm.share.bounds().0).sum();
    let told = firms().all(|firm| known(firm) || level(Some(firm)) == base);
    match rows().find(|supply| supply.firm.is_none()) {
        _ if most == base => (base, base),
        // Firms are part of their region, and the rest of it is not listed.
        Some(whole) if told && known(whole) && whole.share.bounds().0 >= named && named > 0.0 => {
            let total = whole.share.bounds().0;
            let share = (listed + base * (total - named)) / total;
            (share, share)
        }
        None if firms().all(known) && named > 0.0 => (listed / named, listed / named),
        None => (levels().fold(f64::INFINITY, f64::min), most),
        Some(_) => (base, most),
    }
}

/// Share of an input's supply that is denied to home on a day.
fn denied(chain: &Chain, world: &World, input: usize, reach: &[Reach], shares: &Shares, day: f64) -> Holding {
    let of = |region: &RegionCode| {
        let theirs = reach.iter().filter(|reach| reach.control.by.holds(region, world.classification()));
        share(chain, input, region, &theirs.collect::<Vec<_>>(), day)
    };
    shares.weighted(|region| of(region).0, |region| of(region).1)
}

/// How much of an input home has, with unknown shares taken against it and for it.
struct State {
    shares: Shares,
    is_tool: bool,
    low: Supply,
    high: Supply,
}

/// One input's supply on its way, as shares of before.
struct Supply {
    available: f64,
    /// Days of use in stock.
    stock: f64,
    /// What suppliers that are left have added.
    extra: f64,
}

impl State {
    fn new(chain: &Chain, input: usize, options: &Options) -> Option<Self> {
        let shares = Shares::of(chain, input)?;
        let supply = || Supply { available: 1.0, stock: options.number("stock_days"), extra: 0.0 };
        let is_tool = chain.inputs[input].kind == Kind::Tool;
        Some(Self { shares, is_tool, low: supply(), high: supply() })
    }

    fn step(&mut self, denied: Holding, step: f64, options: &Options) {
        self.low.step(denied.high, self.is_tool, step, options);
        self.high.step(denied.low, self.is_tool, step, options);
    }

    /// What there is. Where more was denied suppliers may have expanded more: the range holds both.
    fn available(&self) -> Holding {
        let (one, other) = (self.low.available, self.high.available);
        Holding { low: one.min(other), high: one.max(other) }
    }
}

impl Supply {
    fn step(&mut self, denied: f64, is_tool: bool, step: f64, options: &Options) {
        let delivered = (1.0 - denied + self.extra).min(1.0);
        // They grow by a part of what they supply, as long as something is missing.
        let growth = options.number("expansion") * step / DAYS_A_YEAR * (1.0 - denied);
        self.extra += growth.min(1.0 - delivered);
        if is_tool {
            // What wears out is replaced as far as tools are delivered.
            let worn = 1.0 - (-step / (options.number("tool_life") * DAYS_A_YEAR)).exp();
            self.available += (delivered - self.available) * worn;
            return;
        }
        let missing = (1.0 - delivered) * step;
        let drawn = missing.min(self.stock);
        self.stock -= drawn;
        self.available = delivered + drawn / step;
    }
}

/// Whether variants whose parts of the market are not known are taken at their worst or at their best.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Least,
    Most,
}

/// What there can be of every input, and which of its needs holds it down.
fn capacities(chain: &Chain, grade: usize, own: &dyn Fn(usize) -> f64, side: Side) -> Vec<(f64, Option<usize>)> {
    let mut capacities = vec![(1.0, None); chain.inputs.len()];
    for i in chain.in_order() {
        let mut least = (own(i), None);
        for r in chain.requires(i, grade) {
            if capacities[r].0 < least.0 {
                least = (capacities[r].0, Some(r));
            }
        }
        if let Some(variants) = chain.variants(i, grade) {
            let variants: Vec<usize> = variants.collect();
            let together = together(chain, &variants, &capacities, side);
            if together < least.0 {
                let worst = variants.iter().copied().min_by(|&a, &b| capacities[a].0.total_cmp(&capacities[b].0));
                least = (together, worst);
            }
        }
        capacities[i] = least;
    }
    capacities
}

/// What variants give together: each its part of the market where all parts are known, else between the least and the most of them.
fn together(chain: &Chain, variants: &[usize], capacities: &[(f64, Option<usize>)], side: Side) -> f64 {
    let markets: Option<Vec<f64>> =
        variants.iter().map(|&v| chain.inputs[v].market.as_ref().map(|market| market.musd)).collect();
    let each = variants.iter().map(|&v| capacities[v].0);
    match (markets, side) {
        (Some(markets), _) => {
            let total: f64 = markets.iter().sum();
            each.zip(&markets).map(|(capacity, market)| capacity * market / total).sum()
        }
        (None, Side::Least) => each.fold(f64::INFINITY, f64::min),
        (None, Side::Most) => each.fold(0.0, f64::max),
    }
}

/// The input at the end of what holds the product down; none if nothing does.
fn binding(chain: &Chain, capacities: &[(f64, Option<usize>)]) -> Option<usize> {
    let mut at = chain.product;
    if capacities[at].0 >= 1.0 - 1e-12 {
        return None;
    }
    while let (_, Some(next)) = capacities[at] {
        at = next;
    }
    Some(at)
}
