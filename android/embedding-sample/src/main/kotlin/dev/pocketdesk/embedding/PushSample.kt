package dev.pocketdesk.embedding

// PUSH:start
import dev.pocketdesk.kit.PocketdeskPush
import kotlinx.coroutines.runBlocking

/** Takes the data of a push message. Returns false if it is about something else, which the app then sees to itself. */
fun ShopApplication.receivePush(data: Map<String, String>): Boolean {
    val ticket = PocketdeskPush.ticket(data) ?: return false
    // The push service's own thread waits: the system keeps the process for as long as this call lasts, and it ends in time.
    runBlocking { support.onPush(ticket) }
    return true
}
// PUSH:end
