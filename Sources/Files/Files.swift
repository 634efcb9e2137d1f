/// Paths, files and directories as Linux has them: bytes for names, typed errors, and no detour.
///
/// This target knows how to make a file durable, how to give it its name without a moment in which half of it can be
/// seen, how to lock, to walk and to look. It never knows what the files are for, and never looks at the environment
/// or at anything that its caller did not name.
///
/// Where to begin: ``FilePath`` is a name, ``FileDescriptor`` an open file, ``FileSystem`` what can be asked of names,
/// ``WriteBatch`` how many files become durable together, ``FileError`` what goes wrong.
public enum Files {}
