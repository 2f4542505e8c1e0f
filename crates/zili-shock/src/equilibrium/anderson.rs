//! Anderson acceleration: a fixed point x = g(x) from the last residuals f = g(x) − x.
//!
//! ```text
//! γ = argmin ‖f − ΔF γ‖,    x⁺ = x + β f − (ΔX + β ΔF) γ        ΔF, ΔX: differences between the last steps
//! ```
//!
//! Source: Anderson (1965), Journal of the ACM 12(4): 547–560; Walker & Ni (2011), SIAM Journal on Numerical Analysis 49(4): 1715–1735.

use crate::inventory::simd::vectorised;
use zili_world::linalg::{add_scaled, dot};

/// What it remembers of one fixed point.
pub struct Anderson {
    memory: usize,
    last: Option<(Vec<f64>, Vec<f64>)>,
    /// Differences (Δx, Δf), the newest first.
    steps: Vec<(Vec<f64>, Vec<f64>)>,
}

/// A difference that is this near to a sum of newer ones says nothing new.
const NEW: f64 = 1e-8;

impl Anderson {
    /// With so many differences remembered.
    pub fn new(memory: usize) -> Self {
        Self { memory, last: None, steps: Vec::new() }
    }

    /// The next point after x with residual f; β is `part`.
    pub fn next(&mut self, x: &[f64], f: &[f64], part: f64) -> Vec<f64> {
        if let Some((x0, f0)) = self.last.take() {
            let minus = |a: &[f64], b: Vec<f64>| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
            self.steps.insert(0, (minus(x, x0), minus(f, f0)));
            self.steps.truncate(self.memory);
        }
        self.last = Some((x.to_vec(), f.to_vec()));
        let mut next: Vec<f64> = x.iter().zip(f).map(|(x, f)| x + part * f).collect();
        let weights = vectorised(|| self.weights(f));
        vectorised(|| {
            for (weight, (dx, df)) in weights.into_iter().zip(&self.steps) {
                next.iter_mut().zip(dx).zip(df).for_each(|((next, dx), df)| *next -= weight * (dx + part * df));
            }
        });
        next
    }

    /// γ by orthogonal differences (modified Gram–Schmidt), those that say nothing new left out.
    #[inline(always)]
    fn weights(&self, f: &[f64]) -> Vec<f64> {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        // Triangular: what each kept difference has of the basis.
        let mut parts: Vec<(usize, Vec<f64>)> = Vec::new();
        for (k, (_, df)) in self.steps.iter().enumerate() {
            let mut rest = df.clone();
            let mut of_basis = Vec::with_capacity(basis.len() + 1);
            for direction in &basis {
                let part = dot(direction, &rest);
                add_scaled(&mut rest, -part, direction);
                of_basis.push(part);
            }
            let length = dot(&rest, &rest).sqrt();
            if length <= NEW * dot(df, df).sqrt() || length == 0.0 {
                continue;
            }
            rest.iter_mut().for_each(|rest| *rest /= length);
            of_basis.push(length);
            basis.push(rest);
            parts.push((k, of_basis));
        }
        let mut wanted: Vec<f64> = basis.iter().map(|direction| dot(direction, f)).collect();
        let mut weights = vec![0.0; self.steps.len()];
        for (at, (k, of_basis)) in parts.iter().enumerate().rev() {
            let weight = wanted[at] / of_basis[at];
            weights[*k] = weight;
            wanted[..at].iter_mut().zip(of_basis).for_each(|(wanted, part)| *wanted -= weight * part);
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::Anderson;

    /// In exact arithmetic it ends a linear problem of n unknowns after n + 1 residuals.
    #[test]
    fn a_linear_fixed_point_is_found_in_as_many_steps_as_unknowns() {
        let g = |x: &[f64]| [0.5 * x[0] - 0.8 * x[1] + 1.0, 0.9 * x[0] + 0.3 * x[2], 0.2 * x[1] - 0.7 * x[2] - 2.0];
        let mut anderson = Anderson::new(3);
        let mut x = vec![0.0; 3];
        for _ in 0..5 {
            let f: Vec<f64> = g(&x).iter().zip(&x).map(|(g, x)| g - x).collect();
            x = anderson.next(&x, &f, 1.0);
        }
        let rest = g(&x).iter().zip(&x).map(|(g, x)| (g - x).abs()).fold(0.0, f64::max);
        assert!(rest < 1e-10, "{rest}");
    }
}
