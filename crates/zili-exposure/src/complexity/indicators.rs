//! Indices of complexity, density and outlook of a set of economies and products.

use super::convention::{Convention, Engine, Gain, Scale};
use super::presence::Presence;
use rayon::prelude::*;
use zili_world::linalg::symmetric_eigen;
use zili_world::{Error, Matrix};

/// Everything that follows from who makes what.
pub struct Indicators {
    pub eci: Vec<f64>,
    pub pci: Vec<f64>,
    /// Density of the economy's products around each product [economies × products].
    pub density: Matrix,
    /// Complexity outlook index.
    pub coi: Vec<f64>,
    /// Complexity outlook gain [economies × products].
    pub cog: Matrix,
    pub fitness: Vec<f64>,
    /// Complexity of products that goes with fitness.
    pub quality: Vec<f64>,
    /// The three largest eigenvalues of M̃, the first of them 1; fewer where there are fewer economies.
    pub eigenvalues: Vec<f64>,
    pub space: Space,
}

/// What it takes to place one more economy, such as a bloc taken as one.
pub struct Space {
    convention: Convention,
    /// Σ_q φ_pq.
    reach: Vec<f64>,
    /// Complexity of products before it is scaled.
    raw: Vec<f64>,
    /// What an economy's complexity is the mean of, over its products.
    basis: Vec<f64>,
    /// Mean and deviation of economies' complexity before it is scaled.
    economies: (f64, f64),
    /// The same of the outlook.
    outlook: (f64, f64),
    pci: Vec<f64>,
}

/// Where one economy stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub eci: f64,
    pub coi: f64,
    pub density: Vec<f64>,
    pub cog: Vec<f64>,
}

impl Indicators {
    pub fn new(presence: &Presence, convention: Convention, steps: usize) -> Result<Self, Error> {
        let (few, products) = (presence.economies(), presence.products());
        if few < 3 || products < 3 {
            return Err(Error::Unanswerable(format!(
                "complexity compares economies, and {few} with {products} products are too few: it takes 3 of either"
            )));
        }
        let (eigenvalues, (of_economies, raw)) = second_eigenvector(presence)?;
        let (of_economies, raw, basis) = match convention.engine {
            Engine::Eigenvector => (of_economies, raw.clone(), raw),
            Engine::Reflections(count) => reflections(presence, count),
        };
        let economies = (mean(&of_economies), deviation(&of_economies, convention.scale));
        let eci = scaled(&of_economies, economies);
        let pci = match convention.own_scale {
            false => scaled(&raw, economies),
            true => scaled(&raw, (mean(&raw), deviation(&raw, convention.scale))),
        };
        let reach = without_itself(presence.related(&vec![1.0; products]), &vec![1.0; products], convention);
        let mut space = Space { convention, reach, raw, basis, economies, outlook: (0.0, 1.0), pci: pci.clone() };
        let places: Vec<Place> = (0..few).into_par_iter().map(|c| space.place(presence, &made(presence, c))).collect();
        let coi: Vec<f64> = places.iter().map(|place| place.coi).collect();
        if convention.gain == Gain::Atlas {
            space.outlook = (mean(&coi), deviation(&coi, convention.scale));
        }
        let coi = scaled(&coi, space.outlook);
        let rows = |of: fn(&Place) -> &[f64]| places.iter().flat_map(of).copied().collect();
        let density = Matrix::from_rows(few, products, rows(|place| &place.density));
        let cog = Matrix::from_rows(few, products, rows(|place| &place.cog));
        let (fitness, quality) = fitness(presence, steps);
        Ok(Self { eci, pci, density, coi, cog, fitness, quality, eigenvalues, space })
    }
}

impl Space {
    /// Where an economy stands that makes these products (1 or 0 for each).
    pub fn place(&self, presence: &Presence, made: &[f64]) -> Place {
        let convention = self.convention;
        let own: f64 = made.iter().sum();
        let raw = made.iter().zip(&self.basis).map(|(m, raw)| m * raw).sum::<f64>() / own;
        let related = |weights: &[f64]| without_itself(presence.related(weights), weights, convention);
        // Nothing that a product is near to: nothing of it is made.
        let part = |near: f64, p: usize| if self.reach[p] > 0.0 { near / self.reach[p] } else { 0.0 };
        let density: Vec<f64> = related(made).iter().enumerate().map(|(p, near)| part(*near, p)).collect();
        // What is still to be made, weighted by its complexity as the convention has it.
        let open: Vec<f64> = match convention.gain {
            // Each product's gain is its share in all that lies near it; the scale of economies comes off at the end.
            Gain::Atlas => (0..made.len()).map(|p| (1.0 - made[p]) * part(self.raw[p], p)).collect(),
            Gain::Own | Gain::Net => (0..made.len()).map(|p| (1.0 - made[p]) * self.pci[p]).collect(),
        };
        let near = related(&open);
        let gain = |p: usize| match convention.gain {
            Gain::Atlas => (1.0 - made[p]) * near[p] / self.economies.1,
            Gain::Own => (1.0 - made[p]) * part(near[p], p),
            Gain::Net => part(near[p], p) - density[p] * self.pci[p],
        };
        let worth = if convention.gain == Gain::Atlas { &self.raw } else { &self.pci };
        let outlook: f64 = (0..made.len()).map(|p| density[p] * (1.0 - made[p]) * worth[p]).sum();
        Place {
            eci: (raw - self.economies.0) / self.economies.1,
            coi: (outlook - self.outlook.0) / self.outlook.1,
            cog: (0..made.len()).map(gain).collect(),
            density,
        }
    }
}

