//! Figures, measured.
