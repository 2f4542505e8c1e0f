//! Who makes what with comparative advantage, and how products go together.

use rayon::prelude::*;
use zili_world::Matrix;

/// Revealed comparative advantage (x_cp / x_c) / (x_p / x) of exports x [economies × products]; 0 where there is nothing to compare with.
pub fn rca(exports: &Matrix) -> Matrix {
    let (of_economy, of_product) = (exports.row_sums(), exports.column_sums());
    let world: f64 = of_economy.iter().sum();
    let mut rca = Matrix::zeros(exports.rows(), exports.columns());
    for (c, own) in of_economy.iter().enumerate() {
        for (p, of_product) in of_product.iter().enumerate() {
            let share = exports[(c, p)] / own;
            let advantage = share / (of_product / world);
            rca[(c, p)] = if advantage.is_finite() { advantage } else { 0.0 };
        }
    }
    rca
}

/// M_cp of the literature, 1 where an economy has comparative advantage in a product. Every economy has it in something, and every
/// product is somebody's.
pub struct Presence {
    /// By economy: its products, ascending.
    makes: Vec<Vec<usize>>,
    /// By product: its economies, ascending.
    makers: Vec<Vec<usize>>,
    /// Products by ubiquity, ascending; those of one ubiquity together.
    levels: Vec<Vec<usize>>,
}

/// What is left out because it has no advantage, or nobody has: positions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Empty {
    pub economies: Vec<usize>,
    pub products: Vec<usize>,
}

impl Presence {
    /// Where advantage reaches a threshold; says what else was there and is in no row or column.
    pub fn of(rca: &Matrix, threshold: f64) -> (Self, Empty) {
        let has = |c: usize, p: usize| rca[(c, p)] >= threshold && rca[(c, p)] > 0.0;
        let (economies, products) = (rca.rows(), rca.columns());
        let (kept_economies, no_economies): (Vec<usize>, Vec<usize>) =
            (0..economies).partition(|c| (0..products).any(|p| has(*c, p)));
        let (kept_products, no_products): (Vec<usize>, Vec<usize>) =
            (0..products).partition(|p| (0..economies).any(|c| has(c, *p)));
        let makes = kept_economies
            .iter()
            .map(|c| (0..kept_products.len()).filter(|p| has(*c, kept_products[*p])).collect())
            .collect();
        (Self::from_lists(makes, kept_products.len()), Empty { economies: no_economies, products: no_products })
    }

    /// From the products of each economy, ascending; every product must be somebody's.
    pub fn from_lists(makes: Vec<Vec<usize>>, products: usize) -> Self {
        let mut makers = vec![Vec::new(); products];
        for (c, own) in makes.iter().enumerate() {
            own.iter().for_each(|p| makers[*p].push(c));
        }
        let mut levels = vec![Vec::new(); makes.len() + 1];
        makers.iter().enumerate().for_each(|(p, own)| levels[own.len()].push(p));
        Self { makes, makers, levels }
    }

    pub fn economies(&self) -> usize {
        self.makes.len()
    }
    pub fn products(&self) -> usize {
        self.makers.len()
    }
    /// Products of an economy, ascending.
    pub fn made_by(&self, economy: usize) -> &[usize] {
        &self.makes[economy]
    }
    /// Economies of a product, ascending.
    pub fn makers_of(&self, product: usize) -> &[usize] {
        &self.makers[product]
    }
    /// k_c,0: how many products each economy has.
    pub fn diversity(&self) -> Vec<f64> {
        self.makes.iter().map(|own| own.len() as f64).collect()
    }
    /// k_p,0: how many economies each product has.
    pub fn ubiquity(&self) -> Vec<f64> {
        self.makers.iter().map(|own| own.len() as f64).collect()
    }

    /// Mean over an economy's products.
    pub fn mean_of_made(&self, of_product: &[f64]) -> Vec<f64> {
        means(&self.makes, of_product)
    }
    /// Mean over a product's economies.
    pub fn mean_of_makers(&self, of_economy: &[f64]) -> Vec<f64> {
        means(&self.makers, of_economy)
    }

    /// φ_pq = Σ_c M_cp M_cq / max(k_p, k_q) for a product p and every product q.
    pub fn proximities(&self, p: usize) -> Vec<f64> {
        let mut both = vec![0u32; self.products()];
        self.makers[p].iter().flat_map(|c| &self.makes[*c]).for_each(|q| both[*q] += 1);
        let own = self.makers[p].len();
        both.iter().zip(&self.makers).map(|(both, makers)| f64::from(*both) / own.max(makers.len()) as f64).collect()
    }

    /// Σ_q φ_pq w_q for every product p, without a matrix of proximities.
    ///
    /// Of the products q that are no more ubiquitous than p the divisor is k_p, of the others k_q. So the sum over q of either kind is
    /// first taken by economy, product by product in the order of ubiquity, and then over the economies of p: as many steps as M has
    /// ones, where the matrix has the square of the number of products.
    pub fn related(&self, weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.products()];
        let over_makers = |p: usize, of_economy: &[f64]| self.makers[p].iter().map(|c| of_economy[*c]).sum::<f64>();
        let mut less = vec![0.0; self.economies()];
        for (ubiquity, level) in self.levels.iter().enumerate() {
            for &q in level.iter().filter(|q| weights[**q] != 0.0) {
                self.makers[q].iter().for_each(|c| less[*c] += weights[q]);
            }
            level.iter().for_each(|&p| sums[p] = over_makers(p, &less) / ubiquity as f64);
        }
        let mut more = vec![0.0; self.economies()];
        for (ubiquity, level) in self.levels.iter().enumerate().rev() {
            level.iter().for_each(|&p| sums[p] += over_makers(p, &more));
            for &q in level.iter().filter(|q| weights[**q] != 0.0) {
                self.makers[q].iter().for_each(|c| more[*c] += weights[q] / ubiquity as f64);
            }
        }
        sums
    }

    /// Σ_p M_cp M_dp / (k_p √(k_c k_d)): symmetric, with the eigenvalues of M̃_cd = Σ_p M_cp M_dp / (k_c k_p) [economies × economies].
    pub fn similarity(&self) -> Matrix {
        let n = self.economies();
        let root: Vec<f64> = self.diversity().into_iter().map(f64::sqrt).collect();
        let rows: Vec<Vec<f64>> = (0..n)
            .into_par_iter()
            .map(|c| {
                let mut row = vec![0.0; n];
                for &p in &self.makes[c] {
                    let part = 1.0 / self.makers[p].len() as f64;
                    self.makers[p].iter().for_each(|d| row[*d] += part);
                }
                row.iter_mut().enumerate().for_each(|(d, value)| *value /= root[c] * root[d]);
                row
            })
            .collect();
        Matrix::from_rows(n, n, rows.concat())
    }
}

fn means(lists: &[Vec<usize>], values: &[f64]) -> Vec<f64> {
    lists.iter().map(|own| own.iter().map(|k| values[*k]).sum::<f64>() / own.len() as f64).collect()
}
