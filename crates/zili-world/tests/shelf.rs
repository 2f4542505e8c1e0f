//! The store under several writers, readers and crashes: the old data or the new, never a mixture, and nothing left behind.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use zili_world::shelf::{self, Shelf};
use zili_world::store::{Files, TableEntry};
use zili_world::{Error, Manifest, Matrix, Table, World, store, tariffs};

const YEARS: [i32; 2] = [2000, 2001];

/// A world in which every number, and the title, say which edition it is.
fn edition(name: &str, k: u32) -> (Manifest, Vec<Arc<Table>>) {
    let labels = |n: usize, letter: &str| (0..n).map(|i| format!("{letter}{i}")).collect::<Vec<String>>();
    let of = |rows, columns| Matrix::from_rows(rows, columns, vec![f64::from(k); rows * columns]);
    let world = zili_testkit::world(&labels(3, "R"), &labels(4, "s"), 1, of(12, 12), of(12, 3));
    let table = world.table(YEARS[0]).expect("a table");
    let mut manifest = world.manifest().clone();
    (manifest.name, manifest.title) = (name.to_owned(), format!("edition {k}"));
    manifest.tables = YEARS.map(|year| TableEntry { year, ..manifest.tables[0].clone() }).into();
    let of_year = |year| {
        let mut table = (*table).clone();
        table.year = year;
        Arc::new(table)
    };
    (manifest, YEARS.map(of_year).into())
}

fn write(root: &Path, name: &str, k: u32, replace: bool) -> Result<PathBuf, Error> {
    let (manifest, tables) = edition(name, k);
    store::write(root, manifest, &tables, replace)
}

/// Opens a world and reads all of it: which edition it is, the same in every part.
fn read(place: &Path) -> Result<u32, Error> {
    let world = World::open(place)?;
    let k: u32 = world.manifest().title.strip_prefix("edition ").and_then(|k| k.parse().ok()).expect("an edition");
    // Time for a writer to come in between.
    std::thread::yield_now();
    for year in YEARS {
        let table = world.table(year)?;
        let numbers = table.z.as_slice().iter().chain(table.y.as_slice());
        numbers.for_each(|value| assert_eq!(*value, f64::from(k), "a mixture of editions"));
    }
    Ok(k)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name != ".lock");
    names.sort();
    names
}

/// Staging places are of the whole process: tests that abandon them, or count them, take turns with those that write.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn root() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn of_two_imports_of_one_name_exactly_one_is_done() {
    let _turn = alone();
    let rounds = 40;
    for round in 0..rounds {
        let root = root();
        let done: Vec<Result<PathBuf, Error>> = std::thread::scope(|scope| {
            let writers = [1, 2].map(|k| {
                let root = root.path();
                scope.spawn(move || write(root, "mine", k, false))
            });
            writers.into_iter().map(|writer| writer.join().expect("no panic")).collect()
        });
        let won: Vec<usize> = (0..2).filter(|k| done[*k].is_ok()).collect();
        assert_eq!(won.len(), 1, "round {round}: {done:?}");
        let refusal = done[1 - won[0]].as_ref().expect_err("the other").to_string();
        assert!(refusal.contains("is there already"), "{refusal}");
        assert_eq!(read(&root.path().join("mine")).expect("read"), won[0] as u32 + 1);
        assert_eq!(names(root.path()), ["mine"], "nothing is left");
    }
}

