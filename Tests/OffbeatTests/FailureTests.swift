import Files
import Offbeat
import Store
import Testing

@Test(arguments: [
    (StoreError.Code.notAStore, Failure.Code.notAStore), (.newerFormat, .newerFormat), (.notFound, .notFound),
    (.ambiguous, .ambiguous), (.exists, .wrongState), (.refused, .wrongState), (.damaged, .damaged),
    (.locked, .locked), (.raceLost, .raceLost), (.noSpace, .noSpace), (.readOnly, .readOnly),
    (.tooLarge, .overLimit), (.io, .io),
])
func anErrorOfTheStoreKeepsItsWords(_ code: StoreError.Code, _ expected: Failure.Code) {
    let failure = Failure(StoreError(code, "cannot do it", hint: "do this"))
    #expect(failure.code == expected && failure.message == "cannot do it" && failure.hint == "do this")
    #expect(failure.description == "cannot do it; do this")
}

@Test(arguments: [
    (FileError.Code.notFound, Failure.Code.notFound), (.noSpace, .noSpace), (.quota, .noSpace),
    (.readOnly, .readOnly),
    (.permission, .readOnly), (.io, .io),
])
func anErrorOfAFileSaysWhichFile(_ code: FileError.Code, _ expected: Failure.Code) {
    let failure = Failure(FileError(code, "write", "/music/one.wav"))
    #expect(failure.code == expected && failure.message.contains("/music/one.wav"))
}

@Test func anErrorThatNobodyKnowsIsToldAsItIs() {
    struct Odd: Error, CustomStringConvertible { let description = "something odd" }
    let failure = Failure(Odd())
    #expect(failure.code == .io && failure.description == "something odd")
}

@Test func aFailureIsNotWrappedTwice() {
    let failure = Failure(Failure(.usage, "say it") as any Error)
    #expect(failure.code == .usage && failure.message == "say it")
}

@Test func codesAreWhatScriptsRead() {
    #expect(Failure.Code.allCases.map(\.rawValue).contains("race-lost"))
    #expect(Failure.Code(rawValue: "not-found") == .notFound)
    #expect(!Release.version.isEmpty)
}
