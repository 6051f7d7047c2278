//! Follows a path to the file that defines what it names.

use crate::code::{Code, Kind, ModuleId, Name, ROOT, Reference};

/// What a path leads to, and the modules that it enters on its way, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Target<'c> {
    pub(crate) end: End<'c>,
    pub(crate) entered: Vec<ModuleId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End<'c> {
    Module(ModuleId),
    /// An item that this file defines.
    Item(&'c str),
    /// Another crate.
    External,
}

/// Names that are being looked up, so that `use` lines that name each other end.
type Trail = Vec<(ModuleId, String)>;

impl Code {
    /// Where a reference leads to; `None` if that is outside the crate, or a local name.
    pub(crate) fn resolve(&self, reference: &Reference) -> Option<Target<'_>> {
        if reference.external {
            return None;
        }
        self.follow(reference.module, &reference.path, &mut Trail::new()).filter(|target| target.end != End::External)
    }

    /// Whether the reference's first name came in by a `use` line of its own module. The import is then reported at
    /// that line already.
    pub(crate) fn is_known_from_use(&self, reference: &Reference) -> bool {
        let names = &self.modules[reference.module].names;
        reference.kind == Kind::Path
            && reference
                .path
                .first()
                .and_then(|name| names.get(name))
                .is_some_and(|names| names.iter().any(|name| matches!(name, Name::Import(_))))
    }

    fn follow(&self, from: ModuleId, path: &[String], trail: &mut Trail) -> Option<Target<'_>> {
        let mut here = from;
        let mut entered = Vec::new();
        let mut rest = path;
        let mut is_anchored = false;
        while let Some((first, behind)) = rest.split_first() {
            match first.as_str() {
                "crate" => here = ROOT,
                "self" => {}
                "super" => here = self.modules[here].parent?,
                _ => break,
            }
            entered.push(here);
            is_anchored = true;
            rest = behind;
        }
        while let Some((name, behind)) = rest.split_first() {
            let Some(found) = self.look_up(here, name, behind.is_empty(), trail) else {
                // The name may come from a macro. If not, the compiler complains.
                return is_anchored.then_some(Target { end: End::Item(self.file(here)), entered });
            };
            entered.extend(found.entered);
            match found.end {
                End::Module(module) => here = module,
                end => return Some(Target { end, entered }),
            }
            is_anchored = true;
            rest = behind;
        }
        is_anchored.then_some(Target { end: End::Module(here), entered })
    }

    fn look_up(&self, module: ModuleId, name: &str, is_last: bool, trail: &mut Trail) -> Option<Target<'_>> {
        let step = (module, name.to_owned());
        if trail.contains(&step) {
            return None;
        }
        trail.push(step);
        let found = self.named(module, name, is_last, trail).or_else(|| self.globbed(module, name, is_last, trail));
        trail.pop();
        found
    }

    fn named(&self, module: ModuleId, name: &str, is_last: bool, trail: &mut Trail) -> Option<Target<'_>> {
        let names = self.modules[module].names.get(name)?;
        let rank = |name: &Name| match name {
            Name::Import(_) => 1,
            Name::Module(_) => {
                if is_last {
                    2
                } else {
                    0
                }
            }
            Name::Item => {
                if is_last {
                    0
                } else {
                    2
                }
            }
        };
        match names.iter().min_by_key(|name| rank(name))? {
            Name::Module(child) => Some(Target { end: End::Module(*child), entered: vec![*child] }),
            Name::Item => Some(Target { end: End::Item(self.file(module)), entered: Vec::new() }),
            Name::Import(path) => {
                Some(self.follow(module, path, trail).unwrap_or(Target { end: End::External, entered: Vec::new() }))
            }
        }
    }

    fn globbed(&self, module: ModuleId, name: &str, is_last: bool, trail: &mut Trail) -> Option<Target<'_>> {
        self.modules[module].globs.iter().find_map(|path| {
            let glob = self.follow(module, path, trail)?;
            let End::Module(named) = glob.end else { return None };
            let found = self.look_up(named, name, is_last, trail).filter(|found| found.end != End::External)?;
            Some(Target { entered: [glob.entered, found.entered].concat(), end: found.end })
        })
    }
}
