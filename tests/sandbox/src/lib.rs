//! A Zendesk-compatible desk to talk to, in the demo and in tests.
