//! All controls together as shares denied, by flow and by product.

use crate::Error;
use std::collections::{BTreeMap, BTreeSet};
use zili_scenario::{Control, Denial};
use zili_world::{Matrix, System};

/// Shares denied of the flows of a table; where two controls fall on the same flow the more severe holds.
pub(crate) struct Severity {
    /// Supplying industries, ascending.
    pub suppliers: Vec<usize>,
    /// Using industries, ascending.
    pub users: Vec<usize>,
    /// [suppliers × users].
    pub intermediate: Matrix,
    /// [suppliers × final columns].
    pub final_use: Matrix,
}

impl Severity {
    pub fn of(system: &System, controls: &[Control]) -> Result<Self, Error> {
        let classification = system.classification();
        let falls: Vec<Denial> = controls.iter().map(|c| c.on(classification)).collect::<Result<_, _>>()?;
        let industries_of = |region: &usize| classification.industries_of(*region);
        let merged =
            |all: &mut dyn Iterator<Item = usize>| all.collect::<BTreeSet<_>>().into_iter().collect::<Vec<usize>>();
        let suppliers = merged(&mut falls.iter().flat_map(|d| d.suppliers.iter().copied()));
        let users = merged(&mut falls.iter().flat_map(|d| d.buyers.iter().flat_map(industries_of)));
        let position =
            |list: &[usize]| list.iter().enumerate().map(|(k, &i)| (i, k)).collect::<BTreeMap<usize, usize>>();
        let (row_of, column_of) = (position(&suppliers), position(&users));
        let mut intermediate = Matrix::zeros(suppliers.len(), users.len());
        let mut final_use = Matrix::zeros(suppliers.len(), system.table().y.columns());
        for denial in &falls {
            for (k, i) in denial.suppliers.iter().enumerate() {
                for (b, buyer) in denial.buyers.iter().enumerate() {
                    for j in industries_of(buyer) {
                        let cell = &mut intermediate[(row_of[i], column_of[&j])];
                        *cell = cell.max(denial.intermediate[(k, b)]);
                    }
                    for c in classification.final_columns_of(*buyer) {
                        let cell = &mut final_use[(row_of[i], c)];
                        *cell = cell.max(denial.final_use[(k, b)]);
                    }
                }
            }
        }
        Ok(Self { suppliers, users, intermediate, final_use })
    }

    /// Final use denied, by supplier.
    pub fn final_flows(&self, system: &System) -> Vec<f64> {
        let denied = |(k, &i): (usize, &usize)| -> f64 {
            self.final_use.row(k).iter().zip(system.table().y.row(i)).map(|(s, y)| s * y).sum()
        };
        self.suppliers.iter().enumerate().map(denied).collect()
    }

    /// What the users buy of each sector's products as inputs.
    pub fn inputs(&self, system: &System) -> Purchases {
        let z = &system.table().z;
        self.purchases(system, self.users.len(), |i, u| z[(i, self.users[u])], |k, u| self.intermediate[(k, u)])
    }

    /// What the final users of each region buy of each sector's products.
    pub fn final_products(&self, system: &System) -> Purchases {
        let columns = |r: usize| system.classification().final_columns_of(r);
        let bought = |i: usize, r: usize| system.table().y.row(i)[columns(r)].iter().sum();
        // A control denies all categories of a region's final use alike.
        let severity = |k: usize, r: usize| columns(r).next().map_or(0.0, |c| self.final_use[(k, c)]);
        self.purchases(system, system.classification().regions().len(), bought, severity)
    }

    fn purchases(
        &self,
        system: &System,
        buyers: usize,
        flow: impl Fn(usize, usize) -> f64,
        severity: impl Fn(usize, usize) -> f64,
    ) -> Purchases {
        let sectors = system.classification().sectors().len();
        let none = || Matrix::zeros(sectors, buyers);
        let (mut bought, mut denied, mut free) = (none(), none(), none());
        for i in 0..system.industries() {
            let supplier = self.suppliers.binary_search(&i).ok();
            for b in 0..buyers {
                let flow = flow(i, b).max(0.0);
                let cell = (i % sectors, b);
                bought[cell] += flow;
                match supplier.map_or(0.0, |k| severity(k, b)) {
                    0.0 => free[cell] += flow,
                    severity => denied[cell] += severity * flow,
                }
            }
        }
        Purchases { bought, denied, free }
    }
}

/// Spending of some buyers on each sector's products, million USD, [sectors × buyers]; negative flows count as none.
pub(crate) struct Purchases {
    /// From all origins.
    pub bought: Matrix,
    /// The part denied.
    pub denied: Matrix,
    /// From the origins that deny none of it.
    pub free: Matrix,
}

impl Purchases {
    /// Share denied of a buyer's spending on a sector's products, 0–1.
    pub fn share(&self, sector: usize, buyer: usize) -> f64 {
        let (denied, bought) = (self.denied[(sector, buyer)], self.bought[(sector, buyer)]);
        if denied > 0.0 { denied / bought } else { 0.0 }
    }
}
