//! A help desk that misbehaves on purpose, and what is right.
//!
//! # The story
//!
//! Real servers send strange answers: a proxy's web page, a list with one odd row, a thread that always fails, a
//! refusal in a form that nobody has documented. A *mode* is one such way to misbehave. Its name is the number of its
//! case and a word (`1.1-comments-500`). In place of the second number, a letter marks a case that we have added to the
//! known ones. A mode says what happens to which requests ([`fault`](mod@fault)), and what the user must be shown
//! meanwhile ([`right`](mod@right)). After the fault everything has to be as if there had been none: what the user
//! wrote arrived exactly once, and everything is shown.
//!
//! The server is the unchanged sandbox, behind a proxy that changes, delays and withholds its answers ([`proxy`]). The
//! client is the whole client of the core, with its real network over 127.0.0.1, on an injected clock ([`clockwork`]).
//! [`run`](mod@run) tells the story of one run.
//!
//! Two limits apply to every mode. The client may make as many requests as in the same run without the fault, plus ten,
//! plus one for each minute of injected time. And its memory may grow by 64 MiB over that of the client when it was
//! opened. So the client must not repeat anything without a pause, and must not keep all that a server sends.
//!
//! # Adding a mode
//!
//! Add an entry to the kind's file in `modes`:
//!
//! ```ignore
//! Mode::new("1.1-comments-500", "The newest due ticket's comments answer 500.")
//!     .fault(on(comments_of(NEWEST)).does(error(500, "InternalError")))
//!     .right(others_are_read())
//!     .right(news_arrive())
//!     .right(not_refreshed(NEWEST)),
//! ```

mod clockwork;
mod device;
mod exchange;
mod fault;
mod made;
mod mode;
mod modes;
mod process;
mod proxy;
mod right;
mod run;

use std::sync::Arc;

pub use self::mode::{Account, Mode};
pub use self::process::worked;
pub use self::run::Outcome;

use self::clockwork::Clockwork;
use self::fault::Cast;
use self::proxy::Server;

/// An error of this program itself. It says nothing about the client.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Every mode, in the order of the kinds.
#[must_use]
pub fn modes() -> Vec<Mode> {
    modes::all()
}

/// Runs the mode called `name` on one account. Needs no runtime. Only one call at a time is allowed in a process,
/// because the peak of memory is that of the whole process.
pub fn run(name: &str, account: Account) -> Result<Outcome, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
    let find =
        || modes().into_iter().chain([Mode::new("0-well", "Nothing goes wrong.")]).find(|mode| mode.name == name);
    runtime.block_on(run::run(find, account))
}

/// Serves a mode in real time for a phone or the probe, until the future is dropped. `ready` is called with the
/// address. Needs a tokio runtime. The tickets have the parts that they have in a run, and the fault is on.
pub async fn serve(name: &str, port: u16, ready: impl FnOnce(&str)) -> Result<(), Error> {
    let mode = modes().into_iter().find(|mode| mode.name == name).ok_or("there is no such mode")?;
    let clock = Arc::new(Clockwork::default());
    let server = Server::start(port, mode.tickets, mode.rules, &clock).await?;
    let (cast, _) = run::cast(&server).await?;
    for (index, number) in cast.due.iter().enumerate().rev() {
        run::agent_answers(&server, *number, index == 0).await?;
    }
    let Cast { due, waiting, other, .. } = &cast;
    ready(&format!(
        "listening on {} with newest due ticket {}, replies to {waiting}, news in {other}",
        server.url(),
        due[0]
    ));
    server.set_cast(cast);
    server.misbehave(true);
    std::future::pending().await
}
