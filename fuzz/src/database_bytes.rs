//! The bytes of an account's file, damaged anywhere.
//!
//! The input is a list of edits, at most [`MAX_EDITS`], each of [`EDIT`] bytes: what to do, the page, the place in it, and
//! two bytes to do it with. The account is a real one ([`account`](crate::account)), the same in every run. It is opened,
//! everything that the user wrote is looked for as a screen would, and one more ticket is written.
//!
//! An error is allowed: a changed byte can say that the file belongs to somebody else. A word that the user wrote may get
//! lost where a page that leads to it is damaged, because SQLite has no checksums. But it must be there, and writing must
//! go on, if the damage is elsewhere: in the history, or in a table that only remembers what to read next.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use pocketdesk::model::TicketDraft;
use pocketdesk::store::{StoreError, file_of};
use pocketdesk::{Client, client::OpenError};
use rusqlite::Connection;

use crate::account::{self, ACCOUNT, UNSENT};

const PAGE: usize = 4096;
const EDIT: usize = 6;
const MAX_EDITS: usize = 6;

/// The tables that no text of the user depends on.
const ASIDE: [&str; 10] = [
    "people",
    "lists",
    "reconciliation",
    "reconciliation_marks",
    "request_budget",
    "thread_pauses",
    "thread_walks",
    "read_positions",
    "downloads",
    "pending_deletes",
];

/// The account's files, and what is known of the pages of its database.
struct Template {
    files: Vec<(PathBuf, Vec<u8>)>,
    database: usize,
    /// The pages, from 0, that lead to no text of the user.
    aside: BTreeSet<usize>,
}

static TEMPLATE: OnceLock<Template> = OnceLock::new();

pub(crate) fn run(data: &[u8]) {
    let template = TEMPLATE.get_or_init(template);
    let mut bytes = template.files[template.database].1.clone();
    let mut filled = true;
    for edit in data.chunks_exact(EDIT).take(MAX_EDITS) {
        filled &= apply(edit, &mut bytes);
    }
    let touched = touched(&template.files[template.database].1, &bytes);
    let is_aside = touched.is_subset(&template.aside);

    let folder = account::folder();
    for (index, (path, sound)) in template.files.iter().enumerate() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, if index == template.database { &bytes } else { sound }).expect("a file");
    }
    let client = match account::open(folder.path()) {
        Ok(client) => client,
        Err(OpenError::Store(error)) => {
            assert!(!is_aside, "not opened: {error}, {touched:?}");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let texts = settled(&client);
    let Ok(texts) = texts else {
        assert!(!is_aside, "not read: {texts:?}, {touched:?}");
        return;
    };
    let missing = missing(&texts);
    assert!(missing.is_empty() || !is_aside, "{missing:?} lost, {touched:?}");
    if filled && !missing.is_empty() {
        let told = client.state().expect("the status").recovered;
        assert!(told.is_some_and(|told| told.lost), "{missing:?} lost in silence, {touched:?}");
    }

    // Life goes on: at the second tap at the latest, the next ticket is written.
    let written = write(&client).or_else(|_| write(&client));
    assert!(written.is_ok() || !is_aside, "not written: {written:?}, {touched:?}");
    let before = settled(&client);
    client.close();
    drop(client);
    // And the next start finds the same.
    let reopened = account::open(folder.path());
    assert!(reopened.is_ok() || !is_aside, "not opened again: {:?}", reopened.err());
    if let (Ok(client), Ok(before), true) = (reopened, before, is_aside) {
        let after = settled(&client).expect("what was read before");
        assert_eq!(after, before, "the next start finds the same");
        assert!(after.iter().any(|text| text == NEXT));
    }
}

const NEXT: &str = "Es geht weiter.";

fn write(client: &Client) -> Result<(), String> {
    let draft = client.ticket_draft().map_err(|error| error.to_string())?;
    let draft = TicketDraft { subject: "Danach".to_owned(), description: NEXT.to_owned(), id: fresh(&draft), ..draft };
    let ticket = client.submit(&draft).map_err(|error| error.to_string())?;
    let thread = client.thread(ticket, None, 10).map_err(|error| error.to_string())?;
    assert!(thread.messages.iter().any(|message| message.body == NEXT), "what was written is shown");
    Ok(())
}

/// Another draft than the saved one, which must stay.
fn fresh(saved: &TicketDraft) -> pocketdesk::model::DraftId {
    pocketdesk::model::DraftId(format!("{}-danach", saved.id.0))
}

fn missing(texts: &[String]) -> Vec<&'static str> {
    UNSENT.into_iter().filter(|text| !texts.iter().any(|found| found == text)).collect()
}

/// The texts, queried until the account answers, as screens do.
fn settled(client: &Client) -> Result<Vec<String>, StoreError> {
    texts(client).or_else(|_| texts(client)).or_else(|_| texts(client)).or_else(|_| texts(client))
}

