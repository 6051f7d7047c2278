@testable import PocketdeskKit
import Testing

/// Where a thread opens, and when its list moves by itself.
@Suite("Where a thread stands")
struct ThreadPositionTests {
    private let thread = (1...30).map { Samples.message($0, mine: $0 % 3 == 1) }

    @Test("A thread that gets another place on a rotated tablet is off screen when its last model has ended")
    @MainActor
    func rotated() {
        let screens = ThreadsOnScreen()
        screens.entered(7)
        // The new place begins before the old one ends.
        screens.entered(7)
        screens.entered(9)
        #expect(!screens.left(7))
        #expect(screens.left(9) && screens.left(7))
    }

    @Test("Without anything new a thread opens at its end, and offers no way there")
    func atItsEnd() {
        var position = ThreadPosition()
        #expect(position.follow(lines(thread)) == nil, "the list is anchored at its end")
        #expect(position.isAtEnd)
        position.bottom = .end
        #expect(position.isAtEnd && position.newBelow(in: lines(thread)) == 0)
    }

    @Test("With something new it opens at the line above, once")
    func atTheFirstNewMessage() {
        var position = ThreadPosition()
        let lines = lines(thread, firstNew: 20)
        #expect(lines[18...20].map(\.id) == [.message(19), .new, .message(20)])
        #expect(position.follow(lines) == .toNew)
        position.bottom = .message(24)
        #expect(position.follow(lines) == nil)
        #expect(!position.isAtEnd)
    }

    @Test("From a search it opens at the message that was found, and whoever reads there is moved by the user's own message only")
    func found() {
        var position = ThreadPosition()
        #expect(position.follow(lines([], complete: false), found: .message(7)) == nil)
        #expect(position.follow(lines(thread, firstNew: 20), found: .message(7)) == .toFound(.message(7)))
        position.bottom = .end
        let answered = thread + [Samples.message(32, mine: false)]
        #expect(position.follow(lines(answered, firstNew: 20), found: .message(7)) == nil)
        let own = answered + [Samples.message(34, mine: true, delivery: .queued)]
        #expect(position.follow(lines(own, firstNew: 20), found: .message(7)) == .toEnd)
    }

    @Test("Messages that arrive while the first read is shown open at the first new one as well")
    func firstRead() {
        var position = ThreadPosition()
        #expect(position.follow(lines([], complete: false)) == nil)
        position.bottom = .end
        #expect(position.follow(lines(thread, firstNew: 10)) == .toNew)
    }

    @Test("The user's own new message is shown wherever the user was reading")
    func ownMessage() {
        var position = ThreadPosition()
        _ = position.follow(lines(thread))
        position.bottom = .message(5)
        let own = Samples.message(31, mine: true, delivery: .held(until: 0))
        #expect(position.follow(lines(thread + [own])) == .toEnd)
    }

    @Test("An answer that arrives is shown at the end, and moves nobody who reads further up")
    func answer() {
        var position = ThreadPosition()
        _ = position.follow(lines(thread))
        position.bottom = .end
        var answers = [Samples.message(32, mine: false)]
        #expect(position.follow(lines(thread + answers, firstNew: 32)) == .toNew)
        position.bottom = .end
        answers.append(Samples.message(33, mine: false))
        #expect(position.follow(lines(thread + answers, firstNew: 32)) == .toEnd)

        position.bottom = .message(8)
        answers.append(Samples.message(34, mine: false))
        let all = lines(thread + answers, firstNew: 32)
        #expect(position.follow(all) == nil)
        #expect(!position.isAtEnd)
        #expect(position.newBelow(in: all) == 3, "the way to the end says how many")
        position.bottom = .message(33)
        #expect(position.newBelow(in: all) == 1)
    }

    @Test("A message that was sent or taken back moves nobody")
    func sentOrTakenBack() {
        var position = ThreadPosition()
        let waiting = Samples.message(31, mine: true, delivery: .queued)
        _ = position.follow(lines(thread + [waiting]))
        position.bottom = .message(5)
        #expect(position.follow(lines(thread + [Samples.message(31, mine: true)])) == nil)
        #expect(position.follow(lines(thread)) == nil)
        #expect(position.bottom == .message(5))
    }

    @Test("What the user wrote meanwhile is not counted as new, and what is missing stands at the end")
    func notes() {
        let messages = thread + [Samples.message(31, mine: false), Samples.message(32, mine: true, delivery: .queued)]
        let lines = lines(messages, firstNew: 31, complete: false, leftOut: 2)
        #expect(lines.suffix(5).map(\.id) == [.message(31), .message(32), .notFetched, .leftOut, .end])
        var position = ThreadPosition()
        _ = position.follow(lines)
        position.bottom = .message(2)
        #expect(position.newBelow(in: lines) == 1)
    }

    private func lines(
        _ messages: [Message], firstNew: Int64? = nil, complete: Bool = true, leftOut: UInt32 = 0
    ) -> [ThreadLine] {
        let unread = firstNew.map { first in
            UnreadMessages(first: first, count: UInt32(messages.filter { $0.id >= first && !$0.mine }.count))
        }
        return ThreadLine.lines(of: Samples.ticket(complete: complete, leftOut: leftOut), messages, unread)
    }
}
