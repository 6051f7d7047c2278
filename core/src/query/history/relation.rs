//! Which tickets a view of the history has, by what this user is to each.

/// What this user is to a ticket, as the store knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Neither of the others: the ticket is shown for another reason, as one of the organization's.
    None,
    /// This user is a further user of it.
    Linked,
    /// This user created it.
    Own,
}

impl Relation {
    /// Every relation, the strongest first.
    pub const ALL: [Self; 3] = [Self::Own, Self::Linked, Self::None];

    /// How the store keeps it.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Linked => 1,
            Self::Own => 2,
        }
    }

    /// The relation that the store keeps as this number.
    pub(crate) fn of_number(number: i64) -> Self {
        Self::ALL.into_iter().find(|relation| relation.number() == number).unwrap_or(Self::None)
    }

    fn bit(self) -> u8 {
        1 << self.number()
    }
}

/// A set of relations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relations(u8);

impl Relations {
    /// All of them.
    pub const ALL: Self = Self(0b111);

    /// Those for which `holds` is true.
    #[must_use]
    pub fn of(holds: impl Fn(Relation) -> bool) -> Self {
        Self(
            Relation::ALL.into_iter().filter(|relation| holds(*relation)).fold(0, |set, relation| set | relation.bit()),
        )
    }

    /// Whether `relation` is one of them.
    #[must_use]
    pub fn has(self, relation: Relation) -> bool {
        self.0 & relation.bit() != 0
    }

    /// Those of either set.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are not in this set.
    #[must_use]
    pub fn others(self) -> Self {
        Self(!self.0 & Self::ALL.0)
    }

    /// The relations of this set, the strongest first.
    pub(crate) fn iter(self) -> impl Iterator<Item = Relation> {
        Relation::ALL.into_iter().filter(move |relation| self.has(*relation))
    }
}

/// Which tickets a view of the history has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryView {
    /// The tickets in it.
    pub relations: Relations,
    /// The tickets in it while something in them waits or needs the user. Nothing that the user wrote disappears with a view.
    pub unsent: Relations,
}

impl HistoryView {
    /// Every ticket.
    pub const WHOLE: Self = Self { relations: Relations::ALL, unsent: Relations::ALL };
    /// Only what was not sent.
    pub const UNSENT: Self = Self { relations: Relations(0), unsent: Relations::ALL };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_relations_and_the_others_are_all() {
        for holds in [|_| true, |_| false, |relation| relation == Relation::Linked] {
            let set = Relations::of(holds);
            assert_eq!(set.or(set.others()), Relations::ALL);
            assert!(Relation::ALL.into_iter().all(|relation| set.has(relation) == holds(relation)));
            assert!(set.iter().all(|relation| !set.others().has(relation)));
        }
    }
}
