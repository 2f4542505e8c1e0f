#![doc = include_str!("../../../docs/src/methods/uncertainty.md")]

use crate::{Error, Model, Posed};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use std::collections::HashMap;
use zili_scenario::{Scenario, Uncertain, Unknown};
use zili_world::{Cell, Column, Finding, Method, Params, Quiet, Unit, Watch, World, row};

/// Fewest draws that have two halves to compare and a spread in each.
pub const FEWEST: u32 = 4;
/// Results of draws that are held at once: a gigabyte.
const MOST_NUMBERS: usize = 1 << 27;
/// With fewer, the outer quantiles rest on a handful of draws.
const ENOUGH: usize = 100;

/// The columns after those by which the model tells its rows apart.
pub static METHOD: Method = Method {
    name: "uncertainty",
    page: include_str!("../../../docs/src/methods/uncertainty.md"),
    columns: &[
        Column::text("measure", "Measure", "column of the model's result that is spread out here"),
        Column::text("unit", "Unit", "its unit; that of all numbers in the row up to standard_error").minor(),
        number("baseline", "Baseline", "the value with nothing drawn: the scenario and the options as they are"),
        number("mean", "Mean", "mean of the draws"),
        number("sd", "Spread", "standard deviation of the draws").minor(),
        number("q05", "5 %", "5 % of draws are below"),
        number("q25", "25 %", "a quarter of draws is below").minor(),
        number("q50", "Median", "half of draws are below"),
        number("q75", "75 %", "three quarters of draws are below").minor(),
        number("q95", "95 %", "95 % of draws are below"),
        number("standard_error", "Error of the mean", "sd / √draws").minor(),
        Column::share(
            "convergence",
            "Halves differ by",
            "|median of the first half of draws − median of the second half| / |median|",
        ),
        Column::integer("draws", "Draws", "draws", "draws in which the value exists").minor(),
    ],
    parameters: &[],
};

/// In the unit of the measure.
const fn number(name: &'static str, label: &'static str, description: &'static str) -> Column {
    Column::number(name, label, "the measure's", description)
}

/// How many draws, and whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    pub draws: usize,
    pub seed: u64,
}

/// How a model's result spreads when what the scenario calls uncertain is drawn.
pub fn run(world: &World, posed: &Posed, model: &Model, asked: Draws, watch: &dyn Watch) -> Result<Finding, Error> {
    let (Posed { scenario, params }, Draws { draws, seed }) = (posed, asked);
    if draws < FEWEST as usize {
        return Err(Error::TooFewDraws { given: draws, fewest: FEWEST as usize });
    }
    let unknowns = unknowns(scenario, params, model)?;
    // Held, so that draws share it, with what the first run leaves in it.
    let _system = world.system(params.year)?;
    let baseline = model.answer(world, scenario, params, &Quiet(watch))?;
    watch.begin("draws", draws as u64);
    let table = Layout::of(&baseline);
    let numbers = draws.saturating_mul(table.rows.len()).saturating_mul(table.measures.len());
    if numbers > MOST_NUMBERS {
        return Err(Error::Nothing(format!(
            "{draws} draws of {} rows and {} measures are {numbers} numbers: at most {MOST_NUMBERS} are held at once; give fewer draws",
            table.rows.len(),
            table.measures.len()
        )));
    }

    let one = |draw: usize| -> Result<Draw, Error> {
        watch.go_on()?;
        let (scenario, params) = drawn(scenario, params, model, &unknowns, seed, draw)?;
        let found = table.read(&model.answer(world, &scenario, &params, &Quiet(watch))?);
        watch.next()?;
        Ok(found)
    };
    // Collected before the first error is looked for, so that it is the same error each time.
    let found: Vec<Result<Draw, Error>> = (0..draws).into_par_iter().map(one).collect();
    let found: Vec<Draw> = found.into_iter().collect::<Result<_, _>>()?;
    let mut finding = summary(&baseline, &table, &found, params, &world.unit());
    finding.evidence.tables.clone_from(&baseline.evidence.tables);
    describe(&mut finding, baseline, scenario, model, &unknowns, seed, &found);
    Ok(finding)
}

/// The entries that this model can draw, with their positions; every bound is one that the model accepts.
pub(crate) fn unknowns<'a>(
    scenario: &'a Scenario,
    params: &Params,
    model: &Model,
) -> Result<Vec<(usize, &'a Uncertain)>, Error> {
    let mut chosen = Vec::new();
    for (k, entry) in scenario.uncertain.iter().enumerate() {
        let Uncertain { what, low, high, mode } = entry;
        let bounds = [Some(*low), *mode, Some(*high)].into_iter().flatten();
        let ordered = low <= high && mode.is_none_or(|mode| (*low..=*high).contains(&mode));
        if !ordered || bounds.clone().any(|b| !b.is_finite()) {
            return Err(Error::Range { what: describe_unknown(what), low: *low, high: *high });
        }
        match what {
            Unknown::Severity(control) => {
                let known = *control < scenario.controls.len();
                if !known || bounds.into_iter().any(|b| !(0.0..=1.0).contains(&b)) {
                    return Err(Error::Range { what: describe_unknown(what), low: *low, high: *high });
                }
            }
            Unknown::Setting { model: name, .. } if name != model.settings.name => continue,
            Unknown::Setting { option, .. } => {
                for bound in bounds {
                    params.options.clone().with_number(model.method, option, bound)?;
                }
            }
        }
        chosen.push((k, entry));
    }
    if chosen.is_empty() { Err(Error::NothingUncertain(model.method.name)) } else { Ok(chosen) }
}

