//! What a control takes of a table's flows.

use crate::{Control, Error};
use zili_world::{Matrix, Table};

/// What one supplying industry no longer sells to one region, million USD a year at full force.
pub(crate) struct Denied {
    /// Supplying industry.
    pub supplier: usize,
    /// Buying region.
    pub buyer: usize,
    pub inputs: f64,
    pub final_use: f64,
}

/// Every flow that a control falls on, with what it takes of it.
pub(crate) fn denied(control: &Control, table: &Table) -> Result<Vec<Denied>, Error> {
    let classification = &table.classification;
    let denial = control.on(classification)?;
    let mut flows = Vec::with_capacity(denial.suppliers.len() * denial.buyers.len());
    for (k, &supplier) in denial.suppliers.iter().enumerate() {
        for (j, &buyer) in denial.buyers.iter().enumerate() {
            flows.push(Denied {
                supplier,
                buyer,
                inputs: denial.intermediate[(k, j)] * sum(&table.z, supplier, classification.industries_of(buyer)),
                final_use: denial.final_use[(k, j)] * sum(&table.y, supplier, classification.final_columns_of(buyer)),
            });
        }
    }
    Ok(flows)
}

/// Inputs and final use taken, million USD a year at full force.
pub(crate) fn total(flows: &[Denied]) -> (f64, f64) {
    (flows.iter().map(|flow| flow.inputs).sum(), flows.iter().map(|flow| flow.final_use).sum())
}

/// A row's sum over some columns.
pub(crate) fn sum(matrix: &Matrix, row: usize, columns: std::ops::Range<usize>) -> f64 {
    matrix.row(row)[columns].iter().sum()
}
