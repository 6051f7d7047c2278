//! The whole client in one thread with virtual time.
