//! A damaged schema: the rows are intact, and the schema is known.

use super::*;
use crate::store::db::migrations::newest;
use crate::store::db::schema::objects_of;

/// Where each text of `sqlite_schema` stands in the file: some positions of its names, and of its definition.
fn positions(bytes: &[u8]) -> Vec<usize> {
    let find = |part: &[u8]| bytes.windows(part.len()).position(|window| window == part);
    let mut positions = Vec::new();
    for (number, object) in objects_of(newest()).unwrap().into_iter().enumerate() {
        let names = format!("{}{}{}", object.kind, object.name, object.table);
        let start = find(names.as_bytes()).unwrap();
        let in_names = [start + 1, start + object.kind.len() + 2, start + names.len() - 1];
        positions.push(in_names[number % in_names.len()]);
        let Some(sql) = object.sql else { continue };
        for part in [&sql[..sql.len().min(30)], &sql[sql.len() - 24..]] {
            positions.extend(find(part.as_bytes()).map(|start| start + part.len() / 2));
        }
    }
    positions
}

#[test]
fn a_wrong_bit_in_the_schema_costs_nothing() {
    let written = written();
    let sound = fs::read(written.file()).unwrap();
    let positions = positions(&sound);
    assert!(positions.len() > 100);
    let mut salvaged = 0;
    for position in positions {
        let mut bytes = sound.clone();
        bytes[position] ^= 1 << (position % 8);
        for name in written.names().iter().filter(|name| *name != "lock") {
            fs::remove_file(written.beside(name)).unwrap();
        }
        fs::write(written.file(), &bytes).unwrap();
        let store = written.open();
        let texts = texts(&store).unwrap();
        for text in UNSENT {
            assert!(texts.iter().any(|found| found == text), "byte {position}: {text}");
        }
        let told = store.recovered().unwrap();
        assert!(told.is_none_or(|told| !told.lost), "byte {position}: {told:?}");
        salvaged += usize::from(told.is_some());
    }
    assert!(salvaged > 90, "a wrong bit was not seen: {salvaged}");
}

#[test]
fn a_trigger_that_would_no_longer_fire_is_seen() {
    let written = written();
    let mut bytes = fs::read(written.file()).unwrap();
    let part = b"messages WHEN old.comment IS NOT NULL";
    let place = bytes.windows(part.len()).position(|window| window == part).unwrap();
    // "NOT NULL" becomes "NOT NULN", a column that does not exist: SQLite does not notice before the trigger fires.
    bytes[place + part.len() - 1] ^= 2;
    fs::write(written.file(), &bytes).unwrap();
    let store = written.open();
    assert_eq!(store.recovered().unwrap(), Some(Recovered { salvaged: 4, lost: false }));
}

#[test]
fn a_damaged_header_and_a_damaged_schema_are_mended_together() {
    let written = written();
    let mut bytes = fs::read(written.file()).unwrap();
    bytes[..100].fill(0x5a);
    let part = b"CREATE TABLE drafts";
    let place = bytes.windows(part.len()).position(|window| window == part).unwrap();
    bytes[place + 3] ^= 1;
    fs::write(written.file(), &bytes).unwrap();
    let store = written.open();
    assert_eq!(store.recovered().unwrap(), Some(Recovered { salvaged: 4, lost: false }));
}
