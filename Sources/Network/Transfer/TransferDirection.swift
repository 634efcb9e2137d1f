/// Which way files go; a server may allow one and not the other.
public enum TransferDirection: String, Sendable, Hashable, CaseIterable { case download, upload }
