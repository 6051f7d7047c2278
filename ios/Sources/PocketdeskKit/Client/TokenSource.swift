import Foundation

/// Where the app's sign-in comes from. The app implements it; the desk asks it for the end user's OAuth token.
///
/// ```swift
/// struct Session: TokenSource {
///     func token(refused: Bool) async throws -> String {
///         try await refused ? auth.refresh() : auth.current()
///     }
/// }
/// ```
public protocol TokenSource: Sendable {
    /// The signed-in user's bearer token for the help desk.
    ///
    /// Asked off the main thread, one question at a time, and given 30 seconds: after that the task is cancelled and the desk tries
    /// again later. Never asked while the user waits; nothing of the token is stored or logged.
    ///
    /// - Parameter refused: The desk has just refused the last token; a fresh one is needed.
    /// - Throws: `TokenError.SignedOut` if the user has to sign in again, which the screens then say. `TokenError.Unavailable` if it
    ///   cannot be had now (no network). Anything else is taken as "try later".
    func token(refused: Bool) async throws -> String
}

/// Answers the core's blocking question with the app's async one. Called on a thread of the core's own, which may wait.
final class TokenBridge: TokenProvider {
    private let source: any TokenSource
    private let patience: TimeInterval

    init(_ source: any TokenSource, patience: TimeInterval = 30) {
        self.source = source
        self.patience = patience
    }

    func token(request: TokenRequest) throws -> String {
        let answer = Answer()
        let question = Task.detached { [source] in
            do {
                answer.give(.success(try await source.token(refused: request == .refused)))
            } catch {
                answer.give(.failure(error))
            }
        }
        guard let result = answer.wait(patience) else {
            question.cancel()
            throw TokenError.Unavailable
        }
        do {
            return try result.get()
        } catch let error as TokenError {
            throw error
        } catch {
            throw TokenError.Unexpected
        }
    }
}

/// One answer, handed from a task to a waiting thread. The semaphore orders the write before the read.
private final class Answer: @unchecked Sendable {
    private var result: Result<String, any Error>?
    private let given = DispatchSemaphore(value: 0)

    func give(_ result: Result<String, any Error>) {
        self.result = result
        given.signal()
    }

    func wait(_ seconds: TimeInterval) -> Result<String, any Error>? {
        given.wait(timeout: .now() + seconds) == .success ? result : nil
    }
}
