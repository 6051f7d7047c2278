// The key of the text for each error, for `Strings`. The switches have no default case on purpose: a new error does not compile before it has
// a text.

extension OpenError {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .NotADatabase: "error.open.not_a_database"
        case .NewerSchema: "error.open.newer_schema"
        case .OtherAccount: "error.open.other_account"
        case .ReadOnly: "error.open.read_only"
        case .NoSpace: "error.open.no_space"
        case .InUse: "error.open.in_use"
        case .KeyNotSupported: "error.open.key_not_supported"
        case .InvalidUrl, .InvalidAccount, .InvalidProduct, .InvalidDirectory: "error.open.invalid"
        case .Storage: "error.open.storage"
        case .InternalFault: "error.open.internal_fault"
        }
    }
}

extension ClientError {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .Closed: "error.closed"
        case .Suspended: "error.suspended"
        case .InUse: "error.in_use"
        case .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .InvalidCursor: "error.not_found"
        case .NotPossibleNow: "error.not_possible_now"
        case .NoSpace: "error.no_space"
        case .Damaged: "error.damaged"
        case .ReadOnly: "error.read_only"
        case .Storage: "error.storage"
        case .InternalFault: "error.internal_fault"
        }
    }
}

extension SubmitError {
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .Invalid(let problems): problems.first?.stringKey ?? "field.required"
        case .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .InvalidCursor: "error.not_found"
        case .NotPossibleNow: "error.not_possible_now"
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
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .Invalid(let problems): problems.first?.stringKey ?? "field.body.required"
        case .TicketClosed: "reason.ticket_closed"
        case .NoLongerVisible: "reason.no_longer_visible"
        case .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .InvalidCursor: "error.not_found"
        case .NotPossibleNow: "error.not_possible_now"
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
    /// The key of the text.
    public var stringKey: String {
        switch self {
        case .Invalid(let problems): problems.first?.stringKey ?? "field.cc.malformed"
        case .NotOffered: "error.change.not_offered"
        case .TicketClosed: "reason.ticket_closed"
        case .NoLongerVisible: "reason.no_longer_visible"
        case .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .InvalidCursor: "error.not_found"
        case .NotPossibleNow: "error.not_possible_now"
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
    /// The key of the text. The texts of `TooMany` and `TooLarge` have a placeholder for the limit: ``values(_:)``.
    public var stringKey: String {
        switch self {
        case .Off: "attachment.off"
        case .TooMany: "attachment.too_many"
        case .TooLarge: "attachment.too_large"
        case .WrongType: "attachment.wrong_type"
        case .WrongContent: "attachment.wrong_content"
        case .Empty: "attachment.empty"
        case .Unreadable: "attachment.unreadable"
        case .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .InvalidCursor: "error.not_found"
        case .NotPossibleNow: "error.not_possible_now"
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

    /// The values of the placeholders in the text, as the language writes them.
    public func values(_ strings: Strings) -> [String: String] {
        switch self {
        case .TooMany(let limit): ["limit": strings.number(limit)]
        case .TooLarge(let limit): ["limit": strings.fileSize(limit)]
        default: [:]
        }
    }
}
