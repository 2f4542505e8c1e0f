//! Chain files: every named slip with its line and column, and the chains that ship with zili.

use zili_world::chain::{self, Chain, Share, Shares};
use zili_world::written::diagnostic::Name;

const HEAD: &str = "name = \"x\"\nproduct = \"p\"\n[[source]]\nid = \"s\"\ntitle = \"t\"\npublisher = \"p\"\n";
const PRODUCT: &str =
    "[[input]]\nid = \"p\"\nkind = \"product\"\n[[supply]]\ninput = \"p\"\nregion = \"AAA\"\nsource = \"s\"\n";

fn sound(text: &str) -> Chain {
    chain::read(text, "x.toml").unwrap_or_else(|refusal| panic!("{refusal}\n{text}")).0
}

/// The one error of a file that begins as above, with name, line, column and a word of the message.
#[track_caller]
fn one(body: &str, name: Name, line: usize, column: usize, says: &str) {
    let text = format!("{HEAD}{PRODUCT}{body}");
    let refusal = chain::read(&text, "x.toml").err().unwrap_or_else(|| panic!("accepted:\n{text}"));
    let [error] = refusal.0.as_slice() else { panic!("{refusal}") };
    assert_eq!((error.name, error.line, error.column), (name, line, column), "{error}");
    assert!(error.message.contains(says), "{error}");
}

#[test]
fn every_chain_that_ships_is_sound() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/chains");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let chain = sound(&text);
        assert_eq!(path.file_stem().and_then(|stem| stem.to_str()), Some(chain.name.as_str()));
        for (g, grade) in chain.grades.iter().enumerate() {
            assert!(chain.works(g, |_| false)[chain.product], "{grade}");
        }
        for source in &chain.sources {
            // A note may name a second one.
            let notes =
                chain.supplies.iter().map(|supply| &supply.note).chain(chain.inputs.iter().map(|input| &input.note));
            let named = notes.into_iter().any(|note| note.contains(&source.id));
            let used = named
                || chain.supplies.iter().any(|supply| chain.sources[supply.source].id == source.id)
                || chain.inputs.iter().flat_map(|input| &input.market).any(|m| chain.sources[m.source].id == source.id);
            assert!(used, "{}: nothing rests on source {}", chain.name, source.id);
        }
        files += 1;
    }
    assert_eq!(files, chain::bundled().len());
}

#[test]
fn slips_are_named_and_placed() {
    let input = "[[input]]\nid = \"a\"\nkind = \"tool\"\n";
    let supply = "[[supply]]\ninput = \"a\"\nsource = \"s\"\n";
    let into = "goes_into = \"p\"\n";
    one(&format!("{input}{into}"), Name::NoSupplier, 15, 6, "nobody supplies 'a'");
    one(&format!("{input}{supply}"), Name::Unreachable, 15, 6, "goes into nothing");
    one(&format!("{input}goes_into = \"q\"\n{supply}"), Name::UnknownCode, 17, 13, "unknown input 'q'");
    one(&format!("{input}{into}{supply}share = 40"), Name::OutOfRange, 21, 9, "40 per cent is 0.4");
    one(&format!("{input}{into}{supply}share = [0.5, 0.2]"), Name::OutOfRange, 21, 9, "the least comes first");
    one(&format!("{input}{into}{supply}share = \"40 %\""), Name::WrongType, 21, 9, "write 0.4");
    one(&format!("{input}{into}{supply}region = \"China\""), Name::UnknownCode, 21, 10, "three capital letters");
    one(&format!("{input}{into}[[supply]]\ninput = \"a\"\nsource = \"t\""), Name::UnknownCode, 20, 10, "source 't'");
    one(&format!("{input}{into}market_musd = 3\n{supply}"), Name::MissingKey, 18, 15, "a year and a source");
    one(&format!("{input}{into}{supply}{input}{into}"), Name::Contradiction, 22, 6, "'a'");
    one(&format!("{input}{into}stage = \"one\"\n{supply}"), Name::UnknownCode, 18, 9, "unknown stage 'one'");
    one(&format!("{input}{into}colour = 3\n{supply}"), Name::UnknownKey, 18, 1, "colour");
    one(&format!("{input}{into}market_year = 2020\n{supply}"), Name::MissingKey, 15, 6, "without its size");
    // a needs b, b needs a.
    let circle = "[[input]]\nid = \"a\"\nkind = \"tool\"\ngoes_into = [\"p\", \"b\"]\n[[input]]\nid = \"b\"\nkind = \"tool\"\ngoes_into = \"a\"\n";
    one(circle, Name::Cycle, 15, 6, "a needs itself: a → b → a");
    let twice = format!("{input}{into}{supply}region = \"AAA\"\nshare = 0.7\n{supply}region = \"BBB\"\nshare = 0.7\n");
    one(&twice, Name::OutOfRange, 23, 1, "add up to 1.400");
}

