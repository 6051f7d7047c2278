//! A file from its opening to its end: opened, suspended, resumed, closed, salvaged, signed out of.

pub(super) mod damage;
pub(super) mod folder_lock;
pub(super) mod installation;
pub(super) mod open;
pub(super) mod renew;
pub(super) mod salvage;
pub(super) mod sign_out;
pub(super) mod state;
pub(super) mod suspend;