/// The scenario and the question of one draw. Each entry has its own number in the draw's stream, whatever else is drawn.
fn drawn(
    scenario: &Scenario,
    params: &Params,
    model: &Model,
    unknowns: &[(usize, &Uncertain)],
    seed: u64,
    draw: usize,
) -> Result<(Scenario, Params), Error> {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    stream.set_stream(draw as u64);
    let uniform: Vec<f64> = scenario.uncertain.iter().map(|_| unit(stream.next_u64())).collect();
    drawn_at(scenario, params, model, unknowns, &uniform)
}

/// The scenario and the question at a point of the unit cube, one number for each of the scenario's entries.
pub(crate) fn drawn_at(
    scenario: &Scenario,
    params: &Params,
    model: &Model,
    unknowns: &[(usize, &Uncertain)],
    uniform: &[f64],
) -> Result<(Scenario, Params), Error> {
    let (mut scenario, mut params) = (scenario.clone(), params.clone());
    for (k, entry) in unknowns {
        let value = quantile(entry, uniform[*k]);
        match &entry.what {
            Unknown::Severity(control) => scenario.controls[*control].severity = value,
            Unknown::Setting { option, .. } => {
                params.options = params.options.with_number(model.method, option, value)?;
            }
        }
    }
    Ok((scenario, params))
}

/// 53 random bits as a number in [0, 1).
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// Value below which a share `u` of the distribution lies: triangular with a mode, else uniform.
fn quantile(entry: &Uncertain, u: f64) -> f64 {
    let (low, high) = (entry.low, entry.high);
    let width = high - low;
    let value = match entry.mode {
        _ if width == 0.0 => low,
        None => low + u * width,
        Some(mode) if u * width < mode - low => low + (u * width * (mode - low)).sqrt(),
        Some(mode) => high - ((1.0 - u) * width * (high - mode)).sqrt(),
    };
    value.clamp(low, high)
}

/// Which columns of a model's result tell rows apart, which are spread out, and where each row is.
struct Layout {
    keys: Vec<usize>,
    measures: Vec<usize>,
    rows: HashMap<Key, usize>,
}

/// The cells of the key columns, and how many rows above have the same.
type Key = (String, usize);

/// One draw's numbers in the order of the baseline, rows × measures, NaN where missing.
struct Draw {
    values: Vec<f64>,
    /// Rows that the baseline lacks.
    others: usize,
}

impl Layout {
    fn of(baseline: &Finding) -> Self {
        let (keys, measures) = (0..baseline.columns.len()).partition(|&c| baseline.columns[c].key);
        let measures: Vec<usize> = measures;
        let numeric = |c: &usize| baseline.rows.iter().any(|row| row[*c].number().is_some());
        let mut layout = Self { keys, measures: measures.into_iter().filter(numeric).collect(), rows: HashMap::new() };
        layout.rows = layout.named(baseline).into_iter().enumerate().map(|(k, key)| (key, k)).collect();
        layout
    }

    /// The key of each row.
    fn named(&self, finding: &Finding) -> Vec<Key> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut key = |row: &Vec<Cell>| {
            let cells: Vec<&Cell> = self.keys.iter().map(|&c| &row[c]).collect();
            let text = format!("{cells:?}");
            let count = seen.entry(text.clone()).or_default();
            *count += 1;
            (text, *count)
        };
        finding.rows.iter().map(&mut key).collect()
    }

    fn read(&self, finding: &Finding) -> Draw {
        let mut draw = Draw { values: vec![f64::NAN; self.rows.len() * self.measures.len()], others: 0 };
        for (row, key) in finding.rows.iter().zip(self.named(finding)) {
            match self.rows.get(&key) {
                Some(at) => {
                    let cells = &mut draw.values[at * self.measures.len()..][..self.measures.len()];
                    let numbers = self.measures.iter().map(|&c| row[c].number().unwrap_or(f64::NAN));
                    cells.iter_mut().zip(numbers).for_each(|(cell, number)| *cell = number);
                }
                None => draw.others += 1,
            }
        }
        draw
    }
}

