//! How indices of complexity are scaled: packages differ, and so do their numbers.

use zili_world::Parameter;
use zili_world::method::Accepts;

/// The choices that a package makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convention {
    pub engine: Engine,
    /// Whether a product's proximity to itself is 1, else 0.
    pub near_itself: bool,
    pub scale: Scale,
    /// Whether complexity of products has mean 0 and deviation 1 of its own, else the scale of economies: then an economy's is the mean of
    /// its products'.
    pub own_scale: bool,
    pub gain: Gain,
}

/// Where the indices come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Eigenvector,
    /// The method of reflections, with so many.
    Reflections(usize),
}

/// Whether deviations are of all there is, or of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    Population,
    Sample,
}

/// What a new product adds to the outlook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gain {
    /// In the units of economies' complexity, each product that comes nearer by its share in what lies near it.
    Atlas,
    /// By the share in what lies near the new product, in products' complexity.
    Own,
    /// The same less what the new product itself was worth, also where it is made already.
    Net,
}

impl Convention {
    /// As in the Atlas of Economic Complexity and its package.
    pub const ATLAS: Self = Self {
        engine: Engine::Eigenvector,
        near_itself: true,
        scale: Scale::Population,
        own_scale: false,
        gain: Gain::Atlas,
    };
    /// As in the package econcomplex.
    pub const ECONCOMPLEX: Self = Self { near_itself: false, own_scale: true, gain: Gain::Own, ..Self::ATLAS };
    /// As in the package economic-complexity.
    pub const DATAWHEEL: Self = Self {
        engine: Engine::Reflections(20),
        near_itself: false,
        scale: Scale::Sample,
        own_scale: true,
        gain: Gain::Net,
    };

    /// By the name in the option.
    pub fn named(name: &str) -> Self {
        match name {
            "econcomplex" => Self::ECONCOMPLEX,
            "datawheel" => Self::DATAWHEEL,
            _ => Self::ATLAS,
        }
    }
}

pub(super) const CONVENTION: Parameter = Parameter {
    name: "convention",
    accepts: Accepts::Choice(&["atlas", "econcomplex", "datawheel"]),
    description: "whose scaling: see the table under Equation",
};
