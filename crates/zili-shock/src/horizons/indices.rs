//! What a spread hangs on: Sobol indices from a polynomial fitted to draws.
//!
//! ```text
//! f(u) ≈ c_0 + Σ_i c_i1 φ_1(u_i) + Σ_i c_i2 φ_2(u_i) + Σ_i<j c_ij φ_1(u_i) φ_1(u_j)
//! first order S_i = (c_i1² + c_i2²) / Σ c²       total T_i = S_i + Σ_j c_ij² / Σ c²
//! ```
//!
//! φ: Legendre polynomials on 0 to 1, orthonormal, so that squared coefficients are parts of the variance; the coefficients by least squares.
//!
//! Source: Sudret (2008), Reliability Engineering & System Safety 93(7): 964–979, on Sobol (2001), Mathematics and Computers in Simulation 55: 271–280.

use zili_world::Matrix;
use zili_world::linalg::{Lu, dot};

/// Of one number that depends on several.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    pub first: Vec<f64>,
    pub total: Vec<f64>,
    /// Share of the variance of the draws that the polynomial has.
    pub explained: f64,
}

/// Draws for each coefficient; with fewer, what two numbers do together is left out, then the bend of each.
const DRAWS: usize = 2;

/// From points in the unit cube and the values there; none if nothing varies or there are too few.
pub fn indices(points: &[Vec<f64>], values: &[f64]) -> Option<Indices> {
    let known: Vec<usize> = (0..values.len()).filter(|&k| values[k].is_finite()).collect();
    let dimensions = points.first()?.len();
    let terms = terms(dimensions, known.len() / DRAWS)?;
    let mean = known.iter().map(|&k| values[k]).sum::<f64>() / known.len() as f64;
    let variance: f64 = known.iter().map(|&k| (values[k] - mean).powi(2)).sum();
    // Less is rounding of what does not vary.
    if variance <= (1e-12 * mean).powi(2) * known.len() as f64 {
        return None;
    }
    let rows: Vec<Vec<f64>> = known.iter().map(|&k| terms.iter().map(|term| term.at(&points[k])).collect()).collect();
    let column = |a: usize| rows.iter().map(|row| row[a]).collect::<Vec<f64>>();
    let columns: Vec<Vec<f64>> = (0..terms.len()).map(column).collect();
    let wanted: Vec<f64> = known.iter().map(|&k| values[k]).collect();
    let gram = Matrix::from_fn(terms.len(), terms.len(), |a, b| dot(&columns[a], &columns[b]));
    let right = columns.iter().map(|column| dot(column, &wanted)).collect();
    let coefficients = Lu::factor(gram).ok()?.solve_vector(right);
    let rest: f64 = rows.iter().zip(&wanted).map(|(row, wanted)| (wanted - dot(row, &coefficients)).powi(2)).sum();
    let part = |with: &dyn Fn(&Term) -> bool| -> f64 {
        terms.iter().zip(&coefficients).filter(|(term, _)| with(term)).map(|(_, c)| c * c).sum()
    };
    let all = part(&|term| !matches!(term, Term::Mean));
    let of = |i: usize| {
        let own = part(&|term| matches!(term, Term::Line(k) | Term::Bend(k) if *k == i));
        let shared = part(&|term| matches!(term, Term::Both(a, b) if *a == i || *b == i));
        (own / all, (own + shared) / all)
    };
    let (first, total) = (0..dimensions).map(of).unzip();
    Some(Indices { first, total, explained: (1.0 - rest / variance).max(0.0) })
}

/// A polynomial of the fit.
enum Term {
    Mean,
    Line(usize),
    Bend(usize),
    Both(usize, usize),
}

impl Term {
    fn at(&self, u: &[f64]) -> f64 {
        let line = |u: f64| 3.0_f64.sqrt() * (2.0 * u - 1.0);
        match *self {
            Term::Mean => 1.0,
            Term::Line(i) => line(u[i]),
            Term::Bend(i) => 5.0_f64.sqrt() * (6.0 * u[i] * u[i] - 6.0 * u[i] + 1.0),
            Term::Both(i, j) => line(u[i]) * line(u[j]),
        }
    }
}

/// As many as so many draws allow.
fn terms(dimensions: usize, most: usize) -> Option<Vec<Term>> {
    let lines = || (0..dimensions).map(Term::Line);
    let bends = || (0..dimensions).map(Term::Bend);
    let both = || (0..dimensions).flat_map(|i| (i + 1..dimensions).map(move |j| Term::Both(i, j)));
    let simple: Vec<Term> = std::iter::once(Term::Mean).chain(lines()).collect();
    let bent: Vec<Term> = std::iter::once(Term::Mean).chain(lines()).chain(bends()).collect();
    let whole: Vec<Term> = std::iter::once(Term::Mean).chain(lines()).chain(bends()).chain(both()).collect();
    [whole, bent, simple].into_iter().find(|terms| terms.len() <= most)
}

#[cfg(test)]
mod tests {
    use super::indices;

    fn points(draws: u32, dimensions: u32) -> Vec<Vec<f64>> {
        let at = |k: u32| (0..dimensions).map(|d| f64::from(sobol_burley::sample(k, d, 1))).collect();
        (0..draws).map(at).collect()
    }

    /// f = 2u + 3v² + 4uw: variances by hand. E over the others: 4u, 3v², 2w; the rest is 4(u − ½)(w − ½).
    #[test]
    fn a_polynomial_has_the_indices_of_its_closed_form() {
        let points = points(64, 3);
        let values: Vec<f64> = points.iter().map(|u| 2.0 * u[0] + 3.0 * u[1] * u[1] + 4.0 * u[0] * u[2]).collect();
        // Var u = 1/12, Var u² = 4/45, Var (u − ½)(w − ½) = 1/144.
        let parts = [16.0 / 12.0, 9.0 * 4.0 / 45.0, 4.0 / 12.0];
        let together = 16.0 / 144.0;
        let all: f64 = parts.iter().sum::<f64>() + together;
        let found = indices(&points, &values).expect("it varies");
        for (i, part) in parts.into_iter().enumerate() {
            let total = part + if i == 1 { 0.0 } else { together };
            // The fit is exact: what is left is rounding.
            assert!((found.first[i] - part / all).abs() < 1e-10, "{i} {:?}", found.first);
            assert!((found.total[i] - total / all).abs() < 1e-10, "{i} {:?}", found.total);
        }
        assert!((found.explained - 1.0).abs() < 1e-10);
    }

    /// Ishigami's function with a = 7, b = 0.1 is no polynomial of degree two: the fit says so.
    #[test]
    fn what_the_polynomial_does_not_have_is_said() {
        let points = points(256, 3);
        let angle = |u: f64| (2.0 * u - 1.0) * std::f64::consts::PI;
        let value = |u: &Vec<f64>| {
            angle(u[0]).sin() + 7.0 * angle(u[1]).sin().powi(2) + 0.1 * angle(u[2]).powi(4) * angle(u[0]).sin()
        };
        let values: Vec<f64> = points.iter().map(value).collect();
        let found = indices(&points, &values).expect("it varies");
        assert!(found.explained < 0.8, "{}", found.explained);
    }

    #[test]
    fn nothing_is_said_of_what_does_not_vary_or_was_hardly_drawn() {
        assert_eq!(indices(&points(64, 2), &[3.0; 64]), None);
        assert_eq!(indices(&points(4, 2), &[1.0, 2.0, 3.0, 4.0]), None);
    }
}
