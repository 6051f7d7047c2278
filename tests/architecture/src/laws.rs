//! The laws besides the imports: where SQL and the names of services may be, which words no name may hold, and how large a file
//! and a folder may be.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{Code, Word};
use crate::finding::Finding;
use crate::rules::{Exception, Law, Rules, Service};
use crate::sources::{Sources, folder_of};

pub(crate) fn check(sources: &Sources, code: &Code, rules: &Rules) -> Vec<Finding> {
    let mut findings = sql(code, rules);
    findings.extend(service_names(code, rules));
    findings.extend(services_without_entry(sources, rules));
    findings.extend(retired_words(sources, code, rules));
    findings.extend(long_files(sources, rules));
    findings.extend(full_folders(sources, rules));
    findings
}

fn sql(code: &Code, rules: &Rules) -> Vec<Finding> {
    let rooms = rules.sql_modules.join(", ");
    let may_hold = |module, test| {
        rules.is_exempt(Law::Sql, test) || code.layer(module).is_some_and(|layer| rules.sql_modules.contains(&layer))
    };
    let literals = code.literals.iter().filter(|literal| is_sql(&literal.text)).map(|literal| {
        let start: String = literal.text.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
        (literal.module, literal.line, literal.test, format!("SQL (\"{start}…\")"))
    });
    let crates = code
        .references
        .iter()
        .filter(|reference| reference.path.first().is_some_and(|first| rules.sql_crates.contains(&first.as_str())))
        .filter(|reference| code.resolve(reference).is_none())
        .map(|reference| {
            (reference.module, reference.line, reference.test, format!("`{}`", reference.path.join("::")))
        });
    literals
        .chain(crates)
        .filter(|(module, _, test, _)| !may_hold(*module, *test))
        .map(|(module, line, _, what)| {
            let text = format!("{what} is outside {rooms}: give {rooms} a method that does this, and call it");
            Finding::new(code.file(module), line, text)
        })
        .collect()
}

/// Whether a text is a statement, or a clause of one. A word alone (`DELETE`, the HTTP method) is none.
fn is_sql(text: &str) -> bool {
    let path = std::path::Path::new(text.trim());
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql")) {
        return true;
    }
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let upper: Vec<String> = words.iter().take(40).map(|word| word.to_uppercase()).collect();
    let [first, second, rest @ ..] = upper.as_slice() else { return false };
    // A sentence may begin with one of these words. It is not written in capitals, though.
    let in_capitals = words.first().is_some_and(|word| *word == first.as_str());
    match (first.as_str(), second.as_str()) {
        ("INSERT" | "REPLACE", "INTO" | "OR")
        | ("DELETE", "FROM")
        | ("ORDER" | "GROUP", "BY")
        | ("CREATE", "TABLE" | "INDEX" | "UNIQUE" | "VIRTUAL" | "TRIGGER" | "VIEW" | "TEMP" | "TEMPORARY")
        | ("DROP", "TABLE" | "INDEX" | "TRIGGER" | "VIEW")
        | ("ALTER", "TABLE")
        | ("PRAGMA", _)
        | ("BEGIN", "IMMEDIATE" | "EXCLUSIVE" | "DEFERRED" | "TRANSACTION") => true,
        ("UPDATE", _) => rest.iter().any(|word| word == "SET"),
        ("SELECT" | "WITH", _) => in_capitals || rest.iter().any(|word| word == "FROM"),
        (
            "WHERE" | "FROM" | "JOIN" | "AND" | "LIMIT" | "VALUES" | "SAVEPOINT" | "RELEASE" | "ATTACH" | "EXPLAIN",
            _,
        ) => in_capitals,
        _ => false,
    }
}

fn service_names(code: &Code, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Word { module, line, text, test } in code.words.iter().chain(&code.literals) {
        let file = code.file(*module);
        if rules.is_exempt(Law::ServiceNames, *test) || is_listed(rules.service_registries, file) {
            continue;
        }
        let words = words_of(text);
        for Service { folder, names } in rules.services {
            let is_at_home = file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') || rest == ".rs");
            if let (false, Some(name)) = (is_at_home, names.iter().find(|name| contains(&words, name))) {
                let text = format!(
                    "`{text}` names the service \"{name}\", whose name belongs into {folder}: let its capabilities or the \
                     product definition say what is different there"
                );
                findings.push(Finding::new(file, *line, text));
            }
        }
    }
    findings
}

