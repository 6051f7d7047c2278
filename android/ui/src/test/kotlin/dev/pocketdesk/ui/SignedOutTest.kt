package dev.pocketdesk.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.autofill.AutofillTree
import androidx.compose.ui.autofill.AutofillType
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.platform.LocalAutofillTree
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsFocused
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasImeAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.onAllNodesWithContentDescription
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performImeAction
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.text.input.ImeAction
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldMessage
import dev.pocketdesk.bindings.Reason
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.kit.account.HelpEntry
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SupportState
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.account.SupportScreen
import dev.pocketdesk.ui.create.NewTicketScreen
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** The screens of somebody who has no account yet or cannot sign in. */
@OptIn(ExperimentalComposeUiApi::class, ExperimentalTestApi::class)
class SignedOutTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private var form by mutableStateOf<NewTicketState>(NewTicketState.Loading)
    private val formActions = recordedForm(done)
    private val draft = Samples.fullDraft.copy(name = "Søren Müller-Østergård", email = "søren@bücher.example")
    private var filled: AutofillTree? = null

    private fun showForm(
        first: NewTicketState,
        fontScale: Float = 1f,
    ) {
        form = first
        show(fontScale = fontScale) {
            filled = LocalAutofillTree.current
            NewTicketScreen(form, Samples.anonymous, formActions)
        }
    }

    private fun field(name: String) = rule.onNode(hasContentDescription(name) and hasSetTextAction())

    @Test
    fun `the form asks for name and address first and for nothing that needs an account`() {
        showForm(Samples.editing(draft))
        rule.onNodeWithText("Contact support").assertIsDisplayed()
        rule.onNodeWithText("We send our answer to this address.").assertIsDisplayed()
        field("Your name").performTextInput("!")
        field("Your email address").performTextInput("!")
        assertEquals(listOf("name ${draft.name}!", "email ${draft.email}!"), done.filter { !it.startsWith("visited") })
        listOf("CC", "Ticket access").forEach { rule.onAllNodesWithText(it, substring = true).assertCountEquals(0) }
        rule.onNodeWithText("Create").assertIsEnabled()
    }

    @Test
    fun `the keyboard leads from the name over the address to the subject`() {
        showForm(Samples.editing(draft))
        val (name, email) = field("Your name") to field("Your email address")
        name.performClick()
        name.assert(hasImeAction(ImeAction.Next)).performImeAction()
        email.assertIsFocused().assert(hasImeAction(ImeAction.Next)).performImeAction()
        field("Subject").assertIsFocused()
        name.performClick()
        name.performKeyInput { pressKey(Key.Tab) }
        email.assertIsFocused()
        assertTrue("leaving a field is told", done.containsAll(listOf("visited NAME", "visited EMAIL")))
    }

    @Test
    fun `the system can fill in both`() {
        showForm(Samples.editing(Samples.blankDraft))
        val fields = checkNotNull(filled).children
        val known = mapOf(AutofillType.PersonFullName to "Søren Müller-Østergård", AutofillType.EmailAddress to "søren@bücher.example")
        assertEquals(known.keys, fields.values.flatMap { it.autofillTypes }.toSet())
        rule.runOnIdle {
            fields.forEach { (id, node) -> checkNotNull(filled).performAutofill(id, known.getValue(node.autofillTypes.single())) }
        }
        rule.onNodeWithText("Søren Müller-Østergård").assertIsDisplayed()
        rule.onNodeWithText("søren@bücher.example").assertIsDisplayed()
        assertEquals(listOf("email søren@bücher.example", "name Søren Müller-Østergård"), done.sorted())
    }

    @Test
    fun `what is wrong with them is said at the field and to a screen reader`() {
        val long = draft.copy(name = "ö".repeat(101), email = "søren@")
        val messages =
            arrayOf(
                FieldMessage(Field.NAME, null, "field.subject.too_long", 101u, 100u),
                FieldMessage(Field.EMAIL, null, "field.cc.malformed"),
            )
        showForm(Samples.editing(long, Samples.check(long, *messages)))
        rule.onNodeWithText("Too long: 101 of at most 100 characters.").assertIsDisplayed()
        rule.onNodeWithText("This is not an email address.").assertIsDisplayed()
        field("Your name").assert(SemanticsMatcher.expectValue(SemanticsProperties.Error, "Too long: 101 of at most 100 characters."))
        field("Your email address").assert(SemanticsMatcher.expectValue(SemanticsProperties.Error, "This is not an email address."))
        rule.onNodeWithText("Create").assertIsNotEnabled()
    }

    private fun showTicket(
        delivery: Delivery,
        number: ULong? = 480_126u,
        canRemove: Boolean = false,
        fontScale: Float = 1f,
    ) {
        val row = Samples.row(1, "Ich kann mich nicht anmelden 🔑", number = number)
        val ticket =
            Samples.ticket(row, delivery, canReply = false).copy(answersGoTo = "søren@bücher.example", canRemove = canRemove)
        val message = Samples.message(1, "Seit Montag kommt keine Mail.", description = true, delivery = delivery)
        show(fontScale = fontScale) { ThreadScreen(Samples.thread(ticket, listOf(message)), recordedActions(done)) }
    }

    private fun tapIn(
        text: String,
        dialog: Boolean,
    ) {
        val button = hasText(text) and hasClickAction()
        rule.onNode(if (dialog) button and hasAnyAncestor(isDialog()) else button).performScrollToIfPossible().performClick()
    }

    private fun SemanticsNodeInteraction.performScrollToIfPossible() =
        try {
            performScrollTo()
        } catch (_: AssertionError) {
            this
        }

    @Test
    fun `a sent ticket says where the answer comes and takes no reply and is removed after a question`() {
        showTicket(Delivery.Sent, canRemove = true)
        rule.onNodeWithText("Sent. Our answer comes by email to søren@bücher.example.").assertIsDisplayed()
        rule.onNodeWithText(en["anonymous.kept"]).assertIsDisplayed()
        listOf("Open", "We are working on it", en["turn.support"], en["ticket.closed"]).forEach {
            rule.onAllNodesWithText(it).assertCountEquals(0)
        }
        rule.onAllNodesWithContentDescription(en["reply.write"]).assertCountEquals(0)
        tapIn("Remove", dialog = false)
        rule.onNodeWithText(en["anonymous.remove.question"]).assertIsDisplayed()
        assertEquals(emptyList<String>(), done)
        tapIn("Remove", dialog = true)
        assertEquals(listOf("remove ticket"), done)
    }

    @Test
    fun `a sent ticket whose number was not said promises none`() {
        showTicket(Delivery.Sent, number = null, canRemove = true)
        rule.onNodeWithText("Contact support").assertIsDisplayed()
        rule.onAllNodesWithText(en["delivery.queued"]).assertCountEquals(0)
    }

    @Test
    fun `what may have been sent says that nobody can find out and leaves it to the user`() {
        showTicket(Delivery.MayHaveBeenSent, number = null)
        rule.onNodeWithText(en["anonymous.may_have_been_sent"]).assertIsDisplayed()
        rule.onAllNodesWithText(en["delivery.may_have_been_sent"]).assertCountEquals(0)
        rule.onAllNodesWithText("Our answer comes", substring = true).assertCountEquals(0)
        tapIn("Try again", dialog = false)
        tapIn("Discard", dialog = false)
        rule.onNodeWithText(en["button.discard.maybe.question"]).assertIsDisplayed()
        tapIn("Discard", dialog = true)
        assertEquals(listOf("retry 1", "discard 1"), done)
    }

    @Test
    fun `a refused ticket says why and a waiting one has nothing at the place of the reply`() {
        showTicket(Delivery.NeedsUser(Reason(ReasonKind.NOT_ALLOWED, null)), number = null)
        rule.onNodeWithText(en["reason.not_allowed"]).assertIsDisplayed()
        listOf("ticket.closed", "anonymous.kept", "button.remove").forEach { rule.onAllNodesWithText(en[it]).assertCountEquals(0) }
        tapIn("Edit", dialog = false)
        assertEquals(listOf("edit ticket"), done)
    }

    @Test
    fun `with the largest text what a sent ticket says can still be reached`() {
        showTicket(Delivery.Sent, canRemove = true, fontScale = 2f)
        rule.onNodeWithTag("thread").performScrollToNode(hasText("Seit Montag kommt keine Mail."))
        rule.onNode(hasText("Remove") and hasClickAction()).performScrollTo().assertIsDisplayed()
    }

    private val ways =
        SupportState(
            listOf(
                HelpEntry("no_account", "No account yet: contact support", null, HelpTarget.NewTicket(null)),
                HelpEntry("cannot_sign_in", "Need help signing in?", null, HelpTarget.NewTicket(null)),
            ),
        )

    @Test
    fun `help is the first screen and leads to both ways and to the sign-in`() {
        val opened = mutableListOf<HelpTarget>()
        show { SupportScreen(ways, onBack = null, onSignIn = { done += "sign in" }, onOpen = opened::add) }
        ways.entries.forEach { rule.onNodeWithText(it.label).performClick() }
        assertEquals(List(2) { HelpTarget.NewTicket(null) }, opened)
        rule.onNodeWithText("Sign in").performClick()
        assertEquals(listOf("sign in"), done)
        rule.onAllNodesWithContentDescription(en["button.back"]).assertCountEquals(0)
        rule.onAllNodesWithText(en["sign_out.title"]).assertCountEquals(0)
    }

    private fun showHistory(create: (() -> Unit)?) {
        val rows = listOf(Samples.row(1, "Ich kann mich nicht anmelden"), Samples.row(2, "Link abgelaufen", needsUser = true, waiting = 1u))
        val actions = HistoryActions(back = {}, open = {}, create = create, refresh = {}, showMore = {}, signIn = null, acknowledge = {})
        show { HistoryScreen(Samples.history(tickets = rows), actions, anonymous = true) }
    }

    @Test
    fun `the list of what was written says what waits and no status`() {
        showHistory { done += "create" }
        rule.onNodeWithText("Ich kann mich nicht anmelden", substring = true).assertIsDisplayed()
        rule.onAllNodesWithText("Open", substring = true).assertCountEquals(0)
        rule.onNode(hasText("Link abgelaufen", substring = true) and hasText(en["history.needs_you"], substring = true)).assertIsDisplayed()
        rule.onNodeWithText("Contact support").performClick()
        assertEquals(listOf("create"), done)
    }

    @Test
    fun `where the help desk takes no tickets without an account the list offers none`() {
        showHistory(create = null)
        rule.onAllNodesWithText("Contact support").assertCountEquals(0)
    }
}
