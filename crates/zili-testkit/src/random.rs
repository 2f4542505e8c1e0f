//! Random tables for property tests: sparse or dense, with sectors that make nothing and falling inventories, and always productive.

use crate::world;
use proptest::prelude::*;
use zili_world::{Matrix, World};

/// A random world and the seed numbers it was made from.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub regions: usize,
    pub sectors: usize,
    pub categories: usize,
    /// One number in 0–1 per cell of A, then of Y.
    cells: Vec<f64>,
    sparsity: f64,
    empty: Option<usize>,
}

/// Strategies for worlds of a few regions and sectors.
pub fn recipe() -> impl Strategy<Value = Recipe> {
    (2usize..5, 1usize..5, 1usize..3, 0.0..0.7f64).prop_flat_map(|(regions, sectors, categories, sparsity)| {
        let n = regions * sectors;
        let cells = proptest::collection::vec(0.0..1.0f64, n * n + n * regions * categories);
        let empty = proptest::option::of(0..n);
        (cells, empty).prop_map(move |(cells, empty)| Recipe { regions, sectors, categories, cells, sparsity, empty })
    })
}

impl Recipe {
    /// Flows Z and final use Y: output follows from Y by a productive A, so that the table balances.
    pub fn table(&self) -> (Matrix, Matrix) {
        let n = self.regions * self.sectors;
        let m = self.regions * self.categories;
        let value = |cell: f64| if cell < self.sparsity { 0.0 } else { cell };
        let mut a = Matrix::from_fn(n, n, |i, j| value(self.cells[i * n + j]));
        // Columns of A sum to at most 0.8.
        let sums = a.column_sums();
        for i in 0..n {
            a.row_mut(i).iter_mut().zip(&sums).for_each(|(a, sum)| *a *= 0.8 / sum.max(1.0));
        }
        let mut y = Matrix::from_fn(n, m, |i, c| 100.0 * value(self.cells[n * n + i * m + c]));
        // Industry 0 has some falling inventories; every industry sells something.
        (0..n).for_each(|i| y[(i, i % m)] += 20.0);
        if m > 1 {
            y[(0, (1) % m)] -= 5.0;
        }
        if let Some(empty) = self.empty.filter(|_| n > 2) {
            (0..n).for_each(|k| {
                a[(empty, k)] = 0.0;
                a[(k, empty)] = 0.0;
            });
            y.row_mut(empty).fill(0.0);
        }
        // x = A x + f by iteration: contraction by 0.8, so 400 rounds leave nothing of the start.
        let f = y.row_sums();
        let mut x = f.clone();
        for _ in 0..400 {
            x = a.times_vector(&x).iter().zip(&f).map(|(inputs, f)| inputs + f).collect();
        }
        (Matrix::from_fn(n, n, |i, j| a[(i, j)] * x[j]), y)
    }

    pub fn world(&self) -> World {
        let (z, y) = self.table();
        let codes = |letter: &str, n: usize| (0..n).map(|k| format!("{letter}{k:02}")).collect::<Vec<_>>();
        world(&codes("R", self.regions), &codes("S", self.sectors), self.categories, z, y)
    }

    /// The same world with regions and sectors in another order, and where each industry went.
    pub fn permuted(&self) -> (World, Vec<usize>) {
        let (z, y) = self.table();
        let reversed = |n: usize| (0..n).rev().collect::<Vec<usize>>();
        let (regions, sectors) = (reversed(self.regions), reversed(self.sectors));
        let industry: Vec<usize> =
            regions.iter().flat_map(|r| sectors.iter().map(move |s| r * self.sectors + s)).collect();
        let column: Vec<usize> =
            regions.iter().flat_map(|r| (0..self.categories).map(move |c| r * self.categories + c)).collect();
        let codes = |letter: &str, order: &[usize]| order.iter().map(|k| format!("{letter}{k:02}")).collect::<Vec<_>>();
        let world = world(
            &codes("R", &regions),
            &codes("S", &sectors),
            self.categories,
            z.select(&industry, &industry),
            y.select(&industry, &column),
        );
        (world, industry)
    }
}