/// Writers that replace one world beside readers of it, for so long; how many of each were done.
fn writers_and_readers(writers: u32, readers: u32, time: Duration) -> (usize, usize) {
    let root = root();
    write(root.path(), "mine", 0, false).expect("written");
    let (stop, written, seen) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for w in 0..writers {
            let (root, stop, written) = (root.path(), &stop, &written);
            scope.spawn(move || {
                for k in (w + 1..).step_by(writers as usize) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    write(root, "mine", k, true).expect("replaced");
                    written.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..readers {
            let (place, stop, seen) = (root.path().join("mine"), &stop, &seen);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    read(&place).expect("old or new");
                    seen.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
    write(root.path(), "mine", 1, true).expect("replaced");
    assert_eq!(names(root.path()), ["mine"]);
    assert_eq!(names(&root.path().join("mine")).len(), 2, "older generations are gone");
    (written.into_inner(), seen.into_inner())
}

#[test]
fn readers_beside_writers_never_see_a_mixture() {
    let _turn = alone();
    let (written, seen) = writers_and_readers(4, 8, Duration::from_secs(2));
    assert!(written > 10 && seen > 10, "{written} written, {seen} read");
}

#[test]
#[ignore = "takes a minute: .ci/run runs it"]
fn readers_beside_writers_never_see_a_mixture_for_long() {
    let _turn = alone();
    for (writers, readers) in [(2, 0), (4, 8), (8, 2)] {
        let (written, seen) = writers_and_readers(writers, readers, Duration::from_secs(20));
        println!("{writers} writers, {readers} readers: {written} replacements, {seen} reads");
    }
}

/// Named in the environment of a process that is to write until it is killed.
const VICTIM: &str = "ZILI_TEST_WRITE_UNTIL_KILLED";

/// Not a test by itself: what the process that is killed does.
#[test]
fn writes_until_killed() {
    let Some(root) = std::env::var_os(VICTIM) else { return };
    let until = Instant::now() + Duration::from_secs(60);
    for k in (std::process::id()..).take_while(|_| Instant::now() < until) {
        write(Path::new(&root), "mine", k % 1_000_000, true).expect("replaced");
    }
}

/// Killed when dropped.
struct Victim(std::process::Child);

impl Drop for Victim {
    fn drop(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("ended");
    }
}

fn victim(root: &Path) -> Victim {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "writes_until_killed"]).env(VICTIM, root);
    Victim(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started"))
}

/// Kills writers at random moments; after each, the world is whole. How many were killed, and how often one left something.
fn kill_writers(kills: u64, at_once: usize) -> usize {
    let root = root();
    write(root.path(), "mine", 0, false).expect("written");
    let mut left = 0;
    for kill in 0..kills {
        let victims: Vec<Victim> = (0..at_once).map(|_| victim(root.path())).collect();
        let until = Instant::now() + Duration::from_millis(20 + kill * 7919 % 83);
        while Instant::now() < until {
            read(&root.path().join("mine")).expect("old or new");
        }
        drop(victims);
        left += usize::from(names(root.path()).len() + names(&root.path().join("mine")).len() > 3);
        read(&root.path().join("mine")).expect("whole");
    }
    write(root.path(), "mine", 7, true).expect("replaced");
    assert_eq!(read(&root.path().join("mine")).expect("read"), 7);
    assert_eq!((names(root.path()).len(), names(&root.path().join("mine")).len()), (1, 2), "all is swept");
    left
}

#[test]
fn a_writer_killed_at_any_moment_leaves_old_or_new_and_the_next_one_sweeps() {
    let _turn = alone();
    kill_writers(8, 2);
}

#[test]
#[ignore = "takes minutes: .ci/run runs it"]
fn many_writers_killed_at_any_moment_leave_old_or_new() {
    let _turn = alone();
    let kills = 300;
    let left = kill_writers(kills, 3);
    println!("{kills} rounds of 3 killed writers; {left} left something, all swept");
}

#[test]
fn what_a_dead_writer_left_is_swept_and_what_a_living_one_holds_is_not() {
    let _turn = alone();
    let root = root();
    write(root.path(), "mine", 1, false).expect("written");
    let (dead, living) = (root.path().join(".writing-dead"), root.path().join(".writing-living"));
    for place in [&dead, &living] {
        fs::create_dir_all(place.join("files/2000")).expect("a folder");
        fs::write(place.join("lock"), "").expect("a lock");
        fs::write(place.join("files/2000/flows.parquet"), "half").expect("a file");
    }
    let earlier = root.path().join("mine/.writing-earlier");
    fs::create_dir(&earlier).expect("a folder");
    let lock = fs::File::open(living.join("lock")).expect("a lock");
    lock.lock().expect("held");
    write(root.path(), "other", 1, false).expect("written");
    assert_eq!(names(root.path()), [".writing-living", "mine", "other"]);
    assert!(!earlier.exists());
    drop(lock);
    write(root.path(), "other", 2, true).expect("written");
    assert_eq!(names(root.path()), ["mine", "other"]);
}

#[test]
fn an_open_world_stays_readable_while_it_is_replaced_and_goes_afterwards() {
    let _turn = alone();
    let root = root();
    let place = write(root.path(), "mine", 1, false).expect("written");
    let reader = World::open(&place).expect("opened");
    for k in [2, 1, 1] {
        write(root.path(), "mine", k, true).expect("replaced");
    }
    assert_eq!(read(&place).expect("the new one"), 1);
    assert_eq!(names(&place).len(), 3, "the manifest, the reader's files and the new ones");
    for year in YEARS {
        assert_eq!(reader.table(year).expect("still there").z.as_slice()[0], 1.0);
    }
    drop(reader);
    write(root.path(), "another", 1, false).expect("written");
    assert_eq!(names(&place).len(), 2, "any later import sweeps it");
}

#[test]
fn a_removed_world_stays_for_its_reader_and_its_name_is_free() {
    let _turn = alone();
    let root = root();
    let shelf = store::worlds(root.path());
    let place = write(root.path(), "mine", 1, false).expect("written");
    let reader = World::open(&place).expect("opened");
    shelf.remove_folder("mine", "world").expect("removed");
    assert!(World::open(&place).is_err() && shelf.folders().is_empty());
    assert_eq!(reader.table(YEARS[0]).expect("still there").z.as_slice()[0], 1.0);
    write(root.path(), "mine", 2, false).expect("free again");
    assert_eq!(read(&place).expect("read"), 2);
    drop(reader);
    shelf.remove_folder("mine", "world").expect("removed");
    assert_eq!(names(root.path()), [""; 0]);
    let refusal = shelf.remove_folder("mine", "world").expect_err("gone").to_string();
    assert!(refusal.contains("no world of this name"), "{refusal}");
}

#[test]
fn names_that_differ_in_case_alone_are_refused() {
    let _turn = alone();
    let root = root();
    write(root.path(), "Mine", 1, false).expect("written");
    for replace in [false, true] {
        let refusal = write(root.path(), "mine", 2, replace).expect_err("refused").to_string();
        assert!(refusal.contains("'Mine' is there") && refusal.contains("choose another name"), "{refusal}");
    }
    let shelf = Shelf::new(root.path().join("chains"));
    shelf.write_file("Chips", "toml", "chain", false, b"1").expect("written");
    assert!(shelf.write_file("chips", "toml", "chain", true, b"2").is_err());
    assert_eq!(names(root.path()), ["Mine", "chains"]);
}

#[test]
fn names_that_the_store_cannot_have_are_refused_with_what_is_accepted() {
    let root = root();
    for (name, accepted) in
        [("../up", "letters, digits"), ("a\u{1b}", "letters, digits"), ("nul", "device"), ("Trade", "other data")]
    {
        let refusal = write(root.path(), name, 1, true).expect_err("refused").to_string();
        assert!(refusal.contains(accepted) && zili_world::label::unshown(&refusal).is_none(), "{refusal}");
    }
    assert_eq!(names(root.path()), [""; 0]);
}

#[test]
fn a_file_or_a_strange_folder_in_the_way_is_not_replaced() {
    let _turn = alone();
    let root = root();
    fs::write(root.path().join("mine"), "my notes").expect("written");
    fs::create_dir(root.path().join("thesis")).expect("a folder");
    fs::write(root.path().join("thesis/text"), "years of work").expect("written");
    for (name, found) in [("mine", "a file"), ("thesis", "a folder")] {
        for replace in [false, true] {
            let refusal = write(root.path(), name, 1, replace).expect_err("refused").to_string();
            assert!(refusal.contains(found) && refusal.contains("not replaced"), "{refusal}");
        }
    }
    assert_eq!(fs::read_to_string(root.path().join("mine")).expect("whole"), "my notes");
    assert_eq!(fs::read_to_string(root.path().join("thesis/text")).expect("whole"), "years of work");
    assert_eq!(names(root.path()), ["mine", "thesis"]);
    write(root.path(), "other", 1, false).expect("the store goes on");
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permitted");
}

/// Whether permissions bind this user; they do not bind the administrator.
#[cfg(unix)]
fn permissions_bind() -> bool {
    let root = root();
    permit(root.path(), 0o500);
    let bound = fs::write(root.path().join("file"), "").is_err();
    permit(root.path(), 0o700);
    if !bound {
        println!("skipped in part: permissions do not bind this user");
    }
    bound
}

#[cfg(unix)]
#[test]
fn a_world_that_may_not_be_written_is_left_whole_and_says_so() {
    let _turn = alone();
    let root = root();
    let place = write(root.path(), "mine", 1, false).expect("written");
    permit(&place, 0o555);
    if permissions_bind() {
        let refusal = write(root.path(), "mine", 2, true).expect_err("refused").to_string();
        assert!(refusal.contains("cannot be replaced") && refusal.contains("left as it was"), "{refusal}");
        assert_eq!(read(&place).expect("whole"), 1);
        write(root.path(), "other", 2, false).expect("the store goes on");
    }
    permit(&place, 0o755);
}

#[cfg(unix)]
#[test]
fn a_store_that_may_not_be_written_is_still_read() {
    let _turn = alone();
    let root = root();
    let place = write(root.path(), "mine", 1, false).expect("written");
    let inside = place.join(names(&place).into_iter().find(|name| name.starts_with("g-")).expect("a generation"));
    permit(&inside.join("lock"), 0o000);
    for folder in [&inside, &place, root.path()] {
        permit(folder, 0o555);
    }
    assert_eq!(read(&place).expect("read"), 1);
    assert_eq!(store::list(root.path()).expect("listed"), ["mine"]);
    if permissions_bind() {
        assert!(write(root.path(), "mine", 2, true).is_err());
    }
    for folder in [root.path(), &place, &inside] {
        permit(folder, 0o755);
    }
}

#[cfg(unix)]
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

/// Opened, a named pipe is waited for without end.
#[cfg(unix)]
#[test]
fn pipes_in_the_store_are_said_and_not_waited_for() {
    let _turn = alone();
    let root = root();
    let place = write(root.path(), "mine", 1, false).expect("written");
    pipe(&root.path().join("pipe"));
    pipe(&root.path().join(".writing-pipe"));
    fs::create_dir(root.path().join("odd")).expect("a folder");
    pipe(&root.path().join("odd/manifest.json"));
    std::os::unix::fs::symlink(root.path().join("nowhere"), root.path().join("broken")).expect("a link");
    let entries = store::worlds(root.path()).folders();
    let reason = |name: &str| {
        let entry = entries.iter().find(|entry| entry.name == name).expect("listed");
        entry.state.clone().err().unwrap_or_default()
    };
    assert_eq!(reason("mine"), "");
    assert!(reason("pipe").contains("named pipe") && reason("odd").contains("named pipe"), "{entries:?}");
    assert!(!reason("broken").is_empty());
    for name in ["pipe", "odd"] {
        let refusal = World::open(&root.path().join(name)).err().expect("refused").to_string();
        assert!(refusal.contains("a named pipe stands here"), "{refusal}");
        assert!(write(root.path(), name, 1, false).is_err());
    }
    write(root.path(), "mine", 2, true).expect("the store goes on");
    let inside = place.join(names(&place).into_iter().find(|name| name.starts_with("g-")).expect("a generation"));
    fs::remove_file(inside.join("2000/flows.parquet")).expect("removed");
    pipe(&inside.join("2000/flows.parquet"));
    let refusal = World::open(&place).expect("opened").table(2000).expect_err("refused").to_string();
    assert!(refusal.contains("a named pipe stands here"), "{refusal}");
    let chains = Shelf::new(root.path().join("chains"));
    chains.write_file("good", "toml", "chain", false, b"x").expect("written");
    pipe(&root.path().join("chains/bad.toml"));
    let states: Vec<bool> = chains.files("toml").iter().map(|entry| entry.state.is_ok()).collect();
    assert_eq!(states, [false, true]);
    assert!(shelf::read(&root.path().join("chains/bad.toml")).is_err());
    fs::remove_file(root.path().join(".lock")).expect("removed");
    pipe(&root.path().join(".lock"));
    assert!(write(root.path(), "third", 1, false).expect_err("refused").to_string().contains("named pipe"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_an_entry_and_hides_no_other() {
    let _turn = alone();
    let root = root();
    write(root.path(), "mine", 1, false).expect("written");
    let closed = write(root.path(), "closed", 1, false).expect("written");
    permit(&closed, 0o000);
    assert_eq!(store::list(root.path()).expect("listed"), ["closed", "mine"]);
    if permissions_bind() {
        let entries = store::worlds(root.path()).folders();
        assert!(entries[0].state.is_err() && entries[1].state.is_ok(), "{entries:?}");
        permit(root.path(), 0o000);
        let entries = store::worlds(root.path()).folders();
        assert!(entries.len() == 1 && entries[0].state.is_err(), "{entries:?}");
        permit(root.path(), 0o755);
    }
    permit(&closed, 0o755);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_followed() {
    let _turn = alone();
    let (root, elsewhere) = (root(), root());
    let place = write(elsewhere.path(), "mine", 1, false).expect("written");
    std::os::unix::fs::symlink(&place, root.path().join("mine")).expect("a link");
    assert_eq!(store::list(root.path()).expect("listed"), ["mine"]);
    write(root.path(), "mine", 2, true).expect("replaced");
    assert_eq!(read(&place).expect("in its place"), 2);
    assert!(root.path().join("mine").symlink_metadata().expect("there").is_symlink());
    assert_eq!(names(&place).len(), 2);
}

/// A copy may lack the empty lock files.
#[test]
fn a_world_without_its_lock_is_read_and_one_without_its_files_refused() {
    let _turn = alone();
    let root = root();
    let place = write(root.path(), "mine", 1, false).expect("written");
    let inside = place.join(names(&place).into_iter().find(|name| name.starts_with("g-")).expect("a generation"));
    fs::remove_file(inside.join("lock")).expect("removed");
    assert_eq!(read(&place).expect("read"), 1);
    fs::remove_dir_all(&inside).expect("removed");
    let refusal = World::open(&place).err().expect("refused").to_string();
    assert!(refusal.contains("is not there") && refusal.contains("import the data again"), "{refusal}");
    write(root.path(), "mine", 1, true).expect("replaced");
    assert_eq!(read(&place).expect("read"), 1);
}

/// Other programs have folders with a manifest.json, and people keep old ones.
#[test]
fn folders_that_are_not_the_stores_are_left_alone() {
    let _turn = alone();
    let root = root();
    for name in ["extension", "extension.old", "g-0123456789abcdef", "empty"] {
        fs::create_dir(root.path().join(name)).expect("a folder");
    }
    for name in ["extension", "extension.old", "g-0123456789abcdef"] {
        fs::write(root.path().join(name).join("manifest.json"), "{\"name\": \"extension\"}").expect("written");
        fs::write(root.path().join(name).join("lock"), "").expect("written");
        fs::write(root.path().join(name).join("notes"), "mine").expect("written");
    }
    for k in 1..3 {
        write(root.path(), "mine", k, true).expect("written");
    }
    assert_eq!(names(root.path()), ["empty", "extension", "extension.old", "g-0123456789abcdef", "mine"]);
    for name in ["extension", "extension.old", "g-0123456789abcdef"] {
        assert_eq!(names(&root.path().join(name)), ["lock", "manifest.json", "notes"]);
    }
}

#[test]
fn a_file_is_replaced_whole_when_asked_and_removed() {
    let _turn = alone();
    let root = root();
    let shelf = Shelf::new(root.path());
    let place = shelf.write_file("mine", "csv", "set of indicators", false, b"one").expect("written");
    let refusal = shelf.write_file("mine", "csv", "set of indicators", false, b"two").expect_err("there").to_string();
    assert!(refusal.contains("is there already"), "{refusal}");
    shelf.write_file("mine", "csv", "set of indicators", true, b"two").expect("replaced");
    assert_eq!(fs::read(&place).expect("read"), b"two");
    fs::create_dir(root.path().join("odd.csv")).expect("a folder");
    let refusal = shelf.write_file("odd", "csv", "set of indicators", true, b"x").expect_err("a folder").to_string();
    assert!(refusal.contains("a folder that is no set of indicators"), "{refusal}");
    assert_eq!(names(root.path()), ["mine.csv", "odd.csv"]);
    shelf.remove_file("mine", "csv", "set of indicators").expect("removed");
    assert_eq!(names(root.path()), ["odd.csv"]);
}

#[test]
fn a_writer_waits_for_another_but_not_for_ever() {
    let _turn = alone();
    let root = root();
    let shelf = Shelf::new(root.path()).waiting(Duration::from_millis(200));
    shelf.write_file("mine", "csv", "set", false, b"one").expect("written");
    let lock = fs::File::open(root.path().join(".lock")).expect("the lock");
    lock.lock().expect("held");
    let refusal = shelf.write_file("mine", "csv", "set", true, b"two").expect_err("held").to_string();
    assert!(refusal.contains("another import"), "{refusal}");
    drop(lock);
    shelf.write_file("mine", "csv", "set", true, b"two").expect("free");
}

#[test]
fn an_abandoned_import_leaves_nothing_and_is_refused() {
    let _turn = alone();
    let root = root();
    write(root.path(), "mine", 1, false).expect("written");
    let shelf = Shelf::new(root.path());
    for name in ["mine", "new"] {
        let error = shelf.write_folder(name, "world", true, |folder| {
            fs::File::create(folder.join("half")).and_then(|mut file| file.write_all(b"half")).expect("written");
            shelf::abandon();
            assert!(!folder.exists(), "removed at once");
            Ok(serde_json::json!({ "name": name }))
        });
        assert!(error.expect_err("refused").to_string().contains("stopped"));
    }
    assert_eq!(names(root.path()), ["mine"]);
    assert_eq!(names(&root.path().join("mine")).len(), 2);
    assert_eq!(read(&root.path().join("mine")).expect("whole"), 1);
}

#[test]
fn abandoning_at_any_moment_leaves_old_or_new() {
    let _turn = alone();
    let root = root();
    let place = write(root.path(), "mine", 0, false).expect("written");
    let (stop, done, stopped) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for w in 0..2 {
            let (root, stop, done, stopped) = (root.path(), &stop, &done, &stopped);
            scope.spawn(move || {
                for k in (w..).step_by(2).take_while(|_| !stop.load(Ordering::Relaxed)) {
                    let counted = if write(root, "mine", k, true).is_ok() { done } else { stopped };
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let until = Instant::now() + Duration::from_secs(1);
        while Instant::now() < until {
            read(&place).expect("old or new");
            shelf::abandon();
        }
        stop.store(true, Ordering::Relaxed);
    });
    write(root.path(), "mine", 7, true).expect("replaced");
    assert_eq!((read(&place).expect("whole"), names(root.path()).len(), names(&place).len()), (7, 1, 2));
    assert!(stopped.into_inner() > 0, "none was stopped, {} done", done.into_inner());
}

/// Tariffs in a folder, and what was read of them.
fn tariffs_from() -> (tempfile::TempDir, tariffs::TariffData) {
    let from = root();
    fs::write(from.path().join("theta.csv"), "sector,value\n").expect("written");
    let file = zili_world::finding::Input { file: "theta.csv".into(), sha256: String::new() };
    (from, tariffs::TariffData { files: vec![file], ..Default::default() })
}

#[test]
fn tariffs_are_kept_like_worlds_and_earlier_ones_are_read_and_replaced() {
    let _turn = alone();
    let (root, (from, data)) = (root(), tariffs_from());
    let write = |name: &str, replace| tariffs::write(root.path(), name, &data, from.path(), replace);
    let read = |name: &str| tariffs::open(&root.path().join(name)).and_then(|kept| kept.read("theta.csv"));
    write("new", false).expect("written");
    assert!(write("new", false).is_err());
    write("new", true).expect("replaced");
    assert_eq!(&read("new").expect("read")[..], b"sector,value\n");
    for earlier in ["bare", "crashed.old"] {
        fs::create_dir(root.path().join(earlier)).expect("a folder");
        fs::write(root.path().join(earlier).join("theta.csv"), "earlier").expect("written");
    }
    let listed = |root: &Path| tariffs::list(root).into_iter().map(|entry| entry.name).collect::<Vec<String>>();
    assert_eq!(listed(root.path()), ["bare", "crashed", "new"]);
    assert_eq!(&read("crashed").expect("set aside")[..], b"earlier");
    assert!(write("bare", false).is_err() && write("crashed", false).is_err(), "not given up unasked");
    assert_eq!(names(root.path()), ["bare", "crashed", "new"], "put right by the next writer");
    write("bare", true).expect("replaced");
    assert_eq!(&read("bare").expect("read")[..], b"sector,value\n");
    assert_eq!(names(&root.path().join("bare")).len(), 2);
    let inside = tariffs::open(&root.path().join("bare")).expect("opened").place("theta.csv");
    fs::write(inside, "changed").expect("changed");
    assert!(tariffs::open(&root.path().join("bare")).err().expect("refused").to_string().contains("SHA-256"));
}
