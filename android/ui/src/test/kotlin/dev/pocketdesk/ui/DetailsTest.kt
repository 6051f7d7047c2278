package dev.pocketdesk.ui

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalUriHandler
import androidx.compose.ui.platform.UriHandler
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import dev.pocketdesk.bindings.ActionPlace
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.Estimate
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.ShownLink
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.StepProgress
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.bindings.TicketStatus
import dev.pocketdesk.bindings.Timeline
import dev.pocketdesk.bindings.TimelineStep
import dev.pocketdesk.bindings.Turn
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Test
import java.io.IOException
import java.time.ZoneId
import java.util.Locale

/** The details of a ticket and its actions: the screen lays out what core has resolved, and knows no company's fields. */
class DetailsTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions = recordedActions(done)
    private val opened = mutableListOf<String>()
    private val handler =
        object : UriHandler {
            override fun openUri(uri: String) {
                opened += uri
                require("nobody" !in uri) { "no app opens $uri" }
                if ("nowhere" in uri) throw IOException("no browser opens $uri")
            }
        }

    private fun showDetails(
        details: TicketDetails,
        language: String = "en-GB",
        fontScale: Float = 1f,
    ) {
        show(stringsOf(language), fontScale) {
            CompositionLocalProvider(LocalUriHandler provides handler) {
                ThreadScreen(Samples.thread(details = details), actions)
            }
        }
        rule.onNodeWithTag("head").performClick()
    }

    private fun showDetails(
        vararg items: DetailItem,
        language: String = "en-GB",
        fontScale: Float = 1f,
    ) = showDetails(Samples.details(*items), language, fontScale)

    private val inDetails = hasAnyAncestor(hasTestTag("details"))

    private fun inDetails(text: String) = rule.onNode(hasText(text, substring = true) and inDetails)

    @Test
    fun `each kind of value is shown in its own way and a missing one is named`() {
        showDetails(
            Samples.value("order", "Auftrag", ShownValue.Text("A-4711")),
            Samples.value("people", "Beteiligte", ShownValue.Texts(listOf("Zoë Müller", "دانيال"))),
            Samples.value("status", "Status", ShownValue.Status(Samples.pending)),
            Samples.value("since", "Seit", ShownValue.Instant(Samples.now)),
            Samples.value("due", "Fällig", ShownValue.Day("2026-03-05")),
            Samples.value("refund", "Gutschrift", null),
            language = "de-DE",
        )
        val de = stringsOf("de-DE")
        inDetails("A-4711").performScrollTo().assertIsDisplayed()
        inDetails("Zoë Müller\nدانيال").performScrollTo().assertIsDisplayed()
        inDetails(de["status.pending"]).performScrollTo().assertIsDisplayed()
        inDetails("12.03.2026, 15:05").performScrollTo().assertIsDisplayed()
        inDetails("05.03.2026").performScrollTo().assertIsDisplayed()
        inDetails("Keine Angabe").performScrollTo().assertIsDisplayed()
    }

    @Test
    fun `a day is the same day in every time zone and nonsense stays as it is`() {
        listOf("Pacific/Kiritimati", "America/Los_Angeles", "Europe/Berlin").forEach {
            assertEquals("5 Mar 2026", Dates(Locale.UK, ZoneId.of(it)).calendarDay("2026-03-05"))
        }
        assertEquals("soon", Dates(Locale.UK).calendarDay("soon"))
    }

    @Test
    fun `a status that only the help desk has words for is shown in those and not explained`() {
        val named = TicketStatus("open", StatusKind.WORKING, Turn.HELP_DESK, label = "Wartet auf Größe XL")
        val ticket = Samples.ticket(Samples.rows[1].copy(status = named))
        val details = Samples.details(Samples.value("status", "Ticket status", ShownValue.Status(named)))
        show { ThreadScreen(Samples.thread(ticket, details = details), actions) }
        rule.onNodeWithTag("head").performClick()
        rule.onAllNodesWithText("Wartet auf Größe XL", substring = true).assertCountEquals(2)
        rule.onAllNodesWithText(en["status.open"]).assertCountEquals(0)
        rule.onAllNodesWithText(en["status.open.explanation"]).assertCountEquals(0)
    }

    @Test
    fun `a secret is hidden until it is asked for and again afterwards`() {
        showDetails(Samples.value("pin", "Service PIN", ShownValue.Text("48-21-93"), secret = true))
        rule.onAllNodesWithText("48-21-93", substring = true).assertCountEquals(0)
        rule.onNodeWithContentDescription("Show: Service PIN").performScrollTo().performClick()
        inDetails("48-21-93").assertIsDisplayed()
        rule.onNodeWithContentDescription("Hide: Service PIN").performClick()
        rule.onAllNodesWithText("48-21-93", substring = true).assertCountEquals(0)
    }

    @Test
    fun `a value is copied where the product says so`() {
        showDetails(
            Samples.value("order", "Order", ShownValue.Text("A-4711"), copy = true),
            Samples.value("shop", "Shop", ShownValue.Text("Köln")),
        )
        rule.onAllNodes(hasContentDescription("Copy: Shop")).assertCountEquals(0)
        rule.onNodeWithContentDescription("Copy: Order").performScrollTo().performClick()
        rule.onNodeWithContentDescription("Copied: Order").assertIsDisplayed()
    }

    @Test
    fun `a link opens in the app of the host and only if it is https`() {
        val links =
            listOf(
                ShownLink("Größentabelle", "https://shop.example.com/sizes"),
                ShownLink("https://nobody.example.com/a", "https://nobody.example.com/a"),
                ShownLink("https://nowhere.example.com/b", "https://nowhere.example.com/b"),
                ShownLink("Plain", "http://shop.example.com/"),
            )
        showDetails(Samples.value("links", "Links", ShownValue.Links(links)))
        rule.onNode(hasText("Größentabelle", substring = true) and hasClickAction()).performScrollTo().performClick()
        rule.onNode(hasText("nobody", substring = true) and hasClickAction()).performScrollTo().performClick()
        rule.onNode(hasText("nowhere", substring = true) and hasClickAction()).performScrollTo().performClick()
        rule.onAllNodes(hasText("Plain", substring = true) and hasClickAction()).assertCountEquals(0)
        inDetails("Plain").performScrollTo().assertIsDisplayed()
        assertEquals(listOf("https://shop.example.com/sizes", "https://nobody.example.com/a", "https://nowhere.example.com/b"), opened)
    }

    @Test
    fun `sections have titles and hints and fold where the product allows it`() {
        val parts =
            listOf(
                Samples.section(
                    Samples.value("order", "Order", ShownValue.Text("A-4711")),
                    id = "order",
                    title = "Your order",
                    hint = "As of today.",
                ),
                DetailPart.Note("Prices include VAT."),
                Samples.section(
                    Samples.value("parcel", "Parcel", ShownValue.Text("0034")),
                    DetailItem.Note("The carrier calls you."),
                    id = "parcel",
                    title = "Delivery",
                    collapsible = true,
                ),
                DetailPart.Thread,
            )
        showDetails(Samples.detailsOf(parts))
        listOf("As of today.", "Prices include VAT.", "The carrier calls you.", "0034").forEach {
            inDetails(it).performScrollTo().assertIsDisplayed()
        }
        val heading = SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading)
        rule.onNode(hasText("Your order") and heading and !hasClickAction()).performScrollTo().assertIsDisplayed()
        rule.onNode(hasText("Delivery") and heading and hasClickAction()).performScrollTo().performClick()
        rule.onAllNodesWithText("0034", substring = true).assertCountEquals(0)
        inDetails("A-4711").performScrollTo().assertIsDisplayed()
        rule.onNode(hasText("Delivery") and hasClickAction()).performScrollTo().performClick()
        inDetails("0034").performScrollTo().assertIsDisplayed()
    }

    @Test
    fun `the steps of a timeline say where they stand and offer what they ask for`() {
        val confirm = Samples.worksAgain.copy(id = "confirm", kind = OfferKind.REPLY, label = "Confirm the visit", confirm = null)
        val steps =
            listOf(
                TimelineStep("booked", "Booked", null, Samples.now, StepProgress.DONE, "step.done", null),
                TimelineStep("visit", "Technician on the way", "Please be at home.", null, StepProgress.CURRENT, "step.current", "confirm"),
                TimelineStep("done", "Repaired", null, null, StepProgress.NOT_REACHED, "step.not_reached", null),
            )
        val timeline = Timeline(steps, Estimate(ShownValue.Day("2026-03-19"), "Nobody guarantees it."))
        val section = Samples.section(id = "visit", title = "Repair", timeline = timeline)
        showDetails(Samples.detailsOf(listOf(section, DetailPart.Thread), listOf(confirm)))
        val booked = hasText("Booked") and hasText("12 Mar 2026, 15:05") and hasStateDescription("Done")
        rule.onNode(booked).performScrollTo().assertIsDisplayed()
        val current = hasText("Technician on the way") and hasText("Please be at home.") and hasStateDescription("Current step")
        rule.onNode(current).performScrollTo().assertIsDisplayed()
        rule.onNode(hasText("Repaired") and hasStateDescription("Not reached yet")).performScrollTo().assertIsDisplayed()
        inDetails("Expected: 19 Mar 2026").performScrollTo().assertIsDisplayed()
        inDetails("Nobody guarantees it.").performScrollTo().assertIsDisplayed()
        rule.onAllNodesWithText("Confirm the visit").assertCountEquals(1)
        rule.onNodeWithText("Confirm the visit").performScrollTo().performClick()
        assertEquals(listOf("act confirm"), done)
    }

    @Test
    fun `actions stand in the head at their place or in the row below the facts`() {
        val rate = Samples.worksAgain.copy(id = "again", label = "Again", place = ActionPlace.HEAD)
        val details =
            Samples.details(
                Samples.value("number", "Ticket number", ShownValue.Text("#480126")),
                DetailItem.Action("works_again"),
                DetailItem.Action("not_offered_now"),
                actions = listOf(Samples.addCc, Samples.worksAgain, rate),
            )
        showDetails(details)
        rule.onNode(hasText("Again") and !inDetails).assertIsDisplayed().performClick()
        rule.onAllNodesWithText("It works again").assertCountEquals(1)
        rule.onNodeWithText("It works again").performScrollTo().performClick()
        rule.onNodeWithText("Add email addresses").performScrollTo().performClick()
        assertEquals(listOf("act again", "act works_again", "act add_cc"), done)
    }

    @Test
    fun `an action asks and shows what it will write and what is said beside it`() {
        var state by mutableStateOf<ThreadState>(Samples.thread().copy(asking = Samples.worksAgain))
        show { ThreadScreen(state, actions) }
        with(Samples.worksAgain) { listOf(confirm, body, warn) }.forEach {
            rule.onNode(hasText(checkNotNull(it)) and hasAnyAncestor(isDialog())).assertIsDisplayed()
        }
        rule.onNode(hasText("Cancel") and hasAnyAncestor(isDialog())).performClick()
        rule.onNode(hasText("It works again") and hasClickAction() and hasAnyAncestor(isDialog())).performClick()
        assertEquals(listOf("cancel action", "confirm"), done)
        state = Samples.thread()
        rule.onAllNodes(isDialog()).assertCountEquals(0)
    }

    @Test
    fun `with doubled letters label and value stand above each other and everything is within reach`() {
        val long = "Publisher-Auszahlungsempfängerkonto"
        showDetails(
            Samples.value("account", long, ShownValue.Text("DE02 1203 0000 0000 2020 51"), secret = true, copy = true),
            Samples.value("links", "Links", ShownValue.Links(listOf(ShownLink("Größentabelle", "https://shop.example.com/sizes")))),
            language = "de-DE",
            fontScale = 2f,
        )
        rule.onNodeWithContentDescription("Anzeigen: $long").performScrollTo().performClick()
        inDetails("DE02 1203").performScrollTo().assertIsDisplayed()
        rule.onNodeWithContentDescription("Kopieren: $long").performScrollTo().assertIsDisplayed()
        rule.onNode(hasText("Größentabelle", substring = true) and hasClickAction()).performScrollTo().assertIsDisplayed()
    }

    @Test
    fun `a ticket whose product shows a transcript takes no reply and one without messages shows its details`() {
        var parts by mutableStateOf(listOf(Samples.mobileDetails.parts.first(), DetailPart.Transcript))
        show { ThreadScreen(Samples.thread(details = Samples.detailsOf(parts)), actions) }
        rule.onNodeWithTag("thread").assertIsDisplayed()
        rule.onAllNodes(hasContentDescription(en["reply.write"])).assertCountEquals(0)
        parts = parts.take(1)
        rule.onAllNodes(hasTestTag("thread")).assertCountEquals(0)
    }
}
