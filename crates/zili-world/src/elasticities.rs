//! Trade elasticities from the files under `parameters/elasticities/`, each with its source, and one number for all sectors.

use crate::method::{Accepts, Parameter};
use crate::{Classification, Error, Options};
use serde::Deserialize;
use std::collections::BTreeMap;

static FILES: &[(&str, &str)] = &[
    ("CostinotRodriguezClare2014", include_str!("../../../parameters/elasticities/CostinotRodriguezClare2014.toml")),
    ("CaliendoParro2015", include_str!("../../../parameters/elasticities/CaliendoParro2015.toml")),
];

/// Names of the files, the first the default; they must be written out where options are constants.
pub const NAMES: &[&str] = &["CostinotRodriguezClare2014", "CaliendoParro2015"];

/// Which file.
pub const FILE: Parameter = Parameter {
    name: "elasticities",
    accepts: Accepts::Choice(NAMES),
    description: "trade elasticities by sector: a file of parameters/elasticities with its source",
};
/// One number in its place.
pub const THETA: Parameter = Parameter {
    name: "theta",
    accepts: Accepts::Amount { default: 0.0 },
    description: "one trade elasticity for all sectors in place of the file's; 0: the file's",
};

/// θ by sector as the options ask, and where it is from.
pub fn asked(options: &Options, classification: &Classification) -> Result<(Vec<f64>, String), Error> {
    match options.number(THETA.name) {
        theta if theta > 0.0 => {
            Ok((vec![theta; classification.sectors().len()], "one number for all sectors".to_owned()))
        }
        _ => {
            let file = Elasticities::named(options.choice(FILE.name))?;
            Ok((file.of(classification)?, format!("{}. {}", file.source, file.note)))
        }
    }
}

/// A file of elasticities.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elasticities {
    pub name: String,
    pub title: String,
    pub source: String,
    pub note: String,
    /// One for every classification that it knows.
    set: Vec<Set>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    /// θ by code of a sector.
    sectors: BTreeMap<String, f64>,
}

impl Elasticities {
    /// One of the files by name.
    pub fn named(name: &str) -> Result<Self, Error> {
        let unknown = || {
            let accepted: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
            Error::unknown("elasticities", name, NAMES.iter().copied(), &accepted)
        };
        let (_, text) = FILES.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?;
        toml::from_str(text).map_err(|error| Error::Unanswerable(format!("elasticities {name}: {error}")))
    }

    /// θ by sector of a classification; refuses a sector that no set has, and elasticities that are not above 0.
    pub fn of(&self, classification: &Classification) -> Result<Vec<f64>, Error> {
        let codes = || classification.sectors().iter().map(|sector| sector.code.as_str());
        let missing = |set: &Set| codes().filter(|code| !set.sectors.contains_key(*code)).count();
        let Some(set) = self.set.iter().min_by_key(|set| missing(set)) else { return Ok(Vec::new()) };
        let theta = |code: &str| match set.sectors.get(code) {
            Some(theta) if *theta > 0.0 => Ok(*theta),
            Some(theta) => {
                Err(Error::Unanswerable(format!("{}: θ of {code} is {theta}; it must be above 0", self.name)))
            }
            None => Err(Error::Unanswerable(format!(
                "{} has no θ for sector {code}; known: {}. Give one number for all sectors with --set theta=NUMBER",
                self.name,
                set.sectors.keys().cloned().collect::<Vec<_>>().join(", ")
            ))),
        };
        codes().map(theta).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_has_every_sector_of_the_bundled_world() {
        let world = crate::World::bundled().expect("bundled");
        for (name, _) in FILES {
            let file = Elasticities::named(name).expect("it is read");
            assert_eq!(file.name, *name);
            assert!(file.of(world.classification()).expect("complete").iter().all(|theta| *theta > 0.0));
        }
        assert_eq!(FILES.iter().map(|file| file.0).collect::<Vec<_>>(), NAMES);
    }
}
