package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DownloadProblem
import dev.pocketdesk.bindings.DraftNote
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldProblem
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.HistorySection
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.Recovered
import dev.pocketdesk.bindings.Turn
import dev.pocketdesk.kit.account.Obstacle

// The key in `Strings` of everything that a user is told. `when` without `else`: a new case does not compile before it has a string.

/** Whose turn it is: the user's, or the help desk's. */
public val Turn.stringKey: String
    get() =
        when (this) {
            Turn.HELP_DESK -> "turn.support"
            Turn.YOU -> "turn.you"
            Turn.NOBODY -> "turn.nobody"
        }

/** The name of a section of the history. */
public val HistorySection.stringKey: String
    get() =
        when (this) {
            HistorySection.UNSENT -> "history.section.unsent"
            HistorySection.TODAY -> "history.section.today"
            HistorySection.EARLIER -> "history.section.earlier"
        }

/** The delivery state of a message; null if it was sent. */
public val Delivery.stringKey: String?
    get() =
        when (this) {
            Delivery.Sent -> null
            is Delivery.Held -> "delivery.held"
            Delivery.Queued -> "delivery.queued"
            Delivery.Sending -> "delivery.sending"
            is Delivery.Waiting -> "delivery.waiting"
            Delivery.Checking -> "delivery.checking"
            is Delivery.NeedsUser -> "delivery.needs_you"
            Delivery.MayHaveBeenSent -> "delivery.may_have_been_sent"
            Delivery.NotShown -> "delivery.not_shown"
        }

/** What a change of a ticket does. The string of [ChangeKind.ADD_CC] has the placeholder `addresses`. */
public val ChangeKind.stringKey: String
    get() =
        when (this) {
            ChangeKind.ADD_CC -> "change.add_cc"
            ChangeKind.SOLVE -> "change.solve"
        }

/** The transfer state of a file; null if there is nothing to say. The strings of a running transfer have the placeholder `percent`. */
public val FileState.stringKey: String?
    get() =
        when (this) {
            FileState.OnServer, FileState.OnDevice -> null
            FileState.Waiting -> "file.waiting"
            is FileState.Sending -> "file.sending"
            FileState.Requested -> "file.wanted"
            is FileState.Downloading -> "file.coming"
            is FileState.Failed -> problem.stringKey
        }

/** Why a file keeps its message from being sent, to be said beside the file; null if it does not. */
public val Attachment.refusalKey: String?
    get() =
        when (refused) {
            ReasonKind.ATTACHMENT_TOO_LARGE -> "file.refused.too_large"
            ReasonKind.ATTACHMENT_TYPE -> "file.refused.type"
            ReasonKind.ATTACHMENT_MISSING -> "file.refused.missing"
            else -> null
        }

/** Why a file could not be downloaded. */
public val DownloadProblem.stringKey: String
    get() =
        when (this) {
            DownloadProblem.GONE -> "download.gone"
            DownloadProblem.NO_SPACE -> "download.no_space"
            DownloadProblem.TOO_LARGE -> "download.too_large"
            DownloadProblem.UNAVAILABLE -> "download.unavailable"
        }

/** Why a message cannot be sent. */
public val ReasonKind.stringKey: String
    get() =
        when (this) {
            ReasonKind.SIGNED_OUT -> "reason.signed_out"
            ReasonKind.WRONG_USER -> "reason.somebody_else"
            ReasonKind.NOT_ALLOWED -> "reason.not_allowed"
            ReasonKind.TICKET_CLOSED -> "reason.ticket_closed"
            ReasonKind.NO_LONGER_VISIBLE -> "reason.no_longer_visible"
            ReasonKind.REFUSED -> "reason.refused"
            ReasonKind.RESTORED -> "reason.restored"
            ReasonKind.ATTACHMENT_TOO_LARGE -> "reason.attachment_too_large"
            ReasonKind.ATTACHMENT_TYPE -> "reason.attachment_type"
            ReasonKind.ATTACHMENT_MISSING -> "reason.attachment_missing"
            ReasonKind.UNSUPPORTED -> "reason.unsupported"
        }

/** What is wrong with the account as a whole. */
public val AccountProblem.stringKey: String
    get() =
        when (this) {
            AccountProblem.SIGNED_OUT -> "problem.signed_out"
            AccountProblem.WRONG_USER -> "problem.somebody_else"
            AccountProblem.NOT_ALLOWED -> "problem.not_allowed"
            AccountProblem.HISTORY_MISSING -> "problem.history_missing"
            AccountProblem.SERVER_UNREACHABLE -> "problem.desk_unreachable"
            AccountProblem.SERVER_MISBEHAVES -> "problem.desk_misbehaves"
            AccountProblem.STORAGE_FULL -> "problem.storage_full"
            AccountProblem.INTERNAL_FAULT -> "problem.internal_fault"
        }

/** Why nothing can be sent or read at the moment. */
public val Obstacle.stringKey: String
    get() =
        when (this) {
            Obstacle.NO_NETWORK -> "offline.banner"
            Obstacle.HELP_DESK_UNREACHABLE -> AccountProblem.SERVER_UNREACHABLE.stringKey
        }

/** Whether everything unsent was salvaged from a damaged file. */
public val Recovered.stringKey: String get() = if (lost) "recovered.lost" else "recovered.kept"

/** What is wrong with a field. */
public val FieldProblem.stringKey: String
    get() =
        when (problem) {
            Problem.Required -> if (field == Field.BODY) "field.body.required" else "field.required"
            is Problem.TooLong -> "field.subject.too_long"
            Problem.Malformed -> "field.cc.malformed"
            Problem.Unknown -> if (field == Field.ACCESS) "field.access.unknown" else "field.issue_type.unknown"
        }

/** What will be dropped from a draft when it is sent; null for [DraftNote.AddressesKeptAside], for which each product has its own string. */
public val DraftNote.stringKey: String?
    get() =
        when (this) {
            DraftNote.AddressesKeptAside -> null
            is DraftNote.RepeatedAddress -> "note.cc.repeated"
            is DraftNote.OwnAddress -> "note.cc.own"
        }

/**
 * The index of the address that the note is about; null if it is about all of them. The number of addresses stands for the one that is being
 * typed.
 */
public val DraftNote.address: Int?
    get() =
        when (this) {
            DraftNote.AddressesKeptAside -> null
            is DraftNote.RepeatedAddress -> index.toInt()
            is DraftNote.OwnAddress -> index.toInt()
        }
