/// The signed-in user, as the app knows them. The account screen shows them.
public struct Person: Equatable, Sendable {
    /// The name.
    public let name: String

    /// A second line, such as the email address or the company.
    public let detail: String?

    /// - Parameters:
    ///   - name: The name.
    ///   - detail: A second line, such as the email address or the company.
    public init(name: String, detail: String? = nil) {
        self.name = name
        self.detail = detail
    }

    /// The first letters of the first and of the last name.
    var initials: String {
        let names = name.split(separator: " ")
        return [names.first, names.dropFirst().last].compactMap { $0?.first.map(String.init) }.joined().uppercased()
    }
}
