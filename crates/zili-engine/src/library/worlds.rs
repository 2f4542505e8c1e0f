//! Worlds: regions, sectors and a table a year.

use super::Kind;
use crate::Error;
use rayon::prelude::*;
use std::path::Path;
use zili_world::World;
use zili_world::world::bundled_names;

pub static KIND: Kind = Kind {
    folder: "",
    what: "world",
    ending: "",
    option: None,
    bundled: || bundled_names().collect(),
    hides: false,
    check,
    add: None,
};

/// Reading verifies every checksum and shape; building the system verifies that L f gives output back.
fn check(place: Option<&Path>, name: &str) -> Result<Vec<String>, Error> {
    let world = match place {
        Some(place) => World::open(place)?,
        None => World::bundled(name)?,
    };
    let of_year = |year: i32| {
        let system = world.system(year)?;
        let output: f64 = system.output().iter().sum();
        let (unit, remarks) = (&world.manifest().unit, world.manifest().entry(year)?.remarks.len());
        Ok(format!("{year}  files, shapes and inverse sound; gross output {output:.0} {unit}; {remarks} remarks"))
    };
    world.years().into_par_iter().map(of_year).collect()
}
