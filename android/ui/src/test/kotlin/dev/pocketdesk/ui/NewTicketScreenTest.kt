package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isToggleable
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldMessage
import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.IssueType
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.FileLimit
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.create.NewTicketActions
import dev.pocketdesk.ui.create.NewTicketScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class NewTicketScreenTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private var state by mutableStateOf<NewTicketState>(NewTicketState.Loading)
    private val actions = recordedForm(done)

    private fun showForm(
        first: NewTicketState,
        language: String = "en-GB",
        fontScale: Float = 1f,
    ) {
        state = first
        show(stringsOf(language), fontScale) { NewTicketScreen(state, Samples.product, actions) }
    }

    private fun field(name: String) = rule.onNode(hasContentDescription(name) and hasSetTextAction())

    @Test
    fun `an incomplete form cannot be created and does not complain before it was touched`() {
        val fresh = Samples.editing(Samples.blankDraft, Samples.check(Samples.blankDraft).copy(canCreate = false))
        showForm(fresh)
        rule.onNodeWithText("Create").assertIsNotEnabled()
        rule.onAllNodesWithText(en["field.required"]).assertCountEquals(0)
        state = fresh.copy(check = fresh.check.copy(messages = listOf(FieldMessage(Field.SUBJECT, null, "field.required"))))
        rule.onAllNodesWithText(en["field.required"]).assertCountEquals(1)
    }

    @Test
    fun `typing past the limit is possible and creating is not`() {
        val long = Samples.fullDraft.copy(subject = "ä".repeat(141))
        showForm(Samples.editing(long, Samples.check(long, FieldMessage(Field.SUBJECT, null, "field.subject.too_long", 141u, 140u))))
        rule.onNodeWithText("141/140").assertIsDisplayed()
        rule.onNodeWithText("Too long: 141 of at most 140 characters.").assertIsDisplayed()
        rule.onNodeWithText("Create").assertIsNotEnabled()
        field("Subject").performTextInput("!")
        assertTrue(done.any { it.startsWith("subject ") && it.endsWith("!") || it.startsWith("subject !") })
    }

    @Test
    fun `a pasted line break in the subject becomes a space`() {
        showForm(Samples.editing(Samples.blankDraft))
        field("Subject").performTextInput("Payout\nreport")
        assertEquals("subject Payout report", done.last { it.startsWith("subject") })
    }

    @Test
    fun `leaving a field is told`() {
        showForm(Samples.editing())
        field("Subject").performClick()
        field("Description").performScrollTo().performClick()
        rule.waitForIdle()
        assertTrue("visited SUBJECT" in done)
    }

    @Test
    fun `the issue type is chosen from seven that are explained`() {
        showForm(Samples.editing(Samples.blankDraft))
        rule.onNodeWithText(en["new.issue_type.hint"]).assertIsDisplayed()
        rule.onNode(hasContentDescription("Issue type") and hasClickAction()).performClick()
        Samples.product.issueTypes.forEach {
            rule.onNode(hasText(en[checkNotNull(it.explanationKey)])).performScrollTo().assertIsDisplayed()
        }
        rule.onNode(hasText(en["issue_type.contracts.explanation"])).performScrollTo().performClick()
        assertTrue("type contracts" in done)
    }

    @Test
    fun `addresses can be removed and a malformed one is named`() {
        val draft = Samples.fullDraft.copy(cc = listOf("ben@nordlicht-reisen.example", "jörg@"))
        showForm(Samples.editing(draft, Samples.check(draft, FieldMessage(Field.CC, 1u, "field.cc.malformed"))))
        rule.onNodeWithText("This is not an email address.").performScrollTo().assertIsDisplayed()
        rule.onNodeWithContentDescription("Remove jörg@").performScrollTo().performClick()
        assertTrue("remove 1" in done)
    }

    @Test
    fun `a repeated address is a note and no obstacle`() {
        val draft = Samples.fullDraft.copy(cc = listOf("ben@nordlicht-reisen.example", "Ben@nordlicht-reisen.example"))
        showForm(Samples.editing(draft, Samples.check(draft, FieldMessage(Field.CC, 1u, "note.cc.repeated", problem = false))))
        rule.onNodeWithText(en["note.cc.repeated"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("Create").assertIsEnabled()
    }

    @Test
    fun `addresses that are kept aside say so in the product's words and are no obstacle`() {
        showForm(Samples.editing(check = Samples.check(Samples.fullDraft, FieldMessage(Field.CC, null, "history.rest", problem = false))))
        rule.onNodeWithText(en["history.rest"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("jörg.müller@nordlicht-reisen.example").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("Create").assertIsEnabled()
    }

    @Test
    fun `a product without issue types and addresses asks for neither`() {
        val form = listOf(FormField.SUBJECT, FormField.DESCRIPTION)
        val plain = Samples.product.copy(issueTypes = emptyList(), preselectedIssueType = "", form = form)
        show { NewTicketScreen(Samples.editing(Samples.blankDraft.copy(issueType = "")), plain, actions) }
        listOf("new.issue_type", "new.cc", "new.access").forEach { rule.onAllNodesWithText(en[it]).assertCountEquals(0) }
        rule.onNodeWithText("Description").assertIsDisplayed()
    }

    @Test
    fun `the fields stand in the order of the product`() {
        val others = listOf(FormField.ACCESS, FormField.CC, FormField.DESCRIPTION, FormField.ATTACHMENTS)
        var product by mutableStateOf(Samples.product)
        show { NewTicketScreen(Samples.editing(), product, actions) }

        fun labels() =
            listOf("new.subject", "new.issue_type", "new.cc", "new.description", "new.access", "attachment.title")
                .sortedBy {
                    rule
                        .onNodeWithText(en[it])
                        .fetchSemanticsNode()
                        .positionInRoot.y
                }
        assertEquals(listOf("new.subject", "new.issue_type", "new.cc", "new.description", "attachment.title", "new.access"), labels())
        product = Samples.product.copy(form = listOf(FormField.SUBJECT, FormField.ISSUE_TYPE) + others)
        rule.waitForIdle()
        assertEquals(listOf("new.subject", "new.issue_type", "new.access", "new.cc", "new.description", "attachment.title"), labels())
    }

    @Test
    fun `a form without a default asks for an issue type and does not say which one to keep`() {
        val contracts = IssueType("contracts", "issue_type.contracts", "issue_type.contracts.explanation")
        val content = IssueType("content", "issue_type.content", null)
        val product = Samples.product.copy(issueTypes = listOf(contracts, content), preselectedIssueType = "")
        show { NewTicketScreen(Samples.editing(Samples.blankDraft.copy(issueType = "")), product, actions) }
        rule.onAllNodesWithText(en["new.issue_type.hint"]).assertCountEquals(0)
        rule.onNodeWithText("Please choose an issue type.").performClick()
        rule.onNodeWithText(en["issue_type.contracts.explanation"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithText(en["issue_type.content"]).performScrollTo().performClick()
        assertTrue("type content" in done)
    }

    @Test
    fun `access is off until it is turned on`() {
        showForm(Samples.editing(Samples.blankDraft))
        rule
            .onNode(isToggleable())
            .performScrollTo()
            .assertIsOff()
            .performClick()
        assertTrue("access true" in done)
    }

    @Test
    fun `a restored draft says so and can be discarded after a question`() {
        showForm(Samples.editing().copy(restored = true))
        rule.onNodeWithText(en["draft.kept"]).assertIsDisplayed()
        rule.onNodeWithContentDescription("Discard draft").performClick()
        rule.onNodeWithText(en["new.discard.question"]).assertIsDisplayed()
        assertTrue("discard" !in done)
        rule.onNodeWithText("Discard").performClick()
        assertTrue("discard" in done)
    }

    @Test
    fun `a full disk is told and the text stays`() {
        showForm(Samples.editing().copy(failure = "error.no_space"))
        rule.onNodeWithText(en["error.no_space"]).assertIsDisplayed()
        rule.onNodeWithText(Samples.fullDraft.subject).assertIsDisplayed()
    }

    @Test
    fun `an unsent ticket is edited in the same form and saved`() {
        state = Samples.editing().copy(before = Samples.fullDraft)
        show { NewTicketScreen(state, Samples.product, actions, unsent = true) }
        rule.onNodeWithText("Edit ticket").assertIsDisplayed()
        rule.onNodeWithText(Samples.fullDraft.subject).assertIsDisplayed()
        rule.onNodeWithText("Save").performClick()
        assertEquals(listOf("create"), done)
    }

    @Test
    fun `with doubled German letters every field can be reached`() {
        val de = stringsOf("de")
        showForm(Samples.editing(), "de-DE", fontScale = 2f)
        listOf("new.subject", "new.issue_type", "new.cc", "new.description", "new.access").forEach {
            rule.onNodeWithText(de[it]).performScrollTo().assertIsDisplayed()
        }
        rule.onNodeWithText(de["new.access.label"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("Erstellen").assertIsDisplayed()
    }

    @Test
    fun `files are attached shown with their size and removed and one that was refused says why`() {
        val files =
            listOf(DraftFile(7, "Screenshot 2026-03-12.png", "image/png", 1_843_200u), DraftFile(8, "תמונה.jpg", "image/jpeg", 900u))
        val refused =
            listOf(
                RefusedFile("Umsätze.zip", "attachment.wrong_type"),
                RefusedFile("Film.mov", "attachment.too_large", FileLimit.Bytes(500_000)),
            )
        showForm(Samples.editing().copy(files = DraftFilesState(files, refused = refused)))
        rule.onNodeWithText("1.8 MB").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("900 B").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText(en["attachment.wrong_type"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithText(en["attachment.too_large", "limit" to "500 KB"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithContentDescription(en["attachment.remove", "name" to "תמונה.jpg"]).performScrollTo().performClick()
        rule.onNodeWithContentDescription(en["attachment.remove", "name" to "Film.mov"]).performScrollTo().performClick()
        rule.onNodeWithText(en["attachment.add"]).performScrollTo().performClick()
        assertEquals(listOf("detach 8", "dismiss Film.mov", "attach"), done)
    }

    @Test
    fun `a product without attachments offers none`() {
        show { NewTicketScreen(Samples.editing(), Samples.product, actions.without()) }
        rule.onAllNodesWithText(en["attachment.add"]).assertCountEquals(0)
        rule.onAllNodesWithText(en["attachment.title"]).assertCountEquals(0)
    }

    @Test
    fun `the line that is being written stays in view`() {
        val fresh = Samples.editing(Samples.blankDraft)
        show { Box(Modifier.requiredSize(320.dp, 480.dp)) { NewTicketScreen(fresh, Samples.product, actions) } }
        val description = field(en["new.description"])
        description.performScrollTo()
        repeat(25) { line ->
            description.performTextInput("Zeile $line: größer\n")
            rule.waitForIdle()
            val form = rule.onNodeWithTag("form").fetchSemanticsNode().boundsInRoot
            val caret = caretIn(description.fetchSemanticsNode())
            assertTrue("line $line: $caret in $form", caret.top >= form.top && caret.bottom <= form.bottom)
        }
    }

    /** Where the caret at the end of a field is. Of a field that scrolls itself, at most its end. */
    private fun caretIn(field: SemanticsNode): Rect {
        val layouts = mutableListOf<TextLayoutResult>()
        checkNotNull(field.config[SemanticsActions.GetTextLayoutResult].action)(layouts)
        val caret = layouts.single().let { it.getCursorRect(it.layoutInput.text.length) }
        val end = field.positionInRoot + Offset(0f, minOf(caret.bottom + 16, field.size.height.toFloat()))
        return Rect(end.x, end.y - caret.height, end.x, end.y)
    }
}

/** The same actions where no file can be chosen. */
private fun NewTicketActions.without() =
    NewTicketActions(
        back = back,
        name = name,
        email = email,
        subject = subject,
        issueType = issueType,
        ccEntry = ccEntry,
        removeCc = removeCc,
        editCc = editCc,
        description = description,
        access = access,
        attach = null,
        files = files,
        visited = visited,
        create = create,
        discard = discard,
        reload = reload,
    )
