package dev.pocketdesk.kit

import dev.pocketdesk.bindings.pushKey
import dev.pocketdesk.bindings.ticketOfPush
import dev.pocketdesk.kit.client.wellFormed

/**
 * Reads the push messages that the company's backend sends when a ticket has changed (`docs/push.md`). Pocketdesk registers for nothing: the app
 * owns the push service's token, and passes on what arrives.
 */
public object PocketdeskPush {
    /**
     * Returns the number of the ticket that a push message is about, for [Pocketdesk.onPush] or for the host's `onPush`. Returns null if the message
     * is about something else, so an app may pass every message. Any data may be passed, from anybody.
     *
     * Reads no file. May be called from any thread.
     *
     * @param data the message's data: `RemoteMessage.data`, if the push service is FCM.
     */
    public fun ticket(data: Map<String, String>): Long? = data[pushKey()]?.let { ticketOfPush(it.wellFormed()) }
}
