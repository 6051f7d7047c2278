//! The parsed crate: its tree of modules, and every path, word and string literal in their code.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::sources::{Sources, folder_of, is_test_file};
use crate::visit::Visitor;

/// Index of a module in [`Code::modules`].
pub(crate) type ModuleId = usize;

/// The crate's root module.
pub(crate) const ROOT: ModuleId = 0;

#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(crate) modules: Vec<Module>,
    pub(crate) references: Vec<Reference>,
    pub(crate) words: Vec<Word>,
    pub(crate) literals: Vec<Word>,
}

#[derive(Debug)]
pub(crate) struct Module {
    /// The names from the crate's root down. Empty for the root.
    pub(crate) path: Vec<String>,
    pub(crate) parent: Option<ModuleId>,
    pub(crate) file: String,
    pub(crate) names: BTreeMap<String, Vec<Name>>,
    /// The paths of glob imports.
    pub(crate) globs: Vec<Vec<String>>,
}

/// What a name in a module stands for.
#[derive(Debug, Clone)]
pub(crate) enum Name {
    Module(ModuleId),
    /// A type, function, constant, macro or trait that is defined here.
    Item,
    /// What a `use` line brought in.
    Import(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A `use` that only this module sees.
    Use,
    /// A `use` of all names of a module.
    Glob,
    /// A `use` with a visibility of its own.
    ReExport,
    /// Anywhere else.
    Path,
}

/// A path as the code spells it.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) module: ModuleId,
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
    /// It begins with `::` and so with the name of another crate.
    pub(crate) external: bool,
    pub(crate) kind: Kind,
    pub(crate) test: bool,
}

/// An identifier or a string literal.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) module: ModuleId,
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) test: bool,
}

/// A file that a `mod` line announced and that is still to be read.
pub(crate) struct Announced {
    pub(crate) module: ModuleId,
    pub(crate) file: String,
    /// Where the files of its child modules lie.
    pub(crate) children: String,
    pub(crate) test: bool,
}

impl Code {
    /// Parses all files that `lib.rs` leads to. What cannot be parsed or is not reached becomes a finding.
    pub(crate) fn parse(sources: &Sources) -> (Self, Vec<Finding>) {
        let mut code = Self::default();
        let mut findings = Vec::new();
        let mut read = BTreeSet::new();
        code.add_module(Vec::new(), None, "lib.rs");
        let mut announced =
            vec![Announced { module: ROOT, file: "lib.rs".to_owned(), children: String::new(), test: false }];
        while let Some(next) = announced.pop() {
            let Some(source) = sources.text(&next.file) else {
                findings.push(Finding::new(&next.file, 0, "the file is missing: every check begins at `lib.rs`"));
                continue;
            };
            read.insert(next.file.clone());
            match syn::parse_file(source) {
                Ok(parsed) => {
                    let test = next.test || is_test_file(&next.file);
                    let mut visitor = Visitor::new(&mut code, sources, &next, test);
                    visitor.file(&parsed);
                    let (children, problems) = visitor.finish();
                    announced.extend(children);
                    findings.extend(problems);
                }
                Err(error) => {
                    let line = error.span().start().line;
                    findings.push(Finding::new(&next.file, line, format!("this does not parse as Rust: {error}")));
                }
            }
        }
        for (file, _) in sources.iter().filter(|(file, _)| !read.contains(*file)) {
            let text = "no `mod` line leads to this file from `lib.rs`, so no check reads it: declare or delete it";
            findings.push(Finding::new(file, 0, text));
        }
        (code, findings)
    }

    pub(crate) fn add_module(&mut self, path: Vec<String>, parent: Option<ModuleId>, file: &str) -> ModuleId {
        let module = Module { path, parent, file: file.to_owned(), names: BTreeMap::new(), globs: Vec::new() };
        self.modules.push(module);
        self.modules.len() - 1
    }

    /// The module below the crate's root that `module` lies in; `None` for the root itself.
    pub(crate) fn layer(&self, module: ModuleId) -> Option<&str> {
        self.modules[module].path.first().map(String::as_str)
    }

    pub(crate) fn file(&self, module: ModuleId) -> &str {
        &self.modules[module].file
    }
}

/// The file of a `mod name;` line in a file whose child modules lie in `children`.
pub(crate) fn file_of_child(sources: &Sources, children: &str, name: &str) -> Option<Announced> {
    let below = join(children, name);
    [format!("{below}.rs"), format!("{below}/mod.rs")]
        .into_iter()
        .find(|file| sources.text(file).is_some())
        .map(|file| Announced { module: ROOT, file, children: below, test: false })
}

/// The file of a `mod` line with `#[path]`, which is relative to `folder`.
pub(crate) fn file_of_path(sources: &Sources, folder: &str, path: &str) -> Option<Announced> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let file = parts.join("/");
    sources.text(&file)?;
    let children = folder_of(&file).to_owned();
    Some(Announced { module: ROOT, file, children, test: false })
}

pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
