//! The Leontief system of a table: coefficients, the factored I − A, and L where it is wanted.

use crate::linalg::{Lu, add_scaled};
use crate::{Bloc, Classification, Error, Matrix, Table, ValueAdded};
use rayon::prelude::*;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// `x = A x + f`, `A = Z x̂⁻¹`, `L = (I − A)⁻¹`, `B = x̂⁻¹ Z`, `G = (I − B)⁻¹ = x̂⁻¹ L x̂` (Miller & Blair 2009, ch. 2 and 12).
///
/// An industry without output has zero coefficients, so its column of L is a unit vector.
/// L is made on first use and kept; a method that needs a few products `L f` or `v'L`, or some rows or columns of L, has the factors and never pays for it.
pub struct System {
    table: Arc<Table>,
    inverse_output: Vec<f64>,
    lu: Lu,
    leontief: OnceLock<Matrix>,
    /// Rows and columns of L asked for last: draws and scans ask for the same ones again and again.
    rows: Kept,
    columns: Kept,
    /// By [`ValueAdded`]: see `origin_by_region` and `reach_by_region`.
    origin: [OnceLock<Matrix>; 2],
    reach: [OnceLock<Matrix>; 2],
}

/// Which rows or columns, and they themselves.
type Kept = Mutex<Option<(Vec<usize>, Arc<Matrix>)>>;

/// From this share of all industries on, all of L costs less than so many of its rows or columns.
const MOST_SOLVED: f64 = 1.0 / 3.0;

impl System {
    /// Factors I − A; refuses a table on which it is singular.
    pub fn new(table: Arc<Table>) -> Result<Self, Error> {
        let inverse_output: Vec<f64> = table.output().iter().map(|&x| if x != 0.0 { 1.0 / x } else { 0.0 }).collect();
        let singular = |reason: String| Error::Singular { year: table.year, reason };
        let lu = Lu::factor(identity_minus_a(&table, &inverse_output))
            .map_err(|_| singular("a pivot is zero; some group of sectors uses up all it makes".into()))?;
        // Output is known: L f must give it back, or the factors are worthless.
        let back = lu.solve_vector(table.final_use());
        let scale = table.output().iter().fold(0.0f64, |m, &x| m.max(x.abs()));
        let worst = back.iter().zip(table.output()).fold(0.0f64, |m, (b, x)| m.max((b - x).abs()));
        // 1e-6 of the largest output is 10⁹ times what rounding leaves on a healthy table.
        if worst.is_nan() || worst > 1e-6 * scale {
            return Err(singular(format!("solving it misses output by {worst:.3e}")));
        }
        Ok(Self {
            table,
            inverse_output,
            lu,
            leontief: OnceLock::new(),
            rows: Kept::default(),
            columns: Kept::default(),
            origin: Default::default(),
            reach: Default::default(),
        })
    }

    pub fn table(&self) -> &Table {
        &self.table
    }
    pub fn classification(&self) -> &Arc<Classification> {
        &self.table.classification
    }
    pub fn year(&self) -> i32 {
        self.table.year
    }
    pub fn industries(&self) -> usize {
        self.table.z.rows()
    }
    pub fn output(&self) -> &[f64] {
        self.table.output()
    }
    /// 1/x, and 0 where there is no output.
    pub fn inverse_output(&self) -> &[f64] {
        &self.inverse_output
    }

    /// Input coefficient A[i, j] = Z[i, j] / x[j].
    pub fn a(&self, i: usize, j: usize) -> f64 {
        self.table.z[(i, j)] * self.inverse_output[j]
    }

    /// The block A[rows, columns].
    pub fn a_block(&self, rows: &[usize], columns: &[usize]) -> Matrix {
        Matrix::from_fn(rows.len(), columns.len(), |i, j| self.a(rows[i], columns[j]))
    }

    /// (I − A)[set, set], factored: the rounds of production within a set of industries.
    pub fn local(&self, set: &[usize]) -> Result<Lu, Error> {
        Lu::factor(self.identity_minus_a_block(set)).map_err(|_| Error::Singular {
            year: self.year(),
            reason: format!(
                "the block that begins with {} has no inverse",
                self.classification().industry_label(set[0])
            ),
        })
    }

    /// (I − A)[set, set].
    pub fn identity_minus_a_block(&self, set: &[usize]) -> Matrix {
        Matrix::from_fn(set.len(), set.len(), |i, j| f64::from(u8::from(i == j)) - self.a(set[i], set[j]))
    }

