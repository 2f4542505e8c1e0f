//! Every method's page has its sections, and its tables of columns and options are those of the code.
//! `ZILI_BLESS=1 cargo test` writes the tables into the pages.

use std::path::PathBuf;
use zili_world::Method;
use zili_world::method::SECTIONS;

fn methods() -> Vec<&'static Method> {
    zili_engine::register().iter().map(|entry| entry.method).collect()
}

fn page(method: &Method) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/src/methods/{}.md", method.name))
}

/// The page with the generated sections in place of its own.
fn with_generated(text: &str, method: &Method) -> String {
    let mut out = String::new();
    let mut skipping = false;
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            skipping = false;
            let generated = match heading.trim() {
                "Columns" => Some(method.columns_section()),
                "Options" => Some(method.options_section()),
                _ => None,
            };
            if let Some(generated) = generated {
                out += &format!("{line}\n\n{generated}\n\n");
                skipping = true;
                continue;
            }
        }
        if !skipping {
            out += line;
            out.push('\n');
        }
    }
    out
}

#[test]
fn every_page_lists_the_columns_and_options_of_its_method() {
    for method in methods() {
        let path = page(method);
        let text = std::fs::read_to_string(&path).expect("a page");
        let wanted = with_generated(&text, method);
        if std::env::var_os("ZILI_BLESS").is_some() {
            std::fs::write(&path, &wanted).expect("written");
        } else {
            assert!(
                text == wanted,
                "docs/src/methods/{}.md is behind the code; run ZILI_BLESS=1 cargo test",
                method.name
            );
        }
    }
}

#[test]
fn every_page_has_every_section() {
    for method in methods() {
        assert!(method.page.starts_with("# "), "{}: no title", method.name);
        for section in SECTIONS {
            assert!(!method.section(section).is_empty(), "{}: no text under '{section}'", method.name);
        }
        assert!(
            method.equation().lines().all(|line| line.chars().count() <= 90),
            "{}: the equation is too wide",
            method.name
        );
    }
}

#[test]
fn method_names_are_unique() {
    let mut names: Vec<&str> = methods().iter().map(|m| m.name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}
