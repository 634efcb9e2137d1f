/// Runs other programs: never through a shell, each in a process group of its own, which is ended whole.
///
/// What a program is for is not known here. A program can hang, fork, write without end, ignore signals, or leave others
/// behind that keep its pipes open: none of that keeps a caller waiting longer than it said.
enum Processes {}
