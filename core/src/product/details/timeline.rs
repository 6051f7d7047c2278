//! A timeline: the steps of something that goes on beside the ticket (`docs/product.md`, S10), from what the server has of it.
//!
//! The server's values come from people and from other systems, so any of them can be missing or odd. A step without a date has
//! none; a date of a step that was not reached is not shown. An estimate is shown until its day is over. A step that the
//! definition does not know has no place among the others: it is named in the server's own words above them.

use std::cmp::Ordering;
use std::time::Duration;

use super::Screen;
use crate::model::{DetailItem, Estimate, FieldValue, Progress, Timeline, TimelineStep, Timestamp};
use crate::product::definition::parts::details::{self, Section};

/// How long after its beginning in UTC a day is over in every zone.
const DAY_EVERYWHERE: Duration = Duration::from_hours(36);

impl Screen<'_> {
    /// The steps of the section's field, up to the present one and beyond. `None` if the ticket is at no known step.
    pub(super) fn timeline(&self, section: &Section) -> Option<Timeline> {
        let timeline = section.timeline.as_ref()?;
        let (steps, at) = self.place_in(timeline)?;
        let at = at?;
        let dates = match timeline.dates.as_ref().and_then(|dates| self.known.values.get(dates)) {
            Some(FieldValue::Map(dates)) => Some(dates),
            _ => None,
        };
        let offered = self.product.actions(&self.known.facts);
        let step = |(index, id): (usize, &String)| {
            let action = timeline.action.get(id).filter(|action| offered.iter().any(|known| known.id == **action));
            let progress = match index.cmp(&at) {
                Ordering::Less => Progress::Done,
                Ordering::Equal => Progress::Current,
                Ordering::Greater => Progress::NotReached,
            };
            TimelineStep {
                id: id.clone(),
                label: self.value_label(&timeline.state, id),
                explanation: self.explanation(&timeline.state, id),
                at: match dates.and_then(|dates| dates.get(id)) {
                    Some(FieldValue::Instant(at)) if progress != Progress::NotReached => Some(*at),
                    _ => None,
                },
                progress,
                action: action.filter(|_| index == at).cloned(),
            }
        };
        let estimate = timeline.estimate.as_ref().and_then(|estimate| {
            let until = estimate.until.as_ref().and_then(|until| steps.iter().position(|step| step == until));
            let is_over = until.is_some_and(|until| at >= until);
            let value = self.known.values.get(&estimate.field).filter(|value| !is_over && !self.is_past(value))?;
            let note = estimate.note.as_ref().map(|key| self.strings.text(&key.0, &[]));
            Some(Estimate { at: self.shown(&estimate.field, value)?, note })
        });
        Some(Timeline { steps: steps.iter().enumerate().map(step).collect(), estimate })
    }

    /// The present step in the server's own words, if the definition does not know it.
    pub(super) fn unknown_step(&self, section: &Section) -> Option<DetailItem> {
        let timeline = section.timeline.as_ref()?;
        let (_, None) = self.place_in(timeline)? else { return None };
        let value = self.known.values.get(&timeline.state).and_then(|value| self.shown(&timeline.state, value));
        let label = self.strings.first(&[format!("field.{}", timeline.state), timeline.state.clone()]);
        Some(DetailItem::Value { id: timeline.state.clone(), label, value, secret: false, copy: false })
    }

    /// The steps of a timeline, and the position of the present one, which is `None` if the definition does not know
    /// it. `None` if the ticket is at no step.
    fn place_in(&self, timeline: &details::Timeline) -> Option<(&[String], Option<usize>)> {
        let steps = &self.product.definition.fields.get(&timeline.state)?.values;
        let Some(FieldValue::Enum(present)) = self.known.values.get(&timeline.state) else { return None };
        Some((steps, steps.iter().position(|step| step == present)))
    }

    fn explanation(&self, field: &str, value: &str) -> Option<String> {
        let keys = [format!("field.{field}.{value}.explanation"), format!("{field}.{value}.explanation")];
        keys.iter().find_map(|key| self.strings.find(key)).map(str::to_owned)
    }

    fn is_past(&self, value: &FieldValue) -> bool {
        let end = match value {
            FieldValue::Instant(at) => Some(*at),
            FieldValue::Day(day) => Timestamp::parse(&format!("{day}T00:00:00Z")).map(|day| day.plus(DAY_EVERYWHERE)),
            _ => None,
        };
        end.zip(self.known.now).is_some_and(|(end, now)| end < now)
    }
}
