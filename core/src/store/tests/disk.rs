//! A disk without room, or one that allows no writing, is reported as such and is not taken for damage.

use super::*;

#[test]
fn a_full_disk_is_told_and_nothing_is_half_written() {
    let fixture = fixture();
    let ticket = fixture.known();
    let limit = |pages: i64| {
        fixture.store.write(Priority::User, |edit| Ok(edit.tx.pragma_update(None, "max_page_count", pages)?)).unwrap();
    };
    limit(1); // SQLite raises this to the number of pages that exist.
    let draft = DraftId(id(20).to_string());
    let body = "Lange Antwort. ".repeat(20_000);
    let new = NewReply {
        draft: &draft,
        ticket,
        body: &body,
        structure: None,
        action: None,
        key: id(1),
        hold: Duration::ZERO,
        now: NOW,
    };
    assert!(matches!(fixture.store.reply(&new), Err(StoreError::NoSpace)));
    assert_eq!((fixture.thread(ticket).len(), fixture.store.operations().unwrap().len()), (1, 0));
    limit(1_000_000);
    assert!(fixture.store.reply(&new).is_ok(), "the same call works once there is space again");
}

/// A small file system in memory. Mounting it needs rights that not every machine gives.
#[cfg(target_os = "linux")]
struct SmallDisk(TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Self(folder);
        disk.run("mount", &["-t", "tmpfs", "-o", options, "tmpfs"]).then_some(disk)
    }

    fn run(&self, command: &str, args: &[&str]) -> bool {
        let mut command = std::process::Command::new(command);
        let done = command.args(args).arg(self.0.path()).stderr(std::process::Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.run("umount", &["--lazy"]);
    }
}

/// If SQLite cannot create its log or the log's index, the error names the cause, and the file does not count as damaged.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_room_for_the_log_is_full_and_one_that_allows_no_writing_says_so() {
    let open = |disk: &SmallDisk| open_in(disk.0.path(), "ada", "https://desk.example/");
    let Some(disk) = SmallDisk::mount("size=2m,nr_inodes=64") else {
        eprintln!("skipped: mounting a file system is not allowed here");
        return;
    };
    let store = open(&disk).unwrap();
    store.bind("https://desk.example/", ME, None).unwrap();
    store.close();
    // No more files can be created.
    let filler = |number: usize| disk.0.path().join(format!("Foto {number}.heic"));
    let files = (0..64).take_while(|number| fs::write(filler(*number), "").is_ok()).count();
    assert_eq!(open(&disk).err(), Some(StoreError::NoSpace));
    for number in 0..files {
        fs::remove_file(filler(number)).unwrap();
    }
    // No more bytes can be written.
    let mut film = fs::File::create(disk.0.path().join("Film.mov")).unwrap();
    while std::io::Write::write(&mut film, &[7; 4096]).is_ok_and(|written| written > 0) {}
    drop(film);
    assert_eq!(open(&disk).err(), Some(StoreError::NoSpace));
    fs::remove_file(disk.0.path().join("Film.mov")).unwrap();
    assert!(disk.run("mount", &["-o", "remount,ro"]));
    assert_eq!(open(&disk).err(), Some(StoreError::ReadOnly));
    assert!(disk.run("mount", &["-o", "remount,rw"]));
    assert_eq!(open(&disk).unwrap().account().unwrap().person, Some(ME), "the file was not taken for damaged");
    let names = file_of(disk.0.path(), "ada").parent().unwrap().read_dir().unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| !name.contains("damaged") && !name.contains("trial")), "{names:?}");
}
