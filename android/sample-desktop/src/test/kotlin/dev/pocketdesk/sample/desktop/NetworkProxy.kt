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

/**
 * The network before a desk that has no switches of its own: it passes on what the phone asks and what the desk answers, unless it is told to hold,
 * to cut or to answer itself. A call is known by its method and path: `POST /ticket/7`.
 *
 * @param desk where the desk listens, without a slash at the end.
 */
internal class Relay(
    private val desk: String,
) : AutoCloseable {
    private class Answer(
        val status: Int,
        val headers: Map<String, List<String>>,
        val body: ByteArray,
    )

    @Volatile private var offline = false

    @Volatile private var instead: Answer? = null
    private val held = CopyOnWriteArrayList<Regex>()
    private val cut = AtomicReference<Regex?>()

    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
    private val threads = Executors.newCachedThreadPool { Thread(it, "relay").apply { isDaemon = true } }
    private val server =
        HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).also {
            it.executor = threads
            it.createContext("/", ::carry)
            it.start()
        }

    /** Where the phone finds the desk, without a slash at the end. */
    val url: String = "http://127.0.0.1:${server.address.port}"

    fun goOffline() {
        offline = true
    }

    fun hold(call: Regex) {
        held += call
    }

    /** The next such call reaches the desk, and its answer nobody. */
    fun cutNext(call: Regex) {
        cut.set(call)
    }

    /** Whatever is asked, this is the answer. */
    fun standIn(
        status: Int,
        contentType: String,
        body: String,
    ) {
        instead = Answer(status, mapOf("Content-Type" to listOf(contentType)), body.toByteArray())
    }

    fun heal() {
        offline = false
        instead = null
        held.clear()
        cut.set(null)
    }

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private fun carry(exchange: HttpExchange) =
        try {
            answer(exchange)?.let { answer ->
                answer.headers.forEach { (name, values) -> if (name.lowercase() !in HOP) exchange.responseHeaders[name] = values }
                exchange.sendResponseHeaders(
                    answer.status,
                    answer.body.size
                        .toLong()
                        .takeIf { it > 0 } ?: -1,
                )
                exchange.responseBody.write(answer.body)
            }
        } finally {
            // Closing an exchange without an answer closes the connection.
            exchange.close()
        }

    /** What comes back, or nothing. */
    private fun answer(exchange: HttpExchange): Answer? {
        if (offline) return null
        val call = "${exchange.requestMethod} ${exchange.requestURI.path}"
        if (held.any { it.matches(call) }) Thread.sleep(HELD)
        val answer =
            try {
                instead ?: ask(exchange)
            } catch (_: IOException) {
                return null
            }
        val cutting = cut.get()
        val isCut = cutting != null && cutting.matches(call) && cut.compareAndSet(cutting, null)
        return answer.takeUnless { isCut }
    }

    private fun ask(exchange: HttpExchange): Answer {
        val request =
            HttpRequest
                .newBuilder(URI("$desk${exchange.requestURI}"))
                .timeout(TIMEOUT)
                .method(exchange.requestMethod, HttpRequest.BodyPublishers.ofByteArray(exchange.requestBody.readBytes()))
        exchange.requestHeaders.forEach { (name, values) -> if (name.lowercase() !in HOP) values.forEach { request.header(name, it) } }
        val answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        return Answer(answer.statusCode(), answer.headers().map(), answer.body())
    }

    private companion object {
        /** What belongs to one connection and not to what goes through it. */
        val HOP = setOf("connection", "content-length", "expect", "host", "keep-alive", "te", "transfer-encoding", "upgrade")
        val TIMEOUT: Duration = Duration.ofSeconds(60)
        val HELD: Long = Duration.ofSeconds(3).toMillis()
    }
}
