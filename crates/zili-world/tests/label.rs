//! What a terminal would obey is refused wherever names and titles are read.

use zili_world::label::{check, escaped, unshown, unshown_in_lines};
use zili_world::minerals::{self, ProductionSet};
use zili_world::{chain, science};

#[test]
fn control_characters_line_breaks_and_turned_writing_are_found_and_written_out() {
    for bad in [
        '\0', '\u{7}', '\u{1b}', '\n', '\r', '\t', '\u{7f}', '\u{85}', '\u{9b}', '\u{2028}', '\u{202a}', '\u{202e}',
        '\u{2066}', '\u{2069}',
    ] {
        let text = format!("a{bad}b");
        assert_eq!(unshown(&text), Some(bad));
        let reason = check(&text).expect_err("refused");
        assert!(unshown(&reason).is_none() && unshown(&escaped(&text)).is_none(), "{reason:?}");
        assert!(reason.contains(&format!("U+{:04X}", u32::from(bad))), "{reason}");
    }
    for good in ["", "Côte d'Ivoire", "中国", "Україна", "מכשירים", "a – b\u{a0}c", "👩\u{200d}🔬"]
    {
        assert_eq!(check(good), Ok(()), "{good}");
        assert_eq!(escaped(good), good);
    }
    assert_eq!(unshown_in_lines("two\r\nlines\n\tand more"), None);
    assert_eq!(unshown_in_lines("back\rover"), Some('\r'));
}

#[test]
fn files_of_names_are_refused_with_the_line() {
    let indicators = format!("# Ours\u{1b}[2J\n{}\n", science::HEADER.join(","));
    let refusal = science::read(&indicators, "x.csv", "x").expect_err("refused").to_string();
    assert!(refusal.starts_with("x.csv: line 1: ") && unshown(&refusal).is_none(), "{refusal}");
    let production = format!("{}\n2024,x,X\u{202e},mine,CHN,2023,1,,\n", minerals::HEADER.join(","));
    let refusal = ProductionSet::read(&production, "x.csv", "x").expect_err("refused").to_string();
    assert!(refusal.starts_with("x.csv: line 2: ") && unshown(&refusal).is_none(), "{refusal}");
}

#[test]
fn escapes_in_a_chain_are_refused_where_they_stand() {
    let text = "name = \"x\"\ntitle = \"a\\u001b[31mb\"\nproduct = \"p\"\n";
    let refusal = chain::read(text, "x.toml").expect_err("refused");
    let [error] = refusal.0.as_slice() else { panic!("{refusal}") };
    assert_eq!((error.line, error.column), (2, 9), "{error}");
    assert!(error.message.contains("U+001B"), "{error}");
}
