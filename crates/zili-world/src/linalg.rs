//! Dense linear algebra. The only module that knows the library underneath (faer).
//!
//! Matrices are row-major. faer sees such an array as the column-major transpose, so nothing is ever copied to turn it round.

use faer::diag::DiagMut;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{self, ComputeEigenvectors};
use faer::linalg::lu::partial_pivoting as plu;
use faer::perm::PermRef;
use faer::{Accum, MatMut, MatRef, Par};

/// A dense matrix, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    data: Vec<f64>,
}

impl Matrix {
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, data: vec![0.0; rows * columns] }
    }

    /// Takes over a row-major array. Panics if its length is not `rows × columns`.
    pub fn from_rows(rows: usize, columns: usize, data: Vec<f64>) -> Self {
        assert_eq!(data.len(), rows * columns, "length of a {rows} × {columns} matrix");
        Self { rows, columns, data }
    }

    pub fn from_fn(rows: usize, columns: usize, mut f: impl FnMut(usize, usize) -> f64) -> Self {
        let data = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).map(|(i, j)| f(i, j)).collect();
        Self { rows, columns, data }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }
    pub fn columns(&self) -> usize {
        self.columns
    }
    pub fn row(&self, i: usize) -> &[f64] {
        &self.data[i * self.columns..(i + 1) * self.columns]
    }
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.data[i * self.columns..(i + 1) * self.columns]
    }
    pub fn as_slice(&self) -> &[f64] {
        &self.data
    }
    pub fn as_mut_slice(&mut self) -> &mut [f64] {
        &mut self.data
    }

    /// Row sums, M 1.
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.rows).map(|i| self.row(i).iter().sum()).collect()
    }

    /// Column sums, 1'M.
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns];
        for i in 0..self.rows {
            add_scaled(&mut sums, 1.0, self.row(i));
        }
        sums
    }

    /// M b.
    pub fn times_vector(&self, b: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|i| dot(self.row(i), b)).collect()
    }

    /// b'M.
    pub fn vector_times(&self, b: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.columns];
        for (i, &weight) in b.iter().enumerate() {
            if weight != 0.0 {
                add_scaled(&mut out, weight, self.row(i));
            }
        }
        out
    }

    /// The rows and columns named, as a matrix of their own.
    pub fn select(&self, rows: &[usize], columns: &[usize]) -> Matrix {
        Matrix::from_fn(rows.len(), columns.len(), |i, j| self[(rows[i], columns[j])])
    }

    /// M B.
    pub fn times(&self, other: &Matrix) -> Matrix {
        assert_eq!(self.columns, other.rows, "inner dimension of a product");
        let mut out = Matrix::zeros(self.rows, other.columns);
        // Row-major C = A B is column-major C' = B' A'.
        faer::linalg::matmul::matmul(
            out.transposed_mut(),
            Accum::Replace,
            other.transposed(),
            self.transposed(),
            1.0,
            parallelism(self.rows.max(other.columns)),
        );
        out
    }

    fn transposed(&self) -> MatRef<'_, f64> {
        MatRef::from_column_major_slice(&self.data, self.columns, self.rows)
    }
    fn transposed_mut(&mut self) -> MatMut<'_, f64> {
        MatMut::from_column_major_slice_mut(&mut self.data, self.columns, self.rows)
    }
}

impl std::ops::Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.data[i * self.columns + j]
    }
}
impl std::ops::IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.data[i * self.columns + j]
    }
}

/// Σ aᵢbᵢ in eight running sums, so that the compiler can use vector registers; the order is fixed, so the result is too.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (x, y) in a8.iter().zip(b8) {
        for k in 0..8 {
            sums[k] += x[k] * y[k];
        }
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f64>()
}

/// y := y + α x.
#[inline]
pub fn add_scaled(y: &mut [f64], alpha: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += alpha * x;
    }
}

/// Small systems are faster on one thread.
fn parallelism(n: usize) -> Par {
    if n < 256 || rayon::current_num_threads() == 1 { Par::Seq } else { Par::rayon(0) }
}

/// P M = L U, once, for as many right-hand sides as wanted.
///
/// ```
/// use zili_world::{Matrix, linalg::Lu};
/// // I − A with A = [[0.2, 0.4], [0.1, 0.3]]: determinant 0.8·0.7 − 0.4·0.1 = 0.52.
/// let lu = Lu::factor(Matrix::from_rows(2, 2, vec![0.8, -0.4, -0.1, 0.7])).unwrap();
/// let x = lu.solve_vector(vec![52.0, 104.0]);
/// assert!((x[0] - (0.7 * 52.0 + 0.4 * 104.0) / 0.52).abs() < 1e-12);
/// assert!((lu.inverse()[(1, 0)] - 0.1 / 0.52).abs() < 1e-15);
/// ```
pub struct Lu {
    /// Both triangles of the factors of M' in one array.
    factors: Matrix,
    forward: Vec<usize>,
    backward: Vec<usize>,
}

