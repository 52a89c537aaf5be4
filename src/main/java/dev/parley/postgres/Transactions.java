package dev.parley.postgres;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hands out connections, always for a stated tenant or for none.
///
/// Keep blocks short: never wait for a provider, a client or a queue inside one.
@ApplicationScoped
public class Transactions {

    private static final String SET_TENANT = "SELECT set_config('parley.tenant', ?, true)";

    private final AgroalDataSource dataSource;
    private final TransactionSynchronizationRegistry current;
    private final Reach reach;

    Transactions(AgroalDataSource dataSource, TransactionSynchronizationRegistry current, Reach reach) {
        this.reach = reach;
        this.dataSource = dataSource;
        this.current = current;
    }

    /// What is done with a connection; it must not keep it.
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /// Like [Work], with nothing to return.
    @FunctionalInterface
    public interface Action {
        void run(Connection connection) throws SQLException;
    }

    /// Runs the work in one transaction that sees this tenant's rows only, and commits it; any exception rolls it
    /// back. Called within such a transaction it joins it; within another tenant's it is refused. Panache
    /// repositories called from the work share the connection.
    public <T> T inTenant(TenantId tenant, Work<T> work) {
        if (current.getTransactionKey() != null) {
            if (!tenant.equals(current.getResource(TenantId.class))) {
                throw new IllegalStateException("A transaction of one tenant cannot do another's work");
            }
            return onConnection(work);
        }
        try {
            return QuarkusTransaction.requiringNew()
                    .call(() -> onConnection(connection -> begin(tenant, connection, work)));
        } catch (QuarkusTransactionException | PersistenceException failure) {
            throw told(DatabaseFailure.of(failure), false);
        }
    }

    private <T> T begin(TenantId tenant, Connection connection, Work<T> work) throws SQLException {
        current.putResource(TenantId.class, tenant);
        Sql.first(
                connection, SET_TENANT, row -> row.getString(1), tenant.value().toString());
        return work.run(connection);
    }

    /// Does a part of the transaction under way as another tenant, so that both parts are written or none: for who
    /// makes tenants. Without a transaction it is [#inTenant].
    public <T> T asTenant(TenantId other, Work<T> work) {
        Object outer = current.getTransactionKey() == null ? null : current.getResource(TenantId.class);
        if (!(outer instanceof TenantId mine)) {
            return inTenant(other, work);
        }
        // What fails half-way must not go on as somebody else.
        return onConnection(connection -> {
            try {
                T result = begin(other, connection, work);
                begin(mine, connection, _ -> true);
                return result;
            } catch (SQLException | RuntimeException failure) {
                current.setRollbackOnly();
                throw failure;
            }
        });
    }

    /// Whether the caller is inside a transaction, and so must wait for nothing but the database.
    public boolean isUnderWay() {
        return current.getTransactionKey() != null;
    }

    /// [#inTenant(TenantId, Work)] without a result.
    public void runInTenant(TenantId tenant, Action action) {
        inTenant(tenant, connection -> {
            action.run(connection);
            return true;
        });
    }

    /// Reads with one statement and in one round trip: the tenant is set by a statement sent along with it, and
    /// the two are a transaction of their own. Within a transaction of the tenant it joins that.
    ///
    /// No argument may be null: once the two are prepared on the server, the driver mistakes the types of those
    /// after it.
    public <T> List<T> list(TenantId tenant, String sql, Sql.RowMapper<T> mapper, @Nullable Object... args) {
        if (current.getTransactionKey() != null) {
            return inTenant(tenant, connection -> Sql.list(connection, sql, mapper, args));
        }
        return onConnection(connection -> Sql.listAfter(
                connection, new Sql.Prelude(SET_TENANT, tenant.value().toString()), sql, mapper, args));
    }

    /// Runs one statement outside any tenant, on its own: only SECURITY DEFINER functions have rows to give it.
    public <T> T withoutTenant(Work<T> work) {
        if (current.getTransactionKey() != null) {
            throw new IllegalStateException("Already inside a tenant's transaction");
        }
        return onConnection(work);
    }

    private <T> T onConnection(Work<T> work) {
        reach.check();
        try (Connection connection = dataSource.getConnection()) {
            return work.run(connection);
        } catch (SQLException failure) {
            throw told(DatabaseFailure.of(failure), failure.getSQLState() != null);
        }
    }

    private RuntimeException told(RuntimeException failure, boolean broken) {
        if (DatabaseFailure.isAway(failure)) {
            reach.doubt(broken);
        }
        return failure;
    }
}
