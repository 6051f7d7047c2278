import Foundation

/// Provides the signed-in user's token. The app implements this protocol on top of its own sign-in.
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
    /// Called off the main thread, one call at a time. Only syncing waits for it. After 30 seconds the task is cancelled, and the client
    /// tries again later; a function that goes on in spite of it may then run beside the next call. The token is neither stored nor logged.
    ///
    /// - Parameter refused: Whether the server has just refused the previous token, so that a fresh one is needed.
    /// - Throws: `TokenError.SignedOut` if the user has to sign in again, which the screens then say. `TokenError.Unavailable` if no token can be
    ///   obtained now, for example without a network. Any other error means: try again later.
    func token(refused: Bool) async throws -> String
}

/// Where nobody is signed in, there is no token.
struct NobodySignedIn: TokenSource {
    func token(refused: Bool) async throws -> String {
        throw TokenError.SignedOut
    }
}

/// Answers the core's blocking call with the app's async function. The core calls it on a thread of its own, which may block.
final class TokenBridge: TokenProvider {
    private let source: any TokenSource
    private let timeout: TimeInterval

    init(_ source: any TokenSource, timeout: TimeInterval = 30) {
        self.source = source
        self.timeout = timeout
    }

    func token(request: TokenRequest) throws -> String {
        let pending = BlockingResult()
        let task = Task.detached { [source] in
            do {
                pending.set(.success(try await source.token(refused: request == .refused)))
            } catch {
                pending.set(.failure(error))
            }
        }
        guard let result = pending.wait(timeout) else {
            task.cancel()
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

/// A result that a task hands to a blocked thread. The semaphore orders the write before the read.
private final class BlockingResult: @unchecked Sendable {
    private var result: Result<String, any Error>?
    private let isSet = DispatchSemaphore(value: 0)

    func set(_ result: Result<String, any Error>) {
        self.result = result
        isSet.signal()
    }

    func wait(_ seconds: TimeInterval) -> Result<String, any Error>? {
        isSet.wait(timeout: .now() + seconds) == .success ? result : nil
    }
}
