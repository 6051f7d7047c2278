package dev.pocketdesk.ui

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.ActionPlace
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.BlockKind
import dev.pocketdesk.bindings.BodyBlock
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.DetailSection
import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.FeedbackAnswer
import dev.pocketdesk.bindings.FeedbackForm
import dev.pocketdesk.bindings.FieldMessage
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.IssueType
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.MessageBody
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.PendingChange
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.bindings.Reason
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.ReplyPlace
import dev.pocketdesk.bindings.RowTime
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.Snippet
import dev.pocketdesk.bindings.StatusInfo
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.TextSpan
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.TicketStatus
import dev.pocketdesk.bindings.Timeline
import dev.pocketdesk.bindings.ToggleOffer
import dev.pocketdesk.bindings.Turn
import dev.pocketdesk.bindings.UnreadMessages
import dev.pocketdesk.bindings.placeRows
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.account.HelpEntry
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SupportState
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.kit.history.localDays
import dev.pocketdesk.kit.isAnonymous
import dev.pocketdesk.kit.thread.ReplyState
import dev.pocketdesk.kit.thread.ThreadState
import java.net.URI
import java.time.Instant
import java.time.ZoneId

/** States as the kit produces them, with realistic texts. */
internal object Samples {
    val now = Instant.parse("2026-03-12T14:05:00Z").toEpochMilli()
    private const val DAY = 86_400_000L

    val open = status("open", StatusKind.OPEN, Turn.HELP_DESK)
    val pending = status("pending", StatusKind.WORKING, Turn.HELP_DESK)
    val awaitingReply = status("awaiting_reply", StatusKind.AWAITING_USER, Turn.YOU)
    val solved = status("solved", StatusKind.SOLVED, Turn.NOBODY)
    val closed = status("closed", StatusKind.CLOSED, Turn.NOBODY)

    /** A status that the product does not know. */
    val unknown = status(null, StatusKind.WORKING, Turn.NOBODY)

    private fun status(
        id: String?,
        kind: StatusKind,
        turn: Turn,
    ) = TicketStatus(id, kind, turn, nameKey = "status.${id ?: "unknown"}")

    val product =
        Product(
            name = "impact-mobile",
            subjectLimit = 140u,
            issueTypes =
                listOf(
                    "support_ui_general",
                    "technical_setup",
                    "data_reports",
                    "payments_finance",
                    "contracts",
                    "settings_navigation",
                    "content",
                ).map { IssueType(it, "issue_type.$it", "issue_type.$it.explanation") },
            preselectedIssueType = "support_ui_general",
            statuses =
                listOf(open, pending, awaitingReply, solved, closed).map {
                    val key = "status.${it.id}"
                    StatusInfo(checkNotNull(it.id), it.kind, key, "$key.explanation", it.turn)
                },
            form =
                listOf(
                    FormField.SUBJECT,
                    FormField.ISSUE_TYPE,
                    FormField.CC,
                    FormField.DESCRIPTION,
                    FormField.ATTACHMENTS,
                    FormField.ACCESS,
                ),
            attachments = null,
            filesInReplies = false,
            addCc = false,
            solve = false,
        )

    /** That product where nobody is signed in. */
    val anonymous =
        product.copy(
            anonymous = true,
            form = listOf(FormField.NAME, FormField.EMAIL, FormField.SUBJECT, FormField.ISSUE_TYPE, FormField.DESCRIPTION),
        )

    /** The entries of that product, and those that only other products have. */
    val support =
        SupportState(
            listOf(
                HelpEntry("new_ticket", "Submit a support ticket", null, HelpTarget.History),
                HelpEntry("help_centre", "Help centre", null, HelpTarget.Link(URI("https://help.example.com/"))),
                HelpEntry("email", "Send an email", null, HelpTarget.Link(URI("mailto:support@example.com"))),
                HelpEntry("call", "Call us", null, HelpTarget.Link(URI("tel:+4922100000"))),
                HelpEntry("chat", "Chat", "Answers may take longer, depending on your location.", HelpTarget.Host("chat")),
                HelpEntry("book", "Book time", null, HelpTarget.NewTicket("I would like to book a meeting.")),
            ),
        )

    val addCc = ActionOffer("add_cc", OfferKind.ADD_CC, "Add email addresses", ActionPlace.MENU, null, null, null)
    val followUp = ActionOffer("follow_up", OfferKind.NEW_REQUEST, "Create a follow-up", ActionPlace.MENU, null, null, null)

    /** An action of a company's own, with a question, a text that it writes, and a warning. */
    val worksAgain =
        ActionOffer(
            id = "works_again",
            kind = OfferKind.SOLVE,
            label = "It works again",
            place = ActionPlace.MENU,
            confirm = "We will close this. Does everything work?",
            body = "It works again, thank you. 🙏",
            warn = "The visit on Thursday is cancelled.",
            asksFirst = true,
            question = "We will close this. Does everything work?",
        )

