/// Runs other programs, never through a shell.
///
/// What a program is for is not known here. A ``Program`` works for this one, in a process group of its own, which is
/// ended whole; with one that is written to and read from in turn there is a ``Conversation``; a ``Foreground`` works for
/// the person who called this one. A program can hang, fork, write without end, ignore signals, or leave others behind
/// that keep its pipes open: none of that keeps a caller waiting longer than it said.
enum Processes {}
