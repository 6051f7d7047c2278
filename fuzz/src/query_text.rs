//! A text, and what is typed to find something in it: the first line of the input is typed, the rest is the text.

use pocketdesk::query::{Question, Token, tokens};

/// The most characters of a token.
const LONGEST: usize = 64;

pub(crate) fn run(data: &[u8]) {
    let input = String::from_utf8_lossy(data);
    let (typed, text) = input.split_once('\n').unwrap_or((&input, &input));
    let found = tokens(text);
    check(text, &found);

    let question = Question::of(typed);
    assert!(question.terms.len() <= 32);
    for term in &question.terms {
        let expression = term.expression();
        let words = expression.strip_prefix('"').expect("a quote");
        let words = words.strip_suffix(" *").unwrap_or(words).strip_suffix('"').expect("a quote");
        assert!(!words.is_empty() && words.chars().all(|c| c != '"' && !c.is_control()), "{expression:?}");
    }
    assert!(question.number.is_none() || question.terms.len() == 1);

    let marked = question.marked(text);
    let joined: String = marked.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(joined, text, "the parts are the text");
    let is_found = question.terms.iter().any(|term| term.is_in(&found));
    assert_eq!(marked.iter().any(|part| part.hit), is_found, "what is found is marked");
    let excerpt = question.excerpt(text);
    assert!(excerpt.iter().all(|part| !part.text.is_empty()));
    assert!(!is_found || excerpt.iter().any(|part| part.hit), "what is found is in the excerpt");
    assert!(excerpt.iter().all(|part| !part.text.contains(|c: char| c.is_control() || c == '\u{202e}')));

    // A text is found by each of its own words. Those of a long text are like its first ones.
    for token in found.iter().take(50) {
        let question = Question::of(&text[token.range.clone()]);
        assert!(question.terms.iter().all(|term| term.is_in(&found)), "{token:?}");
    }
}

fn check(text: &str, tokens: &[Token]) {
    let mut before = 0;
    for token in tokens {
        assert!(!token.text.is_empty() && token.text.chars().count() <= LONGEST, "{token:?}");
        assert!(!token.text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"'), "{token:?}");
        assert!(before <= token.range.start && token.range.start < token.head && token.head <= token.range.end);
        assert!(text.is_char_boundary(token.head) && text.get(token.range.clone()).is_some());
        before = token.head;
    }
}