fn texts(client: &Client) -> Result<Vec<String>, StoreError> {
    let mut texts = Vec::new();
    let mut after = None;
    for _ in 0..20 {
        let page = client.history(after.as_deref(), 50)?;
        for row in &page.tickets {
            let mut next = None;
            for _ in 0..20 {
                let thread = client.thread(row.id, next.as_deref(), 200)?;
                texts.extend(thread.messages.into_iter().filter(|message| message.mine).map(|message| message.body));
                next = thread.next;
                if next.is_none() {
                    break;
                }
            }
            texts.push(client.reply_draft(row.id)?.body);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    texts.push(client.ticket_draft()?.description);
    client.state()?;
    client.unsent()?;
    texts.retain(|text| !text.is_empty());
    texts.sort();
    Ok(texts)
}

/// Makes an edit, and says whether it is one that SQLite must notice: a page that was overwritten as a whole, or a file
/// that is too short.
fn apply(edit: &[u8], bytes: &mut Vec<u8>) -> bool {
    let pages = bytes.len() / PAGE;
    if pages == 0 {
        return true;
    }
    let page = usize::from(edit[1]) % pages;
    let offset = usize::from(u16::from_be_bytes([edit[2], edit[3]])) % PAGE;
    let (first, second) = (edit[4], edit[5]);
    let start = page * PAGE;
    let kind = edit[0] % 8;
    match kind {
        0 => bytes[start..start + PAGE].fill(0xa5),
        1 => bytes.truncate(start + offset),
        2 => bytes[start + offset] = first,
        3 => bytes[start + offset] ^= 1 << (first % 8),
        4 => bytes[start + offset / 512 * 512..][..512].fill(first),
        5 => bytes[start + offset..][..(PAGE - offset).min(2)]
            .copy_from_slice(&[first, second][..(PAGE - offset).min(2)]),
        6 => {
            let other = usize::from(first) % pages * PAGE;
            bytes.copy_within(other..other + PAGE, start);
        }
        _ => bytes[start..start + PAGE].fill(0),
    }
    kind <= 1
}

/// The pages, from 0, that differ.
fn touched(sound: &[u8], damaged: &[u8]) -> BTreeSet<usize> {
    let page = |bytes: &[u8], page: usize| bytes.get(page * PAGE..(page + 1) * PAGE).map(<[u8]>::to_vec);
    (0..sound.len() / PAGE).filter(|number| page(sound, *number) != page(damaged, *number)).collect()
}

fn template() -> Template {
    let files = account::written();
    let folder = account::folder();
    let name = file_of(folder.path(), ACCOUNT);
    let name = name.strip_prefix(folder.path()).expect("below");
    let database = files.iter().position(|(path, _)| path == name).expect("a database");
    assert!(
        files.iter().all(|(path, bytes)| !path.ends_with("desk.sqlite3-wal") || bytes.is_empty()),
        "all is in the file"
    );
    let aside = aside(&files[database].1);
    assert!(aside.len() > 5, "{aside:?}");
    Template { files, database, aside }
}

/// The pages of the tables in [`ASIDE`], and those of messages that hold none of the user's texts.
fn aside(bytes: &[u8]) -> BTreeSet<usize> {
    let folder = account::folder();
    let path = folder.path().join("copy");
    fs::write(&path, bytes).expect("a file");
    let db = Connection::open(&path).expect("a database");
    let mut statement =
        db.prepare("SELECT tbl_name, rootpage, type FROM sqlite_schema WHERE rootpage > 0").expect("a schema");
    let roots: BTreeMap<usize, (String, String)> = statement
        .query_map([], |row| Ok((row.get::<_, i64>(1)?, (row.get(0)?, row.get(2)?))))
        .expect("a schema")
        .map(|row| row.expect("a row"))
        .map(|(root, of)| (usize::try_from(root).expect("a page") - 1, of))
        .collect();
    let holds = |page: usize| {
        let page = &bytes[page * PAGE..(page + 1) * PAGE];
        UNSENT.iter().any(|text| page.windows(8).any(|window| text.as_bytes().starts_with(window)))
    };
    let mut aside = BTreeSet::new();
    for (root, (table, kind)) in &roots {
        let mut leaves = BTreeSet::new();
        let mut inner = BTreeSet::new();
        walk(bytes, *root, &mut leaves, &mut inner);
        if ASIDE.contains(&table.as_str()) {
            aside.extend(leaves.into_iter().chain(inner));
        } else if table == "messages" && kind == "table" && !inner.is_empty() {
            aside.extend(leaves.into_iter().filter(|page| !holds(*page)));
        }
    }
    aside
}

/// Notes the pages of the tree whose root is `page`, from 0.
fn walk(bytes: &[u8], page: usize, leaves: &mut BTreeSet<usize>, inner: &mut BTreeSet<usize>) {
    let start = page * PAGE;
    let header = start + if page == 0 { 100 } else { 0 };
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize - 1;
    if !matches!(bytes[header], 2 | 5) {
        leaves.insert(page);
        return;
    }
    inner.insert(page);
    let cells = usize::from(u16::from_be_bytes([bytes[header + 3], bytes[header + 4]]));
    for cell in 0..cells {
        let place = header + 12 + cell * 2;
        let cell = start + usize::from(u16::from_be_bytes([bytes[place], bytes[place + 1]]));
        walk(bytes, number(cell), leaves, inner);
    }
    walk(bytes, number(header + 8), leaves, inner);
}
