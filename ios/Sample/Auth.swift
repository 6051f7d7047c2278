/// Stands for the app's own sign-in: Ada, a user of the sandbox. Nobody is signed in at first.
actor Auth {
    /// The app's stable id of the signed-in user; `nil` if nobody is signed in.
    private(set) var user: String?

    init(user: String? = nil) {
        self.user = user
    }

    func signIn() {
        user = "ada"
    }

    func signOut() {
        user = nil
    }

    /// The user's token; `nil` if the user has to sign in again.
    ///
    /// - Parameter fresh: Whether the last token was refused, so that a new one is needed.
    func accessToken(fresh: Bool) -> String? {
        user.map { "\($0)-token" }
    }
}
