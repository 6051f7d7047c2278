//! The random numbers of the seed.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A generator whose numbers depend only on the seed and on their order.
#[derive(Debug)]
pub struct Chance(StdRng);

impl Chance {
    /// The generator for a seed.
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0.random_range(0..bound.max(1))
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0.random()
    }

    /// True in `hits` of `of` cases.
    pub fn often(&mut self, hits: u32, of: u32) -> bool {
        self.below(of) < hits
    }

    /// A copy of one of `choices`, which must not be empty.
    pub fn one_of<T: Copy, const N: usize>(&mut self, choices: &[T; N]) -> T {
        choices[self.index(N)]
    }

    /// One of `choices`, which must not be empty.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    fn index(&mut self, length: usize) -> usize {
        self.0.random_range(0..length.max(1))
    }
}