    /** Feedback with two answers and a text. */
    val feedback =
        ActionOffer(
            id = "feedback",
            kind = OfferKind.FEEDBACK,
            label = "Leave feedback",
            place = ActionPlace.HEAD,
            confirm = null,
            body = null,
            warn = null,
            feedback =
                FeedbackForm(
                    answers = listOf(FeedbackAnswer("bad", "Bad"), FeedbackAnswer("good", "Good")),
                    text = "What should we know? (optional)",
                    isTextRequired = false,
                    send = "Send feedback",
                ),
        )

    /** A toggle that was never set. */
    val proxyLogin =
        ActionOffer(
            id = "proxy_login",
            kind = OfferKind.TOGGLE,
            label = "Support proxy login access",
            place = ActionPlace.MENU,
            confirm = null,
            body = null,
            warn = "A running session goes on.",
            toggle = ToggleOffer(null, false, "As set for your account", "On", "Off"),
        )

    fun value(
        id: String,
        label: String,
        value: ShownValue?,
        secret: Boolean = false,
        copy: Boolean = false,
    ) = DetailItem.Value(id, label, value, secret, copy)

    fun section(
        vararg items: DetailItem,
        id: String = "facts",
        title: String? = null,
        collapsible: Boolean = false,
        hint: String? = null,
        timeline: Timeline? = null,
    ) = DetailPart.Section(DetailSection(id, title, collapsible, hint, items.toList(), timeline))

    /** The details of a ticket with one section, and its thread. */
    fun details(
        vararg items: DetailItem,
        actions: List<ActionOffer> = emptyList(),
    ) = detailsOf(listOf(section(*items), DetailPart.Thread), actions)

    fun detailsOf(
        parts: List<DetailPart>,
        actions: List<ActionOffer> = emptyList(),
    ) = TicketDetails(parts, actions, showsMessages = false, replyPlace = ReplyPlace.NONE)

    /** What the built-in product shows of [ticket]. */
    val mobileDetails =
        details(
            value("number", "Ticket number", ShownValue.Text("#480126"), copy = true),
            value("requester", "Created by", ShownValue.Text("You")),
            value("created", "Created", ShownValue.Instant(Instant.parse("2026-03-06T14:05:00Z").toEpochMilli())),
            value("issue_type", "Issue type", ShownValue.Text("Technical setup")),
            value("access", "Ticket access", ShownValue.Text("All users of the account")),
            value(
                "cc",
                "CC emails",
                ShownValue.Texts(listOf("jörg.müller@nordlicht-reisen.example", "accounting@nordlicht-reisen.example")),
            ),
        )

    val online =
        SyncStatus(
            online = true,
            syncing = false,
            lastSyncAt = now,
            waiting = 0u,
            problem = null,
            firstSyncDone = true,
            knownTickets = 300u,
        )

    val offline = online.copy(online = false, network = false, waiting = 3u)

    val unreachable = online.copy(online = false, problem = AccountProblem.SERVER_UNREACHABLE, waiting = 3u)

    fun row(
        id: Long,
        subject: String,
        status: TicketStatus = open,
        number: ULong? = (480_200 - id * 37).toULong(),
        unread: Boolean = false,
        clip: Boolean = false,
        waiting: UInt = 0u,
        needsUser: Boolean = false,
        visible: Boolean = true,
        snippet: Snippet? = null,
        activeAt: Long = now - id * DAY,
    ) = TicketRow(
        id,
        number,
        subject,
        status,
        now - id * 3 * DAY,
        activeAt,
        unread,
        clip,
        waiting,
        needsUser,
        visible,
        unsent = waiting > 0u,
        snippet = snippet,
    )

    val rows =
        listOf(
            row(1, "Publisher-Auszahlung für Februar fehlt im Finanzbericht", number = null, waiting = 3u),
            row(
                2,
                "Tracking pixel stopped firing after we moved the checkout to the new shop domain",
                awaitingReply,
                unread = true,
            ),
            row(3, "Informe mensual: las conversiones de marzo no coinciden con las de nuestra tienda", pending, clip = true),
            row(4, "Contract template: can we add a second commission tier? 🤔"),
            row(5, "لا تظهر التحويلات في تقرير الأداء", pending, unread = true),
            row(6, "Invite for Zoë bounced", solved, needsUser = true, waiting = 1u),
            row(7, "", closed, visible = false),
            row(8, "Banner in Größe 300×250 wird abgeschnitten", closed, clip = true),
        )

    fun history(
        status: SyncStatus = online,
        tickets: List<TicketRow> = rows,
    ) = HistoryState.Shown(
        History(tickets.map { it.asTold() }, 300, down = HistoryPart()),
        status.asTold(),
        placeRows(localDays(now, ZoneId.of("Europe/Berlin")), tickets.map { RowTime(it.lastActivityAt, it.unsent) }),
    )

