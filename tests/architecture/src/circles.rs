//! Circles of files. The crate's documentation says what one is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::code::{Code, Kind};
use crate::finding::Finding;
use crate::names::End;
use crate::rules::{Law, Rules};

/// The first line at which one file uses another, and the path there.
#[derive(Debug, Clone)]
struct Evidence {
    line: usize,
    path: String,
}

/// For each file the files that it depends on.
type Graph<'c> = BTreeMap<&'c str, BTreeMap<&'c str, Evidence>>;

pub(crate) fn check(code: &Code, rules: &Rules) -> Vec<Finding> {
    let graph = dependencies(code, rules);
    let mut findings = Vec::new();
    let mut in_pair = BTreeSet::new();
    for (from, targets) in &graph {
        for to in
            targets.keys().filter(|to| *from < **to && graph.get(**to).is_some_and(|back| back.contains_key(from)))
        {
            in_pair.extend([*from, *to]);
            findings.push(report(&graph, &[from, to]));
        }
    }
    // Longer circles: the shortest one through each file that is in no shorter one already reported.
    let mut reported = in_pair;
    for from in graph.keys() {
        if reported.contains(from) {
            continue;
        }
        if let Some(circle) = shortest_circle(&graph, from) {
            reported.extend(circle.iter().copied());
            findings.push(report(&graph, &circle));
        }
    }
    findings
}

fn dependencies<'c>(code: &'c Code, rules: &Rules) -> Graph<'c> {
    let mut graph = Graph::new();
    for reference in &code.references {
        if reference.kind == Kind::ReExport || rules.is_exempt(Law::Circles, reference.test) {
            continue;
        }
        let from = code.file(reference.module);
        let to = match code.resolve(reference).map(|target| target.end) {
            Some(End::Item(file)) => file,
            Some(End::Module(module)) if reference.kind == Kind::Glob => code.file(module),
            _ => continue,
        };
        if from == to {
            continue;
        }
        let evidence = Evidence { line: reference.line, path: reference.path.join("::") };
        let known = graph.entry(from).or_default().entry(to).or_insert_with(|| evidence.clone());
        if evidence.line < known.line {
            *known = evidence;
        }
    }
    graph
}

/// The shortest way from a file back to itself, as the files on it.
fn shortest_circle<'c>(graph: &Graph<'c>, from: &'c str) -> Option<Vec<&'c str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = VecDeque::from([from]);
    while let Some(file) = open.pop_front() {
        for to in graph.get(file).into_iter().flat_map(BTreeMap::keys) {
            if *to == from {
                let mut circle = vec![file];
                while let Some(before) = circle.last().and_then(|last| came_from.get(last)) {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            if !came_from.contains_key(to) {
                came_from.insert(to, file);
                open.push_back(to);
            }
        }
    }
    None
}

fn report(graph: &Graph<'_>, circle: &[&str]) -> Finding {
    let steps: Vec<(&str, &str, &Evidence)> = circle
        .iter()
        .zip(circle.iter().cycle().skip(1))
        .filter_map(|(from, to)| Some((*from, *to, graph.get(from)?.get(to)?)))
        .collect();
    let told: Vec<String> = steps
        .iter()
        .map(|(from, to, evidence)| format!("{from}:{} uses `{}` of {to}", evidence.line, evidence.path))
        .collect();
    let text = format!(
        "a circle of {} files: {}. Move what they share into a file below them, or the code that calls into one above",
        circle.len(),
        told.join("; ")
    );
    let line = steps.first().map_or(0, |(_, _, evidence)| evidence.line);
    Finding::new(circle.first().copied().unwrap_or_default(), line, text)
}