    /// The factors of I − A.
    pub fn lu(&self) -> &Lu {
        &self.lu
    }

    /// L, [industries × industries].
    pub fn leontief(&self) -> &Matrix {
        made_once(&self.leontief, || self.lu().inverse())
    }

    /// L[rows, :], [rows × industries]. How it is found depends on the question alone, so that its last digit does too.
    pub fn leontief_rows(&self, rows: &[usize]) -> Arc<Matrix> {
        kept(&self.rows, rows, || {
            let n = self.industries();
            if self.is_most(rows.len()) {
                let l = self.leontief();
                return Matrix::from_rows(rows.len(), n, rows.iter().flat_map(|&i| l.row(i)).copied().collect());
            }
            let mut units = Matrix::zeros(rows.len(), n);
            rows.iter().enumerate().for_each(|(k, &i)| units[(k, i)] = 1.0);
            self.lu().solve_rows(&mut units);
            units
        })
    }

    /// L[:, columns], [industries × columns]; likewise.
    pub fn leontief_columns(&self, columns: &[usize]) -> Arc<Matrix> {
        kept(&self.columns, columns, || {
            let n = self.industries();
            if self.is_most(columns.len()) {
                let l = self.leontief();
                return Matrix::from_fn(n, columns.len(), |i, k| l[(i, columns[k])]);
            }
            let mut units = Matrix::zeros(n, columns.len());
            columns.iter().enumerate().for_each(|(k, &j)| units[(j, k)] = 1.0);
            self.lu().solve(&mut units);
            units
        })
    }

    /// L[rows, columns], solved for on its smaller side.
    pub fn leontief_block(&self, rows: &[usize], columns: &[usize]) -> Matrix {
        if rows.len() <= columns.len() {
            let l = self.leontief_rows(rows);
            Matrix::from_fn(rows.len(), columns.len(), |i, k| l[(i, columns[k])])
        } else {
            let l = self.leontief_columns(columns);
            Matrix::from_fn(rows.len(), columns.len(), |i, k| l[(rows[i], k)])
        }
    }

    fn is_most(&self, count: usize) -> bool {
        count as f64 > MOST_SOLVED * self.industries() as f64
    }

    /// w'L, for weights of some industries.
    pub fn weighted_rows(&self, industries: &[usize], weights: &[f64]) -> Vec<f64> {
        let mut full = Matrix::zeros(1, self.industries());
        industries.iter().zip(weights).for_each(|(&i, &weight)| full[(0, i)] += weight);
        self.lu().solve_rows(&mut full);
        full.row(0).to_vec()
    }

    /// x = L f.
    pub fn output_for(&self, final_use: Vec<f64>) -> Vec<f64> {
        self.lu().solve_vector(final_use)
    }

    /// Value added by industry, on the basis asked for; see [`ValueAdded`].
    pub fn value_added(&self, basis: ValueAdded) -> Result<Vec<f64>, Error> {
        self.table.value_added(basis)
    }

    /// Memory that it takes, as far as it counts: its matrices and those of the table.
    pub(crate) fn bytes(&self) -> usize {
        let (n, m) = (self.industries(), self.table.y.columns());
        let own = [self.leontief.get().is_some(), true, true].into_iter().filter(|there| *there).count() * n * n;
        let by_region = [&self.origin, &self.reach].into_iter().flatten().filter_map(OnceLock::get);
        let kept = [&self.rows, &self.columns].map(|kept| {
            let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().map_or(0, |(_, matrix)| matrix.as_slice().len())
        });
        let numbers =
            own + n * m + kept.iter().sum::<usize>() + by_region.map(|matrix| matrix.as_slice().len()).sum::<usize>();
        numbers * size_of::<f64>()
    }

    /// Value-added coefficients v/x.
    pub fn value_added_coefficients(&self, basis: ValueAdded) -> Result<Vec<f64>, Error> {
        let v = self.value_added(basis)?;
        Ok(v.iter().zip(&self.inverse_output).map(|(v, inverse)| v * inverse).collect())
    }

    /// For each bloc g the row vector (w_g)'L, w_g being `weights` on g's industries and zero elsewhere, [blocs × industries].
    ///
    /// With value-added coefficients as weights: value added of g in one unit of each industry's final use.
    /// One solve with as many right-hand sides as blocs; L itself is not needed.
    pub fn origin_multipliers(&self, weights: &[f64], blocs: &[Vec<usize>]) -> Matrix {
        let mut rows = Matrix::zeros(blocs.len(), self.industries());
        for (g, industries) in blocs.iter().enumerate() {
            for &i in industries {
                rows[(g, i)] = weights[i];
            }
        }
        self.lu().solve_rows(&mut rows);
        rows
    }

