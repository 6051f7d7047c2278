package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.kit.limit
import dev.pocketdesk.kit.strings.stringKey

// `when` without `else`: a new error does not compile before it has a string.

/** Why a file was not attached. The strings of [AttachException.TooMany] and [AttachException.TooLarge] have the placeholder `limit`. */
public val AttachException.stringKey: String
    get() =
        when (this) {
            is AttachException.Off -> "attachment.off"
            is AttachException.TooMany -> "attachment.too_many"
            is AttachException.TooLarge -> "attachment.too_large"
            is AttachException.WrongType -> "attachment.wrong_type"
            is AttachException.WrongContent -> "attachment.wrong_content"
            is AttachException.Empty -> "attachment.empty"
            is AttachException.Unreadable -> "attachment.unreadable"
            is AttachException.NoSuchTicket,
            is AttachException.NoSuchMessage,
            is AttachException.NoSuchDraft,
            is AttachException.NoSuchFile,
            is AttachException.InvalidCursor,
            -> "error.not_found"
            is AttachException.NotPossibleNow -> "error.not_possible_now"
            is AttachException.Closed -> "error.closed"
            is AttachException.Suspended -> "error.suspended"
            is AttachException.InUse -> "error.in_use"
            is AttachException.NoSpace -> "error.no_space"
            is AttachException.Damaged -> "error.damaged"
            is AttachException.ReadOnly -> "error.read_only"
            is AttachException.Storage -> "error.storage"
            is AttachException.InternalFault -> "error.internal_fault"
        }

/** Why a client could not be opened. */
public val OpenException.stringKey: String
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
            is OpenException.InvalidProduct,
            is OpenException.InvalidDirectory,
            -> "error.open.invalid"
            is OpenException.Storage -> "error.open.storage"
            is OpenException.InternalFault -> "error.open.internal_fault"
        }

/** Why a read or a small write failed. */
public val ClientException.stringKey: String
    get() =
        when (this) {
            is ClientException.Closed -> "error.closed"
            is ClientException.Suspended -> "error.suspended"
            is ClientException.InUse -> "error.in_use"
            is ClientException.NoSuchTicket,
            is ClientException.NoSuchMessage,
            is ClientException.NoSuchDraft,
            is ClientException.NoSuchFile,
            is ClientException.InvalidCursor,
            -> "error.not_found"
            is ClientException.NotPossibleNow -> "error.not_possible_now"
            is ClientException.NoSpace -> "error.no_space"
            is ClientException.Damaged -> "error.damaged"
            is ClientException.ReadOnly -> "error.read_only"
            is ClientException.Storage -> "error.storage"
            is ClientException.InternalFault -> "error.internal_fault"
        }

/** Why a ticket could not be created. */
public val SubmitException.stringKey: String
    get() =
        when (this) {
            is SubmitException.Invalid -> problems.firstOrNull()?.stringKey ?: "field.required"
            is SubmitException.NoSuchTicket,
            is SubmitException.NoSuchMessage,
            is SubmitException.NoSuchDraft,
            is SubmitException.NoSuchFile,
            is SubmitException.InvalidCursor,
            -> "error.not_found"
            is SubmitException.NotPossibleNow -> "error.not_possible_now"
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
public val ReplyException.stringKey: String
    get() =
        when (this) {
            is ReplyException.Invalid -> problems.firstOrNull()?.stringKey ?: "field.body.required"
            is ReplyException.TicketClosed -> "reason.ticket_closed"
            is ReplyException.NoLongerVisible -> "reason.no_longer_visible"
            is ReplyException.NoSuchTicket,
            is ReplyException.NoSuchMessage,
            is ReplyException.NoSuchDraft,
            is ReplyException.NoSuchFile,
            is ReplyException.InvalidCursor,
            -> "error.not_found"
            is ReplyException.NotPossibleNow -> "error.not_possible_now"
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
public val ChangeException.stringKey: String
    get() =
        when (this) {
            is ChangeException.NotOffered -> "error.change.not_offered"
            is ChangeException.Invalid -> problems.firstOrNull()?.stringKey ?: "field.cc.malformed"
            is ChangeException.TicketClosed -> "reason.ticket_closed"
            is ChangeException.NoLongerVisible -> "reason.no_longer_visible"
            is ChangeException.NoSuchTicket,
            is ChangeException.NoSuchMessage,
            is ChangeException.NoSuchDraft,
            is ChangeException.NoSuchFile,
            is ChangeException.InvalidCursor,
            -> "error.not_found"
            is ChangeException.NotPossibleNow -> "error.not_possible_now"
            is ChangeException.Closed -> "error.closed"
            is ChangeException.Suspended -> "error.suspended"
            is ChangeException.InUse -> "error.in_use"
            is ChangeException.NoSpace -> "error.no_space"
            is ChangeException.Damaged -> "error.damaged"
            is ChangeException.ReadOnly -> "error.read_only"
            is ChangeException.Storage -> "error.storage"
            is ChangeException.InternalFault -> "error.internal_fault"
        }
