// refused: value of type 'Text' has no member 'titleOfNavigation'
import SwiftUI

struct Row: View {
    var body: some View {
        Text(verbatim: "Überweisung").titleOfNavigation("Ticket")
    }
}
