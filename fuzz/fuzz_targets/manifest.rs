//! Any bytes as a world's manifest: a world or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zili_world::World;

fuzz_target!(|data: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("manifest.json"), data).expect("written");
    if let Ok(world) = World::open(folder.path()) {
        for year in world.years() {
            let _ = world.system(year);
        }
    }
});
