import CSndfile
import Files
import TestSupport
import Testing

@testable import Audio

@Test(arguments: [
    [SF_FORMAT_FLAC, SF_FORMAT_PCM_16], [SF_FORMAT_OGG, SF_FORMAT_VORBIS],
    [SF_FORMAT_MPEG, SF_FORMAT_MPEG_LAYER_III],
])
func tagsComeBackAsWritten(format: [Int]) throws {
    try withTemporaryDirectory { directory throws in
        var sound = MadeSound(format[0], format[1])
        sound.tags = [
            SF_STR_TITLE: "Ünder the sea 海", SF_STR_ARTIST: "Ana", SF_STR_ALBUM: "Shore", SF_STR_GENRE: "Rock",
            SF_STR_DATE: "2019", SF_STR_TRACKNUMBER: "3", SF_STR_COMMENT: "take two",
        ]
        let tags = try inspect(sound.bytes(in: directory), in: directory).tags
        #expect(tags.title == "Ünder the sea 海")
        #expect(tags.artist == "Ana")
        #expect(tags.album == "Shore")
        #expect(tags.genre == "Rock")
        #expect(tags.year == 2019)
        #expect(tags.trackNumber == 3)
        #expect(tags.comment == "take two")
    }
}

@Test func aFileWithoutTagsHasNone() throws {
    try withTemporaryDirectory { directory throws in
        #expect(try inspect(wav(), in: directory).tags == AudioTags())
    }
}

@Test func latinTagsAreRepaired() {
    #expect(AudioTags.repaired([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]) == "Müller")
    #expect(AudioTags.repaired([0x93, 0x48, 0x69, 0x94]) == "“Hi”")
    #expect(AudioTags.repaired(Array("Müller".utf8)) == "Müller")
}

@Test func blanksAroundATagGo() {
    #expect(AudioTags.repaired(Array("  Shore \u{0} ".utf8)) == "Shore")
    #expect(AudioTags.repaired(Array(" \t\n".utf8)) == nil)
    #expect(AudioTags.repaired([]) == nil)
}

@Test func aYearIsFoundInAnyDate() {
    #expect(AudioTags.year(in: "2019-05-01") == 2019)
    #expect(AudioTags.year(in: "01/05/1987") == 1987)
    #expect(AudioTags.year(in: "20190501") == nil)
    #expect(AudioTags.year(in: "0000") == nil)
    #expect(AudioTags.year(in: "soon") == nil)
}

@Test func aTrackNumberIsTheFirstNumber() {
    #expect(AudioTags.trackNumber(in: "3/12") == 3)
    #expect(AudioTags.trackNumber(in: "07") == 7)
    #expect(AudioTags.trackNumber(in: "A1") == nil)
    #expect(AudioTags.trackNumber(in: "0") == nil)
    #expect(AudioTags.trackNumber(in: "99999999999999999999") == nil)
}
