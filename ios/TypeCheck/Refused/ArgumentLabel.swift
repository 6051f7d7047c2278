// refused: incorrect argument label in call (have 'minimumHeight:', expected 'minHeight:')
import SwiftUI

struct Row: View {
    var body: some View {
        Text(verbatim: "Überweisung").frame(minimumHeight: 44)
    }
}
