package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.bindings.connectorProfile
import dev.pocketdesk.kit.Installation
import dev.pocketdesk.sandbox.takingFiles
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.util.Locale

/**
 * What the desktop is started with, from the environment.
 *
 * @property url POCKETDESK_URL: the desk's address. A sandbox on this machine listens on 127.0.0.1.
 * @property connector POCKETDESK_CONNECTOR: which service the desk is, `zendesk` or `rt`. The first unless set.
 * @property token POCKETDESK_TOKEN: who signs in. `ada-token` unless set.
 * @property data POCKETDESK_DATA: the folder that keeps the tickets. `.pocketdesk` in the user's home unless set.
 * @property language POCKETDESK_LANGUAGE: a BCP 47 tag. The machine's own unless set.
 * @property theme POCKETDESK_THEME: light or dark. The machine's own unless set.
 */
internal data class Settings(
    val url: String,
    val connector: Connector,
    val token: String,
    val data: Path,
    val language: String,
    val theme: Theme,
) {
    enum class Theme { LIGHT, DARK, SYSTEM }

    /** The desk is on this machine, for trying out. */
    private val isLocal: Boolean get() = URI(url).host in setOf("127.0.0.1", "localhost")

    /** The desk is a sandbox, whose switches may be used. */
    val isSandbox: Boolean get() = isLocal && connector == Connector.ZENDESK

    /** Each token is an account. It is named after the token without giving it away. */
    fun config(): DeskConfig {
        val digest = MessageDigest.getInstance("SHA-256").digest(token.toByteArray())
        val account = digest.take(ACCOUNT_BYTES).joinToString("") { "%02x".format(it) }
        return DeskConfig(
            directory = Files.createDirectories(data).toString(),
            account = account,
            deskUrl = url,
            // A desk for trying out takes files; whether another does is for its own profile to say.
            profile = if (isLocal) takingFiles(connectorProfile(connector)) else null,
            key = null,
            installation = Installation.keptIn(data),
            connector = connector,
        )
    }

    companion object {
        private const val ACCOUNT_BYTES = 8

        fun from(environment: Map<String, String>): Settings =
            Settings(
                url = environment["POCKETDESK_URL"] ?: "http://127.0.0.1:8088",
                connector = if (environment["POCKETDESK_CONNECTOR"] == "rt") Connector.REQUEST_TRACKER else Connector.ZENDESK,
                token = environment["POCKETDESK_TOKEN"] ?: "ada-token",
                data = Path.of(environment["POCKETDESK_DATA"] ?: "${System.getProperty("user.home")}/.pocketdesk"),
                language = environment["POCKETDESK_LANGUAGE"] ?: Locale.getDefault().toLanguageTag(),
                theme = Theme.entries.firstOrNull { it.name.equals(environment["POCKETDESK_THEME"], ignoreCase = true) } ?: Theme.SYSTEM,
            )
    }
}
