import Files
import Sync
import Testing

/// URLs as git reads them.
@Suite struct RemoteAddressTests {
    @Test(arguments: [
        ("/mnt/nas/band.git", "/mnt/nas/band.git"), ("./band.git", "/home/ana/./band.git"),
        ("band.git", "/home/ana/band.git"), ("../a:b", "/home/ana/../a:b"), ("file:///mnt/nas", "/mnt/nas"),
        ("file:///mnt/The%20Band", "/mnt/The Band"), ("FILE:///mnt/100%", "/mnt/100%"), ("/a%20b", "/a%20b"),
        ("file:///a%zz%4", "/a%zz%4"),
    ]) func folders(url: String, path: String) {
        #expect(RemoteAddress(url, from: "/home/ana") == .folder(FilePath(path)))
    }

    @Test func nothingLeadsNowhere() { #expect(RemoteAddress("", from: "/home/ana") == .nowhere) }

    @Test(arguments: [
        ("ssh://host/band.git", "ssh"), ("git@host:band.git", "ssh"), ("host:band.git", "ssh"),
        ("https://host/band.git", "https"), ("HTTPS://host/band.git", "https"), ("git+ssh://host/x", "git+ssh"),
        ("file://host/band", "file"),
    ]) func otherComputers(url: String, name: String) {
        let address = RemoteAddress(url, from: "/home/ana")
        #expect(address == .network(name) && address.folder == nil)
    }
}
