package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.LocalFile
import dev.pocketdesk.kit.PickedFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.attach
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.HubTickets
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.setUpFor
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import java.nio.file.Files
import kotlin.io.path.createTempDirectory

/** How a product is shown: in each language, light and dark, and in themes of a host app. */
internal val productAppearances =
    mapOf(
        "English" to Appearance(),
        "English dark" to Appearance(dark = true),
        "German" to Appearance(language = "de-DE"),
        "German dark" to Appearance(language = "de-DE", dark = true),
        "Spanish" to Appearance(language = "es-ES"),
        "Spanish dark" to Appearance(language = "es-ES", dark = true),
        "in a host theme" to Appearance(foreign = HostThemes.terracotta),
        "in a dark host theme" to Appearance(language = "de-DE", foreign = HostThemes.blueDark),
        "small with large text" to Appearance(language = "de-DE", width = 320, height = 568, fontScale = 2f),
    )

/** A window with room for the columns of the history, and for a ticket beside it. */
private val tablets =
    mapOf(
        "on a tablet" to Appearance(width = 1180, height = 820),
        "on a dark tablet in German" to Appearance(language = "de-DE", dark = true, width = 1180, height = 820),
        "on an upright tablet in Spanish" to Appearance(language = "es-ES", width = 840, height = 1180, foreign = HostThemes.terracotta),
    )

