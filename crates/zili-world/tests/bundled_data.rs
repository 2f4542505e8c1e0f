//! What ships with zili is what `data/SOURCES.md` says, and can be read.

use std::path::{Path, PathBuf};
use zili_world::store::sha256;
use zili_world::{minerals, trade};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

/// Every file under `data`, but the tables (their manifest has the checksums), labels as text, and scripts.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        match path.is_dir() {
            // Worlds have the checksums of their files in their manifests, and labels beside them.
            true if !["wiod2013", "icio2022"].iter().any(|world| name.starts_with(world)) => files(&path, found),
            true => {}
            false if name.ends_with(".py") || name.ends_with(".sh") || name == "SOURCES.md" => {}
            false => found.push(path),
        }
    }
}

#[test]
fn every_bundled_file_has_a_row_with_its_checksum() {
    let sources = std::fs::read_to_string(data().join("SOURCES.md")).expect("sources");
    let mut found = Vec::new();
    files(&data(), &mut found);
    found.sort();
    assert!(found.len() > 8, "{found:?}");
    for path in found {
        let name = path.strip_prefix(data()).expect("inside").display().to_string().replace('\\', "/");
        let sum = sha256(&std::fs::read(&path).expect("a file"));
        let row = sources.lines().find(|line| line.starts_with(&format!("| `{name}`")));
        assert!(row.is_some_and(|row| row.contains(&sum)), "{name}: {sum} is not in its row of SOURCES.md");
    }
}

#[test]
fn every_product_of_the_bundled_trade_has_a_name_and_a_material() {
    let (trade, minerals) = (trade::bundled().expect("trade"), minerals::bundled().expect("minerals"));
    assert_eq!((trade.products().len(), trade.years()), (30, vec![2022, 2024]));
    for product in trade.products() {
        assert_ne!(product.name, product.code);
        assert!(minerals.traded(&product.code).is_some_and(|traded| traded.name == product.name), "{}", product.code);
    }
    assert!(trade.economy("TWN").is_ok() && trade.economy("S19").is_err());
}
