//! Names of what is kept: the same for people, shells and file systems.

use crate::label;

/// Longest name: it becomes a folder's.
const LONGEST: usize = 64;

/// Windows keeps these for devices, with any ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// And these with one digit after them.
const PORTS: [&str; 2] = ["com", "lpt"];

/// Refuses a name that some file system, shell or person would take for something else; the reason says what is accepted.
pub fn check(name: &str, reserved: &[&str]) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !first || !name.chars().all(plain) || name.len() > LONGEST {
        let shown: String = name.chars().take(LONGEST).collect();
        return Err(format!(
            "the name '{}' is not accepted; use letters, digits, - and _, a letter or digit first, {LONGEST} at most",
            label::escaped(&shown)
        ));
    }
    let small = name.to_ascii_lowercase();
    let port = PORTS.iter().any(|port| small.strip_prefix(port).is_some_and(is_one_digit));
    if port || DEVICES.contains(&small.as_str()) {
        return Err(format!("the name '{name}' is not accepted: Windows keeps it for a device; choose another"));
    }
    if reserved.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        return Err(format!("the name '{name}' is not accepted: the store keeps other data there; choose another"));
    }
    if is_generation(&small) {
        return Err(format!("the name '{name}' is not accepted: the store names its own folders so; choose another"));
    }
    Ok(())
}

fn is_one_digit(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Digits of a digest in a generation's name.
const DIGITS: usize = 16;

/// The folder of data with this digest, the `copy`-th of that name.
pub(super) fn generation(digest: &str, copy: usize) -> String {
    let digits: String = digest.chars().take(DIGITS).collect();
    if copy < 2 { format!("g-{digits}") } else { format!("g-{digits}-{copy}") }
}

/// Whether a folder is named as a generation is, so that nothing else is ever followed or removed as one.
pub(super) fn is_generation(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("g-") else { return false };
    let (digits, copy) = rest.split_once('-').unwrap_or((rest, "2"));
    let hexadecimal = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    let number = !copy.is_empty() && copy.len() <= 6 && copy.bytes().all(|b| b.is_ascii_digit());
    digits.len() == DIGITS && digits.bytes().all(hexadecimal) && number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_no_device_is_among_them() {
        for good in ["mine", "2022", "a", "icio-2025_v2", "console", "com10", "g-1"] {
            assert_eq!(check(good, &["trade"]), Ok(()), "{good}");
        }
        let bad = [
            "",
            "-a",
            "_a",
            ".a",
            "a b",
            "a/b",
            "..",
            "a.b",
            "é",
            "a\n",
            "CON",
            "nul",
            "Com1",
            "lpt9",
            "Trade",
            "g-0123456789abcdef",
        ];
        for bad in bad {
            assert!(check(bad, &["trade"]).is_err(), "{bad}");
        }
        assert!(check(&"a".repeat(64), &[]).is_ok() && check(&"a".repeat(65), &[]).is_err());
    }

    #[test]
    fn generations_are_told_from_paths_and_other_names() {
        let digest = "0123456789abcdef0123";
        assert!(is_generation(&generation(digest, 1)) && is_generation(&generation(digest, 2)));
        for other in
            ["g-", "g-0123", "g-0123456789abcdeX", "g-0123456789abcdef-", "g-0123456789abcdef/..", "2022", ".."]
        {
            assert!(!is_generation(other), "{other}");
        }
    }
}
