package dev.pocketdesk.kit

/**
 * Sees to it that what was written gets sent although the app may be gone by then: Android's WorkManager, for example.
 *
 * Told before each write that leaves something to send, so that no kill of the process falls between the write and the alarm; a write that then
 * fails leaves an alarm that finds nothing to do. When it goes off, open the desk (or take the one that is open) and call [Pocketdesk.syncUntil].
 */
public fun interface Waker {
    /** Blocks until the alarm is set for good. Called on the desk's dispatcher. What it throws does not keep the write from being made. */
    public fun wakeLater()
}