    fun ticket(
        row: TicketRow = rows[1],
        delivery: Delivery = Delivery.Sent,
        canReply: Boolean = true,
        reopens: Boolean = false,
        changes: List<PendingChange> = emptyList(),
        canSolve: Boolean = false,
    ) = Ticket(
        row = row,
        issueType = "technical_setup",
        access = true,
        cc = listOf("jörg.müller@nordlicht-reisen.example", "accounting@nordlicht-reisen.example"),
        createdBy = "Ada Lindqvist",
        createdByMe = true,
        canReply = canReply,
        reopens = reopens,
        canSolve = canSolve,
        threadComplete = true,
        delivery = delivery,
        changes = changes,
    )

    fun message(
        id: Long,
        body: String,
        mine: Boolean = true,
        description: Boolean = false,
        delivery: Delivery = Delivery.Sent,
        attachments: List<Attachment> = emptyList(),
        shortened: Boolean = false,
        content: MessageBody = plain(body),
    ) = Message(
        id = id,
        author = if (mine) "Ada Lindqvist" else "Marta Feld",
        mine = mine,
        fromAgent = !mine,
        body = body,
        content = content,
        shortened = shortened,
        createdAt = now + id * 3_600_000,
        description = description,
        attachments = attachments,
        delivery = delivery,
        canRetry = delivery is Delivery.NeedsUser || delivery == Delivery.MayHaveBeenSent,
        canEdit = delivery.restsHere,
        canDiscard = delivery.restsHere || delivery == Delivery.MayHaveBeenSent || delivery == Delivery.NotShown,
    )

    /** What the core makes of a plain text without addresses. */
    fun plain(text: String) =
        MessageBody(text.split("\n\n").filter { it.isNotBlank() }.map { BodyBlock(BlockKind.Paragraph, listOf(TextSpan(it))) })

    /** Whether the core would allow to edit it and to take it back. */
    private val Delivery.restsHere: Boolean
        get() = this is Delivery.Held || this == Delivery.Queued || this is Delivery.Waiting || this is Delivery.NeedsUser

    val messages =
        listOf(
            message(
                1,
                "Since Tuesday the pixel on our order confirmation page no longer reports sales.\n\nWe moved the checkout to " +
                    "shop.nordlicht-reisen.example that day. The page source still contains the tag.",
                description = true,
            ),
            message(
                2,
                "Hello Ada,\n\nthank you for the details. The new domain is not in your list of allowed domains yet. Could you send me a " +
                    "screenshot of Settings → Tracking → Domains?",
                mine = false,
                attachments = listOf(Attachment("where-to-look.png", "image/png", 184_320u, FileState.OnServer, canDownload = true)),
            ),
            message(3, "שלום, הוספתי את הדומיין החדש אבל עדיין אין דיווחים.", delivery = Delivery.Sent),
            message(
                4,
                "Added it just now. Do the sales of the last two days come back by themselves?",
                delivery = Delivery.Queued,
            ),
            message(
                5,
                "And one more thing: the same happens with our Spanish shop.",
                delivery = Delivery.NeedsUser(Reason(ReasonKind.REFUSED, "Comment: is too long")),
            ),
        )

    fun thread(
        ticket: Ticket = ticket(),
        messages: List<Message> = this.messages,
        reply: ReplyState = ReplyState(ready = true),
        unread: UnreadMessages? = null,
        details: TicketDetails = mobileDetails,
    ) = ThreadState.Shown(ticket.asTold(), messages.map { it.asTold(ticket.isAnonymous) }, details.asTold(ticket), reply, unread = unread)

    /** A thread of this many messages of several lines, by Ada and Marta in turn. */
    fun longThread(count: Int) =
        (1L..count).map {
            message(
                it,
                "Message $it: the export is empty.\nSteps: Reports → Payouts → Export.\nGrüße 🙏",
                mine = it % 2 == 1L,
            )
        }

    val blankDraft = TicketDraft("d1", "", "support_ui_general", emptyList(), "", "", access = false)
    val fullDraft =
        blankDraft.copy(
            subject = "Payout report for February is empty",
            issueType = "data_reports",
            cc = listOf("jörg.müller@nordlicht-reisen.example", "accounting@nordlicht-reisen.example"),
            description = "The CSV export has a header and no rows since 1 March.\n\nSteps: Reports → Payouts → February → Export.",
            access = true,
        )

    /** What the form says of [draft]: these messages. */
    fun check(
        draft: TicketDraft,
        vararg messages: FieldMessage,
    ) = DraftCheck(
        problems = emptyList(),
        notes = emptyList(),
        subjectCount = draft.subject.length.toUInt(),
        subjectLimit = 140u,
        canCreate = messages.none { it.problem },
        messages = messages.toList(),
    )

    fun editing(
        draft: TicketDraft = fullDraft,
        check: DraftCheck = check(draft),
    ) = NewTicketState.Editing(draft, check)
}
