//! Every command in the README runs and prints what stands there.

use std::process::Command;

#[test]
fn readme_prints_what_it_says() {
    let text = include_str!("../../../README.md");
    let mut commands = 0;
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("closed");
        let (command, expected) = block.split_once('\n').expect("a command and its output");
        let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/");
        let words = command.strip_prefix("$ zili ").expect("a zili command").split(' ');
        let words: Vec<String> = words.map(|word| word.replace("examples/", examples)).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let output =
            Command::new(env!("CARGO_BIN_EXE_zili")).args(&words).current_dir(folder.path()).output().expect("started");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{command}");
        commands += 1;
    }
    assert!(commands >= 5, "the README answers five questions");
}
