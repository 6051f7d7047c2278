/// Reads the push messages that the company's backend sends when a ticket has changed (`docs/push.md`). Pocketdesk registers for nothing:
/// the app owns the push service's token, and passes on what arrives.
public enum PocketdeskPush {
    /// The number of the ticket that a push message is about, for ``PocketdeskHost/onPush(_:for:)``. `nil` if the message is about something
    /// else, so an app may pass every message. Any data may be passed, from anybody.
    ///
    /// Reads no file. May be called from any thread.
    ///
    /// - Parameter data: The message's data: `userInfo` of `application(_:didReceiveRemoteNotification:)`.
    public static func ticket(_ data: [AnyHashable: Any]) -> Int64? {
        (data[pushKey()] as? String).flatMap { ticketOfPush(value: $0) }
    }
}
