//! Who holds which part of an input's supply, as far as it is known.

use super::{Chain, Share};
use crate::RegionCode;

/// Shares of regions in the supply of one input: each between a least and a most, together 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// Regions in the order of the file.
    pub regions: Vec<(RegionCode, Holding)>,
    /// What is held by suppliers of whom it is not known where they are, or who they are.
    pub elsewhere: Holding,
    /// What the shares added up to before they were scaled to 1: rounding makes it a little more.
    pub published_sum: f64,
}

/// A part of a whole: the least and the most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holding {
    pub low: f64,
    pub high: f64,
}

impl Shares {
    /// Shares by region; none if nobody is said to supply the input.
    ///
    /// Where a region stands for itself its share is taken, else those of its firms are added up. A supplier without a share has any part of
    /// what the others leave, and so have suppliers that nobody names: the shares that are known are all that is known.
    pub fn of(chain: &Chain, input: usize) -> Option<Self> {
        let mut regions: Vec<(RegionCode, Vec<Share>, bool)> = Vec::new();
        let mut nowhere: Vec<Share> = Vec::new();
        for supply in chain.supplies_of(input) {
            let Some(code) = &supply.region else {
                nowhere.push(supply.share);
                continue;
            };
            let whole = supply.firm.is_none();
            match regions.iter_mut().find(|(known, ..)| known == code) {
                // A region's own row says all of its firms together.
                Some((_, shares, said)) if whole && !*said => (*shares, *said) = (vec![supply.share], true),
                Some((_, shares, said)) if whole || !*said => shares.push(supply.share),
                Some(_) => (),
                None => regions.push((code.clone(), vec![supply.share], whole)),
            }
        }
        if regions.is_empty() && nowhere.is_empty() {
            return None;
        }
        let regions: Vec<(RegionCode, Holding)> =
            regions.into_iter().map(|(code, shares, _)| (code, Holding::sum(&shares))).collect();
        // Nobody says that the suppliers named are all there are.
        let elsewhere = Holding { low: Holding::sum(&nowhere).low, high: 1.0 };
        Some(Self { regions, elsewhere, published_sum: 1.0 }.scaled().tightened())
    }

    /// Shares that add up to more than 1 are scaled down to it.
    fn scaled(mut self) -> Self {
        let sum: f64 = self.all().map(|holding| holding.low).sum();
        if sum > 1.0 {
            self.published_sum = sum;
            for holding in self.all_mut() {
                (holding.low, holding.high) = (holding.low / sum, (holding.high / sum).max(holding.low / sum));
            }
        }
        self
    }

    /// No part can be more than what the least of the others leaves, nor less than what the most of the others leaves.
    fn tightened(mut self) -> Self {
        let (low, high): (f64, f64) =
            self.all().fold((0.0, 0.0), |(l, h), holding| (l + holding.low, h + holding.high));
        for holding in self.all_mut() {
            let before = *holding;
            holding.high = before.high.min(1.0 - (low - before.low)).max(before.low);
            holding.low = before.low.max(1.0 - (high - before.high)).min(holding.high);
        }
        self
    }

    fn all(&self) -> impl Iterator<Item = &Holding> {
        self.regions.iter().map(|(_, holding)| holding).chain([&self.elsewhere])
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Holding> {
        self.regions.iter_mut().map(|(_, holding)| holding).chain([&mut self.elsewhere])
    }

    /// What some regions hold together, those for which `theirs` is true.
    pub fn held_by(&self, theirs: impl Fn(&RegionCode) -> bool) -> Holding {
        let (mut mine, mut others) = ((0.0, 0.0), (self.elsewhere.low, self.elsewhere.high));
        for (code, holding) in &self.regions {
            let side = if theirs(code) { &mut mine } else { &mut others };
            *side = (side.0 + holding.low, side.1 + holding.high);
        }
        let high = f64::min(mine.1, 1.0 - others.0).clamp(0.0, 1.0);
        Holding { low: f64::max(mine.0, 1.0 - others.1).clamp(0.0, high), high }
    }

    /// The least that Σ w s can be over all shares that fit, for one weight a region from `least`; the most for those from `most`.
    /// What is held elsewhere has no weight.
    pub fn weighted(&self, least: impl Fn(&RegionCode) -> f64, most: impl Fn(&RegionCode) -> f64) -> Holding {
        let parts = |weight: &dyn Fn(&RegionCode) -> f64| -> Vec<(f64, Holding)> {
            let own = self.regions.iter().map(|(code, holding)| (weight(code), *holding));
            own.chain([(0.0, self.elsewhere)]).collect()
        };
        // What is left over the least of each goes where it weighs least, or most, as far as there is room.
        let spread = |parts: Vec<(f64, Holding)>| -> f64 {
            let mut left = 1.0 - parts.iter().map(|(_, part)| part.low).sum::<f64>();
            let each = parts.into_iter().map(|(weight, part)| {
                let more = left.clamp(0.0, part.high - part.low);
                left -= more;
                weight * (part.low + more)
            });
            each.sum()
        };
        let (mut low, mut high) = (parts(&least), parts(&most));
        low.sort_by(|a, b| a.0.total_cmp(&b.0));
        high.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (low, high) = (spread(low).clamp(0.0, 1.0), spread(high).clamp(0.0, 1.0));
        Holding { low, high: high.max(low) }
    }
}

impl Holding {
    fn sum(shares: &[Share]) -> Self {
        let bounds = shares.iter().map(|share| share.bounds());
        let (low, high) = bounds.fold((0.0, 0.0f64), |(l, h), (low, high)| (l + low, h + high));
        Self { low, high: high.min(low.max(1.0)) }
    }

    /// Whether it is one number.
    pub fn is_known(&self) -> bool {
        self.high - self.low < 1e-9
    }
}