/** A chapter for each product: the same screens. Only the definition and what the company has set up in its help desk differ. */
internal class ProductScenes(
    private val screenshots: Screenshots,
    private val side: AgentSide,
    private val open: (ClientOptions, ServerLogin) -> Pocketdesk,
) {
    fun play() {
        if (side.connector != Connector.ZENDESK) {
            listOf(MOBILE, WEB, HUB, TELECOM).forEach { screenshots.leaveOut(it, "A product", "the tour can set up a sandbox only") }
            return
        }
        asCompany(Company.MOBILE) { client, server -> mobile(client, server) }
        asCompany(Company.WEB) { client, server -> web(client, server) }
        hub()
        asCompany(Company.TELECOM) { client, server -> telecom(client, server) }
    }

    /** Plays [scene] with a help desk that this company has set up, and its product. */
    private fun asCompany(
        company: Company,
        scene: (Pocketdesk, SandboxServer) -> Unit,
    ) = SandboxProcess.start("--tickets", "40").use { process ->
        process.server.setUpFor(company.definition)
        val options = ClientOptions("product-${company.name.lowercase()}", company.definition)
        open(options, ServerLogin(process.server.url, "ada-token")).use { scene(it, process.server) }
    }

    private fun mobile(
        client: Pocketdesk,
        server: SandboxServer,
    ) {
        val (asked, worked, solved) = client.openTickets()
        server.answer(asked.number, "Which browser was it?")
        server.answer(worked.number, "We are looking at it. 🔎", status = "open")
        server.answer(solved.number, "We have changed that. Please tell us whether it is as you need it now.", status = "solved")
        client.awaitStatus(solved.id, StatusKind.SOLVED)
        val form: OffscreenPhone.(String) -> Unit = {
            tap(strings["new.issue_type"])
            awaitText(strings["issue_type.content.explanation"])
            scrollTo(strings["issue_type.technical_setup.explanation"])
            snap(MOBILE, "Issue types", it)
        }
        everyScreen(MOBILE, client, solved.id, entry = "entry.new_ticket", form = form)
    }

    private fun web(
        client: Pocketdesk,
        server: SandboxServer,
    ) {
        val (asked, worked, offered) = client.openTickets()
        server.answer(asked.number, "Which browser was it?")
        server.customStatus(worked.number, IN_PROGRESS)
        server.answer(offered.number, "We have changed that. Please tell us whether it is as you need it now.")
        server.customStatus(offered.number, SOLUTION_OFFERED)
        client.awaitStatus(offered.id, StatusKind.SOLVED)
        runBlocking {
            val draft =
                client.ticketDraft().copy(
                    subject = "Two colleagues need the monthly report",
                    cc = listOf("jörg.müller@nordlicht-reisen.example", "accounting@nordlicht-reisen.example"),
                    description = "Please send it to them as well.",
                )
            client.saveTicketDraft(draft)
            chosen.take(2).forEach { file -> file.read(0) { client.attach(draft.id, it, file.name) } }
        }
        val form: OffscreenPhone.(String) -> Unit = {
            awaitText(strings["cc.kept"])
            scrollTo(strings["cc.kept"])
            snap(WEB, "Access is off, so addresses are kept aside", it)
            tap(strings["attachment.add"])
            awaitText(strings["file.copying"])
            awaitText(strings["attachment.wrong_content"])
            scrollTo(strings["attachment.add"])
            snap(WEB, "Files are attached, on their way and refused", it)
        }
        everyScreen(WEB, client, offered.id, entry = "entry.tickets", files = Chosen(chosen.drop(2)), form = form)
        FilterScenes(screenshots, WEB, client).web()
        SearchScenes(screenshots, WEB, client).web()
        OffscreenPhone.play(client, screens = listOf(Screen.Support)) {
            tap(strings["entry.chat"])
            awaitHostCall("chat")
            tap(strings["entry.book"])
            awaitText(strings["book.upgrade"])
            scrollTo(strings["new.description"])
            snap(WEB, "An entry brings a text into the form", "English")
        }
    }

    /** The hub: an escalation whose fix waits for the user, a call, and a phone call that takes no reply. */
    private fun hub() = asCompany(Company.HUB) { client, server -> hub(client, HubTickets(server)) }

    private fun hub(
        client: Pocketdesk,
        tickets: HubTickets,
    ) {
        val numbers = listOf(tickets.chat(), tickets.phone(), tickets.conferenceCall(), tickets.escalated())
        val escalated = numbers.last()
        tickets.dates(escalated, "esc_submitted=2026-03-02T08:15:00Z\nesc_review=2026-03-03T10:00:00Z\nesc_eng=2026-03-04T14:40:00Z")
        tickets.step(escalated, "esc_fix")
        val (_, phone, call, ticket) = numbers.map { client.awaitTicket(it) }
        everyScreen(HUB, client, ticket, entry = "entry.request_support", form = { }) {
            scrollTo(strings["action.confirm_fix"])
            snap(HUB, "Escalation", it)
        }
        tablets.forEach { (name, tablet) ->
            OffscreenPhone.play(client, tablet, listOf(Screen.Account, Screen.History)) {
                awaitText("#")
                awaitRest()
                snap(HUB, "Columns", name)
                open(Screen.Thread(ticket))
                awaitThread()
                awaitNone(strings["ticket.not_fetched"])
                snap(HUB, "List and ticket side by side", name)
                toggleDetails()
                scrollTo(strings["action.confirm_fix"])
                snap(HUB, "List and escalation side by side", name)
            }
        }
        FilterScenes(screenshots, HUB, client).hub()
        SearchScenes(screenshots, HUB, client).hub(ticket)
        listOf("en-GB", "de-DE", "es-ES").forEach { language ->
            OffscreenPhone.play(client, Appearance(language), listOf(Screen.History)) {
                open(Screen.Thread(call))
                awaitThread()
                toggleDetails()
                awaitText(strings["field.meeting_link"])
                scrollTo(strings["field.passcode"])
                snap(HUB, "Conference call", language)
                back()
                open(Screen.Thread(phone))
                awaitText(strings["blocked.no_mail"])
                snap(HUB, "Phone call", language)
                back()
                open(Screen.Thread(ticket))
                awaitThread()
                toggleDetails()
                tap(strings["action.confirm_fix"])
                toggleDetails()
                awaitText(strings["confirm_fix.body"])
                snap(HUB, "A fix is confirmed by a reply that is proposed", language)
            }
            runBlocking { client.discardTicketDraft(client.replyDraft(ticket).id) }
        }
    }

    private fun Pocketdesk.awaitTicket(number: Long): Long =
        runBlocking {
            syncNow()
            val history = awaitHistory { shown -> shown.tickets.any { it.number == number.toULong() } }
            val row = history.tickets.first { it.number == number.toULong() }
            threadOpened(row.id)
            threadClosed(row.id)
            row.id
        }

    private fun telecom(
        client: Pocketdesk,
        server: SandboxServer,
    ) {
        val (asked, visited, done) = client.openTickets()
        server.answer(asked.number, "Is the green lamp of the router on?")
        server.answer(visited.number, "A technician comes to you on Thursday between 9 and 11.")
        server.customStatus(visited.number, TECHNICIAN)
        server.answer(done.number, "The line has been repaired.", status = "solved")
        client.awaitStatus(done.id, StatusKind.CLOSED)
        val form: OffscreenPhone.(String) -> Unit = {
            tap(strings["new.issue_type"])
            awaitText(strings["issue_type.bill.explanation"])
            snap(TELECOM, "Issue types", it)
        }
        everyScreen(TELECOM, client, visited.id, entry = "entry.tickets", form = form) {
            tap(strings["action.works_again"])
            awaitText(strings["works_again.body"])
            snap(TELECOM, "An action asks and shows what it will write", it)
        }
    }

    /** Help, history, form and a ticket, in every appearance. [form] goes on with the form, and [details] with the open details. */
    private fun everyScreen(
        chapter: String,
        client: Pocketdesk,
        ticket: Long,
        entry: String,
        files: FileAccess? = null,
        form: OffscreenPhone.(String) -> Unit,
        details: OffscreenPhone.(String) -> Unit = {},
    ) = productAppearances.forEach { (name, appearance) ->
        OffscreenPhone.play(client, appearance, listOf(Screen.Account, Screen.Support), files) {
            awaitText(strings[entry])
            snap(chapter, "Help", name)
            open(Screen.History)
            awaitText("#")
            awaitRest()
            snap(chapter, "History", name)
            open(Screen.NewTicket())
            awaitText(strings["new.description"])
            snap(chapter, "Form", name)
            form(name)
            back()
            open(Screen.Thread(ticket))
            awaitThread()
            awaitNone(strings["ticket.not_fetched"])
            snap(chapter, "Ticket", name)
            toggleDetails()
            awaitText(strings["fact.created"])
            snap(chapter, "Details", name)
            details(name)
        }
    }

    private fun OffscreenPhone.snap(
        chapter: String,
        caption: String,
        appearance: String,
    ) = takeScreenshot(screenshots.next(chapter, "$caption $appearance"))

    /** Two files that can be attached, one that is not what its name says, and one in a cloud that does not answer. */
    private val chosen: List<PickedFile> by lazy {
        val folder = createTempDirectory("pocketdesk")
        val written =
            mapOf(
                "Bildschirmfoto 2026-03-12.png" to pictureOfAReport(),
                "Monatsbericht März.csv" to "Datum;Umsatz\n".repeat(9_000).toByteArray(),
                "Umsätze.pdf" to "PK".toByteArray(),
            )
        written.map { (name, bytes) -> LocalFile(Files.write(folder.resolve(name), bytes)) } + NeverThere("Messe 2026, Halle 3.mp4")
    }

    private class OwnTicket(
        val id: Long,
        val number: Long,
    )

    /** Three tickets of the user's own that the help desk works on. */
    private fun Pocketdesk.openTickets(): List<OwnTicket> =
        runBlocking {
            val rows = awaitFirstSync().tickets.filter { it.visible && it.status.kind in ACTIVE }
            val own = rows.filter { thread(it.id).first().ticket.createdByMe }
            own.take(3).map { OwnTicket(it.id, checkNotNull(it.number).toLong()) }
        }

    private fun Pocketdesk.awaitStatus(
        ticket: Long,
        kind: StatusKind,
    ) = runBlocking {
        syncNow()
        awaitHistory { history -> history.tickets.any { it.id == ticket && it.status.kind == kind } }
    }

    private companion object {
        const val MOBILE = "Product impact-mobile"
        const val WEB = "Product impact-web"
        const val HUB = "Product hub"
        const val TELECOM = "Product telecom"
        val ACTIVE = setOf(StatusKind.OPEN, StatusKind.WORKING, StatusKind.AWAITING_USER)

        // The ids of custom statuses in the definitions.
        const val IN_PROGRESS = 4711L
        const val SOLUTION_OFFERED = 4712L
        const val TECHNICIAN = 9001L
    }
}
