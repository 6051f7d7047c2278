//! The faults between the app and its server.

use std::fmt;

/// A fault. Each time it happens to a request, it is used up once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The request never leaves the device.
    NotSent,
    /// The connection breaks before the server has seen the request.
    CutBefore,
    /// The connection breaks after the server has applied the request.
    CutAfter,
    /// The connection breaks, and the request is applied later, at most as late as the product definition allows.
    Late,
    /// The answer takes long.
    Slow,
    /// 401: the token is refused from now on.
    Unauthorized,
    /// 403 in the server's format.
    Forbidden,
    /// 404 in the server's format.
    NotFound,
    /// 409.
    Conflict,
    /// 422 with a message of the server.
    Invalid,
    /// 429 with `Retry-After`.
    TooMany,
    /// 500, not applied.
    Failing,
    /// 502 by a proxy, applied.
    FailingAfter,
    /// 200 with a web page, not applied.
    Html,
    /// A web page instead of the server's answer, applied.
    HtmlAfter,
    /// 302 to a captive portal.
    Redirect,
    /// JSON that is not in the server's format.
    WrongShape,
    /// An answer larger than allowed.
    TooLarge,
    /// A page with a link to another origin.
    ForeignLink,
    /// An answer from an earlier state, as old as the product definition allows at most.
    Stale,
    /// The idempotency key is ignored.
    KeyIgnored,
}

impl Fault {
    /// All faults.
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

    /// Whether the outcome of a write is ambiguous to its sender.
    pub(crate) fn is_ambiguous(self) -> bool {
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

/// The kind of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// The token's user.
    Me,
    /// A page of a list.
    List,
    /// One ticket.
    Ticket,
    /// A page of a thread.
    Thread,
    /// Creating a ticket.
    Create,
    /// Changing a ticket.
    Change,
    /// Telling how far a ticket's thread was read.
    ReadMark,
    /// Uploading a file for a later message.
    Upload,
    /// Anything else.
    Other,
}

impl RequestKind {
    /// Whether it changes what the server has.
    #[must_use]
    pub fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Change | Self::ReadMark)
    }
}

/// The requests that a fault concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultScope {
    /// Any request.
    Any,
    /// Requests that change what the server has.
    Writes,
    /// Requests that do not.
    Reads,
    /// Pages of lists.
    Lists,
    /// Pages of threads.
    Threads,
    /// The token's user.
    Me,
    /// Uploads.
    Uploads,
}

impl FaultScope {
    fn concerns(self, kind: RequestKind) -> bool {
        match self {
            Self::Any => true,
            Self::Writes => kind.is_write(),
            Self::Reads => !kind.is_write() && kind != RequestKind::Upload,
            Self::Lists => kind == RequestKind::List,
            Self::Threads => kind == RequestKind::Thread,
            Self::Me => kind == RequestKind::Me,
            Self::Uploads => kind == RequestKind::Upload,
        }
    }
}

/// A fault for the next requests that it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InjectedFault {
    /// The fault.
    pub fault: Fault,
    /// The requests that it concerns.
    pub on: FaultScope,
    /// How often it happens.
    pub times: u8,
}

impl InjectedFault {
    /// Whether the fault is possible for such a request. A 404 for one ticket is believed, so the server does not lie
    /// about that.
    fn applies_to(self, kind: RequestKind) -> bool {
        let sensible = match self.fault {
            Fault::Late
            | Fault::CutAfter
            | Fault::FailingAfter
            | Fault::HtmlAfter
            | Fault::Conflict
            | Fault::Invalid => kind.is_write() || kind == RequestKind::Upload,
            Fault::KeyIgnored => kind == RequestKind::Create,
            Fault::Stale => !kind.is_write() && !matches!(kind, RequestKind::Me | RequestKind::Upload),
            Fault::ForeignLink => matches!(kind, RequestKind::List | RequestKind::Thread),
            Fault::NotFound => matches!(kind, RequestKind::List | RequestKind::Me | RequestKind::Upload),
            Fault::Forbidden => !matches!(kind, RequestKind::Ticket | RequestKind::Thread),
            _ => true,
        };
        sensible && self.on.concerns(kind)
    }
}

/// The faults to come, and how often each has happened.
#[derive(Debug, Default)]
pub(crate) struct FaultQueue {
    injected: Vec<InjectedFault>,
    pub counts: FaultCounts,
}

impl FaultQueue {
    pub fn inject(&mut self, fault: InjectedFault) {
        self.injected.push(fault);
    }

    pub fn all_off(&mut self) {
        self.injected.clear();
    }

    /// Whether no fault is to come.
    pub fn is_empty(&self) -> bool {
        self.injected.is_empty()
    }

    /// The fault of this request: of those that apply, the one that was injected first.
    pub fn plan(&mut self, kind: RequestKind) -> Option<Fault> {
        let injected = self.injected.iter_mut().find(|injected| injected.times > 0 && injected.applies_to(kind))?;
        injected.times -= 1;
        let fault = injected.fault;
        self.injected.retain(|injected| injected.times > 0);
        self.counts.count(fault);
        Some(fault)
    }
}

/// How often each fault happened.
#[derive(Debug, Clone, Default)]
pub struct FaultCounts([u64; Fault::ALL.len()]);

impl FaultCounts {
    fn count(&mut self, fault: Fault) {
        if let Some(place) = Fault::ALL.iter().position(|known| *known == fault) {
            self.0[place] += 1;
        }
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// Each fault with its count.
    pub fn iter(&self) -> impl Iterator<Item = (Fault, u64)> {
        Fault::ALL.into_iter().zip(self.0)
    }
}

impl fmt::Display for InjectedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} on {:?} ×{}", self.fault, self.on, self.times)
    }
}
