//! A world written is the world read; a damaged one is refused.

use std::fs;
use zili_testkit::oracle::{Arrays, own};
use zili_world::{Error, World, store};

fn written() -> (tempfile::TempDir, World) {
    let world = Arrays::open(&own("tiny57/static.npz")).world(5, 7);
    let root = tempfile::tempdir().expect("a folder");
    let table = world.table(zili_testkit::YEAR).expect("a table");
    store::write(root.path(), world.manifest().clone(), &[table], false).expect("written");
    (root, world)
}

#[test]
fn a_world_comes_back_bit_for_bit() {
    let (root, world) = written();
    let back = World::open(&root.path().join("test")).expect("opened");
    let (a, b) = (world.table(zili_testkit::YEAR).expect("table"), back.table(zili_testkit::YEAR).expect("table"));
    assert_eq!(a.z, b.z);
    assert_eq!(a.y, b.y);
    assert_eq!(a.v, b.v);
    assert_eq!(b.vy, None, "what was not published stays missing");
    assert_eq!(store::list(root.path()).expect("list"), ["test"]);
}

#[test]
fn an_existing_world_is_replaced_only_when_asked() {
    let (root, world) = written();
    let tables = [world.table(zili_testkit::YEAR).expect("table")];
    assert!(store::write(root.path(), world.manifest().clone(), &tables, false).is_err());
    store::write(root.path(), world.manifest().clone(), &tables, true).expect("replaced");
    assert_eq!(fs::read_dir(root.path()).expect("folder").count(), 1, "nothing is left beside it");
}

/// A crash between the two renames of a replacement leaves only the world set aside.
#[test]
fn a_world_set_aside_by_a_crash_is_still_the_world() {
    let (root, world) = written();
    fs::rename(root.path().join("test"), root.path().join("test.old")).expect("set aside");
    assert_eq!(store::list(root.path()).expect("list"), ["test"]);
    World::open(&root.path().join("test")).expect("opened").table(zili_testkit::YEAR).expect("a table");
    let tables = [world.table(zili_testkit::YEAR).expect("table")];
    assert!(store::write(root.path(), world.manifest().clone(), &tables, false).is_err(), "it is not given up unasked");
    store::write(root.path(), world.manifest().clone(), &tables, true).expect("replaced");
    assert_eq!(fs::read_dir(root.path()).expect("folder").count(), 1);
}

#[test]
fn a_truncated_file_is_refused_by_its_checksum() {
    let (root, _) = written();
    let path = root.path().join("test/2000/flows.parquet");
    let bytes = fs::read(&path).expect("file");
    fs::write(&path, &bytes[..bytes.len() / 2]).expect("cut");
    let error = World::open(&root.path().join("test")).expect("manifest").table(2000).expect_err("refused");
    assert!(matches!(&error, Error::Store { reason, .. } if reason.contains("SHA-256")), "{error}");
}

#[test]
fn a_world_in_another_unit_says_so_with_every_finding() {
    let (_root, world) = written();
    assert_eq!(world.unit_note(), None);
    let mut manifest = world.manifest().clone();
    manifest.unit = "million EUR, current prices".to_owned();
    let tables = vec![world.table(zili_testkit::YEAR).expect("table")];
    let world = World::in_memory(manifest, tables).expect("a world");
    assert!(world.unit_note().expect("a note").contains("million EUR"));
}

#[test]
fn another_schema_is_refused_with_what_is_read() {
    let (root, _) = written();
    let path = root.path().join("test/manifest.json");
    let text = fs::read_to_string(&path).expect("manifest");
    fs::write(&path, text.replace("\"schema\": 2", "\"schema\": 99")).expect("changed");
    let error = World::open(&root.path().join("test")).err().expect("refused").to_string();
    assert!(error.contains("schema 99") && error.contains("schema 2"), "{error}");
}

proptest::proptest! {
    /// Damage anywhere in a Parquet file gives numbers or an error, never a panic that gets out.
    #[test]
    fn a_damaged_parquet_file_never_panics(at in 0usize..400, byte: u8) {
        let values = zili_world::columnar::Values::Number((0..50).map(|v| Some(f64::from(v))).collect());
        let mut bytes = Vec::new();
        zili_world::columnar::write(&mut bytes, vec![("value".to_owned(), values)], Vec::new()).expect("encoded");
        let at = at % bytes.len();
        bytes[at] ^= byte;
        let _ = zili_world::columnar::read_numbers(bytes.into());
    }
}
