//! Technology chains.

use super::Kind;
use crate::Error;
use std::path::Path;
use zili_world::{Chain, chain, shelf};

pub static KIND: Kind = Kind {
    folder: "chains",
    what: "technology chain",
    ending: "toml",
    option: Some(chain::OPTION.name),
    // One of the user's hides the one of the same name that ships with zili.
    bundled: Vec::new,
    check: |place, _| match place {
        None => Ok(Vec::new()),
        Some(place) => {
            let chain = read(place)?;
            let (inputs, supplies) = (chain.inputs.len(), chain.supplies.len());
            Ok(vec![format!("{inputs} inputs and {supplies} supplies sound; {} sources", chain.sources.len())])
        }
    },
    add: Some(|place, _| {
        let chain = read(place)?;
        Ok(Box::new(|world| world.with_chain(chain)))
    }),
};

fn read(place: &Path) -> Result<Chain, Error> {
    let text = String::from_utf8_lossy(&shelf::read(place)?).into_owned();
    let read = chain::read(&text, &place.display().to_string());
    Ok(read.map_err(zili_scenario::Error::Refused)?.0)
}
