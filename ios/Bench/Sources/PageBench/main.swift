import Foundation
import PocketdeskKit

// The first page of 50 through Swift, beside the same rows with the same columns from the reference's file by the C interface of SQLite.
// Both take turns. `PageBench FOLDER SIZES`: scripts/bench.sh creates the files. Asserts no figure.

let page: UInt32 = 50
let warmUp = 300
let rounds = 501
let product = """
    { "schema": 1, "id": "tested", "version": 1, "extends": "hub@1", "history": { "scopes": [{ "id": "mine", "is": ["any"] }] } }
    """

/// The reference's first page, as in tests/bench/src/history/reference.rs.
let sql = """
    SELECT t.id, t.number, t.subject, t.status, t.escalated, t.unread, t.type, t.created_at, t.last_activity, t.has_attachments,
           substr(c.body, 1, 2000), c.author = 9001, p.name
    FROM tickets t INDEXED BY best_last_activitynumber LEFT JOIN people p ON p.id = t.requester
         LEFT JOIN comments c ON c.id = (SELECT id FROM comments WHERE ticket = t.id ORDER BY created_at DESC LIMIT 1)
    ORDER BY last_activity DESC, number DESC LIMIT 50
    """

final class SignedOut: TokenProvider {
    func token(request: TokenRequest) throws -> String { throw TokenError.SignedOut }
}

/// What a screen shows of a ticket.
struct Row {
    let id, number: Int64
    let subject, status: String?
    let escalated, unread: Bool
    let type: String?
    let createdAt, lastActivity: Int64
    let hasAttachments: Bool
    let body: String?
    let mine: Bool
    let requester: String?

    init(_ row: Query) {
        (id, number) = (row.integer(0), row.integer(1))
        (subject, status) = (row.string(2), row.string(3))
        (escalated, unread) = (row.integer(4) != 0, row.integer(5) != 0)
        type = row.string(6)
        (createdAt, lastActivity) = (row.integer(7), row.integer(8))
        hasAttachments = row.integer(9) != 0
        body = row.string(10)
        mine = row.integer(11) != 0
        requester = row.string(12)
    }
}

/// The number of the row, whose columns are all read as a program in C reads them.
func bare(_ row: Query) -> Int64 {
    var bytes: CInt = 0
    for column in [2, 3, 6, 10, 12] as [CInt] { bytes &+= row.pointer(column).1 }
    var sum: Int64 = 0
    for column in [0, 4, 5, 7, 8, 9, 11] as [CInt] { sum &+= row.integer(column) }
    precondition(bytes > 0 && sum != 0)
    return row.integer(1)
}

/// The median of each in milliseconds. All have the same tickets.
func inTurn(_ pages: [() throws -> [Int64]]) throws -> [Double] {
    let tickets = try pages[0]()
    for _ in 0..<warmUp {
        for page in pages where try page() != tickets { throw Failure.otherRows }
    }
    var times = pages.map { _ in [Duration]() }
    let clock = ContinuousClock()
    for round in 0..<rounds {
        for turn in pages.indices {
            let at = (turn + round) % pages.count
            times[at].append(try clock.measure { _ = try pages[at]() })
        }
    }
    return times.map { $0.sorted()[rounds / 2] / .milliseconds(1) }
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else { throw Failure.usage }
let folder = arguments[1]
let sqlite = try SQLite()
var figures: [String] = []
for size in arguments[2].split(separator: ",") {
    let config = ClientConfig(directory: folder, account: "tickets-\(size)", serverUrl: "http://127.0.0.1:9/", product: product, key: nil)
    let client = try Client.open(config: config, tokens: SignedOut())
    let query = try Query(sqlite, file: "\(folder)/reference-\(size).sqlite3", sql: sql)
    let times = try inTurn([
        { try client.history(after: nil, limit: page).tickets.map { Int64($0.number ?? 0) } },
        { query.rows(Row.init).map(\.number) },
        { query.rows(bare) },
    ])
    client.close()
    for (name, reference, reach) in [
        ("beside C sqlite3 with Strings", times[1], 1.2), ("beside C sqlite3, which makes no Strings", times[2], 1.2),
    ] {
        let (ours, ratio) = (times[0], times[0] / reference)
        print("first page through Swift, \(name), \(size) tickets: \(ours) ms; reference \(reference) ms; ratio \(ratio)")
        figures.append(
            #"{"name": "first page through Swift, \#(name)", "size": \#(size), "unit": "ms", "ours": \#(ours), "#
                + #""reference": \#(reference), "ratio": \#(ratio), "reach": \#(reach), "holds": \#(ratio <= reach)}"#)
    }
}
try FileManager.default.createDirectory(atPath: "\(folder)/figures", withIntermediateDirectories: true)
try ("[" + figures.joined(separator: ",\n") + "]\n").write(toFile: "\(folder)/figures/swift.json", atomically: true, encoding: .utf8)
