//! A world written is the world read; a damaged one is refused.

use std::fs;
use std::path::{Path, PathBuf};
use zili_testkit::oracle::{Arrays, own};
use zili_world::{Bloc, Column, Error, Finding, Method, Options, Params, ValueAdded, World, store};

fn written() -> (tempfile::TempDir, World) {
    let world = Arrays::open(&own("tiny57/static.npz")).world(5, 7);
    let root = tempfile::tempdir().expect("a folder");
    let table = world.table(zili_testkit::YEAR).expect("a table");
    store::write(root.path(), world.manifest().clone(), &[table], false).expect("written");
    (root, world)
}

/// What is in a folder, but for the store's lock.
fn left(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name != ".lock");
    names.sort();
    names
}

/// The folder of a world's files.
fn generation(root: &Path) -> PathBuf {
    let names = left(&root.join("test"));
    root.join("test").join(names.iter().find(|name| name.starts_with("g-")).expect("a generation"))
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
    assert_eq!(left(root.path()), ["test"], "nothing is left beside it");
    assert_eq!(left(&root.path().join("test")).len(), 2, "nor in it: a manifest and the files that it names");
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
    assert_eq!(left(root.path()), ["test"]);
}

#[test]
fn a_truncated_file_is_refused_by_its_checksum() {
    let (root, _) = written();
    let path = generation(root.path()).join("2000/flows.parquet");
    let bytes = fs::read(&path).expect("file");
    fs::write(&path, &bytes[..bytes.len() / 2]).expect("cut");
    let error = World::open(&root.path().join("test")).expect("manifest").table(2000).expect_err("refused");
    assert!(matches!(&error, Error::Store { reason, .. } if reason.contains("SHA-256")), "{error}");
}

#[test]
fn findings_from_a_world_in_another_unit_are_in_that_unit() {
    let (_root, world) = written();
    let mut manifest = world.manifest().clone();
    manifest.unit = "thousand EUR, current prices".to_owned();
    let tables = vec![world.table(zili_testkit::YEAR).expect("table")];
    let world = World::in_memory(manifest, tables).expect("a world");
    const METHOD: Method = Method {
        name: "test",
        page: "# Test",
        columns: &[Column::musd("value", "Value", "an amount"), Column::share("share", "Share", "a share")],
        parameters: &[],
    };
    let params = Params {
        home: Bloc::of_region(world.classification(), 0),
        partners: Vec::new(),
        year: zili_testkit::YEAR,
        value_added: ValueAdded::Residual,
        options: Options::default(),
    };
    let mut finding = Finding::new(&METHOD, &params);
    world.sign(&mut finding).expect("signed");
    assert_eq!(finding.columns.iter().map(|c| c.unit).collect::<Vec<_>>(), ["thousand EUR", "share 0–1"]);
    // What rests on no table of it is in its own.
    let mut apart = Finding::apart(&METHOD, &params);
    world.sign(&mut apart).expect("signed");
    assert_eq!(apart.columns[0].unit, "million USD");
}

#[test]
fn another_schema_is_refused_with_what_is_read() {
    let (root, _) = written();
    let path = root.path().join("test/manifest.json");
    let text = fs::read_to_string(&path).expect("manifest");
    fs::write(&path, text.replace("\"schema\": 3", "\"schema\": 99")).expect("changed");
    let error = World::open(&root.path().join("test")).err().expect("refused").to_string();
    assert!(error.contains("schema 99") && error.contains("schema 1 to 3"), "{error}");
}

/// Makes of a world what an earlier version wrote: files beside the manifest, which names no generation.
fn as_written_earlier(root: &Path) {
    let (place, files) = (root.join("test"), generation(root));
    fs::rename(files.join("2000"), place.join("2000")).expect("moved");
    fs::remove_dir_all(files).expect("removed");
    let text = fs::read_to_string(place.join("manifest.json")).expect("manifest");
    let mut value: serde_json::Value = serde_json::from_str(&text).expect("json");
    let map = value.as_object_mut().expect("an object");
    map.insert("schema".into(), 2.into());
    map.remove("generation");
    map.remove("sha256");
    fs::write(place.join("manifest.json"), value.to_string()).expect("written");
}

#[test]
fn a_world_of_an_earlier_layout_is_read_and_replaced_and_stays_for_its_readers() {
    let (root, world) = written();
    as_written_earlier(root.path());
    let place = root.path().join("test");
    let reader = World::open(&place).expect("opened");
    let tables = [world.table(zili_testkit::YEAR).expect("table")];
    store::write(root.path(), world.manifest().clone(), &tables, true).expect("replaced");
    assert!(place.join("2000").exists(), "its reader has not read all");
    reader.table(zili_testkit::YEAR).expect("what was opened is still there");
    drop(reader);
    World::open(&place).expect("opened").table(zili_testkit::YEAR).expect("the new one");
    store::write(root.path(), world.manifest().clone(), &tables, true).expect("replaced again");
    assert_eq!(left(&place).len(), 2, "the earlier files are gone: {:?}", left(&place));
    World::open(&place).expect("opened").table(zili_testkit::YEAR).expect("the newest one");
}

