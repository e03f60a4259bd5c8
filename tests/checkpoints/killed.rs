//! A process that is killed while it saves leaves the old file or the new one.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use spark::checkpoint::{Checkpoint, save_state};
use spark::prelude::*;

/// Names the folder to the process that is to be killed.
const FOLDER: &str = "SPARK_TEST_KILLED_FOLDER";

const KILLS: u32 = 60;

/// A state that takes a while to write.
fn state(of: u8) -> StateMap {
    let mut state = StateMap::new();
    state.insert_u8("noise", ArrayD::from_elem(vec![64 << 10], of));
    state.insert_u8("which", ArrayD::from_elem(vec![], of));
    state
}

fn file(folder: &Path) -> PathBuf {
    folder.join("brain.safetensors")
}

fn temporary_files(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    names.filter(|name| *name != "brain.safetensors").count()
}

/// Not a test of its own: what the process does that is killed.
#[test]
#[ignore = "run by `whoever_is_killed_while_saving_leaves_a_whole_file`"]
fn saves_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let states = [state(1), state(2)];
    println!("\nready");
    for which in (0..2).cycle() {
        save_state(file(Path::new(&folder)), "noise", states[which].clone()).unwrap();
    }
}

#[test]
fn whoever_is_killed_while_saving_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    save_state(file(folder.path()), "noise", state(1)).unwrap();
    let delays = Key::from_seed(7);
    let mut left_behind = 0;
    let mut kill = 0;
    // Where writing is quick, it takes more attempts to meet it.
    while kill < KILLS || (left_behind == 0 && kill < 10 * KILLS) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "killed::saves_until_it_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "ready"), "the process saves");
        let wait = 50_000.0 * f64::from(delays.uniform_f32_at(u64::from(kill)));
        std::thread::sleep(Duration::from_micros(wait as u64));
        child.kill().unwrap();
        child.wait().unwrap();

        let found = Checkpoint::read(file(folder.path())).unwrap().state;
        assert!(found == state(1) || found == state(2), "kill {kill}: old or new");
        let temporary = temporary_files(folder.path());
        assert!(temporary <= 1, "kill {kill}: {temporary} temporary files");
        left_behind += temporary;
        kill += 1;
    }
    println!("{left_behind} of {kill} were killed while they wrote");
    assert!(left_behind > 0, "some were killed while they wrote");
    save_state(file(folder.path()), "noise", state(1)).unwrap();
    assert_eq!(temporary_files(folder.path()), 0, "the next save cleans up");
}
