package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.DraftNote
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldProblem
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.Recovered
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.bindings.SyncProgress
import dev.pocketdesk.bindings.Turn

// The key in [Words] of everything a user may be told. `when` without `else`: a new case does not compile before it has its words.

/** Whose turn it is. */
public val Turn.wordKey: String
    get() =
        when (this) {
            Turn.DESK -> "turn.desk"
            Turn.YOU -> "turn.you"
            Turn.NOBODY -> "turn.nobody"
        }

/** How far a message got; null for one that simply was sent. */
public val Delivery.wordKey: String?
    get() =
        when (this) {
            Delivery.Sent -> null
            is Delivery.Held -> "delivery.held"
            Delivery.Queued -> "delivery.queued"
            Delivery.Sending -> "delivery.sending"
            is Delivery.Waiting -> "delivery.waiting"
            Delivery.Checking -> "delivery.checking"
            is Delivery.NeedsYou -> "delivery.needs_you"
            Delivery.MayHaveBeenSent -> "delivery.may_have_been_sent"
        }

/** What a change of a ticket does. For [ChangeKind.ADD_CC] the words take `addresses`. */
public val ChangeKind.wordKey: String
    get() =
        when (this) {
            ChangeKind.ADD_CC -> "change.add_cc"
            ChangeKind.SOLVE -> "change.solve"
        }

/** Where a file's bytes are, if that is worth a word. For those under way the words take `percent`. */
public val FileState.wordKey: String?
    get() =
        when (this) {
            FileState.AtDesk, FileState.Here -> null
            FileState.Waiting -> "file.waiting"
            is FileState.Sending -> "file.sending"
            FileState.Wanted -> "file.wanted"
            is FileState.Coming -> "file.coming"
            is FileState.Failed -> "download.${problem.name.lowercase()}"
        }

/** How much of a file on its way has arrived, from 0 to 100; null for one that is not on its way. */
public val Attachment.percent: Int?
    get() =
        when (val at = state) {
            is FileState.Sending -> percentOf(at.bytes, size)
            is FileState.Coming -> percentOf(at.bytes, size)
            else -> null
        }

private fun percentOf(
    part: ULong,
    whole: ULong,
): Int = if (whole == 0uL) 0 else (part.coerceAtMost(whole) * 100u / whole).toInt()

/** Why a file was not attached. The words of [AttachException.TooMany] and [AttachException.TooLarge] take a `limit`. */
public val AttachException.wordKey: String
    get() =
        when (this) {
            is AttachException.Off -> "attachment.off"
            is AttachException.TooMany -> "attachment.too_many"
            is AttachException.TooLarge -> "attachment.too_large"
            is AttachException.WrongType -> "attachment.wrong_type"
            is AttachException.Empty -> "attachment.empty"
            is AttachException.Unreadable -> "attachment.unreadable"
            is AttachException.NotFound -> "error.not_found"
            is AttachException.Closed -> "error.closed"
            is AttachException.Suspended -> "error.suspended"
            is AttachException.InUse -> "error.in_use"
            is AttachException.NoSpace -> "error.no_space"
            is AttachException.Damaged -> "error.damaged"
            is AttachException.ReadOnly -> "error.read_only"
            is AttachException.Storage -> "error.storage"
            is AttachException.InternalFault -> "error.internal_fault"
        }

/** Why a message cannot be sent. */
public val ReasonKind.wordKey: String get() = "reason.${name.lowercase()}"

/** What is wrong with the account as a whole. */
public val AccountProblem.wordKey: String get() = "problem.${name.lowercase()}"

/** What became of a damaged file. */
public val Recovered.wordKey: String get() = if (lost) "recovered.lost" else "recovered.kept"

/** What part of the first sync is done, from 0 to 100; null if the desk does not say. */
public val SyncProgress.percent: Int?
    get() = of?.let { percentOf(read, it) }

/** What is wrong with one field. */
public val FieldProblem.wordKey: String
    get() =
        when (problem) {
            Problem.Required -> if (field == Field.BODY) "field.body.required" else "field.required"
            is Problem.TooLong -> "field.subject.too_long"
            Problem.Malformed -> "field.cc.malformed"
            Problem.Unknown -> if (field == Field.ACCESS) "field.access.unknown" else "field.issue_type.unknown"
        }

