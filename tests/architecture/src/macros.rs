//! Paths, words and string literals in the arguments of macros, which `syn` leaves as tokens.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Lit;
use syn::ext::IdentExt;

use crate::code::Kind;
use crate::visit::Visitor;

impl Visitor<'_> {
    pub(crate) fn tokens(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal.clone()) {
                        self.literal(text.value(), literal.span());
                    }
                }
                TokenTree::Ident(_) => {
                    at = self.token_path(&tokens, at, &[]);
                    continue;
                }
                TokenTree::Punct(_) => {}
            }
            at += 1;
        }
    }

    /// Writes down the path that begins with the identifier at `start`, behind `prefix`. Returns where to go on.
    fn token_path(&mut self, tokens: &[TokenTree], start: usize, prefix: &[String]) -> usize {
        let mut path = prefix.to_vec();
        let mut at = start;
        let mut span = None;
        let mut is_open = false;
        while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
            self.word(ident);
            span.get_or_insert(ident.span());
            path.push(ident.unraw().to_string());
            at += 1;
            is_open = is_colons(tokens, at);
            if !is_open {
                break;
            }
            at += 2;
        }
        // `use crate::{a, b::c}` inside a macro.
        if let (Some(TokenTree::Group(group)), true) = (tokens.get(at), is_open)
            && group.delimiter() == Delimiter::Brace
        {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let mut place = 0;
            while let Some(token) = inner.get(place) {
                place = match token {
                    TokenTree::Ident(_) => self.token_path(&inner, place, &path),
                    _ => place + 1,
                };
            }
            return at + 1;
        }
        if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path.pop();
        }
        let external = start >= 2 && is_colons(tokens, start - 2) && prefix.is_empty();
        if let Some(span) = span
            && self.is_path(tokens, start, at, &path)
        {
            self.refer(path, external, Kind::Path, span);
        }
        at
    }

    /// Whether the tokens from `start` to `end` are a path, and not a field, a method, a label or a binding.
    fn is_path(&self, tokens: &[TokenTree], start: usize, end: usize, path: &[String]) -> bool {
        let before = |distance: usize| start.checked_sub(distance).and_then(|at| tokens.get(at));
        let is =
            |token: Option<&TokenTree>, sign: char| matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == sign);
        if is(before(1), '\'') || (is(before(1), '.') && !is(before(2), '.')) {
            return false;
        }
        let [name] = path else { return true };
        if is(before(1), '$') || is(tokens.get(end), '!') || self.is_local(name) {
            return false;
        }
        let is_call =
            matches!(tokens.get(end), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
        is_call || name.starts_with(char::is_uppercase)
    }
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    colon(at) && colon(at + 1)
}
