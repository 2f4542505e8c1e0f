//! The plain layout: what is read, and every way in which it is refused.

use std::fs;
use std::path::Path;
use zili_import::{Error, Imported, Kind, Repair, Settings};
use zili_world::{Role, World, store};

fn settings(repairs: &[Repair]) -> Settings {
    Settings { name: "test".into(), year: Some(2020), tolerance: 1e-3, repairs: repairs.to_vec() }
}

fn import(folder: &Path, repairs: &[Repair]) -> Result<Imported, Error> {
    let Kind::World(read) = zili_import::format("plain").expect("known").kind else { panic!("plain holds a world") };
    read(folder, &settings(repairs))
}

fn put(folder: &Path, file: &str, text: &str) {
    fs::write(folder.join(file), text).expect("written");
}

/// Two regions × two sectors that balance: x = 100, 80, 60, 40.
fn good() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    put(path, "regions.csv", "code,name\nAAA,Aland\nBBB,Bland\n");
    put(path, "sectors.csv", "code,name,alias\ns1,Goods,c1\ns2,Services,c2\n");
    put(path, "final_demand.csv", "code\nhh\n");
    put(path, "primary_inputs.csv", "code\nVA\n");
    put(path, "Z.csv", "10,20,5,5\n10,10,5,0\n5,5,10,5\n0,5,5,5\n");
    put(path, "Y.csv", "50,10\n40,15\n10,25\n5,20\n");
    put(path, "V.csv", "75,40,35,25\n");
    put(path, "x.csv", "100\n80\n60\n40\n");
    folder
}

/// Imports a good folder with one file changed; gives the refusal.
fn refusal(file: &str, text: &str) -> String {
    let folder = good();
    put(folder.path(), file, text);
    import(folder.path(), &[]).expect_err("refused").to_string()
}

#[test]
fn a_good_folder_becomes_a_world() {
    let folder = good();
    let imported = import(folder.path(), &[]).expect("imported");
    let root = tempfile::tempdir().expect("a folder");
    let place = store::write(root.path(), imported.manifest, &imported.tables, false).expect("written");
    let world = World::open(&place).expect("opened");
    let system = world.system(2020).expect("a system");
    assert_eq!(system.output(), [100.0, 80.0, 60.0, 40.0]);
    assert_eq!(world.classification().sector("c2").expect("alias"), 1);
    assert_eq!(system.table().primary_inputs[0].role, Role::ValueAdded);
}

#[test]
fn parquet_reads_like_csv() {
    let folder = good();
    let columns = [[10.0, 10.0, 5.0, 0.0], [20.0, 10.0, 5.0, 5.0], [5.0, 5.0, 10.0, 5.0], [5.0, 0.0, 5.0, 5.0]];
    let columns = columns.iter().enumerate().map(|(j, values)| {
        (format!("c{j}"), zili_world::columnar::Values::Number(values.iter().map(|v| Some(*v)).collect()))
    });
    let mut bytes = Vec::new();
    zili_world::columnar::write(&mut bytes, columns.collect(), Vec::new()).expect("encoded");
    let from_csv = import(folder.path(), &[]).expect("imported").tables[0].z.clone();
    fs::remove_file(folder.path().join("Z.csv")).expect("removed");
    fs::write(folder.path().join("Z.parquet"), bytes).expect("written");
    assert_eq!(import(folder.path(), &[]).expect("imported").tables[0].z, from_csv);
}

#[test]
fn years_stand_in_subfolders_and_share_labels() {
    let folder = good();
    for year in ["2019", "2020"] {
        let sub = folder.path().join(year);
        fs::create_dir(&sub).expect("made");
        for file in ["Z.csv", "Y.csv", "V.csv"] {
            fs::copy(folder.path().join(file), sub.join(file)).expect("copied");
        }
    }
    for file in ["Z.csv", "Y.csv", "V.csv", "x.csv"] {
        fs::remove_file(folder.path().join(file)).expect("removed");
    }
    let imported = import(folder.path(), &[]).expect("imported");
    assert_eq!(imported.tables.iter().map(|t| t.year).collect::<Vec<_>>(), [2019, 2020]);
    put(&folder.path().join("2020"), "sectors.csv", "code\ns1\nother\n");
    let error = import(folder.path(), &[]).expect_err("refused").to_string();
    assert!(error.contains("'other'") && error.contains("'s2'"), "{error}");
}

#[test]
fn an_empty_folder_says_what_it_needs() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = import(folder.path(), &[]).expect_err("refused").to_string();
    assert!(error.contains("regions.csv") && error.contains("Z, Y, V"), "{error}");
}

#[test]
fn a_missing_matrix_says_which() {
    let folder = good();
    fs::remove_file(folder.path().join("Y.csv")).expect("removed");
    let error = import(folder.path(), &[]).expect_err("refused").to_string();
    assert!(error.contains("Y.csv"), "{error}");
}

#[test]
fn cells_are_refused_with_line_and_column() {
    for (text, says) in [
        ("10,20,5,5\n10,abc,5,0\n5,5,10,5\n0,5,5,5\n", "'abc' is not a number"),
        ("10,20,5,5\n10,NaN,5,0\n5,5,10,5\n0,5,5,5\n", "'NaN' is not a finite number"),
        ("10,20,5,5\n10,inf,5,0\n5,5,10,5\n0,5,5,5\n", "'inf' is not a finite number"),
        ("10,20,5,5\n10,,5,0\n5,5,10,5\n0,5,5,5\n", "empty"),
    ] {
        let error = refusal("Z.csv", text);
        assert!(error.contains("Z.csv:2") && error.contains("column 2") && error.contains(says), "{error}");
    }
    let error = refusal("Z.csv", "a,b,c,d\n10,20,5,5\n10,10,5,0\n5,5,10,5\n0,5,5,5\n");
    assert!(error.contains("no header"), "{error}");
}

