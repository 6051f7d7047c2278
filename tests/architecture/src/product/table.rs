//! Reads the tables of `docs/product.md`.
//!
//! A table is read if its header names the columns `id`, `in code` and `tests`. Other columns and other tables are not
//! read. In the last two of these columns only what stands in backticks counts, and the two words `not yet`.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::PRODUCT;
use crate::finding::Finding;

/// One row of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) id: String,
    pub(crate) code: Vec<String>,
    pub(crate) tests: Vec<Test>,
    /// Both cells say `not yet`.
    not_yet: bool,
}

impl Row {
    pub(crate) fn is_not_yet(&self) -> bool {
        self.not_yet
    }
}

/// A test by the name that says its runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Test {
    /// As the row spells it.
    pub(crate) name: String,
    pub(crate) runner: Runner,
    /// Crate, class or suite.
    pub(crate) group: String,
    /// What the runner calls the test in its group.
    pub(crate) case: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    Rust,
    Kotlin,
    Swift,
}

impl Test {
    /// `rust:crate::path`, `kotlin:package.Class#name`, `swift:Suite/function`.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (runner, rest) = name.split_once(':')?;
        let (runner, separator) = match runner {
            "rust" => (Runner::Rust, "::"),
            "kotlin" => (Runner::Kotlin, "#"),
            "swift" => (Runner::Swift, "/"),
            _ => return None,
        };
        let (group, case) = rest.split_once(separator).filter(|(group, case)| !group.is_empty() && !case.is_empty())?;
        Some(Self { name: name.to_owned(), runner, group: group.to_owned(), case: case.to_owned() })
    }
}

/// A cell: its text without tags, and what stands in backticks.
#[derive(Debug, Default, Clone)]
struct Cell {
    text: String,
    code: Vec<String>,
}

impl Cell {
    fn says_not_yet(&self) -> bool {
        self.code.is_empty() && self.text.trim().eq_ignore_ascii_case("not yet")
    }
}

/// The rows of all tables, and what is wrong with their cells.
pub(crate) fn read(text: &str) -> (Vec<Row>, Vec<Finding>) {
    let mut rows = Vec::new();
    let mut findings = Vec::new();
    let mut columns = None;
    let mut cells: Vec<Cell> = Vec::new();
    let mut is_in_cell = false;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => cells.clear(),
            Event::Start(Tag::TableCell) => {
                is_in_cell = true;
                cells.push(Cell::default());
            }
            Event::End(TagEnd::TableCell) => is_in_cell = false,
            Event::End(TagEnd::TableHead) => columns = Columns::of(&cells),
            Event::End(TagEnd::TableRow) => {
                if let Some(columns) = &columns {
                    let line = text[..range.start].lines().count() + usize::from(text[..range.start].ends_with('\n'));
                    rows.push(columns.row(&cells, line.max(1), &mut findings));
                }
            }
            Event::Text(piece) if is_in_cell => {
                if let Some(cell) = cells.last_mut() {
                    cell.text.push_str(&piece);
                }
            }
            Event::Code(piece) if is_in_cell => {
                if let Some(cell) = cells.last_mut() {
                    cell.code.push(piece.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    (rows, findings)
}

/// Where the columns are.
struct Columns {
    id: usize,
    code: usize,
    tests: usize,
}

impl Columns {
    fn of(header: &[Cell]) -> Option<Self> {
        let at = |name: &str| header.iter().position(|cell| cell.text.trim().eq_ignore_ascii_case(name));
        Some(Self { id: at("id")?, code: at("in code")?, tests: at("tests")? })
    }

    fn row(&self, cells: &[Cell], line: usize, findings: &mut Vec<Finding>) -> Row {
        let cell = |at: usize| cells.get(at).cloned().unwrap_or_default();
        let (id, code, tests) = (cell(self.id), cell(self.code), cell(self.tests));
        let id = if id.text.trim().is_empty() { id.code.concat() } else { id.text.trim().to_owned() };
        let parsed = tests.code.iter().filter_map(|name| {
            let test = Test::parse(name);
            if test.is_none() {
                let problem = format!(
                    "{id}: `{name}` is no test's name: write `rust:crate::path`, `kotlin:package.Class#name` or \
                     `swift:Suite/function`"
                );
                findings.push(Finding::new(PRODUCT, line, problem));
            }
            test
        });
        let parsed = parsed.collect();
        let not_yet = code.says_not_yet() && tests.says_not_yet();
        Row { line, id, code: code.code, tests: parsed, not_yet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tables_with_the_three_columns_are_read() {
        let text = "# Product\n\n| id | rule | In code | Tests |\n| --- | --- | --- | --- |\n\
                    | <a id=\"h2\"></a>H2 | `x` | `core/a.rs#b`, `c` | `rust:pocketdesk::a::b`, `kotlin:d.E#f g` |\n\
                    | W1 | … | not yet | not yet |\n\n| id | label |\n| --- | --- |\n| H1 | l |\n";
        let (rows, findings) = read(text);
        assert_eq!(findings, []);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].id.as_str(), rows[0].line), ("H2", 5));
        assert_eq!(rows[0].code, ["core/a.rs#b", "c"]);
        assert_eq!(rows[0].tests[1].runner, Runner::Kotlin);
        assert_eq!((rows[0].tests[1].group.as_str(), rows[0].tests[1].case.as_str()), ("d.E", "f g"));
        assert_eq!((rows[1].id.as_str(), rows[1].line, rows[1].is_not_yet()), ("W1", 6, true));
    }

    #[test]
    fn a_name_without_a_runner_is_wrong() {
        let (_, findings) = read("| id | in code | tests |\n|---|---|---|\n| H1 | `a` | `OutboxTest#name` |\n");
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].file.as_str(), findings[0].line), (PRODUCT, 3));
    }
}
