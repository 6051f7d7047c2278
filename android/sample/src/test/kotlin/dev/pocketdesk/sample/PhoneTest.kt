package dev.pocketdesk.sample

import android.app.Activity
import android.content.ClipData
import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.ComposeTimeoutException
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.createAndroidComposeRule
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.printToString
import androidx.core.content.IntentCompat
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.android.Documents
import dev.pocketdesk.sandbox.android.PhoneNetwork
import org.junit.After
import org.junit.AfterClass
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.BeforeClass
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowActivity
import java.io.InputStream

/** The app on the JVM: the real activity, screens and core, and a sandbox server. */
@RunWith(AndroidJUnit4::class)
@Config(application = TestApplication::class, qualifiers = "w392dp-h800dp-xhdpi")
class PhoneTest {
    @get:Rule
    val rule = createAndroidComposeRule<MainActivity>()

    private val application get() = ApplicationProvider.getApplicationContext<TestApplication>()
    private val strings = Strings.of("en")

    @After
    fun close() {
        process.server.heal()
        application.host.close()
    }

    private fun await(matcher: SemanticsMatcher) {
        try {
            rule.waitUntil(PATIENCE) { rule.onAllNodes(matcher).fetchSemanticsNodes().isNotEmpty() }
        } catch (e: ComposeTimeoutException) {
            throw AssertionError("Waited for ${matcher.description}; there is\n${rule.onRoot().printToString()}", e)
        }
    }

    /** Taps what says this. The head of a ticket opens on a tap and says much, its status "Open" for example, and is not meant. */
    private fun tap(text: String) {
        val says = hasText(text, substring = true) or hasContentDescription(text)
        val target = says and hasClickAction() and isEnabled() and !hasTestTag("head")
        await(target)
        rule.onAllNodes(target).onFirst().performClick()
    }

    private fun type(
        field: String,
        text: String,
    ) {
        val target = hasContentDescription(field) and hasSetTextAction()
        await(target)
        rule.onNode(target).performScrollTo().performTextInput(text)
    }

    private fun openHistory() {
        tap(strings["support.title"])
        tap(strings["entry.new_ticket"])
        await(hasTestTag("tickets"))
        await(hasText("#", substring = true))
    }

    @Test
    fun `the history opens and back leads home`() {
        openHistory()
        rule.activityRule.scenario.onActivity { it.onBackPressedDispatcher.onBackPressed() }
        await(hasText(strings["entry.new_ticket"]))
        rule.activityRule.scenario.onActivity { it.onBackPressedDispatcher.onBackPressed() }
        await(hasText(strings["account.title"]))
        rule.activityRule.scenario.onActivity {
            assertTrue("on the first screen back is Android's", !it.onBackPressedDispatcher.hasEnabledCallbacks())
        }
    }

    @Test
    fun `a ticket written without a network is sent when there is one`() {
        val subject = "The invoice for March shows our old address"
        val network = PhoneNetwork(application)
        openHistory()
        process.server.goOffline()
        network.goOffline()
        await(hasText(strings["offline.banner"]))

        tap(strings["history.create"])
        type(strings["new.subject"], subject)
        type(strings["new.description"], "Zürich, and not Zurich: the tax office insists.")
        tap(strings["new.create"])
        await(hasText(strings["delivery.queued"], substring = true))
        assertTrue(process.server.tickets(subject).isEmpty())

        process.server.heal()
        network.goOnline()
        await(hasText("#", substring = true))
        assertEquals(
            listOf("Zürich, and not Zurich: the tax office insists."),
            process.server
                .tickets(subject)
                .single()
                .comments,
        )
    }

    @Test
    fun `files chosen while the phone was turned go with their ticket, and one comes back from the server`() {
        val documents = Documents.install()
        val receipt = "Überweisung vom 3. März 🧾".toByteArray()
        openHistory()
        tap(strings["history.create"])
        type(strings["new.subject"], "The receipt you asked for")
        type(strings["new.description"], "Here it is.")
        choose(documents.put("Beleg März.txt", receipt), Uri.parse("content://nobody.example/gone/Notiz.txt"))
        await(hasText("Beleg März.txt"))
        await(hasText("Notiz.txt"))
        await(hasText(strings["attachment.unreadable"]))
        val record = documents.put("Mitschnitt.txt", ByteArray(0))
        val endless = Endless()
        shadowOf(application.contentResolver).registerInputStream(record, endless)
        choose(record)
        await(hasText(strings["attachment.too_large", "limit" to "500 KB"]))
        assertTrue("a file that is too large was copied on and on", endless.read < Endless.MOST)
        choose()
        tap(strings["new.create"])
        await(hasText("#", substring = true))

        tap(strings["file.download"])
        tap(strings["file.open"])
        lateinit var view: Intent
        rule.waitUntil(PATIENCE) {
            val started = shadowOf(application).nextStartedActivity?.takeIf { it.action == Intent.ACTION_CHOOSER }
            started?.also { view = checkNotNull(IntentCompat.getParcelableExtra(it, Intent.EXTRA_INTENT, Intent::class.java)) } != null
        }
        assertEquals(Intent.ACTION_VIEW to "text/plain", view.action to view.type)
        assertTrue(view.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0)
        val shown = application.contentResolver.openInputStream(checkNotNull(view.data)).use { it?.readBytes() }
        assertArrayEquals(receipt, shown)
        val left = checkNotNull(application.cacheDir.list()).filter { it.startsWith("picked") }
        assertEquals("what was chosen is not kept twice", emptyList<String>(), left)
    }

