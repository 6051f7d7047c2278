//! The layers: which module may import which.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{Code, Kind};
use crate::finding::Finding;
use crate::rules::{EVERYTHING, ExtraImport, Law, Rules};

/// The file in which a rule is changed, for messages.
const TABLES: &str = "tests/architecture/src/rules.rs";

pub(crate) fn check(code: &Code, rules: &Rules) -> Vec<Finding> {
    let mut findings = unknown_modules(code, rules);
    let mut used = BTreeSet::new();
    for reference in &code.references {
        let Some(from) = code.layer(reference.module) else { continue };
        if rules.is_exempt(Law::Imports, reference.test) || code.is_known_from_use(reference) {
            continue;
        }
        let Some(target) = code.resolve(reference) else { continue };
        let Some(to) = target.entered.iter().filter_map(|module| code.layer(*module)).find(|layer| *layer != from)
        else {
            continue;
        };
        let (Some(allowed), Some(_)) = (rules.allowed(from), rules.allowed(to)) else { continue };
        if rules.may_import(from, to) {
            continue;
        }
        if let Some(extra) = rules.extra_imports.iter().find(|extra| extra.from == from && extra.to == to) {
            used.insert((extra.from, extra.to));
            continue;
        }
        let path = reference.path.join("::");
        let star = if reference.kind == Kind::Glob { "::*" } else { "" };
        let may = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
        let text = format!(
            "`{from}` must not import `{to}` (`{path}{star}`); it may import {may}. Move the code to the layer that it \
             belongs to, or what it needs down into one that both may import"
        );
        findings.push(Finding::new(code.file(reference.module), reference.line, text));
    }
    findings.extend(table_problems(rules, &used));
    findings
}

/// Modules below the root that the table does not know.
fn unknown_modules(code: &Code, rules: &Rules) -> Vec<Finding> {
    let known = |name: &str| rules.allowed(name).is_some();
    code.modules
        .iter()
        .filter(|module| module.path.len() == 1 && !known(&module.path[0]))
        .map(|module| {
            let text =
                format!("`{}` is no module of the layers: move it, or give it a row in {TABLES}", module.path[0]);
            Finding::new(&module.file, 0, text)
        })
        .collect()
}

/// What is wrong with the tables themselves: an exception without a reason, or one that nothing needs; layers in a circle.
fn table_problems(rules: &Rules, used: &BTreeSet<(&str, &str)>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |text: String| findings.push(Finding::new(TABLES, 0, text));
    for ExtraImport { from, to, reason } in rules.extra_imports {
        if reason.trim().is_empty() {
            say(format!("the extra import `{from}` → `{to}` has no reason: write it down"));
        }
        if !used.contains(&(*from, *to)) {
            say(format!("no code needs the extra import `{from}` → `{to}` any more: remove its line"));
        }
    }
    let mut below: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, allowed) in rules.layers.iter().filter(|(_, allowed)| *allowed != EVERYTHING) {
        below.entry(name).or_default().extend(allowed.iter().copied());
    }
    for extra in rules.extra_imports {
        below.entry(extra.from).or_default().insert(extra.to);
    }
    for name in below.keys() {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = below[name].iter().copied().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(below.get(next).into_iter().flatten());
            }
        }
        if reached.contains(name) {
            say(format!("the allowed imports lead from `{name}` back to `{name}`: take one of them away"));
        }
    }
    findings
}
