// refused: value of type 'EnvironmentValues' has no member 'phaseOfScene'
import SwiftUI

struct Row: View {
    @Environment(\EnvironmentValues.phaseOfScene) private var phase

    var body: some View {
        Text(verbatim: "Überweisung")
    }
}
