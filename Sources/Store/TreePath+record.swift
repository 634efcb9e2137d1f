import Catalog
import Git

extension TreePath {
    /// The place of a record. The grammar of records makes only names that git takes.
    init(_ path: RecordPath) {
        self.init(path.components.compactMap { EntryName(bytes: $0) })
    }

    /// The place of a folder.
    init(_ folder: RecordFolder) {
        self.init(folder.path.split(separator: "/").compactMap { EntryName(String($0)) })
    }
}
