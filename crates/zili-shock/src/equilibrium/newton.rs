//! Newton's method on wages, for shocks by which acceleration loses its way: where regions hardly trade any more, wages must move a lot for little,
//! and where an elasticity is high, hardly at all.
//!
//! The Jacobian is one of regions alone, by differences: what follows from given wages is cheap to find again from next to it.

use super::economy::Shock;
use super::given_wages::{Place, Round, Solver};
use super::solve::{Closure, Equilibrium, Failed};
use crate::in_parts::in_parts;
use rayon::prelude::*;
use zili_world::linalg::{Lu, Matrix};

/// How far inner fixed points may be off: with elasticities up to 50, gaps in labour markets are then known to some 1e-11.
const OFF: f64 = 1e-14;
/// Change of a logarithm of a wage, up and down, by which slopes are found: right to some 1e-4, the slightest ones too.
const DIFFERENCE: f64 = 1e-4;
/// Taken off the diagonal: nothing else holds the level of wages, or that of regions that trade with nobody.
const SHIFT: f64 = 1e-10;
/// A Jacobian is kept while a round leaves at most so much of the excess.
const ENOUGH: f64 = 0.3;
/// Longest step of a logarithm of a wage, and how often it is halved.
const LONGEST: f64 = 1.0;
const HALVINGS: i32 = 8;
/// A gap that is wider is that of a region which owes more than it earns: nobody is asked to work.
const NOBODY: f64 = 100.0;
/// Jacobians for a part of the shock, the smallest part, and rounds for all of them.
const JACOBIANS: usize = 8;
const LEAST_PART: f64 = 0.01;
const ROUNDS: usize = 1000;
/// Gaps that are left on the way to the whole of a shock.
const ON_THE_WAY: f64 = 1e-6;

/// From a place nearby; where that fails in parts, from the economy before the shock. So many `rounds` have been made so far.
pub(super) fn solve(
    solver: &Solver,
    shock: &Shock,
    closure: Closure,
    near: &Place,
    mut rounds: usize,
) -> Result<Equilibrium, Failed> {
    let economy = solver.economy;
    let on_the_way = Closure { tolerance: closure.tolerance.max(ON_THE_WAY), ..closure };
    let mut place = match solver.newton(closure, near, &mut rounds) {
        Ok(place) => place,
        Err(_) => in_parts(solver.before(), LEAST_PART, |part, from| match part {
            1.0 => solver.newton(closure, from, &mut rounds),
            part => Solver::new(economy, &shock.part(economy, part))?.newton(on_the_way, from, &mut rounds),
        })
        .map_err(|stopped| stopped.why)?,
    };
    let round = solver.given(&mut place, closure.deficits, OFF);
    Ok(solver.found(place, round, rounds))
}

impl Solver<'_> {
    /// The place where labour markets clear, from one nearby.
    fn newton(&self, closure: Closure, near: &Place, rounds: &mut usize) -> Result<Place, Failed> {
        let mut at = |place: &Place, way: &[f64], part: f64| {
            *rounds += 1;
            let mut next = place.clone();
            next.wages.iter_mut().zip(way).for_each(|(wage, way)| *wage += (part * way).clamp(-LONGEST, LONGEST));
            let round = self.given(&mut next, closure.deficits, OFF);
            let excess = excess(&next, &round);
            (next, round.widest(), excess, *rounds)
        };
        let (mut place, mut widest, mut left, mut so_far) = at(near, &vec![0.0; near.wages.len()], 0.0);
        let (mut kept, mut jacobians): (Option<Lu>, _) = (None, 0);
        while widest.1.is_nan() || widest.1 >= closure.tolerance {
            let fresh = kept.is_none();
            if fresh && jacobians < JACOBIANS && so_far < ROUNDS {
                jacobians += 1;
                kept = self.jacobian(closure, &place);
            }
            let way = kept.as_ref().map(|lu| lu.solve_vector(left.iter().map(|excess| -excess).collect()));
            let mut parts = (0..if fresh { HALVINGS } else { 1 }).map(|k| 0.5_f64.powi(k));
            let nearer = way.and_then(|way| {
                parts.find_map(|part| Some(at(&place, &way, part)).filter(|(.., excess, _)| norm(excess) < norm(&left)))
            });
            match nearer {
                Some(next) => {
                    if norm(&next.2) > ENOUGH * norm(&left) {
                        kept = None;
                    }
                    (place, widest, left, so_far) = next;
                }
                None if fresh => return Err(Failed::Rounds { rounds: so_far, region: widest.0, gap: widest.1 }),
                None => kept = None,
            }
        }
        Ok(place)
    }

    /// ∂ excess_n / ∂ ln ŵ_m.
    fn jacobian(&self, closure: Closure, place: &Place) -> Option<Lu> {
        let regions = place.wages.len();
        let column = |m: usize| -> Vec<f64> {
            let moved = |by: f64| {
                let mut next = place.clone();
                next.wages[m] += by;
                let round = self.given(&mut next, closure.deficits, OFF);
                excess(&next, &round)
            };
            moved(DIFFERENCE)
                .iter()
                .zip(moved(-DIFFERENCE))
                .map(|(up, down)| (up - down) / (2.0 * DIFFERENCE))
                .collect()
        };
        let columns: Vec<Vec<f64>> = (0..regions).into_par_iter().map(column).collect();
        let shift = |n: usize, m: usize| if n == m { SHIFT } else { 0.0 };
        Lu::factor(Matrix::from_fn(regions, regions, |n, m| columns[m][n] - shift(n, m))).ok()
    }
}

/// Demand for labour less what it is paid, over what it was paid before. Weighted with that it adds up to nothing at any wages, in the world and among
/// those who trade with nobody else, so that what the shift has to hold is never pushed.
fn excess(place: &Place, round: &Round) -> Vec<f64> {
    let excess = |(wage, gap): (&f64, &f64)| if *gap < -NOBODY { f64::NAN } else { wage.exp() * gap.exp_m1() };
    place.wages.iter().zip(&round.gaps).map(excess).collect()
}

/// √(Σ x²); infinite where something is not a number, so that it never counts as nearer.
pub(crate) fn norm(left: &[f64]) -> f64 {
    let sum: f64 = left.iter().map(|x| x * x).sum();
    if sum.is_nan() { f64::INFINITY } else { sum.sqrt() }
}