    /// Value added of each region in a unit of each industry's final use, (v_r/x)'L, [regions × industries].
    pub fn origin_by_region(&self, basis: ValueAdded) -> Result<&Matrix, Error> {
        let coefficients = self.value_added_coefficients(basis)?;
        Ok(made_once(&self.origin[basis as usize], || self.origin_multipliers(&coefficients, &self.regions())))
    }

    /// L v_r for each region's value added v_r, [industries × regions].
    pub fn reach_by_region(&self, basis: ValueAdded) -> Result<&Matrix, Error> {
        let value_added = self.value_added(basis)?;
        Ok(made_once(&self.reach[basis as usize], || {
            let regions = self.regions();
            let mut reach = Matrix::zeros(self.industries(), regions.len());
            for (r, industries) in regions.iter().enumerate() {
                industries.iter().for_each(|&i| reach[(i, r)] = value_added[i]);
            }
            self.lu().solve(&mut reach);
            reach
        }))
    }

    fn regions(&self) -> Vec<Vec<usize>> {
        let classification = self.classification();
        (0..classification.regions().len()).map(|r| classification.industries_of(r).collect()).collect()
    }

    /// Σ_i L_ij: all the output that a unit of each industry's final use needs.
    pub fn output_multipliers(&self) -> Vec<f64> {
        let mut ones = Matrix::from_rows(1, self.industries(), vec![1.0; self.industries()]);
        self.lu().solve_rows(&mut ones);
        ones.row(0).to_vec()
    }

    /// (left' L, L right), in one pass over L.
    ///
    /// Rows are taken in blocks of fixed size, so that the result does not depend on the number of threads.
    pub fn leontief_sums(&self, left: &[f64], right: &[f64]) -> (Vec<f64>, Vec<f64>) {
        const BLOCK: usize = 64;
        let l = self.leontief();
        let n = self.industries();
        let parts: Vec<(Vec<f64>, Vec<f64>)> = (0..n.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let mut columns = vec![0.0; n];
                let rows = (block * BLOCK..(block * BLOCK + BLOCK).min(n))
                    .map(|i| {
                        add_scaled(&mut columns, left[i], l.row(i));
                        crate::linalg::dot(l.row(i), right)
                    })
                    .collect();
                (columns, rows)
            })
            .collect();
        let mut columns = vec![0.0; n];
        let mut rows = Vec::with_capacity(n);
        for (part, part_rows) in parts {
            add_scaled(&mut columns, 1.0, &part);
            rows.extend(part_rows);
        }
        (columns, rows)
    }

    /// Industry positions of each bloc.
    pub fn industries_by_bloc(&self, blocs: &[Bloc]) -> Result<Vec<Vec<usize>>, Error> {
        blocs.iter().map(|bloc| bloc.industries(self.classification())).collect()
    }
}

/// What is made on first use and kept. Made outside the lock: it uses threads, and one that waited for it in the midst of its own work
/// would wait for ever.
fn made_once(place: &OnceLock<Matrix>, make: impl FnOnce() -> Matrix) -> &Matrix {
    match place.get() {
        Some(made) => made,
        None => {
            let made = make();
            place.get_or_init(|| made)
        }
    }
}

/// What is kept under a key, or is made and kept in its place.
fn kept(place: &Kept, key: &[usize], make: impl FnOnce() -> Matrix) -> Arc<Matrix> {
    let lock = || place.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, matrix)) = lock().as_ref().filter(|(known, _)| known == key) {
        return matrix.clone();
    }
    // Made outside the lock for the same reason.
    let matrix = Arc::new(make());
    *lock() = Some((key.to_vec(), matrix.clone()));
    matrix
}

/// I − Z x̂⁻¹, row by row.
fn identity_minus_a(table: &Table, inverse_output: &[f64]) -> Matrix {
    let n = table.z.rows();
    let mut m = Matrix::zeros(n, n);
    for i in 0..n {
        let (row, z) = (m.row_mut(i), table.z.row(i));
        for ((m, z), inverse) in row.iter_mut().zip(z).zip(inverse_output) {
            *m = -z * inverse;
        }
        row[i] += 1.0;
    }
    m
}
