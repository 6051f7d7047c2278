package dev.pocketdesk.kit

/**
 * Asks the system to start the app in the background, so that messages are sent even if the user does not open the app again. On Android this is
 * WorkManager, behind `BackgroundSync` of kit-android.
 *
 * When the system starts the app, take the open client, or open it, and call [Pocketdesk.syncUntil].
 */
public interface BackgroundScheduler {
    /**
     * Asks for a start as soon as there is a network. A new request takes the place of the one before.
     *
     * Called on the client's dispatcher before each write that leaves something to send, so that no end of the process falls between the write and
     * the request. It blocks until the request is stored. A write that then fails leaves a request that finds nothing to send. If this throws, the
     * write is made all the same.
     */
    public fun schedule()

    /** Takes the request back. */
    public fun cancel()
}
