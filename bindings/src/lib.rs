//! Pocketdesk's core for Kotlin and Swift, through UniFFI.
