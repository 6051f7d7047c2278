package dev.pocketdesk.sandbox

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.security.MessageDigest
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/**
 * Stands for a company's backend and its push service, on this machine: takes the requests of the sandbox's webhook, checks that the sandbox has
 * signed them, and hands the data of a push message to [deliver]. It knows one device, so every message goes there. A real backend also looks at the
 * age of a request, at repetitions, at who is concerned, and at how many messages it sends: `tests/push-receiver` is one to copy from.
 */
public class PushRelay private constructor(
    private val server: SandboxServer,
    private val deliver: (data: Map<String, String>) -> Unit,
) : AutoCloseable {
    private val http = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)

    @Volatile
    private var secret: String? = null

    private fun start() {
        http.createContext("/", ::receive)
        http.start()
        try {
            secret = server.connectWebhook("http://127.0.0.1:${http.address.port}/")
        } catch (e: IOException) {
            http.stop(0)
            throw e
        }
    }

    private fun receive(exchange: HttpExchange) =
        exchange.use {
            val body = exchange.requestBody.readBytes()
            val status =
                when (isGenuine(exchange, body)) {
                    // An event that comes before the secret is known comes again.
                    null -> TRY_AGAIN
                    false -> UNAUTHORIZED
                    true -> RECEIVED
                }
            exchange.sendResponseHeaders(status, -1)
            if (status == RECEIVED) deliver(mapOf(KEY to ticket(body)))
        }

    private fun isGenuine(
        exchange: HttpExchange,
        body: ByteArray,
    ): Boolean? {
        val secret = secret ?: return null
        val headers = exchange.requestHeaders
        val signedAt = headers.getFirst("x-zendesk-webhook-signature-timestamp").orEmpty()
        val claimed = headers.getFirst("x-zendesk-webhook-signature").orEmpty()
        val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(secret.toByteArray(), algorithm)) }
        mac.update(signedAt.toByteArray())
        return MessageDigest.isEqual(Base64.getEncoder().encode(mac.doFinal(body)), claimed.toByteArray())
    }

    private fun ticket(body: ByteArray) =
        Json
            .parseToJsonElement(body.decodeToString())
            .jsonObject
            .getValue("ticket_id")
            .jsonPrimitive
            .content

    /** Takes the webhook away, and ends. */
    override fun close() {
        try {
            server.disconnectWebhook()
        } catch (_: IOException) {
            // The sandbox has ended before.
        }
        http.stop(0)
    }

    public companion object {
        private const val KEY = "pocketdesk_ticket"
        private const val RECEIVED = 204
        private const val UNAUTHORIZED = 401
        private const val TRY_AGAIN = 503

        /**
         * Sets up the sandbox's webhook, and calls [deliver] for every event from now on, on a thread of its own.
         *
         * @throws IOException the sandbox is not running.
         */
        public fun start(
            server: SandboxServer,
            deliver: (data: Map<String, String>) -> Unit,
        ): PushRelay = PushRelay(server, deliver).apply { start() }
    }
}
