package dev.pocketdesk.kit

/**
 * Asks the system to start the app in the background, so that messages are sent even if the user does not open the app again. On Android this is
 * WorkManager, behind `BackgroundSync` of kit-android.
 *
 * When the system starts the app, take the open client, or open it, and call [Pocketdesk.syncUntil].
 */
public interface BackgroundScheduler {
    /**
     * Asks for a start as soon as there is a network. A new request replaces the previous one.
     *
     * Called on the client's dispatcher before each write that leaves something to send, and blocks until the request is stored. So no
     * write is left without a request when the process ends. If the write then fails, the request finds nothing to send. If this call
     * throws, the write is made all the same.
     */
    public fun schedule()

    /** Withdraws the request. */
    public fun cancel()
}
