//! A fleet: thousands of devices that share one account's rate limit, in virtual time.
//!
//! # The story
//!
//! Every [`Phone`](phone::Phone) holds the scheduler that ships in the core (`pocketdesk::sync::fleet`), and asks it when
//! to begin the next run. The requests of a run are made here, one after the other, as the core would make them: what the
//! user wrote, the thread on screen, the tickets of push messages, the lists. The [`Account`](account::Account) answers, or
//! refuses when the minute's limit is used up, or cannot be reached. Agents answer tickets and users write at random
//! times. One queue of events orders everything, so a seed gives the same figures each time.
//!
//! A [`Scenario`](scenario::Scenario) says how many devices there are and what happens to them, and which figures have to
//! be reached. The deliberate bugs of `pocketdesk::bugs::Bug::OF_A_FLEET` prove that these figures can be missed.
//!
//! # What the model leaves out
//!
//! Each device has one ticket, and three lists. First syncs, full reconciliations, idle reading, files and articles are not
//! modelled; they are bounded elsewhere, and give way when little is left of the limit. That no write is doubled or
//! reordered is for `tests/simulation` to show: here a write that was answered leaves its queue. Only in one scenario
//! another program uses the account.

pub mod account;
pub mod figures;
pub mod phone;
pub mod scenario;
pub mod world;
