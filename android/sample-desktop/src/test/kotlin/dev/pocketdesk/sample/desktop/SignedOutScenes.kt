package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.setUpFor
import dev.pocketdesk.ui.Screen

/** What somebody sees who has no account yet or cannot sign in, from the help to a ticket that is answered by mail. */
internal class SignedOutScenes(
    private val screenshots: Screenshots,
    private val connector: Connector,
    private val open: (ClientOptions, ServerLogin) -> Pocketdesk,
) {
    fun play() {
        if (connector != Connector.ZENDESK) {
            screenshots.leaveOut(CHAPTER, "A ticket without an account", "this help desk takes none")
            return
        }
        val definition = Company.WEB.definition
        SandboxProcess.start("--tickets", "0").use { process ->
            process.server.setUpFor(definition)
            productAppearances.forEach { (name, appearance) -> fromHelpToMail(process.server, definition, name, appearance) }
            large(process.server, definition)
        }
    }

    private fun fromHelpToMail(
        server: SandboxServer,
        definition: String,
        name: String,
        appearance: Appearance,
    ) = signedOut(server, definition, name, appearance) {
        awaitText(strings["entry.no_account"])
        snap("Help before the sign-in", name)
        tap(strings["entry.cannot_sign_in"])
        awaitText(strings["new.email.hint"])
        mistakes()
        snap("What is wrong is said where it is wrong", name)
        fill()
        snap("Filled in with name and address", name)
        tap(strings["new.create"])
        awaitText(strings["anonymous.sent", "email" to EMAIL])
        snap("Sent and answered by mail", name)
        toggleDetails()
        awaitText(strings["fact.created"])
        snap("Its details", name)
        toggleDetails()
        tap(strings["button.remove"])
        awaitText(strings["anonymous.remove.question"])
        snap("Removing it asks first", name)
        tap(strings["button.cancel"])
        awaitNone(strings["anonymous.remove.question"])
        back()

        server.fault("cut_after", """{"times": 1, "only": "POST /api/v2/requests"}""")
        tap(strings["entry.no_account"])
        fill()
        tap(strings["new.create"])
        awaitText(strings["anonymous.may_have_been_sent"])
        snap("It may have been sent", name)
        back()
        awaitText(strings["entry.tickets"])
        snap("Help leads to what was written", name)
        tap(strings["entry.tickets"])
        awaitText(strings["history.needs_you"])
        snap("What was written", name)
        server.heal()
    }

    /** On a small phone with large text. */
    private fun large(
        server: SandboxServer,
        definition: String,
    ) {
        val appearance = Appearance(language = "de-DE", width = 320, height = 568, fontScale = 2f)
        signedOut(server, definition, "large", appearance) {
            awaitText(strings["entry.no_account"])
            snap("Help before the sign-in", "large")
            tap(strings["entry.no_account"])
            mistakes()
            snap("What is wrong is said where it is wrong", "large")
            fill()
            tap(strings["new.create"])
            awaitText(strings["anonymous.sent", "email" to EMAIL])
            snap("Sent and answered by mail", "large")
        }
    }

    private fun signedOut(
        server: SandboxServer,
        definition: String,
        name: String,
        appearance: Appearance,
        scene: OffscreenPhone.() -> Unit,
    ) {
        val options = ClientOptions("signed-out-${name.replace(' ', '-').lowercase()}", definition, signedOut = true)
        open(options, ServerLogin(server.url, "")).use { client ->
            OffscreenPhone.play(client, appearance, listOf(Screen.Account)) { scene() }
        }
    }

    private fun OffscreenPhone.mistakes() {
        type(strings["new.name"], " ")
        type(strings["new.email"], "søren@")
        type(strings["new.subject"], "Anmeldung")
        awaitText(strings["field.cc.malformed"])
        awaitText(strings["field.required"])
        scrollTo(strings["new.name"])
    }

    private fun OffscreenPhone.fill() {
        retype(strings["new.name"], "Søren Müller-Østergård 🦊")
        retype(strings["new.email"], EMAIL)
        retype(strings["new.subject"], "Ich kann mich nicht anmelden 🔑")
        retype(
            strings["new.description"],
            "Guten Tag,\n\nseit Montag kommt keine Mail zum Zurücksetzen des Passworts, auch nicht im Spam-Ordner.",
        )
        scrollTo(strings["new.name"])
    }

    private fun OffscreenPhone.snap(
        caption: String,
        appearance: String,
    ) = takeScreenshot(screenshots.next(CHAPTER, "$caption $appearance"))

    private companion object {
        const val CHAPTER = "Signed out"
        const val EMAIL = "søren@bücher.example"
    }
}
