//! Sets of production of minerals.

use super::Kind;
use crate::Error;
use std::path::Path;
use zili_world::minerals::{self, ProductionSet};
use zili_world::shelf;

pub static KIND: Kind = Kind {
    folder: "minerals",
    what: "set of production",
    ending: "csv",
    option: Some(minerals::OPTION.name),
    bundled: || vec![minerals::BUNDLED_NAME],
    hides: false,
    check: |place, name| {
        let figures = match place {
            Some(place) => read(place, name)?.rows.len(),
            None => minerals::bundled()?.production.rows.len(),
        };
        Ok(vec![format!("{figures} figures sound")])
    },
    add: Some(|place, name| {
        let set = read(place, name)?;
        Ok(Box::new(|world| world.with_minerals(set)))
    }),
};

fn read(place: &Path, name: &str) -> Result<ProductionSet, Error> {
    let text = String::from_utf8_lossy(&shelf::read(place)?).into_owned();
    Ok(ProductionSet::read(&text, &place.display().to_string(), name)?)
}
