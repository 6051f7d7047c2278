//! Conversions of what a search finds.

use pocketdesk::model;

use crate::types::{ArticleHit, FoundIn, MessageHit, SearchCoverage, SearchPage, Segment, ServerSearch, TicketHit};

impl From<model::Segment> for Segment {
    fn from(segment: model::Segment) -> Self {
        Self { text: segment.text, hit: segment.hit }
    }
}

fn segments(segments: Vec<model::Segment>) -> Vec<Segment> {
    segments.into_iter().map(Segment::from).collect()
}

impl From<model::FoundIn> for FoundIn {
    fn from(found_in: model::FoundIn) -> Self {
        match found_in {
            model::FoundIn::Number => Self::Number,
            model::FoundIn::Subject => Self::Subject,
            model::FoundIn::Field(field) => Self::Field { field },
            model::FoundIn::Description(message) => Self::Description { message: message.0 },
            model::FoundIn::Comment(message) => Self::Comment { message: message.0 },
        }
    }
}

impl From<model::TicketHit> for TicketHit {
    fn from(hit: model::TicketHit) -> Self {
        Self {
            row: hit.row.into(),
            found_in: hit.found_in.into(),
            title: segments(hit.title),
            excerpt: segments(hit.excerpt),
        }
    }
}

impl From<model::SearchPage> for SearchPage {
    fn from(page: model::SearchPage) -> Self {
        Self {
            hits: page.hits.into_iter().map(TicketHit::from).collect(),
            count: page.count,
            count_is_capped: page.count_is_capped,
            next: page.next,
            coverage: page.coverage.map(|coverage| SearchCoverage { tickets: coverage.tickets, of: coverage.of }),
        }
    }
}

impl From<model::ArticleHit> for ArticleHit {
    fn from(hit: model::ArticleHit) -> Self {
        Self { row: hit.row.into(), title: segments(hit.marked_title), excerpt: segments(hit.excerpt) }
    }
}

impl From<model::MessageHit> for MessageHit {
    fn from(hit: model::MessageHit) -> Self {
        Self { message: hit.message.0, text: segments(hit.text) }
    }
}

impl From<model::ServerSearch> for ServerSearch {
    fn from(found: model::ServerSearch) -> Self {
        match found {
            model::ServerSearch::Found(tickets) => {
                Self::Found { tickets: tickets.into_iter().map(|ticket| ticket.0).collect() }
            }
            model::ServerSearch::NotAnswered => Self::NotAnswered,
        }
    }
}
