// The key of the text for each value of the core, for `Strings`. The switches have no default case on purpose: a new value does not compile
// before it has a text.

extension HistorySection {
    /// The key of the text for this section of the history.
    public var stringKey: String {
        switch self {
        case .unsent: "history.section.unsent"
        case .today: "history.section.today"
        case .earlier: "history.section.earlier"
        }
    }
}

extension Turn {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .helpDesk: "turn.support"
        case .you: "turn.you"
        case .nobody: "turn.nobody"
        }
    }
}

extension StepProgress {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .done: "step.done"
        case .current: "step.current"
        case .notReached: "step.not_reached"
        }
    }
}

extension Delivery {
    /// The key of the text; `nil` if there is nothing to say because the message is on the server.
    public var stringKey: String? {
        switch self {
        case .sent: nil
        case .held: "delivery.held"
        case .queued: "delivery.queued"
        case .sending: "delivery.sending"
        case .waiting: "delivery.waiting"
        case .checking: "delivery.checking"
        case .needsUser: "delivery.needs_you"
        case .mayHaveBeenSent: "delivery.may_have_been_sent"
        case .notShown: "delivery.not_shown"
        }
    }
}

extension ChangeKind {
    /// The key of the text. The text of `addCc` has a placeholder for the addresses: ``PendingChange/values``.
    public var stringKey: String {
        switch self {
        case .addCc: "change.add_cc"
        case .solve: "change.solve"
        }
    }
}

extension PendingChange {
    /// The values of the placeholders in the text.
    public var values: [String: String] {
        kind == .addCc ? ["addresses": addresses.joined(separator: ", ")] : [:]
    }
}

extension ReasonKind {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .signedOut: "reason.signed_out"
        case .wrongUser: "reason.somebody_else"
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

extension Attachment {
    /// The key of the text that says why the message of this file needs the user; `nil` if this file is not the reason.
    public var refusalKey: String? {
        switch refused {
        case .attachmentTooLarge: "file.refused.too_large"
        case .attachmentType: "file.refused.type"
        case .attachmentMissing: "file.refused.missing"
        case nil, .signedOut, .wrongUser, .notAllowed, .ticketClosed, .noLongerVisible, .refused, .restored, .unsupported: nil
        }
    }
}

extension SyncStatus {
    /// The key of the text that says why nothing can be sent or received: there is no network, or there is one and the help desk cannot be
    /// reached. `nil` if neither is so.
    public var connectionKey: String? {
        if !network { return "offline.banner" }
        return !online || problem == .serverUnreachable ? AccountProblem.serverUnreachable.stringKey : nil
    }
}

extension AccountProblem {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .signedOut: "problem.signed_out"
        case .wrongUser: "problem.somebody_else"
        case .notAllowed: "problem.not_allowed"
        case .historyMissing: "problem.history_missing"
        case .serverUnreachable: "problem.desk_unreachable"
        case .serverMisbehaves: "problem.desk_misbehaves"
        case .storageFull: "problem.storage_full"
        case .internalFault: "problem.internal_fault"
        }
    }
}

extension FieldProblem {
    /// The key of the text.
    public var stringKey: String {
        switch problem {
        case .required: field == .body ? "field.body.required" : "field.required"
        case .tooLong: "field.subject.too_long"
        case .malformed: "field.cc.malformed"
        case .unknown: field == .access ? "field.access.unknown" : "field.issue_type.unknown"
        }
    }

    /// The values of the placeholders in the text.
    public var values: [String: String] {
        if case .tooLong(let count, let limit) = problem {
            ["count": String(count), "limit": String(limit)]
        } else {
            [:]
        }
    }
}

extension DraftNote {
    /// The key of the text; `nil` for ``addressesKeptAside``, for which each product has its own (``NewTicketModel/keptAsideKey``).
    public var stringKey: String? {
        switch self {
        case .addressesKeptAside: nil
        case .repeatedAddress: "note.cc.repeated"
        case .ownAddress: "note.cc.own"
        }
    }

    /// The index of the CC address that the note is about; `nil` if it is about all of them. The number of added addresses stands for the
    /// address that is being typed.
    public var index: UInt32? {
        switch self {
        case .addressesKeptAside: nil
        case .repeatedAddress(let index), .ownAddress(let index): index
        }
    }
}

extension DownloadProblem {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .gone: "download.gone"
        case .noSpace: "download.no_space"
        case .tooLarge: "download.too_large"
        case .unavailable: "download.unavailable"
        }
    }
}

extension Recovered {
    /// The key of the text.
    public var stringKey: String { lost ? "recovered.lost" : "recovered.kept" }
}
