//! The dense routines against their definitions, and their independence of the number of threads.

use proptest::prelude::*;
use zili_testkit::assert_close;
use zili_world::Matrix;
use zili_world::linalg::Lu;

/// A matrix with a heavy diagonal, so that conditioning does not hide errors.
fn matrix(n: usize, seed: u64) -> Matrix {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut m = Matrix::from_fn(n, n, |_, _| next() / n as f64);
    (0..n).for_each(|i| m[(i, i)] += 1.0);
    m
}

proptest! {
    #[test]
    fn solving_gives_the_right_hand_side_back(n in 1usize..40, k in 1usize..6, seed: u64) {
        let m = matrix(n, seed);
        let lu = Lu::factor(m.clone()).expect("regular");
        let b = Matrix::from_fn(n, k, |i, j| (i * 7 + j * 3) as f64 % 5.0 + 1.0);
        let mut x = b.clone();
        lu.solve(&mut x);
        // 1e-13: rounding of a few hundred operations on numbers of order one.
        assert_close("M X", m.times(&x).as_slice(), b.as_slice(), 1e-13);
        let rows = Matrix::from_fn(k, n, |i, j| (i * 7 + j * 3) as f64 % 5.0 + 1.0);
        let mut x = rows.clone();
        lu.solve_rows(&mut x);
        assert_close("X M", x.times(&m).as_slice(), rows.as_slice(), 1e-13);
        let product = m.times(&lu.inverse());
        let identity = Matrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)));
        assert_close("M M⁻¹", product.as_slice(), identity.as_slice(), 1e-13);
    }
}

#[test]
fn a_singular_matrix_is_refused() {
    assert!(Lu::factor(Matrix::zeros(3, 3)).is_err());
    assert!(Lu::factor(Matrix::from_rows(2, 2, vec![1.0, 2.0, 2.0, 4.0])).is_err());
}

#[test]
fn results_have_the_same_bits_for_any_number_of_threads() {
    let m = matrix(700, 3);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
        pool.install(|| {
            let lu = Lu::factor(m.clone()).expect("regular");
            let mut b = Matrix::from_fn(700, 9, |i, j| (i + j) as f64);
            lu.solve(&mut b);
            let inverse = lu.inverse();
            let product = inverse.times(&m);
            [inverse, b, product].map(|m| m.as_slice().iter().map(|v| v.to_bits()).collect::<Vec<_>>())
        })
    };
    let one = with(1);
    for threads in [2, 3, 4] {
        assert!(one == with(threads), "{threads} threads give other bits than one");
    }
}
