/// SQLite as Swift values: connections, statements, typed columns, transactions.
///
/// This target knows SQL no better than its caller: it hands text and values over and turns what comes back into Swift.
/// It never builds SQL, never decides what a table is for, and lets no pointer of the C library out.
///
/// Where to begin: ``Database`` is a connection, ``Statement`` what it runs, ``SQLiteError`` what goes wrong.
public enum SQLite {}
