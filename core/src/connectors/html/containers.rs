//! The elements that are open around a text: quotes, lists and their items, code, headings.

use crate::model::Marker;

/// An element that changes how what is in it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Quote,
    /// The number of the next item, if it is numbered.
    List(Option<u32>),
    Item,
    Code,
    Heading,
}

impl Container {
    fn kind(self) -> usize {
        match self {
            Self::Quote => 0,
            Self::List(_) => 1,
            Self::Item => 2,
            Self::Code => 3,
            Self::Heading => 4,
        }
    }
}

/// More open elements than this are not told apart.
const MAX_OPEN: usize = 64;

/// The open elements, from the outermost to the innermost.
#[derive(Debug, Default)]
pub(super) struct Containers {
    open: Vec<Container>,
    /// How many of each kind are open.
    counts: [usize; 5],
    /// How many of each kind were opened beyond [`MAX_OPEN`].
    ignored: [usize; 5],
}

impl Containers {
    pub(super) fn quotes(&self) -> usize {
        self.counts[Container::Quote.kind()]
    }

    pub(super) fn lists(&self) -> usize {
        self.counts[Container::List(None).kind()]
    }

    pub(super) fn is_in_code(&self) -> bool {
        self.counts[Container::Code.kind()] > 0
    }

    pub(super) fn is_in_heading(&self) -> bool {
        self.counts[Container::Heading.kind()] > 0
    }

    pub(super) fn start(&mut self, container: Container) {
        let kind = container.kind();
        if self.open.len() >= MAX_OPEN {
            self.ignored[kind] += 1;
            return;
        }
        self.counts[kind] += 1;
        self.open.push(container);
    }

    /// Closes the innermost element of this kind, with everything that was left open in it.
    pub(super) fn end(&mut self, container: Container) {
        let kind = container.kind();
        if self.ignored[kind] > 0 {
            self.ignored[kind] -= 1;
            return;
        }
        if self.counts[kind] == 0 {
            return;
        }
        while let Some(last) = self.open.pop() {
            self.counts[last.kind()] -= 1;
            if last.kind() == kind {
                return;
            }
        }
    }

    /// Starts the next item of the innermost list, and ends the one before it. `number` is what the item says itself.
    pub(super) fn item(&mut self, number: Option<u32>) -> Marker {
        let list = self.open.iter().rposition(|open| matches!(open, Container::List(_)));
        let item = self.open.iter().rposition(|open| *open == Container::Item);
        if item > list {
            self.end(Container::Item);
        }
        let marker = match list.and_then(|at| self.open.get_mut(at)) {
            Some(Container::List(Some(next))) => {
                let number = number.unwrap_or(*next).max(1);
                *next = number.saturating_add(1);
                Marker::Number(number)
            }
            Some(_) => Marker::Bullet,
            None => {
                // An item without a list.
                self.start(Container::List(None));
                Marker::Bullet
            }
        };
        self.start(Container::Item);
        marker
    }
}

/// Where the quoted mail history ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    WithElement,
    WithPage,
}

/// An element with everything in it, up to its end.
#[derive(Debug)]
pub(super) struct Region {
    name: Vec<u8>,
    /// How many elements of that name are open in it.
    open: usize,
}

impl Region {
    pub(super) fn of(name: &[u8]) -> Self {
        Self { name: name.to_vec(), open: 1 }
    }

    pub(super) fn start(&mut self, name: &[u8]) {
        if self.name == name {
            self.open += 1;
        }
    }

    /// Whether this ends it.
    pub(super) fn end(&mut self, name: &[u8]) -> bool {
        if self.name == name {
            self.open -= 1;
        }
        self.open == 0
    }
}
