//! Walks one file's syntax and writes down its modules, names, paths, words and string literals.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, Item, Meta, Token, UseTree, Visibility};

use crate::code::{Announced, Code, Kind, ModuleId, Name, Reference, Word, file_of_child, file_of_path, join};
use crate::finding::Finding;
use crate::sources::{Sources, folder_of};

pub(crate) struct Visitor<'c> {
    code: &'c mut Code,
    sources: &'c Sources,
    file: &'c str,
    module: ModuleId,
    /// Where the files of `module`'s child modules lie.
    children: String,
    /// Inline modules around the current place, for `#[path]`.
    inline: usize,
    test: bool,
    /// Names that the functions around the current place bind: parameters, `let`, patterns.
    locals: Vec<BTreeSet<String>>,
    announced: Vec<Announced>,
    findings: Vec<Finding>,
}

impl<'c> Visitor<'c> {
    pub(crate) fn new(code: &'c mut Code, sources: &'c Sources, place: &'c Announced, test: bool) -> Self {
        Self {
            code,
            sources,
            file: &place.file,
            module: place.module,
            children: place.children.clone(),
            inline: 0,
            test,
            locals: Vec::new(),
            announced: Vec::new(),
            findings: Vec::new(),
        }
    }

    pub(crate) fn file(&mut self, file: &syn::File) {
        self.visit_file(file);
    }

    /// The files that were announced, and what was wrong.
    pub(crate) fn finish(self) -> (Vec<Announced>, Vec<Finding>) {
        (self.announced, self.findings)
    }

    pub(crate) fn refer(&mut self, path: Vec<String>, external: bool, kind: Kind, span: Span) {
        let line = span.start().line;
        self.code.references.push(Reference { module: self.module, line, path, external, kind, test: self.test });
    }

    pub(crate) fn word(&mut self, ident: &Ident) {
        let text = ident.unraw().to_string();
        self.code.words.push(Word { module: self.module, line: ident.span().start().line, text, test: self.test });
    }

    pub(crate) fn literal(&mut self, text: String, span: Span) {
        let line = span.start().line;
        self.code.literals.push(Word { module: self.module, line, text, test: self.test });
    }

