//! What can go wrong between the app and its server.

use std::fmt;

/// A fault, used up by requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The request never leaves the device.
    NotSent,
    /// The connection breaks before the server has seen the request.
    CutBefore,
    /// The connection breaks after the server has applied the request.
    CutAfter,
    /// The connection breaks, and the request is applied later, up to the product's bound.
    Late,
    /// The answer takes long.
    Slow,
    /// 401: the token is refused from now on.
    Unauthorized,
    /// 403 by the server.
    Forbidden,
    /// 404 by the server.
    NotFound,
    /// 409.
    Conflict,
    /// 422 in the server's words.
    Invalid,
    /// 429 with `Retry-After`.
    TooMany,
    /// 500, not applied.
    Failing,
    /// 502 by a proxy, applied.
    FailingAfter,
    /// 200 with a web page, not applied.
    Html,
    /// A web page in place of the server's answer, applied.
    HtmlAfter,
    /// 302 to a captive portal.
    Redirect,
    /// JSON that is none of the server's.
    WrongShape,
    /// An answer larger than allowed.
    TooLarge,
    /// A page whose link leads to another place.
    ForeignLink,
    /// An answer from up to the product's bound ago.
    Stale,
    /// The idempotency key is not looked at.
    KeyIgnored,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::NotSent,
        Self::CutBefore,
        Self::CutAfter,
        Self::Late,
        Self::Slow,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Invalid,
        Self::TooMany,
        Self::Failing,
        Self::FailingAfter,
        Self::Html,
        Self::HtmlAfter,
        Self::Redirect,
        Self::WrongShape,
        Self::TooLarge,
        Self::ForeignLink,
        Self::Stale,
        Self::KeyIgnored,
    ];

    /// Whether the sender of a write cannot know what became of it.
    pub(crate) fn leaves_doubt(self) -> bool {
        !matches!(
            self,
            Self::NotSent
                | Self::Slow
                | Self::Unauthorized
                | Self::Forbidden
                | Self::NotFound
                | Self::Conflict
                | Self::Invalid
                | Self::TooMany
                | Self::Stale
                | Self::KeyIgnored
        )
    }
}

/// What is asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// For whom the token speaks.
    Me,
    /// A list's page.
    List,
    /// One ticket.
    Ticket,
    /// A page of a thread.
    Thread,
    /// To create a ticket.
    Create,
    /// To change a ticket.
    Change,
    /// To keep a file for a message to come.
    Upload,
    /// Anything else.
    Other,
}

impl Asked {
    /// Whether it changes what users see.
    #[must_use]
    pub fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Change)
    }
}

/// Which requests a fault concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Whatever comes next.
    Any,
    /// What changes something.
    Writes,
    /// What does not.
    Reads,
    /// Pages of lists.
    Lists,
    /// Pages of threads.
    Threads,
    /// Who the token speaks for.
    Me,
    /// Files.
    Uploads,
}

impl On {
    fn concerns(self, asked: Asked) -> bool {
        match self {
            Self::Any => true,
            Self::Writes => asked.is_write(),
            Self::Reads => !asked.is_write() && asked != Asked::Upload,
            Self::Lists => asked == Asked::List,
            Self::Threads => asked == Asked::Thread,
            Self::Me => asked == Asked::Me,
            Self::Uploads => asked == Asked::Upload,
        }
    }
}

/// A fault for the next requests that it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// What goes wrong.
    pub fault: Fault,
    /// For what.
    pub on: On,
    /// How often.
    pub times: u8,
}

impl Order {
    /// Whether the fault makes sense for such a request. A server that says of one ticket that it is not there is believed, so
    /// it does not lie about that.
    fn hits(self, asked: Asked) -> bool {
        let sensible = match self.fault {
            Fault::Late
            | Fault::CutAfter
            | Fault::FailingAfter
            | Fault::HtmlAfter
            | Fault::Conflict
            | Fault::Invalid => asked.is_write() || asked == Asked::Upload,
            Fault::KeyIgnored => asked == Asked::Create,
            Fault::Stale => !asked.is_write() && !matches!(asked, Asked::Me | Asked::Upload),
            Fault::ForeignLink => matches!(asked, Asked::List | Asked::Thread),
            Fault::NotFound => matches!(asked, Asked::List | Asked::Me | Asked::Upload),
            Fault::Forbidden => !matches!(asked, Asked::Ticket | Asked::Thread),
            _ => true,
        };
        sensible && self.on.concerns(asked)
    }
}

/// What is ordered, and how often each fault was met.
#[derive(Debug, Default)]
pub(crate) struct Switchboard {
    orders: Vec<Order>,
    pub hits: Hits,
}

impl Switchboard {
    pub fn order(&mut self, order: Order) {
        self.orders.push(order);
    }

    pub fn all_off(&mut self) {
        self.orders.clear();
    }

    /// The fault that hits this request: the one ordered first.
    pub fn plan(&mut self, asked: Asked) -> Option<Fault> {
        let order = self.orders.iter_mut().find(|order| order.times > 0 && order.hits(asked))?;
        order.times -= 1;
        let fault = order.fault;
        self.orders.retain(|order| order.times > 0);
        self.hits.count(fault);
        Some(fault)
    }
}

/// How often each fault was met.
#[derive(Debug, Clone, Default)]
pub struct Hits([u64; Fault::ALL.len()]);

impl Hits {
    fn count(&mut self, fault: Fault) {
        if let Some(place) = Fault::ALL.iter().position(|known| *known == fault) {
            self.0[place] += 1;
        }
    }

    /// Adds what another run met.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// Each fault with its number.
    pub fn iter(&self) -> impl Iterator<Item = (Fault, u64)> {
        Fault::ALL.into_iter().zip(self.0)
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} on {:?} ×{}", self.fault, self.on, self.times)
    }
}
