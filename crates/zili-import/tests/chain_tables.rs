//! Chains as tables.

use std::path::Path;
use zili_import::Kind;
use zili_world::chain::{self, Share};

fn read(folder: &Path) -> Result<String, String> {
    let Kind::Chain(read) = zili_import::format("chain").expect("a format").kind else { panic!("a chain") };
    read(folder, "mine").map_err(|refusal| refusal.to_string())
}

fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = [
        ("chain.toml", "title = \"Mine\"\nproduct = \"part\"\ngrades = [\"fine\", \"coarse\"]\n"),
        ("sources.csv", "id,title,publisher,year\ns,A report,\"Its, publisher\",2024\n"),
        ("stages.csv", "id,name\nmaking,Making it\n"),
        (
            "inputs.csv",
            "id,kind,stage,goes_into,variant_of,grades,market_musd,market_year,market_source\npart,product,,,,,,,\n\
             alloy,material,making,,,,12.5,2023,s\nore,material,,alloy,,fine;coarse,,,\n",
        ),
        (
            "supplies.csv",
            "input,region,firm,share,year,source,note\nalloy,CHN,,0.8;0.9,2023,s,\nalloy,JPN,A firm,,,s,no share\nore,AUS,,1,,s,\n",
        ),
    ];
    for (name, text) in sound {
        let text = files.iter().find(|(other, _)| *other == name).map_or(text, |(_, other)| *other);
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

#[test]
fn tables_become_a_sound_chain() {
    let text = read(written(&[]).path()).expect("read");
    let (chain, warnings) = chain::read(&text, "mine.toml").expect("sound");
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((chain.name.as_str(), chain.title.as_str(), chain.grades.len()), ("mine", "Mine", 2));
    assert_eq!(chain.sources[0].publisher, "Its, publisher");
    assert_eq!(chain.inputs.len(), 4);
    assert!(
        matches!(chain.supplies[0].share, Share::Between(low, high) if (low, high) == (0.8, 0.9)),
        "{:?}",
        chain.supplies[0]
    );
    assert!(matches!(chain.supplies[1].share, Share::Unknown));
    assert_eq!(
        chain.inputs.iter().find(|input| input.id == "alloy").and_then(|i| i.market.as_ref()).map(|m| m.musd),
        Some(12.5)
    );
}

#[test]
fn slips_are_named_with_their_line() {
    for (name, table, expected) in [
        ("supplies.csv", "input,region,share,source\nalloy,CHN,much,s\n", "supplies.csv:2: share 'much': not a number"),
        ("supplies.csv", "input,country,source\n", "supplies.csv:1: unknown column 'country' (accepted: input, region"),
        ("sources.csv", "id,title,publisher,year\ns,t,p,now\n", "sources.csv:2: year 'now': not a whole number"),
        ("inputs.csv", "id,kind\npart\n", "inputs.csv:2:"),
        ("chain.toml", "product = part\n", "chain.toml: "),
    ] {
        let refusal = read(written(&[(name, table)]).path()).expect_err(table);
        assert!(refusal.contains(expected), "{refusal}");
    }
    // What a chain may hold is said by the reader of chain files, beside the line of the table.
    let text = read(written(&[("supplies.csv", "input,region,share,source\nalloy,CHN,80,s\nore,AUS,1,s\n")]).path())
        .expect("read");
    let refusal = chain::read(&text, "mine.toml").expect_err("a share of 80").to_string();
    assert!(refusal.contains("share") && text.contains("# supplies.csv, line 2\n[[supply]]"), "{refusal}");
    let folder = tempfile::tempdir().expect("a folder");
    assert!(read(folder.path()).expect_err("nothing there").contains("chain.toml: not found"));
}
