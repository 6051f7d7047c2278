// PUSH:start
import PocketdeskKit
import UIKit

/// Passes push messages on. An app has its own delegate, and adds the one function to it.
final class PushDelegate: NSObject, UIApplicationDelegate {
    var host: PocketdeskHost?

    func application(
        _ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]
    ) async -> UIBackgroundFetchResult {
        guard let host, let ticket = PocketdeskPush.ticket(userInfo) else { return .noData }
        // The system allows 30 seconds.
        return await host.onPush(ticket, for: BackgroundTime(seconds: 25)) ? .newData : .failed
    }
}
// PUSH:end
