//! The colours of a status and of a problem, the same on every platform. The text says the same without them.

use crate::model::StatusKind;

/// A text on its background, as 0xRRGGBB in sRGB. Their contrast is at least 4.5 : 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tone {
    /// The background.
    pub background: u32,
    /// The text.
    pub text: u32,
}

const fn tone(background: u32, text: u32) -> Tone {
    Tone { background, text }
}

impl Tone {
    /// The colours of a status of this kind, on a screen with a light or a dark background.
    #[must_use]
    pub fn of(kind: StatusKind, dark: bool) -> Self {
        match (kind, dark) {
            (StatusKind::Open, false) => tone(0x00e2_edfb, 0x001b_4b85),
            (StatusKind::Open, true) => tone(0x001c_3352, 0x00af_cff6),
            (StatusKind::Working, false) => tone(0x00ed_e7f8, 0x0057_3a94),
            (StatusKind::Working, true) => tone(0x0036_2b53, 0x00d2_c2f6),
            (StatusKind::AwaitingUser, false) => tone(0x00ff_e9c2, 0x006e_4200),
            (StatusKind::AwaitingUser, true) => tone(0x004b_350f, 0x00ff_d28b),
            (StatusKind::Solved, false) => tone(0x00dd_f1e2, 0x001b_5c33),
            (StatusKind::Solved, true) => tone(0x0017_3b25, 0x009e_ddb3),
            (StatusKind::Closed, false) => tone(0x00e6_eae9, 0x0047_514f),
            (StatusKind::Closed, true) => tone(0x002e_3635, 0x00c0_cac8),
        }
    }

    /// The colours of a text about a problem. Its contrast is as high on a white or a black screen.
    #[must_use]
    pub fn of_problem(dark: bool) -> Self {
        if dark { tone(0x0055_201c, 0x00ff_b4ab) } else { tone(0x00fb_e5e2, 0x00b3_261e) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How bright a colour is, as WCAG 2 defines it.
    fn luminance(colour: u32) -> f64 {
        let linear = |shift: u32| {
            let part = f64::from(colour >> shift & 0xff) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }

    fn contrast(one: u32, other: u32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_status_and_problem_is_legible_and_no_two_look_the_same() {
        for dark in [false, true] {
            let mut tones: Vec<Tone> = StatusKind::ALL.iter().map(|(kind, _)| Tone::of(*kind, dark)).collect();
            tones.push(Tone::of_problem(dark));
            for (index, tone) in tones.iter().enumerate() {
                assert!(contrast(tone.background, tone.text) >= 4.5, "{tone:x?}");
                assert!(!tones[..index].contains(tone), "{tone:x?}");
            }
            let screen = if dark { 0 } else { 0x00ff_ffff };
            assert!(contrast(screen, Tone::of_problem(dark).text) >= 4.5);
        }
    }
}
