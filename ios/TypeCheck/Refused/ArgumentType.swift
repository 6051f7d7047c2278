// refused: cannot convert value of type 'Int' to expected argument type 'String'
import SwiftUI

struct Count: View {
    let count: Int

    var body: some View {
        Text(verbatim: count)
    }
}
