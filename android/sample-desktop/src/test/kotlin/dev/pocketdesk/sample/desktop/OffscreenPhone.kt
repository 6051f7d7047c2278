package dev.pocketdesk.sample.desktop

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.graphics.asSkiaBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.runDesktopComposeUiTest
import androidx.compose.ui.unit.Density
import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.ui.LocalClock
import dev.pocketdesk.ui.Navigator
import dev.pocketdesk.ui.Person
import dev.pocketdesk.ui.PocketdeskScreens
import dev.pocketdesk.ui.Screen
import dev.pocketdesk.ui.theme.PocketdeskTheme
import kotlinx.coroutines.Dispatchers
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import java.nio.file.Files
import java.nio.file.Path
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** How a phone is set up. */
internal data class Appearance(
    val language: String = "en-GB",
    val dark: Boolean = false,
    val width: Int = 392,
    val height: Int = 800,
    val fontScale: Float = 1f,
    /** The host app's own Material theme, in place of Pocketdesk's. */
    val foreign: ColorScheme? = null,
    /** How far the clock of the screens is ahead of the client's. */
    val clockAhead: Duration = Duration.ZERO,
)

private const val DENSITY = 2f
private val PATIENCE = 30.seconds
private const val LEAST_LOOKS = 100

/**
 * A phone without a display: the real screens over a real client. Every step waits for what is on the screen, never for time.
 *
 * @param client the phone's client; [restart] replaces it.
 */
