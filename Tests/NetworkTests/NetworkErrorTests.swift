import Network
import Testing

@Suite struct NetworkErrorTests {
    @Test func aHintFollowsTheMessage() {
        #expect(
            NetworkError(.offline, "there is no host", hint: "try again").description
                == "there is no host; try again")
        #expect(NetworkError(.denied, "it says no").description == "it says no")
    }
}