/** What will be dropped from a draft when it is sent. */
public val DraftNote.wordKey: String
    get() =
        when (this) {
            is DraftNote.RepeatedAddress -> "note.cc.repeated"
            is DraftNote.OwnAddress -> "note.cc.own"
        }

/** Which address of a draft the note is about; the number of addresses stands for the one still being typed. */
public val DraftNote.address: Int
    get() =
        when (this) {
            is DraftNote.RepeatedAddress -> index.toInt()
            is DraftNote.OwnAddress -> index.toInt()
        }

/** Why a desk could not be opened. */
public val OpenException.wordKey: String
    get() =
        when (this) {
            is OpenException.NotADatabase -> "error.open.not_a_database"
            is OpenException.NewerSchema -> "error.open.newer_schema"
            is OpenException.OtherAccount -> "error.open.other_account"
            is OpenException.ReadOnly -> "error.open.read_only"
            is OpenException.NoSpace -> "error.open.no_space"
            is OpenException.InUse -> "error.open.in_use"
            is OpenException.KeyNotSupported -> "error.open.key_not_supported"
            is OpenException.InvalidUrl,
            is OpenException.InvalidAccount,
            is OpenException.InvalidProfile,
            is OpenException.InvalidDirectory,
            -> "error.open.invalid"
            is OpenException.Storage -> "error.open.storage"
            is OpenException.InternalFault -> "error.open.internal_fault"
        }

/** Why a read or a small write failed. */
public val DeskException.wordKey: String
    get() =
        when (this) {
            is DeskException.Closed -> "error.closed"
            is DeskException.Suspended -> "error.suspended"
            is DeskException.InUse -> "error.in_use"
            is DeskException.NotFound -> "error.not_found"
            is DeskException.NoSpace -> "error.no_space"
            is DeskException.Damaged -> "error.damaged"
            is DeskException.ReadOnly -> "error.read_only"
            is DeskException.Storage -> "error.storage"
            is DeskException.InternalFault -> "error.internal_fault"
        }

/** Why a ticket could not be created. */
public val SubmitException.wordKey: String
    get() =
        when (this) {
            is SubmitException.Invalid -> problems.firstOrNull()?.wordKey ?: "field.required"
            is SubmitException.NotFound -> "error.not_found"
            is SubmitException.Closed -> "error.closed"
            is SubmitException.Suspended -> "error.suspended"
            is SubmitException.InUse -> "error.in_use"
            is SubmitException.NoSpace -> "error.no_space"
            is SubmitException.Damaged -> "error.damaged"
            is SubmitException.ReadOnly -> "error.read_only"
            is SubmitException.Storage -> "error.storage"
            is SubmitException.InternalFault -> "error.internal_fault"
        }

/** Why a reply could not be stored. */
public val ReplyException.wordKey: String
    get() =
        when (this) {
            is ReplyException.Invalid -> problems.firstOrNull()?.wordKey ?: "field.body.required"
            is ReplyException.TicketClosed -> "reason.ticket_closed"
            is ReplyException.NoLongerVisible -> "reason.no_longer_visible"
            is ReplyException.NotFound -> "error.not_found"
            is ReplyException.Closed -> "error.closed"
            is ReplyException.Suspended -> "error.suspended"
            is ReplyException.InUse -> "error.in_use"
            is ReplyException.NoSpace -> "error.no_space"
            is ReplyException.Damaged -> "error.damaged"
            is ReplyException.ReadOnly -> "error.read_only"
            is ReplyException.Storage -> "error.storage"
            is ReplyException.InternalFault -> "error.internal_fault"
        }

/** Why a change of a ticket could not be stored. */
public val ChangeException.wordKey: String
    get() =
        when (this) {
            is ChangeException.NotOffered -> "error.change.not_offered"
            is ChangeException.Invalid -> problems.firstOrNull()?.wordKey ?: "field.cc.malformed"
            is ChangeException.TicketClosed -> "reason.ticket_closed"
            is ChangeException.NoLongerVisible -> "reason.no_longer_visible"
            is ChangeException.NotFound -> "error.not_found"
            is ChangeException.Closed -> "error.closed"
            is ChangeException.Suspended -> "error.suspended"
            is ChangeException.InUse -> "error.in_use"
            is ChangeException.NoSpace -> "error.no_space"
            is ChangeException.Damaged -> "error.damaged"
            is ChangeException.ReadOnly -> "error.read_only"
            is ChangeException.Storage -> "error.storage"
            is ChangeException.InternalFault -> "error.internal_fault"
        }