@OptIn(ExperimentalTestApi::class, ExperimentalComposeUiApi::class)
internal class OffscreenPhone private constructor(
    private val test: DesktopComposeUiTest,
    client: Pocketdesk,
    private val appearance: Appearance,
    screens: List<Screen>,
    private val files: FileAccess?,
) {
    private var client by mutableStateOf(client)
    private var navigator by mutableStateOf(navigatorAt(screens))
    val strings = client.strings(appearance.language)

    /** The names of the calls back into the app, the latest one last. */
    private val hostCalls = mutableStateListOf<String>()

    private fun navigatorAt(screens: List<Screen>) = Navigator(screens, Dispatchers.Default.limitedParallelism(1))

    private fun show() {
        test.setContent {
            CompositionLocalProvider(
                LocalDensity provides Density(DENSITY, appearance.fontScale),
                LocalClock provides { System.currentTimeMillis() + appearance.clockAhead.inWholeMilliseconds },
            ) {
                Themed {
                    PocketdeskScreens(
                        client,
                        navigator,
                        Person("Ada Lindqvist", "Nordlicht Reisen").takeUnless { client.product.anonymous },
                        language = appearance.language,
                        files = files,
                        onSignIn = {}.takeIf { client.product.anonymous },
                        onHostCall = hostCalls::add,
                        onSignedOut = {},
                    )
                }
            }
        }
    }

    @Composable
    private fun Themed(content: @Composable () -> Unit) {
        val foreign = appearance.foreign
        if (foreign == null) PocketdeskTheme(appearance.dark, phoneFont(), content) else MaterialTheme(foreign, content = content)
    }

    /** Ends the process and starts the next one: another client over the same folder, on the screen where the user was. */
    fun restart(
        next: Pocketdesk,
        screens: List<Screen> = navigator.screens,
    ) {
        navigator.close()
        client = next
        navigator = navigatorAt(screens)
    }

    fun open(screen: Screen) {
        navigator.open(screen)
    }

    fun back() {
        navigator.back()
    }

    /** Waits until this text is somewhere on the screen. */
    fun awaitText(text: String) = await(text, hasText(text, substring = true))

    fun await(
        what: String,
        matcher: SemanticsMatcher,
    ) = await("“$what” on ${navigator.current.path}") { test.onAllNodes(matcher).fetchSemanticsNodes().isNotEmpty() }

    /** Matches what a screen reader reads out. */
    fun hasName(name: String): SemanticsMatcher = hasContentDescription(name)

    fun awaitName(name: String) = await(name, hasName(name))

    /** Matches a row with this text in this state, as a screen reader tells it. */
    fun hasState(
        text: String,
        state: String,
    ): SemanticsMatcher = hasText(text, substring = true) and hasStateDescription(state)

    fun awaitNoState(state: String) =
        await("“$state” to go") { test.onAllNodes(hasStateDescription(state)).fetchSemanticsNodes().isEmpty() }

    /** Waits until the history on screen is no longer loading. */
    fun awaitRest() = await("the end of loading", hasName(strings["history.refresh"]) and hasClickAction())

    fun awaitNone(text: String) =
        await("“$text” to go") { test.onAllNodes(hasText(text, substring = true)).fetchSemanticsNodes().isEmpty() }

    // Compose's own waitUntil counts frames of virtual time, and a frame without a graphics card is slow. This one counts real time. It also
    // counts looks, so that a machine on which one look takes seconds gives up no sooner than a fast one.
    private fun await(
        what: String,
        condition: () -> Boolean,
    ) {
        val start = TimeSource.Monotonic.markNow()
        var looks = 1
        while (!condition()) {
            if (start.elapsedNow() > PATIENCE && looks > LEAST_LOOKS) throw AssertionError("Waited $PATIENCE for $what")
            looks += 1
            test.mainClock.advanceTimeByFrame()
            test.waitForIdle()
        }
    }

    /**
     * Waits for a node and acts on it. What arrives from the client can replace the node between the look and the action. Compose then refuses
     * the action, and the next look finds the new node.
     */
    private fun act(
        what: String,
        matcher: SemanticsMatcher,
        action: SemanticsNodeInteraction.() -> Unit,
    ) {
        await("“$what” on ${navigator.current.path}") {
            val nodes = test.onAllNodes(matcher)
            nodes.fetchSemanticsNodes().isNotEmpty() && isPossible { nodes.onFirst().action() }
        }
        test.waitForIdle()
    }

    private fun isPossible(action: () -> Unit): Boolean =
        try {
            action()
            true
        } catch (_: AssertionError) {
            false
        }

    fun tap(text: String) =
        act(text, (hasText(text, substring = true) or hasContentDescription(text)) and hasClickAction() and isEnabled()) {
            scrolledTo().performSemanticsAction(SemanticsActions.OnClick)
        }

    /** Opens the menu of the filter with this name. */
    fun tapChip(name: String) =
        act(name, hasText(name) and hasClickAction() and hasAnyAncestor(hasTestTag("filters"))) {
            scrolledTo().performSemanticsAction(SemanticsActions.OnClick)
        }

    /** Waits for the open menu to have this value of a filter. */
    fun awaitValue(name: String) = await(name, valueIn(name))

    /** Chooses a value in the open menu of a filter, which stays open. */
    fun tapValue(name: String) = act(name, valueIn(name)) { scrolledTo().performSemanticsAction(SemanticsActions.OnClick) }

    private fun valueIn(name: String): SemanticsMatcher =
        hasText(name) and SemanticsMatcher.keyIsDefined(SemanticsProperties.ToggleableState)

    /** Waits for the open menu to have this order. */
    fun awaitOrder(name: String) = await(name, orderIn(name))

    /** Chooses an order in the open menu, which closes. */
    fun tapOrder(name: String) {
        act(name, orderIn(name)) { performSemanticsAction(SemanticsActions.OnClick) }
        await("the menu to close") { test.onAllNodes(orderIn(name)).fetchSemanticsNodes().isEmpty() }
    }

    private fun orderIn(name: String): SemanticsMatcher =
        hasText(name) and SemanticsMatcher.expectValue(SemanticsProperties.Role, Role.RadioButton)

    /** Closes the menu that is open, as the Escape key does. */
    fun closeMenu() =
        act("an open menu", SemanticsMatcher.keyIsDefined(SemanticsActions.Collapse)) {
            performSemanticsAction(SemanticsActions.Collapse)
        }

    /** Presses the ticket with this subject for long. It may stand below the end of a small screen. */
    fun press(subject: String) {
        val row = hasText(subject, substring = true) and hasClickAction()
        await(subject) { isPossible { test.onNode(hasTestTag("tickets")).performScrollToNode(row) } }
        act(subject, row) { performSemanticsAction(SemanticsActions.OnLongClick) }
    }

    /** Types into the field with this name, after its text. */
    fun type(
        field: String,
        text: String,
    ) = act(field, isField(field)) { scrolledTo().performTextInput(text) }

    /** Replaces the text of the field with this name. */
    fun retype(
        field: String,
        text: String,
    ) = act(field, isField(field)) { scrolledTo().performTextReplacement(text) }

    private fun isField(name: String): SemanticsMatcher = hasContentDescription(name) and hasSetTextAction() and isEnabled()

    /** Waits until the user has been led back into the app. */
    fun awaitHostCall(name: String) = await("the call $name") { hostCalls.lastOrNull() == name }

    /** Waits for a ticket and its thread. */
    fun awaitThread() = await("a thread", hasTestTag("thread"))

    /** Opens or closes the details of the ticket. */
    fun toggleDetails() {
        await("the head of a ticket", hasTestTag("head"))
        act("the head of a ticket", hasTestTag("head")) { performSemanticsAction(SemanticsActions.OnClick) }
    }

    fun scrollTo(text: String) = act(text, hasText(text, substring = true)) { performScrollTo() }

    fun scrollToTag(tag: String) = act(tag, hasTestTag(tag)) { performScrollTo() }

    /** Scrolls the thread to the message with this text, and waits for it if necessary. */
    fun readOn(text: String) {
        val message = hasText(text, substring = true)
        await(text) {
            isPossible { test.onNode(hasTestTag("thread")).performScrollToNode(message) }
            test.onAllNodes(message).fetchSemanticsNodes().isNotEmpty()
        }
    }

    private fun SemanticsNodeInteraction.scrolledTo(): SemanticsNodeInteraction {
        // Bars do not scroll, and throw.
        isPossible { performScrollTo() }
        return this
    }

    /** Takes a screenshot. */
    fun takeScreenshot(file: Path) {
        test.waitForIdle()
        val picture = Image.makeFromBitmap(test.captureToImage().asSkiaBitmap())
        Files.createDirectories(file.parent)
        Files.write(file, checkNotNull(picture.encodeToData(EncodedImageFormat.PNG)).bytes)
    }

    companion object {
        /** Plays [scene] on a phone with [client]. */
        fun play(
            client: Pocketdesk,
            appearance: Appearance = Appearance(),
            screens: List<Screen> = listOf(Screen.Account),
            files: FileAccess? = null,
            scene: OffscreenPhone.() -> Unit,
        ) = inLanguage(Locale.forLanguageTag(appearance.language)) {
            runDesktopComposeUiTest((appearance.width * DENSITY).toInt(), (appearance.height * DENSITY).toInt()) {
                val phone = OffscreenPhone(this, client, appearance, screens, files)
                phone.show()
                phone.scene()
                phone.navigator.close()
            }
        }

        /** Runs [scene] on a phone whose language is [locale]. */
        private fun inLanguage(
            locale: Locale,
            scene: () -> Unit,
        ) {
            val before = Locale.getDefault()
            Locale.setDefault(locale)
            try {
                scene()
            } finally {
                Locale.setDefault(before)
            }
        }
    }
}