fn made(presence: &Presence, economy: usize) -> Vec<f64> {
    let mut made = vec![0.0; presence.products()];
    presence.made_by(economy).iter().for_each(|p| made[*p] = 1.0);
    made
}

/// A product's proximity to itself is 1, or by some conventions 0.
fn without_itself(mut sums: Vec<f64>, weights: &[f64], convention: Convention) -> Vec<f64> {
    if !convention.near_itself {
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum -= weight);
    }
    sums
}

type OfBoth = (Vec<f64>, Vec<f64>);

/// The largest eigenvalues, and the second eigenvector by economy and by product, with the sign by which diverse economies are complex.
fn second_eigenvector(presence: &Presence) -> Result<(Vec<f64>, OfBoth), Error> {
    let failed = || Error::Unanswerable("the eigenvectors of who makes what were not found".to_owned());
    let (values, vectors) = symmetric_eigen(&presence.similarity()).ok_or_else(failed)?;
    let n = values.len();
    let diversity = presence.diversity();
    let right: Vec<f64> = vectors.row(n - 2).iter().zip(&diversity).map(|(v, k)| v / k.sqrt()).collect();
    let mut of_products = presence.mean_of_makers(&right);
    // An economy's is the mean of its products', exactly.
    let mut of_economies = presence.mean_of_made(&of_products);
    if covariance(&of_economies, &diversity) < 0.0 {
        of_products.iter_mut().chain(&mut of_economies).for_each(|value| *value = -*value);
    }
    Ok((values.into_iter().rev().take(3).collect(), (of_economies, of_products)))
}

/// Averages of averages, starting from diversity and ubiquity; the last is that of products. Also what that of economies is the mean of.
fn reflections(presence: &Presence, count: usize) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (mut of_economies, mut of_products) = (presence.diversity(), presence.ubiquity());
    let mut basis = vec![f64::NAN; of_products.len()];
    for step in 1..count {
        let before = of_products;
        of_products = presence.mean_of_makers(&of_economies);
        if step + 1 < count {
            of_economies = presence.mean_of_made(&before);
            basis = before;
        }
    }
    (of_economies, of_products, basis)
}

/// F_c = Σ_p M_cp Q_p and Q_p = 1 / Σ_c M_cp / F_c, each over its mean, so many times.
fn fitness(presence: &Presence, steps: usize) -> OfBoth {
    let (mut fitness, mut quality) = (vec![1.0; presence.economies()], vec![1.0; presence.products()]);
    for _ in 0..steps {
        let next: Vec<f64> =
            (0..fitness.len()).map(|c| presence.made_by(c).iter().map(|p| quality[*p]).sum()).collect();
        let inverse: Vec<f64> = fitness.iter().map(|f| 1.0 / f).collect();
        let of = |p: usize| 1.0 / presence.makers_of(p).iter().map(|c| inverse[*c]).sum::<f64>();
        quality = over_mean((0..quality.len()).map(of).collect());
        fitness = over_mean(next);
    }
    (fitness, quality)
}

fn over_mean(values: Vec<f64>) -> Vec<f64> {
    let mean = mean(&values);
    values.into_iter().map(|value| value / mean).collect()
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub(super) fn deviation(values: &[f64], scale: Scale) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let less = if scale == Scale::Sample { 1.0 } else { 0.0 };
    (squares / (values.len() as f64 - less)).sqrt()
}

pub(super) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    covariance(a, b) / (covariance(a, a) * covariance(b, b)).sqrt()
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let (of_a, of_b) = (mean(a), mean(b));
    a.iter().zip(b).map(|(a, b)| (a - of_a) * (b - of_b)).sum()
}

fn scaled(values: &[f64], (mean, deviation): (f64, f64)) -> Vec<f64> {
    values.iter().map(|value| (value - mean) / deviation).collect()
}
