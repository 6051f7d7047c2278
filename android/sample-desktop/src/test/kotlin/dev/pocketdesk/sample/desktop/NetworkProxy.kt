package dev.pocketdesk.sample.desktop

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicReference
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * A proxy before a server that has no faults of its own. It forwards requests and responses, unless it is told to hold, to cut or to respond itself.
 * A call is identified by its method and path: `POST /ticket/7`.
 *
 * @param upstream where the server listens, without a slash at the end.
 */
internal class NetworkProxy(
    private val upstream: String,
) : AutoCloseable {
    private class Response(
        val status: Int,
        val headers: Map<String, List<String>>,
        val body: ByteArray,
    )

    @Volatile private var offline = false

    @Volatile private var instead: Response? = null
    private val held = CopyOnWriteArrayList<Regex>()
    private val releasing = ReentrantLock()
    private val released = releasing.newCondition()
    private val refused = CopyOnWriteArrayList<Pair<Regex, Response>>()
    private val edited = CopyOnWriteArrayList<Pair<Regex, (String) -> String>>()
    private val cut = AtomicReference<Regex?>()

    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
    private val threads = Executors.newCachedThreadPool { Thread(it, "network-proxy").apply { isDaemon = true } }
    private val server =
        HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).also {
            it.executor = threads
            it.createContext("/", ::handle)
            it.start()
        }

    /** Where the proxy listens, without a slash at the end. */
    val url: String = "http://127.0.0.1:${server.address.port}"

    fun goOffline() {
        offline = true
    }

    /** Keeps such calls waiting until [heal], each for [LONGEST_HOLD] at most. */
    fun hold(call: Regex) {
        held += call
    }

    /** Forwards the next such call to the server, and drops its response. */
    fun cutNext(call: Regex) {
        cut.set(call)
    }

    /** Responds like this to every request. */
    fun respondWith(
        status: Int,
        contentType: String,
        body: String,
    ) {
        instead = Response(status, mapOf("Content-Type" to listOf(contentType)), body.toByteArray())
    }

    /** Responds like this to such calls, in JSON. The server does not get them. */
    fun refuse(
        call: Regex,
        status: Int,
        body: String,
    ) {
        refused += call to Response(status, mapOf("Content-Type" to listOf("application/json")), body.toByteArray())
    }

    /** Changes the text of the responses to such calls. */
    fun edit(
        call: Regex,
        change: (String) -> String,
    ) {
        edited += call to change
    }

    fun heal() {
        offline = false
        instead = null
        releasing.withLock {
            held.clear()
            released.signalAll()
        }
        refused.clear()
        edited.clear()
        cut.set(null)
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private fun handle(exchange: HttpExchange) =
        try {
            respond(exchange)?.let { response ->
                response.headers.forEach { (name, values) -> if (name.lowercase() !in HOP_BY_HOP) exchange.responseHeaders[name] = values }
                exchange.sendResponseHeaders(
                    response.status,
                    response.body.size
                        .toLong()
                        .takeIf { it > 0 } ?: -1,
                )
                exchange.responseBody.write(response.body)
            }
        } finally {
            // Closing an exchange without a response closes the connection.
            exchange.close()
        }

    /** Returns the response, or null to drop the connection. */
    private fun respond(exchange: HttpExchange): Response? {
        if (offline) return null
        val call = "${exchange.requestMethod} ${exchange.requestURI.path}"
        awaitRelease(call)
        val response =
            try {
                instead ?: refused.firstOrNull { (concerned, _) -> concerned.matches(call) }?.second ?: editedAnswer(call, exchange)
            } catch (_: IOException) {
                return null
            }
        val cutting = cut.get()
        val isCut = cutting != null && cutting.matches(call) && cut.compareAndSet(cutting, null)
        return response.takeUnless { isCut }
    }

    private fun awaitRelease(call: String) =
        releasing.withLock {
            var left = LONGEST_HOLD.inWholeNanoseconds
            while (left > 0 && held.any { it.matches(call) }) left = released.awaitNanos(left)
        }

    private fun editedAnswer(
        call: String,
        exchange: HttpExchange,
    ): Response {
        val response = forward(exchange)
        val change = edited.firstOrNull { (concerned, _) -> concerned.matches(call) }?.second ?: return response
        return Response(response.status, response.headers, change(String(response.body)).toByteArray())
    }

    private fun forward(exchange: HttpExchange): Response {
        val request =
            HttpRequest
                .newBuilder(URI("$upstream${exchange.requestURI}"))
                .timeout(TIMEOUT)
                .method(exchange.requestMethod, HttpRequest.BodyPublishers.ofByteArray(exchange.requestBody.readBytes()))
        val forwarded = exchange.requestHeaders.filterKeys { it.lowercase() !in HOP_BY_HOP }
        forwarded.forEach { (name, values) -> values.forEach { request.header(name, it) } }
        val response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        return Response(response.statusCode(), response.headers().map(), response.body())
    }

    private companion object {
        /** Headers that concern one connection and are not forwarded. What is not compressed can be changed. */
        val HOP_BY_HOP =
            setOf("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te", "transfer-encoding", "upgrade")
        val TIMEOUT: Duration = Duration.ofSeconds(60)
    }
}
