//! The manifest's envelope: schema, the folder of its files, and a checksum over the whole.
//!
//! The checksum is the SHA-256 of the file itself with the digits of the checksum as zeros. So it covers every byte, and
//! no two programs need agree on how numbers are written.

use super::name::is_generation;
use super::sha256;
use crate::{Error, label};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::Path;

/// Version of the folder's layout: the second has decimals, the third generations and a checksum over the manifest. The
/// earlier ones are read too, any other refused.
pub const SCHEMA: u32 = 3;
/// From here on the manifest names its generation and has a checksum.
const SEALED: u64 = 3;

const GENERATION: &str = "generation";
const CHECKSUM: &str = "sha256";

/// A manifest as it was read, and where its files are: a folder beside it, or the manifest's own.
pub(crate) struct Sealed {
    pub value: Value,
    pub generation: Option<String>,
}

/// The text of a manifest whose files are in `generation`.
pub(super) fn seal(mut value: Value, generation: &str) -> Result<String, String> {
    let map = value.as_object_mut().ok_or("a manifest is an object")?;
    let zeros = "0".repeat(64);
    map.insert("schema".to_owned(), SCHEMA.into());
    map.shift_remove(GENERATION);
    map.shift_remove(CHECKSUM);
    map.insert(GENERATION.to_owned(), generation.into());
    // Last, so that the last run of zeros is it.
    map.insert(CHECKSUM.to_owned(), zeros.clone().into());
    let text = serde_json::to_string_pretty(&value).map_err(|e| e.to_string())? + "\n";
    let at = text.rfind(&zeros).ok_or("no place for the checksum")?;
    let sum = sha256(text.as_bytes());
    Ok(format!("{}{sum}{}", &text[..at], &text[at + zeros.len()..]))
}

/// Reads a manifest's text; refuses another schema, a text that was changed since it was written, and names that a
/// terminal would obey.
pub(crate) fn unseal(bytes: &[u8], path: &Path) -> Result<Sealed, Error> {
    let refuse = |reason: String| Error::store(path, reason);
    let mut value: Value = serde_json::from_slice(bytes).map_err(|e| refuse(e.to_string()))?;
    let schema = value.get("schema").and_then(Value::as_u64);
    let schema = schema.filter(|schema| (1..=SCHEMA.into()).contains(schema)).ok_or_else(|| {
        let found = value.get("schema").map_or("none".to_owned(), Value::to_string);
        let found = label::escaped(&found).into_owned();
        refuse(format!("schema {found}, but this zili reads schema 1 to {SCHEMA}; import the data again"))
    })?;
    label::check_all(&value).map_err(refuse)?;
    let mut take = |key: &str| value.as_object_mut().and_then(|map| map.shift_remove(key));
    let (generation, sum) = (take(GENERATION), take(CHECKSUM));
    if sum.is_some() || schema >= SEALED {
        check_sum(bytes, sum.as_ref().and_then(Value::as_str)).map_err(refuse)?;
    }
    let generation = match generation {
        None if schema < SEALED => None,
        found => {
            let text = found.as_ref().and_then(Value::as_str).filter(|name| is_generation(name));
            let none = || refuse("'generation' does not name a folder of the store; import the data again".to_owned());
            Some(text.ok_or_else(none)?.to_owned())
        }
    };
    Ok(Sealed { value, generation })
}

fn check_sum(bytes: &[u8], sum: Option<&str>) -> Result<(), String> {
    let digits = |sum: &&str| sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
    let sum = sum.filter(digits).ok_or("it has no checksum over the whole ('sha256'); import the data again")?;
    let text = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
    let at = text.rfind(sum).ok_or("its checksum is written in another way; import the data again")?;
    let blank = format!("{}{}{}", &text[..at], "0".repeat(sum.len()), &text[at + sum.len()..]);
    let found = sha256(blank.as_bytes());
    match found == sum {
        true => Ok(()),
        false => Err(format!(
            "SHA-256 is {found}, but it says {sum}: it was changed by hand or cut short; import the data again"
        )),
    }
}

/// A manifest as the kind of data has it.
pub(crate) fn typed<M: DeserializeOwned>(value: Value, path: &Path) -> Result<M, Error> {
    serde_json::from_value(value).map_err(|e| Error::store(path, e))
}
