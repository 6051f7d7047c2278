/// An error enum of the bindings. Each has a case for a fault inside the library.
protocol CoreError: Error, Equatable {
    /// A fault inside the library. The data is safe, and the call may be repeated.
    static var InternalFault: Self { get }
}

/// An error that a call of an open client may throw.
protocol CallError: CoreError {
    /// What the call is about is there, and its current state does not allow the call.
    static var NotPossibleNow: Self { get }

    /// The key of the text that explains the error, for ``Strings``.
    func key() -> String
}

extension OpenError: CoreError {}
extension ClientError: CallError {}
extension SubmitError: CallError {}
extension ReplyError: CallError {}
extension ChangeError: CallError {}
extension AttachError: CallError {}
