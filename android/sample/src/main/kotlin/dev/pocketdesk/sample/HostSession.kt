package dev.pocketdesk.sample

import dev.pocketdesk.kit.TokenSource
import dev.pocketdesk.ui.Person
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** What the app knows apart from Pocketdesk: where the server is, and who is signed in. */
public interface HostSession {
    /** The help desk's address. */
    public val serverUrl: String

    /** What the help desk offers, as JSON; null for the built-in product. */
    public val product: String? get() = null

    /** What it offers to somebody who is not signed in, as JSON; null for nothing. */
    public val productSignedOut: String? get() = null

    /** The signed-in user; null if nobody is. */
    public val user: StateFlow<User?>

    /** Signs Ada in. */
    public fun signIn()

    /** Signs the user out. */
    public fun signOut()

    /** @property account a stable id; it never changes. */
    public data class User(
        val account: String,
        val person: Person,
        val tokens: TokenSource,
    )
}

/** Ada at a sandbox server that listens on the phone itself (`adb reverse tcp:8088 tcp:8088`). */
internal open class SandboxSession : HostSession {
    private val ada = HostSession.User("ada", Person("Ada Lindqvist", "Nordlicht Reisen")) { "ada-token" }

    override val serverUrl get() = "http://127.0.0.1:8088"

    /** The sandbox accepts attachments. Whether another server does is for that server's own product to say. */
    override val product: String
        get() =
            """
            {
              "schema": 1, "id": "sample", "version": 1, "extends": "impact-mobile@1",
              "create": { "order": ["subject", "issue_type", "cc", "description", "attachments", "access"] },
              "attachments": {
                "in": ["create", "reply"], "max_files": 5, "max_bytes": 500000, "types": ["png", "jpg", "pdf", "txt", "csv"]
              }
            }
            """.trimIndent()

    /** This product takes tickets without an account, and so does the sandbox. */
    override val productSignedOut: String
        get() = """{ "schema": 1, "id": "sample", "version": 1, "extends": "impact-web@1" }"""

    final override val user = MutableStateFlow<HostSession.User?>(ada)

    override fun signIn() {
        user.value = ada
    }

    override fun signOut() {
        user.value = null
    }
}
