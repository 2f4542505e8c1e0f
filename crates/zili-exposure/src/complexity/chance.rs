//! Who makes what at random, with as many products for each economy and as many economies for each product as there are.

use super::presence::Presence;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Trades of products for each economy until nothing is left of where it began (Strona et al. 2014 find five enough).
const TRADES: usize = 5;

/// One draw; the same seed and number give the same, whatever else is drawn.
pub fn shuffled(presence: &Presence, seed: u64, draw: u64) -> Presence {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    stream.set_stream(draw);
    let n = presence.economies();
    let mut makes: Vec<Vec<usize>> = (0..n).map(|c| presence.made_by(c).to_vec()).collect();
    if n > 1 {
        for _ in 0..TRADES * n {
            let one = below(&mut stream, n);
            let other = (one + 1 + below(&mut stream, n - 1)) % n;
            trade(&mut stream, &mut makes, one, other);
        }
    }
    Presence::from_lists(makes, presence.products())
}

/// Two economies put what only one of them makes into one heap, and take as many back as they gave.
fn trade(stream: &mut ChaCha8Rng, makes: &mut [Vec<usize>], one: usize, other: usize) {
    let (mut both, mut heap, mut given) = (Vec::new(), Vec::new(), 0);
    {
        let (a, b) = (&makes[one], &makes[other]);
        let (mut i, mut j) = (0, 0);
        while i < a.len() || j < b.len() {
            match (a.get(i), b.get(j)) {
                (Some(p), Some(q)) if p == q => {
                    both.push(*p);
                    (i, j) = (i + 1, j + 1);
                }
                (Some(p), q) if q.is_none_or(|q| p < q) => {
                    heap.push(*p);
                    given += 1;
                    i += 1;
                }
                (_, Some(q)) => {
                    heap.push(*q);
                    j += 1;
                }
                (_, None) => break,
            }
        }
    }
    // The first so many of a heap in random order.
    for k in 0..given.min(heap.len().saturating_sub(1)) {
        let at = k + below(stream, heap.len() - k);
        heap.swap(k, at);
    }
    for (economy, part) in [(one, &heap[..given]), (other, &heap[given..])] {
        makes[economy] = both.iter().chain(part).copied().collect();
        makes[economy].sort_unstable();
    }
}

/// A whole number below another, each as likely.
fn below(stream: &mut ChaCha8Rng, end: usize) -> usize {
    ((u128::from(stream.next_u64()) * end as u128) >> 64) as usize
}
