import CSQLite

extension Database {
    /// Calls `body` with the bytes of the file, a portion after the other, as they are there, whatever stands in a log.
    ///
    /// They are read through the connection, since a program that opens a database's file and closes it again lets go of
    /// all the locks that it has on it through other connections. Others may write meanwhile: who needs the bytes of one
    /// moment must see to that.
    public func readFile(
        inPortionsOf size: Int = 1 << 18, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let file = try file()
        guard let methods = file.pointee.pMethods?.pointee, let read = methods.xRead,
            let measure = methods.xFileSize
        else { throw Self.failure(of: raw, context: "reading the file") }
        var rest: sqlite3_int64 = 0
        try check(measure(file, &rest))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { buffer.deallocate() }
        var offset: sqlite3_int64 = 0
        while rest > 0 {
            let count = min(Int64(size), rest)
            try check(read(file, buffer.baseAddress, Int32(count), offset))
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)]))
            (offset, rest) = (offset + count, rest - count)
        }
    }

    private func file() throws(SQLiteError) -> UnsafeMutablePointer<sqlite3_file> {
        var file: UnsafeMutablePointer<sqlite3_file>?
        try check(sqlite3_file_control(raw, "main", SQLITE_FCNTL_FILE_POINTER, &file))
        guard let file else { throw Self.failure(of: raw, context: "reading the file") }
        return file
    }

    private func check(_ status: Int32) throws(SQLiteError) {
        guard status != SQLITE_OK else { return }
        throw SQLiteError(status, message: String(cString: sqlite3_errstr(status)), context: "reading the file")
    }
}
