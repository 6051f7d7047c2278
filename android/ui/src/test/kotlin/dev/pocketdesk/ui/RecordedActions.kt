package dev.pocketdesk.ui

import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.ui.create.NewTicketActions
import dev.pocketdesk.ui.parts.FileActions
import dev.pocketdesk.ui.thread.FindActions
import dev.pocketdesk.ui.thread.ThreadActions
import java.nio.file.Path

/** The actions of a thread, each of which writes down what it was called for. */
internal fun recordedActions(
    done: MutableList<String> = mutableListOf(),
    picture: suspend (Long, Int) -> Path? = { _, _ -> null },
    reply: (FormattedText) -> Unit = { done += "reply ${it.text}" },
    thumbnail: suspend (Long, Int) -> Path? = { _, _ -> null },
    authorPhoto: suspend (Long) -> Path? = { null },
    find: FindActions? = null,
) = ThreadActions(
    back = { done += "back" },
    reply = reply,
    thumbnail = thumbnail,
    authorPhoto = authorPhoto,
    send = { done += "send" },
    retry = { done += "retry $it" },
    discard = { done += "discard $it" },
    remove = { done += "remove $it" },
    removeTicket = { done += "remove ticket" },
    retryThread = { done += "retry thread" },
    edit = { done += "edit $it" },
    editText = { done += "text $it" },
    saveEdit = { done += "save" },
    cancelEdit = { done += "cancel" },
    editTicket = { done += "edit ticket" },
    act = { done += "act ${it.id}" },
    confirmAction = { done += "confirm" },
    cancelAction = { done += "cancel action" },
    ccText = { done += "cc $it" },
    saveCc = { done += "save cc" },
    closeCc = { done += "close cc" },
    toggle = { offer, on -> done += "toggle ${offer.id} $on" },
    feedbackAnswer = { done += "answer $it" },
    feedbackText = { done += "feedback $it" },
    sendFeedback = { done += "send feedback" },
    closeFeedback = { done += "close feedback" },
    retryChange = { done += "retry change $it" },
    discardChange = { done += "discard change $it" },
    download = { message, index -> done += "download $message $index" },
    open = { message, index, type -> done += "open $message $index $type" },
    picture = picture,
    attach = { done += "attach" },
    files = recordedFiles(done),
    followUp = { done += "follow up" },
    discardReply = { done += "discard reply" },
    reload = { done += "reload" },
    markUnread = { done += "mark unread" },
    openTicket = { done += "ticket $it" },
    find = find,
)

/** The actions of a form, each of which writes down what it was called for. [file] tells where an attached file can be looked at. */
internal fun recordedForm(
    done: MutableList<String> = mutableListOf(),
    file: suspend (Long) -> Path? = { null },
) = NewTicketActions(
    back = { done += "back" },
    name = { done += "name $it" },
    email = { done += "email $it" },
    subject = { done += "subject $it" },
    issueType = { done += "type $it" },
    ccEntry = { it.trim().also { entry -> done += "cc $entry" } },
    removeCc = { done += "remove $it" },
    editCc = { "edited" },
    description = { done += "description $it" },
    access = { done += "access $it" },
    attach = { done += "attach" },
    files = recordedFiles(done, file),
    visited = { done += "visited $it" },
    create = { done += "create" },
    discard = { done += "discard" },
    reload = { done += "reload" },
    openArticle = { done += "article $it" },
    openTicket = { done += "ticket $it" },
)

private fun recordedFiles(
    done: MutableList<String>,
    file: suspend (Long) -> Path? = { null },
) = FileActions(
    detach = { done += "detach $it" },
    stop = { done += "stop ${it.name}" },
    attachSmaller = { done += "smaller ${it.name}" },
    dismiss = { done += "dismiss $it" },
    file = file,
)