#[test]
fn shapes_are_refused_with_a_hint() {
    let error = refusal("Z.csv", "10,20,5,5\n10,10,5,0\n5,5,10,5\n");
    assert!(error.contains("3 × 4") && error.contains("cut short"), "{error}");
    let error = refusal("Z.csv", "10,20,5,5\n10,10,5,0\n5,5,10,5\n0,5,5\n");
    assert!(error.contains("Z.csv:4") && error.contains("cut short"), "{error}");
    let error = refusal("V.csv", "75\n40\n35\n25\n");
    assert!(error.contains("transposed"), "{error}");
    let error = refusal("Y.csv", "50,10\n40,15\n10,25\n5,20\n105,70\n");
    assert!(error.contains("total"), "{error}");
}

#[test]
fn labels_are_refused_with_their_line() {
    assert!(refusal("regions.csv", "name\nAland\n").contains("no column 'code'"));
    let error = refusal("regions.csv", "code\nAAA\nAAA\n");
    assert!(error.contains("regions.csv:3") && error.contains("line 2"), "{error}");
    assert!(refusal("primary_inputs.csv", "code,role\nVA,profit\n").contains("value-added, other or residual"));
    assert!(refusal("sectors.csv", "code\n").contains("no codes"));
}

#[test]
fn a_table_that_does_not_balance_is_refused_and_repaired_only_by_name() {
    let folder = good();
    put(folder.path(), "x.csv", "100\n80\n60\n44\n");
    let error = import(folder.path(), &[]).expect_err("refused").to_string();
    assert!(
        error.contains("does not balance") && error.contains("BBB.s2 (4)") && error.contains("output-from-uses"),
        "{error}"
    );
    let imported = import(folder.path(), &[Repair::OutputFromUses]).expect("repaired");
    assert_eq!(imported.tables[0].output(), [100.0, 80.0, 60.0, 40.0]);
    assert!(imported.manifest.tables[0].remarks[0].contains("output-from-uses"), "what was let pass is kept");
    let error = refusal("V.csv", "75,40,35,35\n");
    assert!(error.contains("does not balance") && error.contains("keep-column-balance"), "{error}");
}

#[test]
fn negative_flows_are_refused_and_zeroed_only_by_name() {
    let folder = good();
    put(folder.path(), "Z.csv", "10,20,5,5\n10,10,5,0\n5,5,10,5\n-2,7,5,5\n");
    let error = import(folder.path(), &[]).expect_err("refused").to_string();
    assert!(error.contains("negative flow") && error.contains("BBB.s2 to AAA.s1"), "{error}");
}

#[test]
fn a_unit_slip_is_named_with_its_power() {
    let error = refusal("V.csv", "75000,40000,35000,25000\n");
    assert!(error.contains("unit slip") && error.contains("V is 10^3"), "{error}");
    let error = refusal("x.csv", "0.1\n0.08\n0.06\n0.04\n");
    assert!(error.contains("unit slip") && error.contains("x is 10^-3"), "{error}");
}

#[test]
fn a_transposed_matrix_is_recognised() {
    let folder = good();
    put(folder.path(), "Z.csv", "10,10,5,0\n20,10,5,5\n5,5,10,5\n5,0,5,5\n");
    fs::remove_file(folder.path().join("x.csv")).expect("removed");
    let error = import(folder.path(), &[]).expect_err("refused").to_string();
    assert!(error.contains("transposed"), "{error}");
}

#[test]
fn a_hidden_total_is_recognised() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    put(path, "regions.csv", "code\nAAA\n");
    put(path, "sectors.csv", "code\ns1\ns2\nTotal\n");
    put(path, "final_demand.csv", "code\nhh\n");
    put(path, "primary_inputs.csv", "code\nVA\n");
    put(path, "Z.csv", "10,20,5\n10,10,5\n20,30,10\n");
    put(path, "Y.csv", "50\n40\n90\n");
    put(path, "V.csv", "45,5,130\n");
    let error = import(path, &[]).expect_err("refused").to_string();
    assert!(error.contains("hidden total") && error.contains("AAA.Total"), "{error}");
}

#[test]
fn inputs_without_output_are_refused() {
    let error = refusal("Y.csv", "50,10\n40,15\n10,25\n-15,0\n");
    assert!(error.contains("zero output") && error.contains("BBB.s2"), "{error}");
}

#[test]
fn columns_of_a_that_reach_one_are_refused() {
    let folder = good();
    put(folder.path(), "Y.csv", "50,10\n40,15\n10,25\n0,-5\n");
    put(folder.path(), "V.csv", "75,40,35,-5\n");
    fs::remove_file(folder.path().join("x.csv")).expect("removed");
    let error = import(folder.path(), &[]).expect_err("refused").to_string();
    assert!(error.contains("column sum of A ≥ 1") && error.contains("BBB.s2"), "{error}");
}

proptest::proptest! {
    /// Whatever the bytes, a reader answers with a world or an error, never a panic.
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), which in 0usize..4) {
        let folder = good();
        let file = ["Z.csv", "regions.csv", "world.toml", "Z.parquet"][which];
        if file == "Z.parquet" {
            fs::remove_file(folder.path().join("Z.csv")).expect("removed");
        }
        fs::write(folder.path().join(file), bytes).expect("written");
        let _ = import(folder.path(), &[]);
    }
}