/// Names of code and of files that hold a retired word. "Help desk" is the field's word, "desk" alone is not.
fn retired_words(sources: &Sources, code: &Code, rules: &Rules) -> Vec<Finding> {
    let retired = |name: &str| {
        let words = words_of(name);
        let is_help = |at: usize| at > 0 && words.get(at - 1).is_some_and(|before| before == "help");
        let found = words.iter().enumerate().find_map(|(at, word)| {
            let entry = rules.retired_words.iter().find(|(retired, _)| retired == word)?;
            (word != "desk" || !is_help(at)).then_some(*entry)
        });
        found.map(|(word, instead)| format!("`{name}` says \"{word}\": say {instead} (docs/glossary.md)"))
    };
    let names = code
        .words
        .iter()
        .filter_map(|word| retired(&word.text).map(|text| Finding::new(code.file(word.module), word.line, text)));
    let files = sources.iter().filter_map(|(file, _)| retired(file).map(|text| Finding::new(file, 0, text)));
    names.chain(files).collect()
}

/// Folders of connectors whose service is not in the table.
fn services_without_entry(sources: &Sources, rules: &Rules) -> Vec<Finding> {
    let folders: BTreeSet<String> = sources
        .iter()
        .filter_map(|(file, _)| Some(format!("connectors/{}", file.strip_prefix("connectors/")?.split_once('/')?.0)))
        .filter(|folder| folder != "connectors/tests")
        .collect();
    let known = |folder: &str| rules.services.iter().any(|service| service.folder == folder);
    folders
        .iter()
        .filter(|folder| !known(folder))
        .map(|folder| {
            let text = "no service has this folder: add a line with its names to SERVICES in \
                        tests/architecture/src/rules.rs";
            Finding::new(folder, 0, text)
        })
        .collect()
}

/// The words of an identifier or a text, in lower case: `RequestTracker`, `request_tracker` and "Request Tracker" are the same.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_was_lower = false;
    for c in text.chars() {
        let is_start = c.is_uppercase() && before_was_lower;
        if is_start || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before_was_lower = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn contains(words: &[String], name: &str) -> bool {
    let name: Vec<&str> = name.split(' ').collect();
    words.windows(name.len()).any(|window| window.iter().eq(name.iter()))
}

fn is_listed(exceptions: &[Exception], path: &str) -> bool {
    exceptions.iter().any(|exception| exception.path == path)
}

fn long_files(sources: &Sources, rules: &Rules) -> Vec<Finding> {
    let lines: BTreeMap<&str, usize> = sources.iter().map(|(file, text)| (file, text.lines().count())).collect();
    let advice =
        "split it by what it does, or give it a line with a reason in LONG_FILES of tests/architecture/src/rules.rs";
    too_large(&lines, "lines", rules.max_lines, rules.long_files, advice)
}

fn full_folders(sources: &Sources, rules: &Rules) -> Vec<Finding> {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, _) in sources.iter() {
        *files.entry(folder_of(file)).or_default() += 1;
    }
    let advice =
        "make folders by concern, or give it a line with a reason in FULL_FOLDERS of tests/architecture/src/rules.rs";
    too_large(&files, "files", rules.max_files, rules.full_folders, advice)
}

fn too_large(
    sizes: &BTreeMap<&str, usize>,
    unit: &str,
    most: usize,
    exceptions: &[Exception],
    advice: &str,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = sizes
        .iter()
        .filter(|(path, size)| **size > most && !is_listed(exceptions, path))
        .map(|(path, size)| Finding::new(path, 0, format!("{size} {unit}, and {most} is the most: {advice}")))
        .collect();
    for Exception { path, reason } in exceptions {
        if reason.trim().is_empty() {
            findings.push(Finding::new(path, 0, "its exception has no reason: write it down"));
        }
        if sizes.get(path).is_none_or(|size| *size <= most) {
            let text = format!("it has no more than {most} {unit} now: remove its exception");
            findings.push(Finding::new(path, 0, text));
        }
    }
    findings
}
