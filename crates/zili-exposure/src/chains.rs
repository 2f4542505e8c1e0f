//! Measures of technology chains: how concentrated inputs are, who can stop what, and whom one can stop in turn.

pub mod chokepoints;
pub(crate) mod concentration;
pub(crate) mod decisions;
pub mod inputs;
pub mod mutual;
pub(crate) mod sets;

#[cfg(test)]
mod tests;

use zili_world::chain::{Chain, OPTION, Shares};
use zili_world::method::Accepts;
use zili_world::{Bloc, Classification, Error, Finding, Method, Parameter, Params, RegionCode, World};

pub(crate) const NEEDED: Parameter = Parameter {
    name: "needed",
    accepts: Accepts::Fraction { default: 0.1 },
    description: "share of an input's supply below which there is as good as none of it (an assumption: vary it)",
};

/// A chain as home sees it.
pub(crate) struct Standing<'a> {
    pub chain: &'a Chain,
    classification: &'a Classification,
    home: &'a Bloc,
    /// By input; none where nobody is said to supply it.
    pub shares: Vec<Option<Shares>>,
    needed: f64,
}

/// How shares that are not known are taken: so that a loss is certain, or so that it is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Certain,
    Possible,
}

impl View {
    pub const BOTH: [View; 2] = [View::Certain, View::Possible];
}

impl<'a> Standing<'a> {
    pub fn new(world: &'a World, params: &'a Params) -> Result<Self, Error> {
        let chain = world.chain(params.options.name(OPTION.name))?;
        Ok(Self {
            chain,
            classification: world.classification(),
            home: &params.home,
            shares: (0..chain.inputs.len()).map(|i| Shares::of(chain, i)).collect(),
            needed: params.options.number(NEEDED.name),
        })
    }

    pub fn is_home(&self, code: &RegionCode) -> bool {
        self.home.holds(code, self.classification)
    }

    /// Regions that supply anything, in the order of the file.
    pub fn regions(&self) -> Vec<RegionCode> {
        let mut regions: Vec<RegionCode> = Vec::new();
        for (code, _) in self.shares.iter().flatten().flat_map(|shares| &shares.regions) {
            if !regions.contains(code) {
                regions.push(code.clone());
            }
        }
        regions
    }

    /// Whether the supply of an input is lost when some regions deny it.
    pub fn lost(&self, input: usize, denied: impl Fn(&RegionCode) -> bool, view: View) -> bool {
        let Some(shares) = &self.shares[input] else { return false };
        let held = shares.held_by(denied);
        let left = 1.0 - if view == View::Certain { held.low } else { held.high };
        // Shares are written in decimals: rounding is no shortage.
        left < self.needed - 1e-9 || left <= 1e-9
    }

    /// Grades in which the product cannot be made when some regions deny, as text; empty if all can.
    pub fn stopped(&self, lost: impl Fn(usize) -> bool) -> String {
        let chain = self.chain;
        let stopped = |g: &usize| !chain.works(*g, &lost)[chain.product];
        let grades: Vec<usize> = (0..chain.grades.len()).filter(stopped).collect();
        match chain.grades.as_slice() {
            [only] if only.is_empty() && !grades.is_empty() => "all".to_owned(),
            _ => grades.iter().map(|&g| chain.grades[g].as_str()).collect::<Vec<_>>().join(", "),
        }
    }

    /// An empty finding that says which chain it is about, and where its figures are from.
    pub fn finding(&self, method: &Method, params: &Params) -> Finding {
        let mut finding = Finding::apart(method, params);
        self.chain.sign(&mut finding);
        let unknown = self.shares.iter().flatten().flat_map(|s| &s.regions).filter(|(_, h)| !h.is_known()).count();
        if unknown > 0 {
            finding
                .note(format!("{unknown} shares of regions are known as an interval or not at all, and widen results"));
        }
        finding
    }
}
