/// Stands for the app's own sign-in: Ada, a user of the sandbox.
struct Auth: Sendable {
    /// The app's stable id of the signed-in user; `nil` if nobody is signed in.
    let user: String? = "ada"

    /// The user's token; `nil` if the user has to sign in again.
    ///
    /// - Parameter fresh: Whether the last token was refused, so that a new one is needed.
    func accessToken(fresh: Bool) async -> String? {
        "ada-token"
    }
}
