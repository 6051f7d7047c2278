#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The text below a field that says what is wrong with it. Empty if the field is valid.
struct ProblemText: View {
    let problem: FieldProblem?
    let strings: Strings

    var body: some View {
        if let problem {
            Label(strings(problem.stringKey, problem.values), systemImage: "exclamationmark.circle")
                .font(.subheadline)
                .foregroundStyle(.problem)
        }
    }
}
#endif
