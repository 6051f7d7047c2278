package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.kit.Installation
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withAttachments
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.util.Locale

/**
 * How the window is started, from the environment.
 *
 * @property url POCKETDESK_URL: the server's address. A sandbox on this machine listens on 127.0.0.1.
 * @property connector POCKETDESK_CONNECTOR: which help desk it is, `zendesk` (the default) or `rt`.
 * @property product POCKETDESK_PRODUCT: a file with the product definition. Without one, the product is the built-in one; on a server of this
 *   machine, it also has attachments.
 * @property token POCKETDESK_TOKEN: the access token of the user. The default is `ada-token`.
 * @property data POCKETDESK_DATA: the folder of the tickets. The default is `.pocketdesk` in the home folder.
 * @property language POCKETDESK_LANGUAGE: a BCP 47 tag. The default is the language of this machine.
 * @property theme POCKETDESK_THEME: `light` or `dark`. The default is the theme of this machine.
 * @property push POCKETDESK_PUSH: `off` if a sandbox sends no push messages. By default it does.
 */
internal data class Settings(
    val url: String,
    val connector: Connector,
    val product: Path?,
    val token: String,
    val data: Path,
    val language: String,
    val theme: Theme,
    val push: Boolean = true,
) {
    enum class Theme { LIGHT, DARK, SYSTEM }

    /** Whether the server is on this machine. */
    private val isLocal: Boolean get() = URI(url).host in setOf("127.0.0.1", "localhost")

    /** Whether the server is taken for a sandbox, whose faults may be used: it is on this machine, and not a Request Tracker. */
    val isSandbox: Boolean get() = isLocal && connector == Connector.ZENDESK

    /** The text of the file [product], which is JSON; null without one. */
    fun definition(): String? = product?.let(Files::readString)

    /** Each token is an account. Its name is a digest of the token, which does not reveal it. */
    fun config(): ClientConfig {
        val digest = MessageDigest.getInstance("SHA-256").digest(token.toByteArray())
        val account = digest.take(ACCOUNT_BYTES).joinToString("") { "%02x".format(it) }
        return ClientConfig(
            directory = Files.createDirectories(data).toString(),
            account = account,
            serverUrl = url,
            // A server on this machine accepts attachments. Whether another one does is for its own product to say.
            product = definition() ?: if (isLocal) withAttachments(productFrom()) else null,
            key = null,
            installation = Installation.keptIn(data),
            language = language,
            connector = connector,
        )
    }

    /** For when nobody is signed in. The product of a sandbox then is one that takes tickets without an account, unless another one is set. */
    fun configSignedOut(): ClientConfig {
        val config = config()
        return if (product == null && isSandbox) config.copy(product = productFrom("impact-web@1")) else config
    }

    companion object {
        private const val ACCOUNT_BYTES = 8

        fun from(environment: Map<String, String>): Settings =
            Settings(
                url = environment["POCKETDESK_URL"] ?: "http://127.0.0.1:8088",
                connector = if (environment["POCKETDESK_CONNECTOR"] == "rt") Connector.REQUEST_TRACKER else Connector.ZENDESK,
                product = environment["POCKETDESK_PRODUCT"]?.let(Path::of),
                token = environment["POCKETDESK_TOKEN"] ?: "ada-token",
                data = Path.of(environment["POCKETDESK_DATA"] ?: "${System.getProperty("user.home")}/.pocketdesk"),
                language = environment["POCKETDESK_LANGUAGE"] ?: Locale.getDefault().toLanguageTag(),
                theme = Theme.entries.firstOrNull { it.name.equals(environment["POCKETDESK_THEME"], ignoreCase = true) } ?: Theme.SYSTEM,
                push = environment["POCKETDESK_PUSH"] != "off",
            )
    }
}
