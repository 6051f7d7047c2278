// refused: capture of 'counter' with non-sendable type 'Counter' in a `@Sendable` closure
import SwiftUI

final class Counter {
    var count = 0
}

@MainActor
func rows(_ counter: Counter) -> some View {
    List { Text(verbatim: "Überweisung") }
        .refreshable { counter.count += 1 }
}
