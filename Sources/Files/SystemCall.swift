import Glibc

/// Makes a system call again as long as a signal interrupts it.
@inline(__always)
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

/// Makes a system call that answers -1 on failure, and turns that into an error at once, while `errno` still tells.
@inline(__always)
@discardableResult
func check<Result: SignedInteger>(
    _ operation: @autoclosure () -> String, _ path: @autoclosure () -> FilePath, _ call: () -> Result
) throws(FileError) -> Result {
    let result = uninterrupted(call)
    if result == -1 {
        let number = errno
        throw FileError(number, operation(), path())
    }
    return result
}
