// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled with the same strictness: Swift 6 mode, and no import that leaks by accident.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of the house; `Tests/HouseTests` holds the table of which room may import which, and why.
func room(_ name: String, on below: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: below, swiftSettings: strict)
}

func tests(of name: String, with others: [Target.Dependency] = [], excluding data: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + others, exclude: data,
        swiftSettings: strict)
}

func library(_ name: String, package: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
    name: "Offbeat",
    products: [
        .executable(name: "offbeat", targets: ["Terminal"]),
        .library(name: "Offbeat", targets: ["Offbeat"]),
        .executable(name: "made-up-audio", targets: ["MadeUpAudio"]),
    ],
    targets: [
        // Floor 0: the C libraries.
        .systemLibrary(name: "CLinux", path: "Sources/System/CLinux"),
        library("CGit2", package: "libgit2-dev", pkgConfig: "libgit2"),
        library("CZlib", package: "zlib1g-dev", pkgConfig: "zlib"),
        library("CDeflate", package: "libdeflate-dev", pkgConfig: "libdeflate"),
        library("CSQLite", package: "libsqlite3-dev", pkgConfig: "sqlite3"),
        library("CCrypto", package: "libssl-dev", pkgConfig: "libcrypto"),
        library("CSndfile", package: "libsndfile1-dev", pkgConfig: "sndfile"),
        // Opened when it is first needed (`Curl`): it brings some thirty libraries with it, which no other command should wait for.
        .systemLibrary(name: "CCurl", path: "Sources/System/CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // Opened when something is served, for the same reason.
        .systemLibrary(
            name: "CMicrohttpd", path: "Sources/System/CMicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        library("CEbur128", package: "libebur128-dev", pkgConfig: "libebur128"),
        // What its pkg-config file says are definitions that no package may set, and its headers' own defaults.
        library("CKissFFT", package: "libkissfft-dev"),

        // Floor 1: thin wrappers that know nothing of Offbeat.
        room("Files", on: ["CLinux"]),
        room("Digest", on: ["CCrypto"]),
        room("Deflate", on: ["CZlib", "CDeflate"]),
        room("SQLite", on: ["CSQLite"]),
        room("Audio", on: ["CSndfile"]),
        room("Processes", on: ["CLinux"]),
        room("HTTP", on: ["CCurl"]),
        room("Serving", on: ["CMicrohttpd", "CLinux"]),
        room("Trace", on: []),

        // Floor 2: what the store is made of.
        room("Git", on: ["Files", "Digest", "Deflate", "Trace", "CGit2"]),
        room("Blobs", on: ["Files", "Digest", "SQLite", "Trace"]),
        room("Catalog", on: ["Digest"]),

        // Floor 3: one versioned folder, and other computers.
        room("Store", on: ["Catalog", "Blobs", "Git", "Files", "Digest", "Trace"]),
        room(
            "Network",
            on: ["HTTP", "Processes", "Git", "Blobs", "Catalog", "Deflate", "Files", "Digest", "Trace"]),

        // Floor 4: what is derived from versions.
        room("Cache", on: ["Store", "Catalog", "Blobs", "Git", "SQLite", "Files", "Digest", "Trace"]),

        room("Analysis", on: ["Audio", "Catalog", "Deflate", "Digest", "Files", "CEbur128", "CKissFFT"]),

        // Floor 5: what brings it together with others.
        room("Sync", on: ["Store", "Network", "Blobs", "Catalog", "Git", "Files", "Trace"]),

        room("Guests", on: ["Store", "Catalog", "Blobs", "Git", "Files"]),

        room("Publishing", on: ["HTTP", "Processes", "Catalog", "Files", "Digest"]),

        // Floor 6: what a person may do.
        room(
            "Offbeat",
            on: [
                "Sync", "Publishing", "Guests", "Cache", "Analysis", "Store", "Network", "Catalog", "Blobs", "Git",
                "Audio", "Files", "Digest", "Processes",
            ]),

        // Floor 7: the page. Its pages' own files are read when it is served.
        .target(
            name: "Web",
            dependencies: [
                "Offbeat", "Guests", "Sync", "Cache", "Store", "Catalog", "Blobs", "Files", "Digest", "Serving",
            ],
            exclude: ["Page"], swiftSettings: strict),

        // Floor 8: the command line.
        .executableTarget(
            name: "Terminal",
            dependencies: [
                "Web", "Offbeat", "Guests", "Sync", "Cache", "Analysis", "Store", "Catalog", "Files", "Trace",
            ],
            swiftSettings: strict
        ),

        // Tests, and what they are made with.
        .target(
            name: "TestSupport", dependencies: ["Files", "CLinux"], path: "Tests/TestSupport",
            exclude: ["Servers/lfs-server.py", "Servers/requirements.txt"], swiftSettings: strict),
        .target(name: "TestTraits", path: "Tests/TestTraits", swiftSettings: strict),
        .executableTarget(
            name: "MadeUpAudio", dependencies: ["TestSupport", "Files"], path: "Tests/MadeUpAudio",
            swiftSettings: strict),
        // What the figures are measured with; `bare` is a program that does nothing.
        .executableTarget(
            name: "bench",
            dependencies: [
                "Offbeat", "Analysis", "Audio", "Cache", "Guests", "Store", "Catalog", "Blobs", "Git", "Digest",
                "HTTP", "Files", "TestSupport",
            ],
            path: "Tests/Bench", exclude: ["Bare"], swiftSettings: strict),
        .executableTarget(name: "bare", path: "Tests/Bench/Bare", swiftSettings: strict),
        // What `Tests/Accuracy/accuracy.py` judges.
        .executableTarget(
            name: "listen", dependencies: ["Analysis", "Catalog", "Digest"], path: "Tests/Accuracy/Listen",
            swiftSettings: strict),
        // What breaks one system call of a program after the other.
        .systemLibrary(name: "CTrace", path: "Tests/Disturb/CTrace"),
        .executableTarget(
            name: "disturb", dependencies: ["CTrace", "TestSupport", "Files"], path: "Tests/Disturb",
            exclude: ["CTrace"], swiftSettings: strict),
        tests(of: "Files"), tests(of: "Digest"), tests(of: "Deflate"), tests(of: "SQLite"),
        tests(of: "Audio", excluding: ["Corpus"]),
        tests(of: "Processes", with: ["Files"]), tests(of: "Trace"),
        tests(of: "HTTP", with: ["Files", "CCurl"]),
        // What its figures are measured with, and what is looked at from outside.
        .executableTarget(
            name: "served", dependencies: ["Serving"], path: "Tests/Served", swiftSettings: strict),
        tests(of: "Serving", with: ["Files", "CLinux", "served"]),
        tests(of: "Publishing", with: ["HTTP", "Catalog", "Files", "Digest"]),
        tests(of: "Git", with: ["Files", "Digest"]), tests(of: "Blobs", with: ["Files", "Digest"]),
        tests(of: "Catalog", with: ["Digest", "Files"], excluding: ["Golden"]),
        tests(
            of: "Store", with: ["Catalog", "Blobs", "Git", "Files", "Digest"], excluding: ["Merge/Corpus"]),
        tests(
            of: "Cache",
            with: ["Store", "Catalog", "Blobs", "Git", "Guests", "SQLite", "Files", "Digest", "Trace"]),
        tests(
            of: "Analysis", with: ["Audio", "Catalog", "Deflate", "Digest", "Files", "CEbur128"],
            excluding: ["Corpus", "Golden"]),
        tests(of: "Guests", with: ["Store", "Catalog", "Blobs", "Git", "Files", "Digest"]),
        // What is at the other end of ssh.
        .executableTarget(
            name: "transferer", dependencies: ["Network", "Files"], path: "Tests/Transferer", swiftSettings: strict),
        tests(
            of: "Network",
            with: [
                "HTTP", "Processes", "Git", "Blobs", "Catalog", "Files", "Digest", "Trace", "transferer",
                "TestTraits",
            ]),
        tests(of: "Sync", with: ["Store", "Network", "Blobs", "Catalog", "Git", "Files", "Digest"]),
        tests(
            of: "Offbeat",
            with: [
                "Sync", "Publishing", "Guests", "Cache", "Analysis", "Store", "Catalog", "Blobs", "Git", "Files",
                "Digest", "Audio",
            ]),
        tests(of: "Web", with: ["Offbeat", "Store", "Catalog", "Files", "HTTP", "Serving"]),
        tests(of: "Terminal", with: ["Offbeat", "Catalog", "Files"]),
        .testTarget(name: "HouseTests", dependencies: [], swiftSettings: strict),
        // The program as a whole; it depends on Terminal so that the program is built before it is run.
        .testTarget(
            name: "Scenarios",
            dependencies: [
                "Terminal", "disturb", "Catalog", "Digest", "SQLite", "HTTP", "Files", "TestSupport", "TestTraits",
            ],
            path: "Tests/Scenarios", exclude: ["Golden"], swiftSettings: strict),
        // What README and the articles beside the code say is tried; Terminal and MadeUpAudio are run.
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "Terminal", "Web", "Offbeat", "Publishing", "Catalog", "Digest", "MadeUpAudio", "TestSupport",
                "Files",
            ],
            path: "Tests/DocumentationTests", swiftSettings: strict),
    ]
)

// What looks for inputs that break a reader; only where it is asked for, since it needs libFuzzer and sanitizers.
if Context.environment["OFFBEAT_FUZZERS"] == "1" {
    func fuzzer(_ name: String, in folder: String, on rooms: [Target.Dependency]) {
        package.products.append(.executable(name: name, targets: [name]))
        package.targets.append(
            .executableTarget(name: name, dependencies: rooms, path: "Tests/Fuzz/\(folder)", swiftSettings: strict))
    }
    fuzzer("fuzz-oba", in: "Oba", on: ["Analysis", "Catalog"])
    fuzzer("fuzz-audio", in: "Audio", on: ["Audio", "CLinux"])
}
