//! The equilibrium: Newton on the logarithms of factor prices, with what is done brought on in parts where it cannot be done at once.
//!
//! Where inputs can hardly be replaced, demand for a factor falls steeply with its price as long as that matters for what its product costs,
//! and hardly at all once it no longer does: a refinery whose crude has become too dear is not saved by free labour. The logarithm of demand is
//! concave in that of the price, so that steps downwards may be as long as they come out; steps upwards would end where demand is steep, and are cut.

use super::economy::{Elasticities, Network, Shock};
use super::jacobian::jacobian;
use super::state::{Stage, State, largest};
use crate::equilibrium::anderson::Anderson;
use crate::equilibrium::newton::norm;
use crate::in_parts::in_parts;
use zili_world::Watch;
use zili_world::linalg::Lu;

/// Not found: how much of the shock could be brought on, 0 to 1, and the factor that is furthest from clearing beyond, where prices were found at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Stuck {
    pub part: f64,
    pub widest: Option<(usize, f64)>,
}

/// A state in which all factors are as much in demand as there is of them, and the work that it took.
pub struct Found {
    pub state: State,
    /// How often factor prices were changed.
    pub rounds: usize,
    /// Jacobians made.
    pub jacobians: usize,
}

/// Smallest part of a shock that is brought on at once.
const LEAST_PART: f64 = 0.03;
/// Jacobians for one part, and those without the gaps coming closer than before; each is kept while a round leaves at most `ENOUGH` of the gaps.
const JACOBIANS: usize = 20;
const PATIENCE: usize = 5;
const ENOUGH: f64 = 0.3;
/// Longest steps of a logarithm of a factor price; upwards the first, then twice as long after each that closes gaps.
const DOWN: f64 = 60.0;
const UP: f64 = 1.0;
/// How far gaps may open in one step on the way; they are seldom met otherwise where demand bends.
const OPENED: f64 = 3.0;
const HALVINGS: usize = 6;
const MEMORY: usize = 6;

/// Solves to gaps of at most `tolerance`, from a state nearby where there is one; stuck where whoever watches says stop.
pub fn solve(
    network: &Network,
    elasticities: &Elasticities,
    shock: &Shock,
    tolerance: f64,
    near: Option<&State>,
    watch: &dyn Watch,
) -> Result<Found, Stuck> {
    let before = Stage::before(network);
    let mut work = Work::default();
    let mut go = |part: f64, from: &State| {
        let brought_on = if part == 1.0 { shock.clone() } else { shock.part(part) };
        newton(&Stage::new(network, elasticities, &brought_on), from, &mut work, tolerance, watch)
    };
    let state = match go(1.0, near.unwrap_or(&before)) {
        Ok(state) => state,
        Err(_) => {
            in_parts(before, LEAST_PART, go).map_err(|stopped| Stuck { part: stopped.done, widest: stopped.why })?
        }
    };
    Ok(Found { state, rounds: work.rounds, jacobians: work.jacobians })
}

/// How often factor prices were changed, and Jacobians made.
#[derive(Default)]
struct Work {
    rounds: usize,
    jacobians: usize,
}

/// From a state nearby to one where all gaps are closed; the factor with the largest gap if it is not found, none without prices.
fn newton(
    stage: &Stage,
    near: &State,
    work: &mut Work,
    tolerance: f64,
    watch: &dyn Watch,
) -> Result<State, Option<(usize, f64)>> {
    let mut state = stage.at(near.wages.clone(), near).ok_or(None)?;
    let mut gaps = stage.gaps(&state);
    let (mut kept, mut anderson): (Option<Lu>, _) = (None, Anderson::new(MEMORY));
    let (mut jacobians, mut since, mut up) = (0, 0, UP);
    let mut nearest = norm(&gaps);
    while largest(&gaps) >= tolerance || largest(&gaps).is_nan() {
        if watch.stop().is_some() {
            return Err(widest(&gaps));
        }
        if kept.is_none() {
            if jacobians == JACOBIANS || since == PATIENCE {
                return Err(widest(&gaps));
            }
            (jacobians, since) = (jacobians + 1, since + 1);
            work.jacobians += 1;
            kept = jacobian(stage.network, stage.elasticities, &state);
            anderson = Anderson::new(MEMORY);
        }
        let Some(lu) = &kept else { return Err(widest(&gaps)) };
        let step = lu.solve_vector(gaps.iter().map(|gap| -gap).collect());
        let aim = anderson.next(&state.wages, &step, 1.0);
        let way: Vec<f64> = aim.iter().zip(&state.wages).map(|(aim, wage)| (aim - wage).clamp(-DOWN, up)).collect();
        let before = norm(&gaps);
        let Some((next, left)) = reached(stage, &state, &way, before, work) else { return Err(widest(&gaps)) };
        if norm(&left) > ENOUGH * before {
            kept = None;
        }
        up = if norm(&left) < before { 2.0 * up } else { UP };
        if norm(&left) < nearest {
            (nearest, since) = (norm(&left), 0);
        }
        (state, gaps) = (next, left);
    }
    Ok(state)
}

/// The first point on the way, halving, from which one can go on.
fn reached(stage: &Stage, state: &State, way: &[f64], before: f64, work: &mut Work) -> Option<(State, Vec<f64>)> {
    (0..HALVINGS).find_map(|k| {
        work.rounds += 1;
        let part = 0.5_f64.powi(k as i32);
        let wages = state.wages.iter().zip(way).map(|(wage, way)| wage + part * way).collect();
        let next = stage.at(wages, state)?;
        let gaps = stage.gaps(&next);
        (norm(&gaps) < OPENED * before).then_some((next, gaps))
    })
}

fn widest(gaps: &[f64]) -> Option<(usize, f64)> {
    let at = |most: (usize, f64), (f, gap): (usize, &f64)| match most.1.abs() < gap.abs() {
        true => (f, *gap),
        false => most,
    };
    Some(gaps.iter().enumerate().fold((0, 0.0), at)).filter(|(_, gap)| *gap != 0.0)
}