/// A pivot vanished: the matrix has no inverse.
#[derive(Debug, PartialEq)]
pub struct Singular;

impl Lu {
    /// Factors a square matrix in place, 2/3 n³ operations.
    pub fn factor(mut matrix: Matrix) -> Result<Self, Singular> {
        let n = matrix.rows;
        assert_eq!(n, matrix.columns, "only a square matrix is factored");
        let (mut forward, mut backward) = (vec![0; n], vec![0; n]);
        let par = parallelism(n);
        let params = Default::default();
        let mut memory = MemBuffer::new(plu::factor::lu_in_place_scratch::<usize, f64>(n, n, par, params));
        plu::factor::lu_in_place(
            matrix.transposed_mut(),
            &mut forward,
            &mut backward,
            par,
            MemStack::new(&mut memory),
            params,
        );
        let usable = (0..n).all(|k| matrix[(k, k)].is_finite() && matrix[(k, k)] != 0.0);
        if usable { Ok(Self { factors: matrix, forward, backward }) } else { Err(Singular) }
    }

    fn permutation(&self) -> PermRef<'_, usize> {
        PermRef::new_checked(&self.forward, &self.backward, self.factors.rows)
    }

    /// M X = B, column by column of B, in place.
    pub fn solve(&self, b: &mut Matrix) {
        let (n, k) = (b.rows, b.columns);
        let par = parallelism(k);
        let mut memory = MemBuffer::new(plu::solve::solve_transpose_in_place_scratch::<usize, f64>(n, k, par));
        let factors = self.factors.transposed();
        plu::solve::solve_transpose_in_place(
            factors,
            factors,
            self.permutation(),
            MatMut::from_row_major_slice_mut(&mut b.data, n, k),
            par,
            MemStack::new(&mut memory),
        );
    }

    /// X M = B, row by row of B, in place.
    pub fn solve_rows(&self, b: &mut Matrix) {
        let (k, n) = (b.rows, b.columns);
        let par = parallelism(k);
        let mut memory = MemBuffer::new(plu::solve::solve_in_place_scratch::<usize, f64>(n, k, par));
        let factors = self.factors.transposed();
        plu::solve::solve_in_place(
            factors,
            factors,
            self.permutation(),
            b.transposed_mut(),
            par,
            MemStack::new(&mut memory),
        );
    }

    /// M x = b.
    pub fn solve_vector(&self, b: Vec<f64>) -> Vec<f64> {
        let mut b = Matrix::from_rows(b.len(), 1, b);
        self.solve(&mut b);
        b.data
    }

    /// M⁻¹, a further 4/3 n³ operations.
    pub fn inverse(&self) -> Matrix {
        let n = self.factors.rows;
        let par = parallelism(n);
        let mut out = Matrix::zeros(n, n);
        let mut memory = MemBuffer::new(plu::inverse::inverse_scratch::<usize, f64>(n, par));
        let factors = self.factors.transposed();
        plu::inverse::inverse(
            out.transposed_mut(),
            factors,
            factors,
            self.permutation(),
            par,
            MemStack::new(&mut memory),
        );
        out
    }
}

/// Eigenvalues of a symmetric matrix, ascending, and its eigenvectors of length 1, row by row in the same order; none if the iteration
/// fails, as it does on values that are not finite. On one thread, so that the last bit never depends on how many there are.
///
/// ```
/// use zili_world::{Matrix, linalg::symmetric_eigen};
/// let (values, vectors) = symmetric_eigen(&Matrix::from_rows(2, 2, vec![2.0, 1.0, 1.0, 2.0])).unwrap();
/// assert!((values[0] - 1.0).abs() < 1e-15 && (values[1] - 3.0).abs() < 1e-15);
/// assert!((vectors[(1, 0)] - vectors[(1, 1)]).abs() < 1e-15);
/// ```
pub fn symmetric_eigen(matrix: &Matrix) -> Option<(Vec<f64>, Matrix)> {
    let n = matrix.rows;
    assert_eq!(n, matrix.columns, "only a square matrix has eigenvalues");
    if !matrix.data.iter().all(|value| value.is_finite()) {
        return None;
    }
    let (mut values, mut vectors) = (vec![0.0; n], Matrix::zeros(n, n));
    let needed = evd::self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
    let done = evd::self_adjoint_evd(
        matrix.transposed(),
        DiagMut::from_slice_mut(&mut values),
        // Columns of what faer sees are our rows.
        Some(vectors.transposed_mut()),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(needed)),
        Default::default(),
    );
    done.ok().map(|()| (values, vectors))
}