#[test]
fn a_grade_that_no_variant_serves_is_refused() {
    let text = format!(
        "name = \"x\"\nproduct = \"p\"\ngrades = [\"fine\", \"coarse\"]\n{}{PRODUCT}[[input]]\nid = \"a\"\nkind = \"tool\"\nvariant_of = \"p\"\ngrades = [\"fine\"]\n[[supply]]\ninput = \"a\"\nsource = \"s\"\n",
        &HEAD[HEAD.find("[[source]]").expect("sources")..]
    );
    let refusal = chain::read(&text, "x.toml").expect_err("refused");
    assert!(refusal.to_string().contains("no variant of 'p' is for grade coarse"), "{refusal}");
}

#[test]
fn what_is_not_known_stays_so_and_what_is_rounded_is_scaled() {
    let supply = |region: &str, share: &str| {
        format!("[[supply]]\ninput = \"p\"\nregion = \"{region}\"\n{share}\nsource = \"s\"\n")
    };
    let product = "[[input]]\nid = \"p\"\nkind = \"product\"\n";
    let of = |supplies: &[String]| {
        let chain = sound(&format!("{HEAD}{product}{}", supplies.concat()));
        Shares::of(&chain, 0).expect("suppliers")
    };
    // Suppliers without a share have any part of what the third leaves, and so have others.
    let shares = of(&[supply("AAA", "share = 0.6"), supply("BBB", ""), supply("CCC", "")]);
    let bounds: Vec<(f64, f64)> = shares.regions.iter().map(|(_, h)| (h.low, h.high)).collect();
    assert_eq!(bounds, [(0.6, 0.6), (0.0, 0.4), (0.0, 0.4)]);
    assert_eq!((shares.elsewhere.low, shares.elsewhere.high), (0.0, 0.4));
    // Known shares that leave something leave it to others.
    let shares = of(&[supply("AAA", "share = 0.6"), supply("BBB", "share = 0.3")]);
    assert!((shares.elsewhere.low - 0.1).abs() < 1e-12 && (shares.elsewhere.high - 0.1).abs() < 1e-12);
    // A little more than all is rounding.
    let shares = of(&[supply("AAA", "share = 0.61"), supply("BBB", "share = 0.41")]);
    assert!((shares.published_sum - 1.02).abs() < 1e-12 && (shares.regions[0].1.low - 0.61 / 1.02).abs() < 1e-12);
    // A region's own row says all of its firms together.
    let firm = "[[supply]]\ninput = \"p\"\nregion = \"AAA\"\nfirm = \"F\"\nshare = 0.2\nsource = \"s\"\n".to_owned();
    let shares = of(&[firm, supply("AAA", "share = 0.7"), supply("BBB", "share = 0.3")]);
    assert!((shares.regions[0].1.low - 0.7).abs() < 1e-12);
    assert_eq!(Share::Unknown.bounds(), (0.0, 1.0));
}

#[test]
fn what_is_seldom_meant_is_said() {
    let row = "[[supply]]\ninput = \"p\"\nregion = \"CHN\"\nfirm = \"A firm\"\nshare = 0.1\nsource = \"s\"\n";
    let (_, warnings) = chain::read(&format!("{HEAD}{PRODUCT}{row}{row}"), "x.toml").expect("sound");
    let said: Vec<(Name, usize)> = warnings.iter().map(|warning| (warning.name, warning.line)).collect();
    // AAA is no country, and the firm stands there twice.
    assert_eq!(said, [(Name::UnknownCode, 12), (Name::Contradiction, 20)], "{warnings:?}");
    let refusal = chain::read(&format!("{HEAD}{PRODUCT}").replace("\"x\"", "\" \""), "x.toml").expect_err("no name");
    assert!(refusal.to_string().contains("`name` is empty"), "{refusal}");
}

#[test]
fn the_book_and_the_schema_are_those_of_the_code() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/reference");
    let (schema, path) = (chain::schema(), format!("{folder}/chain.schema.json"));
    if std::env::var_os("ZILI_BLESS").is_some() {
        std::fs::write(&path, &schema).expect("written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == schema, "chain.schema.json is behind the code; run ZILI_BLESS=1 cargo test");
    let book = std::fs::read_to_string(format!("{folder}/chains.md")).expect("the book");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("json");
    let mut known = 0;
    let mut look = |entry: &serde_json::Value| {
        for (key, of) in entry["properties"].as_object().into_iter().flatten() {
            assert!(of.get("description").is_some(), "{key} has no description");
            assert!(book.contains(&format!("`{key}`")) || book.contains(&format!("[[{key}]]")), "the book lacks {key}");
            known += 1;
        }
    };
    look(&schema);
    ["source", "stage", "input", "supply"].iter().for_each(|list| look(&schema["properties"][list]["items"]));
    assert!(known > 25, "{known} keys");
}
