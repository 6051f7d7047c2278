import Foundation

// Which words belong to a value of the core. Exhaustive on purpose: a new case does not compile before it has words.

extension Profile {
    /// A status's label, explanation and whose turn it is, in this profile.
    public func info(_ status: Status) -> StatusInfo {
        statuses.first { $0.status == status }
            ?? StatusInfo(status: status, labelKey: "status.unknown", explanationKey: "status.unknown.explanation", turn: .nobody)
    }

    /// An issue type by its id; `nil` if this profile does not know it.
    public func issueType(_ id: String?) -> IssueType? {
        issueTypes.first { $0.id == id }
    }
}

extension Turn {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .desk: "turn.desk"
        case .you: "turn.you"
        case .nobody: "turn.nobody"
        }
    }
}

extension Delivery {
    /// The key of its words; `nil` if there is nothing to say, because the desk has the message.
    public var stringKey: String? {
        switch self {
        case .sent: nil
        case .held: "delivery.held"
        case .queued: "delivery.queued"
        case .sending: "delivery.sending"
        case .waiting: "delivery.waiting"
        case .checking: "delivery.checking"
        case .needsYou: "delivery.needs_you"
        case .mayHaveBeenSent: "delivery.may_have_been_sent"
        }
    }
}

extension ChangeKind {
    /// The key of its words. Those of `addCc` have a place for the addresses: ``PendingChange/values``.
    public var stringKey: String {
        switch self {
        case .addCc: "change.add_cc"
        case .solve: "change.solve"
        }
    }
}

extension PendingChange {
    /// What its words' placeholders stand for.
    public var values: [String: String] {
        kind == .addCc ? ["addresses": addresses.joined(separator: ", ")] : [:]
    }
}

extension ReasonKind {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .signedOut: "reason.signed_out"
        case .somebodyElse: "reason.somebody_else"
        case .notAllowed: "reason.not_allowed"
        case .ticketClosed: "reason.ticket_closed"
        case .noLongerVisible: "reason.no_longer_visible"
        case .refused: "reason.refused"
        case .attachmentTooLarge: "reason.attachment_too_large"
        case .attachmentType: "reason.attachment_type"
        case .attachmentMissing: "reason.attachment_missing"
        case .restored: "reason.restored"
        case .unsupported: "reason.unsupported"
        }
    }
}

extension AccountProblem {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .signedOut: "problem.signed_out"
        case .somebodyElse: "problem.somebody_else"
        case .notAllowed: "problem.not_allowed"
        case .historyMissing: "problem.history_missing"
        case .deskUnreachable: "problem.desk_unreachable"
        case .deskMisbehaves: "problem.desk_misbehaves"
        case .storageFull: "problem.storage_full"
        case .internalFault: "problem.internal_fault"
        }
    }
}

extension FieldProblem {
    /// The key of its words.
    public var stringKey: String {
        switch problem {
        case .required: field == .body ? "field.body.required" : "field.required"
        case .tooLong: "field.subject.too_long"
        case .malformed: "field.cc.malformed"
        case .unknown: field == .access ? "field.access.unknown" : "field.issue_type.unknown"
        }
    }

    /// What its words' placeholders stand for.
    public var values: [String: String] {
        if case .tooLong(let count, let limit) = problem {
            ["count": String(count), "limit": String(limit)]
        } else {
            [:]
        }
    }
}

extension DraftNote {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .repeatedAddress: "note.cc.repeated"
        case .ownAddress: "note.cc.own"
        }
    }

    /// Which CC address it is about; the number of added addresses stands for the one still being typed.
    public var index: UInt32 {
        switch self {
        case .repeatedAddress(let index), .ownAddress(let index): index
        }
    }
}

extension OpenError {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .NotADatabase: "error.open.not_a_database"
        case .NewerSchema: "error.open.newer_schema"
        case .OtherAccount: "error.open.other_account"
        case .ReadOnly: "error.open.read_only"
        case .NoSpace: "error.open.no_space"
        case .InUse: "error.open.in_use"
        case .KeyNotSupported: "error.open.key_not_supported"
        case .InvalidUrl, .InvalidAccount, .InvalidProfile, .InvalidDirectory: "error.open.invalid"
        case .Storage: "error.open.storage"
        case .InternalFault: "error.open.internal_fault"
        }
    }
}

