package dev.parley.ingestion.source;

import dev.parley.postgres.Transactions;
import java.sql.Connection;
import java.sql.SQLException;

/// Why a document of a source is looked at, and so how what is found is written: a run comes by, or an event tells of
/// it.
interface Visit {

    Source source();

    <T> T inTransaction(Transactions.Work<T> work);

    /// Whether somebody still wants to know; if so, neither the store nor the source changes until the transaction
    /// ends.
    boolean lock(Connection connection) throws SQLException;

    /// The document's column that keeps at which run this was.
    String mark();

    /// Tells what became of the document, in the transaction that did it.
    void count(Tally what);
}
