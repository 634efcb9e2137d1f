/// The same thing as it was before two laptops changed it, and as each of them has it.
struct Branches<Value> {
    var base: Value
    /// The two sides. Which is whose makes no difference.
    var one: Value
    var other: Value

    func map<Result, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Result
    ) throws(Failure) -> Branches<Result> {
        Branches<Result>(base: try transform(base), one: try transform(one), other: try transform(other))
    }

    var sides: [Value] { [one, other] }
    var all: [Value] { [one, other, base] }
}

extension Branches where Value: Equatable {
    /// What stands where at most one side changed it; nil where both did, and not alike.
    var settled: Value? {
        if one == other || other == base { return one }
        return one == base ? other : nil
    }
}
