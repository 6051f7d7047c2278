package dev.pocketdesk.sample

import dev.pocketdesk.bindings.builtInProfile
import dev.pocketdesk.kit.TokenSource
import dev.pocketdesk.ui.Person
import org.json.JSONObject

/** What the host app has to know for Pocketdesk: where the desk is, and who is signed in. */
public interface DeskHost {
    /** The desk's address: https, without a path. A sandbox on the same machine may be http. */
    public val deskUrl: String

    /** A stable id of the signed-in user, of the host app's choosing; it never changes. */
    public val account: String

    /** Shown on the account screen. */
    public val person: Person

    /** The host app's sign-in. */
    public val tokens: TokenSource

    /** The desk's profile as JSON; null for the built-in one. */
    public val profile: String? get() = null
}

/** Ada at a sandbox that listens on the phone itself (`adb reverse tcp:8088 tcp:8088`). */
internal object SandboxHost : DeskHost {
    override val deskUrl get() = "http://127.0.0.1:8088"
    override val account get() = "ada"
    override val person get() = Person("Ada Lindqvist", "Nordlicht Reisen")
    override val tokens get() = TokenSource { "ada-token" }

    /** A desk for trying out takes files; whether another does is for its own profile to say. */
    override val profile: String
        get() = JSONObject(builtInProfile()).put("attachments", JSONObject(FILES)).toString()

    private const val FILES = """{ "max_files": 5, "max_bytes": 500000, "types": ["png", "jpg", "pdf", "txt", "csv"] }"""
}