/// One row for each row of the baseline and measure that moves; for every measure if none does.
fn summary(baseline: &Finding, layout: &Layout, draws: &[Draw], params: &Params, unit: &Unit) -> Finding {
    let mut finding = Finding::new(&METHOD, params);
    let still = layout.read(baseline);
    let moves = |m: &usize| {
        let of =
            |draw: &Draw| draw.values.iter().skip(*m).step_by(layout.measures.len()).map(|v| v.to_bits()).collect();
        let before: Vec<u64> = of(&still);
        draws.iter().any(|draw| of(draw) != before)
    };
    let mut moving: Vec<usize> = (0..layout.measures.len()).filter(moves).collect();
    if moving.is_empty() {
        moving = (0..layout.measures.len()).collect();
    }
    finding.columns = layout.keys.iter().map(|&c| baseline.columns[c]).chain(METHOD.columns.iter().copied()).collect();
    for (r, row) in baseline.rows.iter().enumerate() {
        for (m, c) in moving.iter().map(|&m| (m, layout.measures[m])) {
            let values: Vec<f64> = draws.iter().map(|d| d.values[r * layout.measures.len() + m]).collect();
            let Spread { mean, sd, quantiles: [q05, q25, q50, q75, q95], convergence, count } = Spread::of(&values);
            let column = &baseline.columns[c];
            let mut cells: Vec<Cell> = layout.keys.iter().map(|&k| row[k].clone()).collect();
            cells.extend(row![column.name, unit.of_column(column.unit), row[c].number().unwrap_or(f64::NAN), mean, sd]);
            cells.extend(row![q05, q25, q50, q75, q95, sd / (count as f64).sqrt(), convergence, count]);
            finding.push(cells);
        }
    }
    finding
}

fn describe(
    finding: &mut Finding,
    baseline: Finding,
    scenario: &Scenario,
    model: &Model,
    unknowns: &[(usize, &Uncertain)],
    seed: u64,
    draws: &[Draw],
) {
    finding.parameter("model", model.method.name);
    finding.parameter("draws", draws.len().to_string());
    finding.parameter("seed", seed.to_string());
    for (_, Uncertain { what, low, high, mode }) in unknowns {
        let shape = mode.map_or("uniform".to_owned(), |mode| format!("triangular, most likely {mode}"));
        finding.parameter("uncertain", format!("{}: {low} to {high}, {shape}", describe_unknown(what)));
    }
    // The model's own account of the baseline, in addition to what was asked of both.
    for (name, value) in baseline.evidence.parameters {
        if !finding.evidence.parameters.iter().any(|(n, v)| *n == name && *v == value) {
            finding.parameter(&name, value);
        }
    }
    baseline.evidence.notes.into_iter().for_each(|note| finding.note(note));
    finding.note("the notes before this are those of the baseline; a draw may have others");
    let left_out = scenario.uncertain.len() - unknowns.len();
    if left_out > 0 {
        finding.note(format!("{left_out} uncertain options belong to other models and are not drawn"));
    }
    let others: usize = draws.iter().map(|d| d.others).sum();
    if others > 0 {
        finding.note(format!("{others} rows of draws have no counterpart in the baseline and are left out"));
    }
    if draws.len() < ENOUGH {
        finding.note(format!("only {} draws: the 5 and 95 % quantiles rest on a few of them", draws.len()));
    }
    finding.note("what is uncertain is drawn independently of each other");
}

pub(crate) fn describe_unknown(what: &Unknown) -> String {
    match what {
        Unknown::Severity(control) => format!("severity of control {}", control + 1),
        Unknown::Setting { model, option } => format!("{model}.{option}"),
    }
}

/// What the draws of one number look like.
struct Spread {
    mean: f64,
    sd: f64,
    /// 5, 25, 50, 75, 95 %.
    quantiles: [f64; 5],
    convergence: f64,
    count: usize,
}

impl Spread {
    /// In the order of the draws; NaN is missing.
    fn of(values: &[f64]) -> Self {
        let known = |part: &[f64]| part.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<f64>>();
        let median = |part: &[f64]| quantile_of(&sorted(known(part)), 0.5);
        let all = known(values);
        let count = all.len();
        // Taken from the first value, so that draws that are all equal have that very mean.
        let first = all.first().copied().unwrap_or(f64::NAN);
        let mean = first + all.iter().map(|v| v - first).sum::<f64>() / count as f64;
        let squares: f64 = all.iter().map(|v| (v - mean).powi(2)).sum();
        let (one, other) = values.split_at(values.len() / 2);
        let apart = (median(one) - median(other)).abs();
        let all = sorted(all);
        let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(|q| quantile_of(&all, q));
        let convergence = if apart == 0.0 { 0.0 } else { apart / quantiles[2].abs() };
        let sd = if count > 1 { (squares / (count as f64 - 1.0)).sqrt() } else { f64::NAN };
        Self { mean, sd, quantiles, convergence, count }
    }
}

pub(crate) fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// Linear between the two nearest of some ascending values (Hyndman & Fan's type 7); NaN of none.
pub(crate) fn quantile_of(ascending: &[f64], q: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let place = q * last as f64;
    let (below, above) = (ascending[place.floor() as usize], ascending[place.ceil() as usize]);
    below + (above - below) * place.fract()
}
