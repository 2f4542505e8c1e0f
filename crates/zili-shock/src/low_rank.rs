//! Denials as low-rank changes of I − A and I − B, so that no question costs a solve of the whole table.
//!
//! Suppliers K deny users J a part of their flows: `Z̃` [K × J] intermediate, `q` [K] final. With `L = (I − A)⁻¹` known,
//!
//! ```text
//! S = x̂_J + L_JK Z̃                  (|J| × |J|), or   R = Z̃ x̂_J⁻¹ L_JK   (|K| × |K|), whichever is smaller
//! w' = 1'Z̃ S⁻¹                      = 1'(I + R)⁻¹ Z̃ x̂_J⁻¹
//! r  = Z̃ S⁻¹ (x_J − L_JK q)         = (I + R)⁻¹ Z̃ x̂_J⁻¹ (x_J − L_JK q)
//! lost sales:    x − x̃ = L_:K (q + r)           Leontief, f̃ = f − q       (HOT)
//! denied inputs: x − x̃ = x̂ (w' L_J:)'           Ghosh, primary inputs kept (SHOT)
//! ```
//!
//! Both are Woodbury's identity for `A − E_K Z̃ x̂_J⁻¹ E_J'` and `B − E_K x̂_K⁻¹ Z̃ E_J'`; `G = x̂⁻¹ L x̂` lets one factorisation serve both sides.
//! `S` is a sum over suppliers, so coalitions of suppliers add their parts.

use crate::Error;
use zili_world::linalg::Lu;
use zili_world::{Matrix, System};

/// The flows that suppliers K deny to users J.
pub(crate) struct Denied {
    pub suppliers: Vec<usize>,
    pub users: Vec<usize>,
    /// Z̃, [suppliers × users].
    pub flows: Matrix,
    /// q, by supplier.
    pub final_use: Vec<f64>,
}

/// w by user and q + r by supplier: all that any loss needs.
pub(crate) struct Response {
    pub w: Vec<f64>,
    pub lost: Vec<f64>,
}

impl Denied {
    /// Solves the small system on the smaller side.
    pub fn respond(&self, system: &System) -> Result<Response, Error> {
        self.respond_by(system, &system.leontief_block(&self.users, &self.suppliers))
    }

    /// The same with L_JK at hand.
    pub fn respond_by(&self, system: &System, l_jk: &Matrix) -> Result<Response, Error> {
        let x_j: Vec<f64> = self.users.iter().map(|&j| system.output()[j]).collect();
        let y: Vec<f64> = l_jk.times_vector(&self.final_use).iter().zip(&x_j).map(|(lost, x)| x - lost).collect();
        let (w, r) = if self.users.len() <= self.suppliers.len() {
            let inner = l_jk.times(&self.flows);
            let (w, t) = solve_users(system, inner, &x_j, self.flows.column_sums(), y)?;
            (w, self.flows.times_vector(&t))
        } else {
            self.solve_suppliers(system, l_jk, y)?
        };
        Ok(Response { w, lost: r.iter().zip(&self.final_use).map(|(r, q)| r + q).collect() })
    }

    fn solve_suppliers(&self, system: &System, l_jk: &Matrix, y: Vec<f64>) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let k = self.suppliers.len();
        let mut scaled = self.flows.clone();
        for row in 0..k {
            let inverse = self.users.iter().map(|&j| system.inverse_output()[j]);
            scaled.row_mut(row).iter_mut().zip(inverse).for_each(|(z, inverse)| *z *= inverse);
        }
        let mut inner = scaled.times(l_jk);
        (0..k).for_each(|i| inner[(i, i)] += 1.0);
        let lu = Lu::factor(inner).map_err(|_| singular(system))?;
        let mut ones = Matrix::from_rows(1, k, vec![1.0; k]);
        lu.solve_rows(&mut ones);
        let w = scaled.vector_times(ones.row(0));
        let r = lu.solve_vector(scaled.times_vector(&y));
        Ok((w, r))
    }
}

/// (w, t): w'S = z' and S t = y for S = x̂_J + `inner`, `inner` = L_JK Z̃. A user without output has no row in S but the identity's.
pub(crate) fn solve_users(
    system: &System,
    mut inner: Matrix,
    x_j: &[f64],
    z: Vec<f64>,
    y: Vec<f64>,
) -> Result<(Vec<f64>, Vec<f64>), Error> {
    for (j, &x) in x_j.iter().enumerate() {
        inner[(j, j)] += if x != 0.0 { x } else { 1.0 };
    }
    let lu = Lu::factor(inner).map_err(|_| singular(system))?;
    let mut w = Matrix::from_rows(1, z.len(), z);
    lu.solve_rows(&mut w);
    Ok((w.row(0).to_vec(), lu.solve_vector(y)))
}

/// x̂ (w' L_J:)', the output lost for want of denied inputs, by industry.
pub(crate) fn denied_inputs(system: &System, users: &[usize], w: &[f64]) -> Vec<f64> {
    let mut loss = system.weighted_rows(users, w);
    loss.iter_mut().zip(system.output()).for_each(|(loss, x)| *loss *= x);
    loss
}

/// L_:K (q + r), the output lost for want of sales, by industry.
pub(crate) fn lost_sales(system: &System, suppliers: &[usize], lost: &[f64]) -> Vec<f64> {
    let mut full = vec![0.0; system.industries()];
    suppliers.iter().zip(lost).for_each(|(&k, &lost)| full[k] = lost);
    system.output_for(full)
}

pub(crate) fn singular(system: &System) -> Error {
    let reason = "the scenario leaves a system without an inverse".to_owned();
    zili_world::Error::Singular { year: system.year(), reason }.into()
}