/// Swapped, the numbers of one would stand under the other's name.
#[test]
fn two_regions_swapped_in_the_manifest_are_refused() {
    let (root, world) = written();
    let path = root.path().join("test/manifest.json");
    let text = fs::read_to_string(&path).expect("manifest");
    let [a, b] = [0, 1].map(|r| world.classification().regions()[r].code.to_string());
    let code = |code: &str| format!("\"code\": \"{code}\"");
    let swapped = text.replacen(&code(&a), "?", 1).replacen(&code(&b), &code(&a), 1).replacen('?', &code(&b), 1);
    assert_ne!(text, swapped);
    fs::write(&path, swapped).expect("changed");
    let error = World::open(&root.path().join("test")).err().expect("refused").to_string();
    assert!(error.contains("manifest.json") && error.contains("changed by hand"), "{error}");
}

#[test]
fn a_manifest_without_its_checksum_or_with_a_path_as_generation_is_refused() {
    let (root, _) = written();
    let path = root.path().join("test/manifest.json");
    let text = fs::read_to_string(&path).expect("manifest");
    let refusal = |change: &dyn Fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut value: serde_json::Value = serde_json::from_str(&text).expect("json");
        change(value.as_object_mut().expect("an object"));
        fs::write(&path, value.to_string()).expect("changed");
        World::open(&root.path().join("test")).err().expect("refused").to_string()
    };
    let unsealed = refusal(&|map| drop(map.remove("sha256")));
    assert!(unsealed.contains("no checksum"), "{unsealed}");
    for path in ["../other", "/tmp", "g-../../../../etc", ""] {
        let earlier = |map: &mut serde_json::Map<String, serde_json::Value>| {
            map.insert("schema".into(), 2.into());
            map.remove("sha256");
            map.insert("generation".into(), path.into());
        };
        let error = refusal(&earlier);
        assert!(error.contains("does not name a folder of the store"), "{error}");
    }
}

type Change<'a> = &'a dyn Fn(&mut zili_world::Manifest);

#[test]
fn manifests_without_tables_or_with_something_twice_are_refused_on_both_ways() {
    let (root, world) = written();
    let table = world.table(zili_testkit::YEAR).expect("table");
    let cases: [(&str, Change); 3] = [
        ("has no tables", &|manifest| manifest.tables.clear()),
        ("'2000' is given twice", &|manifest| manifest.tables.push(manifest.tables[0].clone())),
        ("is given twice", &|manifest| manifest.regions[1] = manifest.regions[0].clone()),
    ];
    as_written_earlier(root.path());
    let place = root.path().join("test");
    for (reason, change) in cases {
        let mut manifest = world.manifest().clone();
        change(&mut manifest);
        let tables = vec![table.clone(); manifest.tables.len()];
        let other = tempfile::tempdir().expect("a folder");
        let error = store::write(other.path(), manifest.clone(), &tables, false).expect_err("refused").to_string();
        assert!(error.contains(reason), "{error}");
        fs::write(
            place.join("manifest.json"),
            serde_json::to_string(&manifest).expect("json").replace("\"schema\":3", "\"schema\":2"),
        )
        .expect("written");
        let error = World::open(&place).err().expect("refused").to_string();
        assert!(error.contains(reason) && error.contains("manifest.json"), "{error}");
    }
}

#[test]
fn a_world_under_another_name_than_its_own_is_refused() {
    let (root, _) = written();
    fs::rename(root.path().join("test"), root.path().join("other")).expect("renamed");
    let error = World::open(&root.path().join("other")).err().expect("refused").to_string();
    assert!(error.contains("'other'") && error.contains("'test'") && error.contains("rename"), "{error}");
}

#[test]
fn names_that_a_terminal_would_obey_are_refused_where_they_are_read_and_written() {
    let (root, world) = written();
    as_written_earlier(root.path());
    let path = root.path().join("test/manifest.json");
    for (k, bad) in ["\u{1b}[2J", "a\0b", "two\nlines", "\u{202e}txt", "\u{2066}", "\u{9b}m"].into_iter().enumerate() {
        let mut manifest = world.manifest().clone();
        manifest.schema = 2;
        manifest.regions[0].name = bad.to_owned();
        fs::write(&path, serde_json::to_string(&manifest).expect("json")).expect("written");
        let read = World::open(&root.path().join("test")).err().expect("refused").to_string();
        let tables = [world.table(zili_testkit::YEAR).expect("table")];
        manifest.name = format!("bad{k}");
        let written = store::write(root.path(), manifest, &tables, false).expect_err("refused").to_string();
        for error in [read, written] {
            assert!(error.contains("regions [0] name") && error.contains("U+"), "{error}");
            assert_eq!(zili_world::label::unshown(&error), None, "{error}");
        }
    }
    assert_eq!(store::list(root.path()).expect("list"), ["test"]);
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
