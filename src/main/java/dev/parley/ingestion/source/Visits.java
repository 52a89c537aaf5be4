package dev.parley.ingestion.source;

import dev.parley.job.Lease;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;

/// The two kinds of visits.
@ApplicationScoped
class Visits {

    private final Transactions transactions;
    private final SourceLocks locks;
    private final SourceRuns runs;

    Visits(Transactions transactions, SourceLocks locks, SourceRuns runs) {
        this.transactions = transactions;
        this.locks = locks;
        this.runs = runs;
    }

    /// By the run that is under way: it counts what it finds.
    Visit ofRun(Source source, Lease lease) {
        return new OfRun(source, lease, locks, runs);
    }

    /// For an event that tells of an object. Runs do not notice: what they list they still look at, and count.
    Visit ofEvent(Source source, String key) {
        return new OfEvent(source, key, locks, transactions);
    }

    private record OfRun(Source source, Lease lease, SourceLocks locks, SourceRuns runs) implements Visit {

        @Override
        public <T> T inTransaction(Transactions.Work<T> work) {
            return lease.inTransaction(work);
        }

        @Override
        public boolean lock(Connection connection) throws SQLException {
            return locks.store(source) && locks.run(connection, source);
        }

        @Override
        public String mark() {
            return "checked_run";
        }

        @Override
        public void count(Tally what) {
            runs.count(source, what, 1);
        }
    }

    private record OfEvent(Source source, String key, SourceLocks locks, Transactions transactions) implements Visit {

        @Override
        public <T> T inTransaction(Transactions.Work<T> work) {
            return transactions.inTenant(source.id().tenant(), work);
        }

        @Override
        public boolean lock(Connection connection) throws SQLException {
            return locks.store(source) && locks.follows(connection, source, key);
        }

        @Override
        public String mark() {
            return "heard_run";
        }

        @Override
        public void count(Tally what) {}
    }
}
