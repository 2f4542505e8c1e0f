//! Trade with tariffs before and after.

use super::Kind;
use crate::Error;
use std::path::Path;
use zili_world::tariffs::{self, TariffData};

/// What to do where there are none.
pub const NONE: &str = "no tariffs are kept yet: import some with zili data import caliendo-parro DIR --name NAME";

pub static KIND: Kind = Kind {
    folder: "tariffs",
    what: "set of tariffs",
    ending: "",
    option: None,
    bundled: Vec::new,
    hides: false,
    check: |place, _| match place {
        None => Ok(Vec::new()),
        Some(place) => {
            let data = read(place)?;
            Ok(vec![format!("{} regions × {} sectors sound", data.regions.len(), data.sectors.len())])
        }
    },
    add: None,
};

/// Those of a place in the library; the files stay there while they are read.
pub(super) fn read(place: &Path) -> Result<TariffData, Error> {
    let files = tariffs::open(place)?;
    Ok(zili_import::caliendo_parro(files.path())?)
}
