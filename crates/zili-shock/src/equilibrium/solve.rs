//! The equilibrium after a shock: wages at which labour markets clear, by Anderson's acceleration and, where that is slow, Newton's method.

use super::anderson::Anderson;
use super::economy::{Deficits, Economy, Shock};
use super::given_wages::{Place, Round, Solver};
use super::newton;
use crate::Error;

/// Hats and levels after a shock; logarithms of hats, million USD.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// ln ŵ_n.
    pub wages: Vec<f64>,
    /// ln P̂_nj by use, [n·J + j].
    pub prices: Vec<Vec<f64>>,
    /// ln ĉ_nj, [n·J + j].
    pub costs: Vec<f64>,
    /// π'_nij by use.
    pub shares: Vec<Vec<f64>>,
    /// X'_nj by use.
    pub spending: Vec<Vec<f64>>,
    /// Y'_nj, net of tariffs.
    pub output: Vec<f64>,
    /// I'_n.
    pub incomes: Vec<f64>,
    /// D'_n.
    pub deficits: Vec<f64>,
    /// Outer rounds.
    pub rounds: usize,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Failed {
    /// Regions and sectors of which nobody is left to supply anything that was used: autarky that cannot be.
    Nobody(Vec<(usize, usize)>),
    /// Regions that can no longer buy or sell anything abroad, but are held to a deficit or surplus.
    Cut(Vec<usize>),
    /// Not found in so many rounds; the region whose labour market is furthest from clearing, and by how much.
    Rounds { rounds: usize, region: usize, gap: f64 },
}

impl Failed {
    /// In words, with the names of regions and sectors.
    pub fn said<'a>(&self, region: &dyn Fn(usize) -> &'a str, sector: &dyn Fn(usize) -> &'a str) -> Error {
        const NAMED: usize = 8;
        Error::NoEquilibrium(match self {
            Failed::Nobody(places) => {
                let named: Vec<String> =
                    places.iter().take(NAMED).map(|&(n, j)| format!("{} in {}", sector(j), region(n))).collect();
                let more = match places.len().saturating_sub(NAMED) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!(
                    "nobody is left who could supply {}{more}; what was used of it cannot be done without here. Deny less than all, or fewer sectors",
                    named.join(", ")
                )
            }
            Failed::Cut(cut) => format!(
                "{} can no longer trade as its deficit or surplus of before asks for; with deficits=closed it has none (--set, or under [model.trade-equilibrium] in the scenario's file where several models answer)",
                cut.iter().map(|&n| region(n)).collect::<Vec<_>>().join(", ")
            ),
            Failed::Rounds { rounds, region: at, gap } => format!(
                "not found in {rounds} rounds: in {} labour demanded and supplied are still {gap:.1e} apart (logarithm); a larger tolerance would let more pass, and less that is done at once may have an equilibrium",
                region(*at)
            ),
        })
    }
}

/// When to stop, and what becomes of deficits.
#[derive(Clone, Copy, Debug)]
pub struct Closure {
    pub deficits: Deficits,
    /// Largest |ln(labour demand / supply)| allowed.
    pub tolerance: f64,
}

/// Rounds of Anderson's acceleration, which does in 10 to 30 what can be done easily; Newton's method goes on from there.
const ROUNDS: usize = 30;
/// Part of the gap in labour demand that wages move by before acceleration: demand falls by several per cent for each per cent of wages.
const PART: f64 = 0.3;
const MEMORY: usize = 8;

/// The equilibrium of an economy after a shock; numeraire Σ ŵ wL = Σ wL.
pub fn solve(economy: &Economy, shock: &Shock, closure: Closure) -> Result<Equilibrium, Failed> {
    from(economy, shock, closure, None)
}

/// The same from wages that are near.
pub fn solve_from(
    economy: &Economy,
    shock: &Shock,
    closure: Closure,
    near: &Equilibrium,
) -> Result<Equilibrium, Failed> {
    from(economy, shock, closure, Some(near))
}

fn from(economy: &Economy, shock: &Shock, closure: Closure, near: Option<&Equilibrium>) -> Result<Equilibrium, Failed> {
    let solver = Solver::new(economy, shock)?;
    let mut place = near.map_or_else(|| solver.before(), |near| solver.at(near));
    match solver.accelerated(closure, &mut place) {
        Some(found) => Ok(found),
        None => newton::solve(&solver, shock, closure, &place, ROUNDS),
    }
}

impl Solver<'_> {
    /// By Anderson's acceleration; otherwise the place with the smallest gaps is left.
    fn accelerated(&self, closure: Closure, place: &mut Place) -> Option<Equilibrium> {
        let mut nearest = (f64::INFINITY, place.clone());
        let mut anderson = Anderson::new(MEMORY);
        let (mut part, mut smallest, mut gap) = (PART, f64::INFINITY, 1e-2_f64);
        for rounds in 1..=ROUNDS {
            let inner = (0.01 * gap).min(1e-4).max(0.03 * closure.tolerance);
            let round = self.given(place, closure.deficits, inner);
            let (_, largest) = round.widest();
            // Inner fixed points as close as the outer one, or their rest would be taken for it.
            if largest < closure.tolerance && inner <= 0.1 * closure.tolerance {
                return Some(self.found(place.clone(), round, rounds));
            }
            if largest.is_nan() {
                break;
            }
            if largest < nearest.0 {
                nearest = (largest, place.clone());
            }
            // Acceleration that goes astray begins anew with shorter steps.
            if largest > 4.0 * smallest.max(closure.tolerance) {
                anderson = Anderson::new(MEMORY);
                part = (0.7 * part).max(0.02);
                smallest = largest;
            }
            smallest = smallest.min(largest);
            gap = largest;
            // A wage does not move by more than a factor e in a round.
            let next = anderson.next(&place.wages, &round.gaps, part);
            place.wages.iter_mut().zip(next).for_each(|(wage, next)| *wage += (next - *wage).clamp(-1.0, 1.0));
        }
        *place = nearest.1;
        None
    }

    pub(super) fn found(&self, place: Place, round: Round, rounds: usize) -> Equilibrium {
        let (spending, incomes) = self.spending(&place.wages, &round.rates, &round.deficits, &place.output);
        let scaled = |amounts: Vec<f64>| amounts.into_iter().map(|amount| amount * self.scale).collect::<Vec<f64>>();
        let (prices, costs) = place.prices;
        Equilibrium {
            wages: place.wages,
            prices,
            costs,
            shares: round.shares,
            spending: spending.into_iter().map(scaled).collect(),
            output: scaled(place.output),
            incomes: scaled(incomes),
            deficits: scaled(round.deficits),
            rounds,
        }
    }
}

impl Economy {
    /// The economy after a shock, as a base for the next one.
    pub fn at(&self, equilibrium: &Equilibrium, tariffs: &[f64]) -> Economy {
        let paid = self.value_added.iter().zip(&equilibrium.wages).map(|(amount, wage)| amount * wage.exp());
        Economy {
            shares: equilibrium.shares.clone(),
            tariffs: tariffs.to_vec(),
            value_added: paid.collect(),
            deficits: equilibrium.deficits.clone(),
            spending: equilibrium.spending.clone(),
            ..self.clone()
        }
    }

    /// The same without deficits: the equilibrium in which each region spends what it earns.
    pub fn closed(&self, tolerance: f64) -> Result<Economy, Failed> {
        let without = Economy { deficits: vec![0.0; self.regions], ..self.clone() };
        let closure = Closure { deficits: Deficits::Held, tolerance };
        let found = solve(&without, &self.unchanged(), closure)?;
        Ok(without.at(&found, &self.tariffs))
    }
}
