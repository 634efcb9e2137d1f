/// The least that a program written in Swift can do. Its start is what `offbeat`'s is measured by.
@main
enum Bare {
    static func main() { print("bare 0.1.0") }
}