    pub(crate) fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|locals| locals.contains(name))
    }

    fn declare(&mut self, ident: &Ident, name: Name) {
        self.code.modules[self.module].names.entry(ident.unraw().to_string()).or_default().push(name);
    }

    /// Runs `inner` with the attributes of the thing it visits: `#[cfg(test)]` and `#[test]` make it test code.
    fn under(&mut self, attributes: &[Attribute], inner: impl FnOnce(&mut Self)) {
        let before = self.test;
        self.test |= attributes.iter().any(means_test);
        inner(self);
        self.test = before;
    }

    /// Runs `inner` with the names that `bindings` found in a function.
    fn within(&mut self, bindings: Bindings, inner: impl FnOnce(&mut Self)) {
        self.locals.push(bindings.0);
        inner(self);
        self.locals.pop();
    }

    fn item_mod(&mut self, node: &syn::ItemMod) {
        let name = node.ident.unraw().to_string();
        self.word(&node.ident);
        let mut path = self.code.modules[self.module].path.clone();
        path.push(name.clone());
        let child = self.code.add_module(path, Some(self.module), self.file);
        self.declare(&node.ident, Name::Module(child));
        if let Some((_, items)) = &node.content {
            let outer = (self.module, self.children.clone());
            self.module = child;
            self.children = join(&self.children, &name);
            self.inline += 1;
            for item in items {
                self.visit_item(item);
            }
            self.inline -= 1;
            (self.module, self.children) = outer;
            return;
        }
        let found = match path_attribute(&node.attrs) {
            Some(path) => {
                let folder = if self.inline == 0 { folder_of(self.file) } else { &self.children };
                file_of_path(self.sources, folder, &path)
            }
            None => file_of_child(self.sources, &self.children, &name),
        };
        if let Some(found) = found {
            found.file.clone_into(&mut self.code.modules[child].file);
            self.announced.push(Announced { module: child, test: self.test, ..found });
        } else {
            let text = format!("there is no file for `mod {name};`: add it or remove the line");
            self.findings.push(Finding::new(self.file, node.ident.span().start().line, text));
        }
    }

    fn item_use(&mut self, node: &syn::ItemUse) {
        let kind = match &node.vis {
            Visibility::Inherited => Kind::Use,
            Visibility::Restricted(to) if to.path.is_ident("self") => Kind::Use,
            Visibility::Restricted(_) | Visibility::Public(_) => Kind::ReExport,
        };
        self.use_tree(&node.tree, &mut Vec::new(), node.leading_colon.is_some(), kind);
    }

    fn use_tree(&mut self, tree: &UseTree, prefix: &mut Vec<String>, external: bool, kind: Kind) {
        match tree {
            UseTree::Path(path) => {
                self.word(&path.ident);
                prefix.push(path.ident.unraw().to_string());
                self.use_tree(&path.tree, prefix, external, kind);
                prefix.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, prefix, external, kind);
                }
            }
            UseTree::Name(name) => self.import(&name.ident, &name.ident, prefix, external, kind),
            UseTree::Rename(rename) => self.import(&rename.ident, &rename.rename, prefix, external, kind),
            UseTree::Glob(glob) => {
                if !external {
                    self.code.modules[self.module].globs.push(prefix.clone());
                }
                let kind = if kind == Kind::ReExport { kind } else { Kind::Glob };
                self.refer(prefix.clone(), external, kind, glob.span());
            }
        }
    }

    fn import(&mut self, ident: &Ident, bound: &Ident, prefix: &[String], external: bool, kind: Kind) {
        let mut path = prefix.to_vec();
        let mut bound = bound.clone();
        if ident == "self" && !prefix.is_empty() {
            if let (true, Some(last)) = (bound == "self", path.last()) {
                bound = Ident::new(last, ident.span());
            }
        } else {
            self.word(ident);
            path.push(ident.unraw().to_string());
        }
        self.word(&bound);
        let name = if external { Name::Import(vec!["::".to_owned()]) } else { Name::Import(path.clone()) };
        if bound != "_" {
            self.declare(&bound, name);
        }
        self.refer(path, external, kind, ident.span());
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    /// Attributes and documentation are not code.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    /// `pub(in crate::x)` says who may look, not what is used.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_item(&mut self, node: &'ast Item) {
        self.under(attributes_of(node), |visitor| {
            if let Some(ident) = defined_by(node) {
                visitor.declare(ident, Name::Item);
            }
            match node {
                Item::Mod(node) => visitor.item_mod(node),
                Item::Use(node) => visitor.item_use(node),
                Item::Verbatim(tokens) => visitor.tokens(tokens.clone()),
                node => visit::visit_item(visitor, node),
            }
        });
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        let mut bindings = Bindings::default();
        bindings.visit_item_fn(node);
        self.within(bindings, |visitor| visit::visit_item_fn(visitor, node));
    }

    fn visit_impl_item(&mut self, node: &'ast syn::ImplItem) {
        let attributes = match node {
            syn::ImplItem::Const(node) => &node.attrs[..],
            syn::ImplItem::Fn(node) => &node.attrs,
            syn::ImplItem::Type(node) => &node.attrs,
            syn::ImplItem::Macro(node) => &node.attrs,
            _ => &[],
        };
        let mut bindings = Bindings::default();
        bindings.visit_impl_item(node);
        self.under(attributes, |visitor| visitor.within(bindings, |visitor| visit::visit_impl_item(visitor, node)));
    }

    fn visit_trait_item(&mut self, node: &'ast syn::TraitItem) {
        let mut bindings = Bindings::default();
        bindings.visit_trait_item(node);
        self.within(bindings, |visitor| visit::visit_trait_item(visitor, node));
    }

    fn visit_local(&mut self, node: &'ast syn::Local) {
        self.under(&node.attrs, |visitor| visit::visit_local(visitor, node));
    }

    fn visit_field(&mut self, node: &'ast syn::Field) {
        self.under(&node.attrs, |visitor| visit::visit_field(visitor, node));
    }

    fn visit_path(&mut self, node: &'ast syn::Path) {
        let path: Vec<String> = node.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
        let external = node.leading_colon.is_some();
        let local = path.len() == 1 && path.first().is_some_and(|name| self.is_local(name));
        if !local {
            self.refer(path, external, Kind::Path, node.span());
        }
        visit::visit_path(self, node);
    }

    fn visit_pat_ident(&mut self, node: &'ast syn::PatIdent) {
        // A constant, or a variant that was imported by its own name. A binding begins in lower case.
        let name = node.ident.unraw().to_string();
        if name.starts_with(char::is_uppercase) {
            self.refer(vec![name], false, Kind::Path, node.ident.span());
        }
        visit::visit_pat_ident(self, node);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        visit::visit_macro(self, node);
        self.tokens(node.tokens.clone());
    }

    fn visit_ident(&mut self, node: &'ast Ident) {
        self.word(node);
    }

    fn visit_lit_str(&mut self, node: &'ast syn::LitStr) {
        self.literal(node.value(), node.span());
    }
}

/// The names that the patterns of a function bind.
#[derive(Default)]
struct Bindings(BTreeSet<String>);

impl<'ast> Visit<'ast> for Bindings {
    fn visit_pat_ident(&mut self, node: &'ast syn::PatIdent) {
        self.0.insert(node.ident.unraw().to_string());
        visit::visit_pat_ident(self, node);
    }
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn defined_by(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::TraitAlias(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, `#[cfg(all(test, …))]`.
fn means_test(attribute: &Attribute) -> bool {
    if attribute.path().segments.last().is_some_and(|segment| segment.ident == "test") {
        return true;
    }
    attribute.path().is_ident("cfg") && attribute.parse_args::<Meta>().is_ok_and(|condition| only_in_tests(&condition))
}

fn only_in_tests(condition: &Meta) -> bool {
    let parts = |list: &syn::MetaList| list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok();
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            parts(list).is_some_and(|parts| parts.iter().any(only_in_tests))
        }
        Meta::List(list) if list.path.is_ident("any") => {
            parts(list).is_some_and(|parts| parts.iter().all(only_in_tests))
        }
        _ => false,
    }
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("path")).find_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return None };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) = &pair.value else { return None };
        Some(path.value())
    })
}
