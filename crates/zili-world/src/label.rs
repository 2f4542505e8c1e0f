//! Names and titles that come from files: what a terminal would obey is refused where they are read.
//!
//! A title with an escape sequence could clear the screen or colour another's numbers, and one that turns the direction of
//! writing could show a name as another.

use crate::Error;
use serde_json::Value;
use std::borrow::Cow;

/// The first character of a text that is not shown but obeyed: control characters, line breaks, and those that turn the
/// direction of writing.
pub fn unshown(text: &str) -> Option<char> {
    text.chars().find(|c| is_unshown(*c))
}

fn is_unshown(c: char) -> bool {
    let separator = matches!(c, '\u{2028}' | '\u{2029}');
    let direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || separator || direction
}

/// The same in a text that may have several lines and tabs.
pub fn unshown_in_lines(text: &str) -> Option<char> {
    text.replace("\r\n", "\n").chars().find(|c| is_unshown(*c) && !matches!(c, '\n' | '\t'))
}

/// Refuses a name or title that a terminal would not show as it stands; the reason names the character.
pub fn check(text: &str) -> Result<(), String> {
    let refusal = |c: char| {
        let (text, code) = (escaped(text), u32::from(c));
        format!("'{text}' has the character U+{code:04X}; names and titles are one line of visible characters")
    };
    unshown(text).map_or(Ok(()), |c| Err(refusal(c)))
}

/// The same for each line of a file of names, such as a CSV; says which.
pub fn check_file(text: &str, file: &str) -> Result<(), Error> {
    let of_line = |(k, line)| check(line).map_err(|reason| Error::store(file, format!("line {}: {reason}", k + 1)));
    text.lines().enumerate().try_for_each(of_line)
}

/// The same for every text of a manifest, keys included; the reason says where it stands.
pub fn check_all(value: &Value) -> Result<(), String> {
    match value {
        Value::String(text) => check(text),
        Value::Array(values) => {
            let at = |(k, value)| check_all(value).map_err(|reason| format!("[{k}] {reason}"));
            values.iter().enumerate().try_for_each(at)
        }
        Value::Object(map) => map.iter().try_for_each(|(key, value)| {
            check(key)?;
            check_all(value).map_err(|reason| format!("{key} {reason}"))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// A text for messages: what would be obeyed is written out.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if unshown(text).is_none() {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| match is_unshown(c) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    Cow::Owned(text.chars().map(shown).collect())
}
