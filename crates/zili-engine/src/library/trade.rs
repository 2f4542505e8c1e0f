//! Trade in products.

use super::Kind;
use crate::Error;
use std::path::Path;
use zili_world::{Trade, trade};

pub static KIND: Kind = Kind {
    folder: "trade",
    what: "set of trade data",
    ending: "",
    option: Some(trade::OPTION.name),
    bundled: || vec![trade::TABLE, trade::CRITICAL],
    hides: false,
    check,
    add: Some(|place, _| {
        let trade = Trade::open(place)?;
        Ok(Box::new(|world| world.with_trade(trade)))
    }),
};

fn check(place: Option<&Path>, name: &str) -> Result<Vec<String>, Error> {
    let kept = place.map(Trade::open).transpose()?;
    let bundled = trade::bundled()?;
    let trade = match &kept {
        Some(trade) => trade,
        None if name == trade::CRITICAL => &*bundled,
        None => return Err(Error::Question(format!("{name} is a world's own table: check the world"))),
    };
    let of_year = |year: i32| {
        let flows = trade.flows(year)?;
        Ok(format!("{year}  file, order and values sound; {} flows", flows.len()))
    };
    trade.years().into_iter().map(of_year).collect()
}
