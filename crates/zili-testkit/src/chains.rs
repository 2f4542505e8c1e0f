//! Chain files from parts: each test says what its chain is made of, not how such a file is written.

use zili_world::chain::{self, Chain};

/// The chain of a head (`name`, `product`, `grades`) and some parts.
#[track_caller]
pub fn chain(head: &str, parts: &[String]) -> Chain {
    let text = format!("{head}\n{}", parts.concat());
    chain::read(&text, "test.toml").unwrap_or_else(|refusal| panic!("{refusal}")).0
}

/// The source `s`, on which every supply rests.
pub fn source(title: &str) -> String {
    format!("[[source]]\nid = \"s\"\ntitle = \"{title}\"\npublisher = \"Test\"\n")
}

/// An input; `more` are further keys, a line each.
pub fn input(id: &str, kind: &str, more: &str) -> String {
    format!("[[input]]\nid = \"{id}\"\nkind = \"{kind}\"\n{more}\n")
}

/// What a region supplies of an input; without a share in `more` it is not known.
pub fn supply(input: &str, region: &str, more: &str) -> String {
    format!("[[supply]]\ninput = \"{input}\"\nregion = \"{region}\"\nsource = \"s\"\n{more}\n")
}
