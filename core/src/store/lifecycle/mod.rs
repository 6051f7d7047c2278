//! The life of an account's file: opened, suspended, resumed, closed, salvaged, and signed out of.

pub(super) mod damage;
pub(super) mod folder_lock;
pub(super) mod installation;
pub(super) mod mend;
pub(super) mod open;
pub(super) mod purge;
pub(super) mod renew;
pub(super) mod salvage;
pub(super) mod sign_out;
pub(super) mod state;
pub(super) mod suspend;
