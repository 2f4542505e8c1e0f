//! The book against the code: every key of the schema is explained, and the example in it is sound.

use serde_json::Value;
use zili_plan::strategy::read;
use zili_scenario::BlocBook;
use zili_world::World;
use zili_world::written::diagnostic::Name;

const BOOK: &str = include_str!("../../../docs/src/reference/strategies.md");

#[test]
fn every_key_of_the_schema_is_described_and_in_the_book() {
    let schema: Value = serde_json::from_str(&zili_plan::strategy::schema()).expect("json");
    keys(&schema, &mut |key, of| {
        let plain = of.get("description").is_some() || of.get("$ref").is_some() || of.get("const").is_some();
        assert!(plain, "{key} has no description");
        let spellings = [
            format!("`{key}`"),
            format!("`[[{key}]]`"),
            format!("`[{key}]`"),
            format!("`{key} "),
            format!(".{key}]]`"),
        ];
        assert!(spellings.iter().any(|spelling| BOOK.contains(spelling)), "the book does not mention {key}");
    });
    for word in
        ["state-fund", "regional-fund", "procurement", "tax-credit", "basic-research", "talent-scheme", "cluster"]
    {
        assert!(schema.to_string().contains(&format!("\"{word}\"")) && BOOK.contains(&format!("`{word}`")), "{word}");
    }
}

/// Every key that the schema declares, wherever.
fn keys(schema: &Value, each: &mut dyn FnMut(&str, &Value)) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                properties.iter().for_each(|(key, of)| each(key, of));
            }
            map.values().for_each(|of| keys(of, each));
        }
        Value::Array(list) => list.iter().for_each(|of| keys(of, each)),
        _ => {}
    }
}

#[test]
fn the_example_of_the_book_is_sound() {
    let (world, blocs) = (World::bundled("wiod2013").expect("bundled"), BlocBook::bundled().expect("blocs"));
    let example = BOOK.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let (strategy, warnings) = read(example, "book", &world, &blocs).unwrap_or_else(|error| panic!("{error}"));
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(strategy.programmes.len(), 2);
    for name in [Name::NoSource, Name::NeverMet, Name::Cycle, Name::Unreachable, Name::EmptyEffect] {
        assert!(BOOK.contains(&format!("| `{}` |", name.as_str())), "the book does not explain {}", name.as_str());
    }
}