extension DeskError {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .Closed: "error.closed"
        case .Suspended: "error.suspended"
        case .InUse: "error.in_use"
        case .NotFound: "error.not_found"
        case .NoSpace: "error.no_space"
        case .Damaged: "error.damaged"
        case .ReadOnly: "error.read_only"
        case .Storage: "error.storage"
        case .InternalFault: "error.internal_fault"
        }
    }
}

extension SubmitError {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .Invalid(let problems): problems.first?.stringKey ?? "field.required"
        case .NotFound: "error.not_found"
        case .Closed: "error.closed"
        case .Suspended: "error.suspended"
        case .InUse: "error.in_use"
        case .NoSpace: "error.no_space"
        case .Damaged: "error.damaged"
        case .ReadOnly: "error.read_only"
        case .Storage: "error.storage"
        case .InternalFault: "error.internal_fault"
        }
    }
}

extension ReplyError {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .Invalid(let problems): problems.first?.stringKey ?? "field.body.required"
        case .TicketClosed: "reason.ticket_closed"
        case .NoLongerVisible: "reason.no_longer_visible"
        case .NotFound: "error.not_found"
        case .Closed: "error.closed"
        case .Suspended: "error.suspended"
        case .InUse: "error.in_use"
        case .NoSpace: "error.no_space"
        case .Damaged: "error.damaged"
        case .ReadOnly: "error.read_only"
        case .Storage: "error.storage"
        case .InternalFault: "error.internal_fault"
        }
    }
}

extension ChangeError {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .Invalid(let problems): problems.first?.stringKey ?? "field.cc.malformed"
        case .NotOffered: "error.change.not_offered"
        case .TicketClosed: "reason.ticket_closed"
        case .NoLongerVisible: "reason.no_longer_visible"
        case .NotFound: "error.not_found"
        case .Closed: "error.closed"
        case .Suspended: "error.suspended"
        case .InUse: "error.in_use"
        case .NoSpace: "error.no_space"
        case .Damaged: "error.damaged"
        case .ReadOnly: "error.read_only"
        case .Storage: "error.storage"
        case .InternalFault: "error.internal_fault"
        }
    }
}

extension AttachError {
    /// The key of its words. Those of `TooMany` and `TooLarge` have a place for the limit: ``values``.
    public var stringKey: String {
        switch self {
        case .Off: "attachment.off"
        case .TooMany: "attachment.too_many"
        case .TooLarge: "attachment.too_large"
        case .WrongType: "attachment.wrong_type"
        case .Empty: "attachment.empty"
        case .Unreadable: "attachment.unreadable"
        case .NotFound: "error.not_found"
        case .Closed: "error.closed"
        case .Suspended: "error.suspended"
        case .InUse: "error.in_use"
        case .NoSpace: "error.no_space"
        case .Damaged: "error.damaged"
        case .ReadOnly: "error.read_only"
        case .Storage: "error.storage"
        case .InternalFault: "error.internal_fault"
        }
    }

    /// What its words' placeholders stand for.
    public var values: [String: String] {
        switch self {
        case .TooMany(let limit): ["limit": limit.formatted()]
        case .TooLarge(let limit): ["limit": ByteCountFormatter.string(fromByteCount: Int64(clamping: limit), countStyle: .file)]
        default: [:]
        }
    }
}

extension DownloadProblem {
    /// The key of its words.
    public var stringKey: String {
        switch self {
        case .gone: "download.gone"
        case .noSpace: "download.no_space"
        case .tooLarge: "download.too_large"
        case .unavailable: "download.unavailable"
        }
    }
}

extension Attachment {
    /// How much of it is on its way, 0 to 1, to the desk or from it; `nil` while it is not.
    public var progress: Double? {
        switch state {
        case .sending(let bytes), .coming(let bytes): size > 0 ? Double(min(bytes, size)) / Double(size) : 0
        case .atDesk, .waiting, .wanted, .here, .failed: nil
        }
    }
}

extension Recovered {
    /// The key of its words.
    public var stringKey: String { lost ? "recovered.lost" : "recovered.kept" }
}