    /** Opens the picker, turns the phone, and chooses these documents at once. */
    private fun choose(vararg documents: Uri) {
        val add = hasText(strings["attachment.add"]) and hasClickAction() and isEnabled()
        await(add)
        rule.onNode(add).performScrollTo().performClick()
        lateinit var asked: ShadowActivity.IntentForResult
        rule.waitUntil(PATIENCE) {
            var next: ShadowActivity.IntentForResult? = null
            rule.activityRule.scenario.onActivity { next = shadowOf(it).nextStartedActivityForResult }
            next?.also { asked = it } != null
        }
        rule.activityRule.scenario.recreate()
        rule.activityRule.scenario.onActivity {
            val clip = documents.firstOrNull()?.let { first -> ClipData.newRawUri(null, first) }
            documents.drop(1).forEach { next -> clip?.addItem(ClipData.Item(next)) }
            val (code, data) =
                if (clip ==
                    null
                ) {
                    Activity.RESULT_CANCELED to null
                } else {
                    Activity.RESULT_OK to Intent().apply { clipData = clip }
                }
            assertTrue(it.activityResultRegistry.dispatchResult(asked.requestCode, code, data))
        }
    }

    @Test
    fun `where the user was survives the turning of the phone`() {
        openHistory()
        rule.activityRule.scenario.recreate()
        await(hasTestTag("tickets"))
    }

    @Test
    fun `after signing out a user can sign in again and reads the history`() {
        openHistory()
        repeat(2) { rule.activityRule.scenario.onActivity { it.onBackPressedDispatcher.onBackPressed() } }
        tap(strings["sign_out.title"])
        val confirm = hasText(strings["sign_out.title"]) and hasClickAction() and isEnabled() and hasAnyAncestor(isDialog())
        await(confirm)
        rule.onNode(confirm).performClick()
        tap(strings["button.sign_in"])
        await(hasText(strings["account.title"]))
        openHistory()
    }

    @Test
    fun `whoever cannot sign in writes a ticket that is answered by mail`() {
        val subject = "Die Mail zum Zurücksetzen kommt nicht 🔑"
        application.signOut()
        tap("Need help signing in?")
        type(strings["new.name"], "Søren Müller-Østergård")
        type(strings["new.email"], "søren@bücher.example")
        type(strings["new.subject"], subject)
        type(strings["new.description"], "Seit Montag kommt keine Mail.")
        tap(strings["new.create"])
        await(hasText(strings["anonymous.sent", "email" to "søren@bücher.example"]))
        assertEquals(
            "Søren Müller-Østergård" to "søren@bücher.example",
            process.server
                .tickets(subject)
                .single()
                .requester,
        )
        rule.activityRule.scenario.onActivity { it.onBackPressedDispatcher.onBackPressed() }
        tap(strings["button.sign_in"])
        openHistory()
        assertTrue("the account knows nothing of it", rule.onAllNodes(hasText(subject, substring = true)).fetchSemanticsNodes().isEmpty())
    }

    /** A file that does not end before the phone's storage is full. */
    private class Endless : InputStream() {
        var read = 0
            private set

        override fun read() = if (read < MOST) 'a'.code.also { read++ } else -1

        override fun read(
            into: ByteArray,
            from: Int,
            length: Int,
        ): Int {
            if (read >= MOST) return -1
            into.fill('a'.code.toByte(), from, from + length)
            read += length
            return length
        }

        companion object {
            const val MOST = 50_000_000
        }
    }

    companion object {
        private const val PATIENCE = 30_000L
        private lateinit var process: SandboxProcess

        @JvmStatic
        @BeforeClass
        fun start() {
            process = SandboxProcess.start("--tickets", "30")
            TestApplication.sandbox = process.server
        }

        @JvmStatic
        @AfterClass
        fun stop() {
            process.close()
        }
    }
}
