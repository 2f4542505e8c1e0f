//! The input–output table of one year.

use crate::{Bloc, Classification, Error, Matrix, PrimaryInput, Role, ValueAdded};
use std::sync::Arc;

/// Z, Y and V of one year; million USD at current prices unless the world says otherwise.
///
/// Gross output is *defined* as what is used: `x = Z 1 + Y 1`. An output published beside a table serves to check it (on import), never to compute with,
/// so that `x = L f` holds to rounding whatever the publisher rounded.
#[derive(Clone, Debug)]
pub struct Table {
    pub classification: Arc<Classification>,
    pub year: i32,
    /// Intermediate flows, [industries × industries]: rows supply, columns use.
    pub z: Matrix,
    /// Final use, [industries × final columns].
    pub y: Matrix,
    /// Primary inputs of industries, [primary inputs × industries].
    pub v: Matrix,
    /// Primary inputs of final use, [primary inputs × final columns], where published.
    pub vy: Option<Matrix>,
    pub primary_inputs: Vec<PrimaryInput>,
    /// Gross output, row sums of Z and Y.
    x: Vec<f64>,
}

impl Table {
    /// Refuses matrices whose shapes do not fit the labels.
    pub fn new(
        classification: Arc<Classification>,
        year: i32,
        z: Matrix,
        y: Matrix,
        v: Matrix,
        vy: Option<Matrix>,
        primary_inputs: Vec<PrimaryInput>,
    ) -> Result<Self, Error> {
        let (n, m, p) = (classification.industries(), classification.final_columns(), primary_inputs.len());
        let shape = |matrix: &'static str, given: &Matrix, rows: usize, columns: usize| {
            if (given.rows(), given.columns()) == (rows, columns) {
                return Ok(());
            }
            Err(Error::Shape {
                matrix,
                year,
                rows: given.rows(),
                columns: given.columns(),
                expected_rows: rows,
                expected_columns: columns,
            })
        };
        shape("Z", &z, n, n)?;
        shape("Y", &y, n, m)?;
        shape("V", &v, p, n)?;
        if let Some(vy) = &vy {
            shape("VY", vy, p, m)?;
        }
        let x = z.row_sums().iter().zip(y.row_sums()).map(|(z, y)| z + y).collect();
        Ok(Self { classification, year, z, y, v, vy, primary_inputs, x })
    }

    /// Gross output x, one value per industry.
    pub fn output(&self) -> &[f64] {
        &self.x
    }

    /// Final use f = Y 1, one value per industry.
    pub fn final_use(&self) -> Vec<f64> {
        self.y.row_sums()
    }

    /// Final use by the given final columns, one value per supplying industry.
    pub fn final_use_of(&self, columns: &[usize]) -> Vec<f64> {
        (0..self.y.rows()).map(|i| columns.iter().map(|&c| self.y[(i, c)]).sum()).collect()
    }

    /// What home uses of each sector's products, as input or finally: its own and imported ones, one pair a sector.
    pub fn use_by_sector(&self, home: &Bloc) -> Result<Vec<(f64, f64)>, Error> {
        let industries = home.industries(&self.classification)?;
        let final_use = self.final_use_of(&home.final_columns(&self.classification)?);
        let mut is_home = vec![false; self.z.rows()];
        industries.iter().for_each(|&i| is_home[i] = true);
        let mut used = vec![(0.0, 0.0); self.classification.sectors().len()];
        let count = used.len();
        for i in 0..self.z.rows() {
            let as_input: f64 = industries.iter().map(|&j| self.z[(i, j)]).sum();
            let (own, imported) = &mut used[i % count];
            *(if is_home[i] { own } else { imported }) += as_input + final_use[i];
        }
        Ok(used)
    }

    /// Primary inputs as what is left of output after intermediate inputs: x − Z'1.
    pub fn residual(&self) -> Vec<f64> {
        self.x.iter().zip(self.z.column_sums()).map(|(x, inputs)| x - inputs).collect()
    }

    /// The published value-added rows added up, if the source tells value added apart.
    /// Value added by industry on a basis; refuses published rows where there are none.
    pub fn value_added(&self, basis: ValueAdded) -> Result<Vec<f64>, Error> {
        match basis {
            ValueAdded::Residual => Ok(self.residual()),
            ValueAdded::Published => self.published_value_added().ok_or_else(|| {
                Error::Unanswerable(format!(
                    "the table of {} has no published value-added row; ask for value_added = residual",
                    self.year
                ))
            }),
        }
    }

    pub fn published_value_added(&self) -> Option<Vec<f64>> {
        let rows: Vec<usize> =
            (0..self.v.rows()).filter(|&k| self.primary_inputs[k].role == Role::ValueAdded).collect();
        if rows.is_empty() {
            return None;
        }
        Some((0..self.v.columns()).map(|j| rows.iter().map(|&k| self.v[(k, j)]).sum()).collect())
    }
}
