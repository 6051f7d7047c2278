//! The rules, as tables. Every exception is one line with its reason.

/// What `core/src` has to keep.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Each module below the crate's root, and which of them it may import.
    pub layers: &'static [(&'static str, &'static [&'static str])],
    /// Modules that every module may import.
    pub from_anywhere: &'static [&'static str],
    /// Imports that are allowed although `layers` has none of them.
    pub extra_imports: &'static [ExtraImport],
    /// Laws that test code need not keep.
    pub exempt_in_tests: &'static [Law],
    /// The modules that may hold SQL, and these alone.
    pub sql_modules: &'static [&'static str],
    /// Crates that only `sql_modules` may use.
    pub sql_crates: &'static [&'static str],
    /// The help desks, by folder of their connector.
    pub services: &'static [Service],
    /// Where services may be named outside their folders.
    pub service_registries: &'static [Exception],
    /// Words that no identifier and no file may hold, each with what is said instead (`docs/glossary.md`).
    pub retired_words: &'static [(&'static str, &'static str)],
    /// The most lines of a file.
    pub max_lines: usize,
    /// Files that may be longer.
    pub long_files: &'static [Exception],
    /// The most files that lie directly in one folder.
    pub max_files: usize,
    /// Folders that may hold more.
    pub full_folders: &'static [Exception],
}

/// One import that is allowed although the layers do not have it.
#[derive(Debug, Clone, Copy)]
pub struct ExtraImport {
    /// The module that imports.
    pub from: &'static str,
    /// The module that is imported.
    pub to: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// One file or folder that need not keep a law.
#[derive(Debug, Clone, Copy)]
pub struct Exception {
    /// Its path, relative to `core/src`.
    pub path: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// A help desk.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// The folder of its connector, relative to `core/src`.
    pub folder: &'static str,
    /// Its names in lower case. A name of several words also matches `OneWord`, `one_word` and `one-word`.
    pub names: &'static [&'static str],
}

/// A law that test code may be exempt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// A module imports only what its layer allows.
    Imports,
    /// No circle of files.
    Circles,
    /// No SQL outside the store.
    Sql,
    /// No service's name outside its connector.
    ServiceNames,
}

/// In place of a list: every module may be imported.
pub const EVERYTHING: &[&str] = &["*"];

/// Each module below the crate's root, from the lowest up, and what it may import. `lib.rs` itself may name all of them.
const LAYERS: &[(&str, &[&str])] = &[
    ("bugs", &[]),
    ("model", &[]),
    ("environment", &["model"]),
    ("live", &["model"]),
    ("query", &["model"]),
    ("product", &["model", "query"]),
    ("outbox", &["model", "product", "environment"]),
    ("net", &["model", "environment"]),
    ("blob", &["model", "environment"]),
    ("connectors", &["net", "product", "blob", "model", "environment"]),
    ("factory", &["connectors", "product"]),
    ("delivered", &["net", "product", "model"]),
    ("store", &["outbox", "query", "product", "live", "blob", "model", "environment"]),
    ("sync", &["store", "outbox", "connectors", "product", "blob", "live", "model", "environment"]),
    ("client", EVERYTHING),
];

/// Imports beyond the layers. One line each: `ExtraImport { from: "…", to: "…", reason: "…" }`.
const EXTRA_IMPORTS: &[ExtraImport] = &[ExtraImport {
    from: "factory",
    to: "net",
    reason: "it hands the host app's network and tokens on to the connector that it makes",
}];

/// Test code is a module under `#[cfg(test)]`, a function under `#[test]`, a file `tests.rs`, and a file below a folder `tests`.
/// It may reach for anything that a test needs. The length of files and the size of folders count for tests, too.
const EXEMPT_IN_TESTS: &[Law] = &[Law::Imports, Law::Circles, Law::Sql, Law::ServiceNames];

/// Every service that has a connector, and the folders that all of them share, which have no names. A folder of `connectors` without
/// an entry is reported.
const SERVICES: &[Service] = &[
    Service { folder: "connectors/html", names: &[] },
    Service { folder: "connectors/zendesk", names: &["zendesk"] },
    Service { folder: "connectors/rt", names: &["request tracker", "rt"] },
];

/// Where services may be named, besides their own folders.
const SERVICE_REGISTRIES: &[Exception] = &[
    Exception { path: "factory.rs", reason: "makes the connector that a name asks for" },
    Exception { path: "connectors/mod.rs", reason: "declares one module for each service" },
    Exception {
        path: "product/definition/parts/connectors.rs",
        reason: "the format of definitions has a section for each service",
    },
    Exception { path: "product/definition/check/connectors.rs", reason: "checks these sections" },
    Exception { path: "product/servers.rs", reason: "what a definition says about the service that a product is for" },
];

/// Home-made words that the field's words replaced. They are looked for in the names of code and files, tests included; stored
/// values, JSON keys and marker files on a user's disk keep their spelling, and are texts.
const RETIRED_WORDS: &[(&str, &str)] = &[
    ("desk", "server, help desk, client"),
    ("profile", "product"),
    ("doubt", "ambiguous"),
    ("doubts", "ambiguous attempts"),
    ("quiet", "ambiguity timeout, longest stale read"),
    ("begun", "ever attempted"),
    ("sweep", "full reconciliation"),
    ("swept", "reconciled"),
    ("delta", "incremental sync"),
    ("met", "reconciliation marks"),
    ("spent", "request budget"),
    ("doomed", "pending deletes"),
    ("ahead", "fetch queue"),
    ("rescue", "salvage"),
    ("rescued", "salvaged"),
    ("gate", "writer lock"),
    ("vanish", "revoke"),
    ("scrub", "secure delete"),
    ("twin", "duplicate candidate"),
    ("twins", "duplicate candidates"),
    ("travelling", "transfer"),
    ("landing", "resume offset"),
    ("pace", "scheduler"),
    ("firm", "server-imposed"),
    ("errand", "priority fetch"),
    ("errands", "priority fetches"),
];

/// Files of more than [`MAX_LINES`] lines.
const LONG_FILES: &[Exception] = &[];

/// Folders with more than [`MAX_FILES`] files.
const FULL_FOLDERS: &[Exception] = &[];

/// A file is read in one sitting.
const MAX_LINES: usize = 400;

/// A folder's list is taken in at one look.
const MAX_FILES: usize = 12;

/// The rules of `core/src`.
pub const RULES: Rules = Rules {
    layers: LAYERS,
    from_anywhere: &["bugs"],
    extra_imports: EXTRA_IMPORTS,
    exempt_in_tests: EXEMPT_IN_TESTS,
    sql_modules: &["store"],
    sql_crates: &["rusqlite", "rusqlite_migration"],
    services: SERVICES,
    service_registries: SERVICE_REGISTRIES,
    retired_words: RETIRED_WORDS,
    max_lines: MAX_LINES,
    long_files: LONG_FILES,
    max_files: MAX_FILES,
    full_folders: FULL_FOLDERS,
};

impl Rules {
    /// What `module` may import; `None` if the table does not know it.
    pub(crate) fn allowed(&self, module: &str) -> Option<&'static [&'static str]> {
        self.layers.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed)
    }

    pub(crate) fn may_import(&self, from: &str, to: &str) -> bool {
        let allowed = self.allowed(from).unwrap_or(EVERYTHING);
        from == to || allowed == EVERYTHING || allowed.contains(&to) || self.from_anywhere.contains(&to)
    }

    pub(crate) fn is_exempt(&self, law: Law, test: bool) -> bool {
        test && self.exempt_in_tests.contains(&law)
    }
}
