//! Random numbers that are the same for any number of threads: a seed, and a stream of its own for every piece of work.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use zili_world::method::{Accepts, Parameter};

pub const SEED: Parameter = Parameter {
    name: "seed",
    accepts: Accepts::Count { default: 1, most: 4_294_967_295 },
    description: "seed of the draws: the same seed gives the same numbers",
};

/// One stream of uniform numbers.
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of a number under a seed; streams of different numbers do not overlap.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        stream.set_stream(number);
        Self(stream)
    }

    /// Uniform on 0 ≤ u < 1, all 53 bits of it.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform on −1 to 1.
    pub fn signed(&mut self) -> f64 {
        2.0 * self.unit() - 1.0
    }
}

/// A mean over draws and the standard error of that mean, √(variance / draws).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub error: f64,
}

/// Draws of one stream; fixed, so that results do not depend on how many threads share the streams.
const BLOCK: u64 = 4096;

/// Means of `K` outcomes of something drawn `draws` times. Run `number` has streams of its own, up to 2³² of them.
pub fn means<const K: usize>(
    draws: u32,
    seed: u64,
    number: u32,
    one: impl Fn(&mut Stream) -> [f64; K] + Sync,
) -> [Estimate; K] {
    let draws = u64::from(draws.max(1));
    let block = |b: u64| {
        let mut stream = Stream::new(seed, (u64::from(number) << 32) | b);
        let mut sums = [(0.0, 0.0); K];
        for _ in b * BLOCK..((b + 1) * BLOCK).min(draws) {
            for (sum, value) in sums.iter_mut().zip(one(&mut stream)) {
                *sum = (sum.0 + value, sum.1 + value * value);
            }
        }
        sums
    };
    let blocks: Vec<[(f64, f64); K]> = (0..draws.div_ceil(BLOCK)).into_par_iter().map(block).collect();
    std::array::from_fn(|k| {
        let (sum, squares) = blocks.iter().fold((0.0, 0.0), |(a, b), block| (a + block[k].0, b + block[k].1));
        of_sums(sum, squares, draws as f64)
    })
}

/// The mean of some values, at least two.
pub fn estimate(values: impl Iterator<Item = f64>) -> Estimate {
    let add = |(sum, squares, n): (f64, f64, f64), value: f64| (sum + value, squares + value * value, n + 1.0);
    let (sum, squares, n) = values.fold((0.0, 0.0, 0.0), add);
    of_sums(sum, squares, n)
}

fn of_sums(sum: f64, squares: f64, n: f64) -> Estimate {
    let mean = sum / n;
    // Rounding can leave a variance of nothing a little below zero.
    let variance = (squares / n - mean * mean).max(0.0) * n / (n - 1.0);
    Estimate { mean, error: (variance / n).sqrt() }
}
