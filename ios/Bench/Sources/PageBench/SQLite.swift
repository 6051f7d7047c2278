import Foundation

/// The functions of the system's SQLite that the reference calls. They are looked up by name: its header is not installed everywhere.
struct SQLite {
    typealias Handle = OpaquePointer

    let open: @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<Handle?>, CInt, UnsafePointer<CChar>?) -> CInt
    let prepare: @convention(c) (Handle, UnsafePointer<CChar>, CInt, UnsafeMutablePointer<Handle?>, UnsafeRawPointer?) -> CInt
    let step: @convention(c) (Handle) -> CInt
    let reset: @convention(c) (Handle) -> CInt
    let integer: @convention(c) (Handle, CInt) -> Int64
    let text: @convention(c) (Handle, CInt) -> UnsafePointer<UInt8>?
    let bytes: @convention(c) (Handle, CInt) -> CInt

    init() throws {
        let names = ["libsqlite3.so.0", "libsqlite3.dylib", "libsqlite3.so"]
        guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first else { throw Failure.noSQLite }
        func function<F>(_ name: String, _ type: F.Type = F.self) throws -> F {
            guard let symbol = dlsym(library, name) else { throw Failure.noSQLite }
            return unsafeBitCast(symbol, to: type)
        }
        open = try function("sqlite3_open_v2")
        prepare = try function("sqlite3_prepare_v2")
        step = try function("sqlite3_step")
        reset = try function("sqlite3_reset")
        integer = try function("sqlite3_column_int64")
        text = try function("sqlite3_column_text")
        bytes = try function("sqlite3_column_bytes")
    }
}

enum Failure: Error {
    case noSQLite, usage, cannotRead, otherRows
}

/// A prepared query.
struct Query {
    private let sqlite: SQLite
    private let statement: SQLite.Handle

    init(_ sqlite: SQLite, file: String, sql: String) throws {
        let readWrite: CInt = 2
        var database: SQLite.Handle?
        var statement: SQLite.Handle?
        guard sqlite.open(file, &database, readWrite, nil) == 0, let database,
            sqlite.prepare(database, sql, -1, &statement, nil) == 0, let statement
        else { throw Failure.cannotRead }
        (self.sqlite, self.statement) = (sqlite, statement)
    }

    /// The rows of the query, each read by `read`.
    func rows<Row>(_ read: (Query) -> Row) -> [Row] {
        let isRow: CInt = 100
        var rows: [Row] = []
        while sqlite.step(statement) == isRow { rows.append(read(self)) }
        _ = sqlite.reset(statement)
        return rows
    }

    func integer(_ column: CInt) -> Int64 { sqlite.integer(statement, column) }

    func string(_ column: CInt) -> String? { sqlite.text(statement, column).map { String(cString: $0) } }

    /// As a program in C reads a text: where it begins, and how long it is.
    func pointer(_ column: CInt) -> (UnsafePointer<UInt8>?, CInt) { (sqlite.text(statement, column), sqlite.bytes(statement, column)) }
}
