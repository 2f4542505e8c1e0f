//! Sets of indicators of science and technology.

use super::Kind;
use crate::Error;
use std::path::Path;
use zili_world::{Indicators, science, shelf};

pub static KIND: Kind = Kind {
    folder: "indicators",
    what: "set of indicators",
    ending: "csv",
    option: Some(science::OPTION.name),
    bundled: || vec![science::BUNDLED_NAME],
    hides: false,
    check: |place, name| {
        let figures = match place {
            Some(place) => read(place, name)?.len(),
            None => science::bundled()?.len(),
        };
        Ok(vec![format!("{figures} figures sound")])
    },
    add: Some(|place, name| {
        let set = read(place, name)?;
        Ok(Box::new(|world| world.with_indicators(set)))
    }),
};

fn read(place: &Path, name: &str) -> Result<Indicators, Error> {
    let text = String::from_utf8_lossy(&shelf::read(place)?).into_owned();
    Ok(science::read(&text, &place.display().to_string(), name)?)
}
