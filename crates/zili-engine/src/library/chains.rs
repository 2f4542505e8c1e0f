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
    bundled: || chain::bundled().iter().map(|chain| chain.name.as_str()).collect(),
    hides: true,
    check: |place, name| {
        let kept = place.map(read).transpose()?;
        let chain = kept.as_ref().or_else(|| chain::bundled().iter().find(|chain| chain.name == name));
        let said = |chain: &Chain| {
            let (inputs, supplies) = (chain.inputs.len(), chain.supplies.len());
            format!("{inputs} inputs and {supplies} supplies sound; {} sources", chain.sources.len())
        };
        Ok(chain.map(said).into_iter().collect())
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
