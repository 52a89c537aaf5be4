package dev.parley.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Thin JDBC: one statement, positional arguments, rows mapped as they come.
///
/// Arguments may be null, primitives, `String`, `UUID`, [TenantId], `Instant`, `byte[]`, [#byteas], anything the driver
/// knows, and collections of `UUID`, `String`, `Long` or `Integer` (bound as arrays: write `= ANY (?)`).
public final class Sql {

    private Sql() {}

    /// Maps the row the cursor stands on.
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    public static <T> List<T> list(Connection connection, String sql, RowMapper<T> mapper, @Nullable Object... args)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, 0, args);
            try (var rows = statement.executeQuery()) {
                return rows(rows, mapper);
            }
        }
    }

    /// A statement that goes ahead of another one, with its argument.
    record Prelude(String sql, String arg) {}

    /// Both in one round trip and, on a connection that commits by itself, in one transaction.
    static <T> List<T> listAfter(
            Connection connection, Prelude prelude, String sql, RowMapper<T> mapper, @Nullable Object... args)
            throws SQLException {
        try (var statement = connection.prepareStatement(prelude.sql + "; " + sql)) {
            statement.setString(1, prelude.arg);
            bind(statement, 1, args);
            statement.execute();
            statement.getMoreResults();
            return rows(statement.getResultSet(), mapper);
        }
    }

    private static <T> List<T> rows(ResultSet rows, RowMapper<T> mapper) throws SQLException {
        var result = new ArrayList<T>();
        while (rows.next()) {
            result.add(mapper.map(rows));
        }
        return result;
    }

    public static <T> Optional<T> first(
            Connection connection, String sql, RowMapper<T> mapper, @Nullable Object... args) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, 0, args);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
            }
        }
    }

    /// The number of rows that were changed.
    public static int update(Connection connection, String sql, @Nullable Object... args) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, 0, args);
            return statement.executeUpdate();
        }
    }

    /// One round trip for all rows.
    public static void batch(Connection connection, String sql, Iterable<@Nullable Object[]> rows) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] row : rows) {
                bind(statement, 0, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    public static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    private static void bind(PreparedStatement statement, int bound, @Nullable Object[] args) throws SQLException {
        for (int i = 0; i < args.length; i++) {
            bindOne(statement, bound + i + 1, args[i]);
        }
    }

    private static void bindOne(PreparedStatement statement, int index, @Nullable Object arg) throws SQLException {
        switch (arg) {
            case null -> statement.setNull(index, Types.NULL);
            case TenantId tenant -> statement.setObject(index, tenant.value());
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case byte[][] values ->
                statement.setArray(index, statement.getConnection().createArrayOf("bytea", values));
            case byte[] bytes -> statement.setBytes(index, bytes);
            case Collection<?> values -> statement.setArray(index, array(statement.getConnection(), values));
            default -> statement.setObject(index, arg);
        }
    }

    /// A `bytea[]`, nulls included.
    public static Object byteas(List<byte @Nullable []> values) {
        return values.toArray(new byte @Nullable [0][]);
    }

    private static java.sql.Array array(Connection connection, Collection<?> values) throws SQLException {
        Object first = values.isEmpty() ? "" : values.iterator().next();
        String type =
                switch (first) {
                    case UUID _ -> "uuid";
                    case Long _ -> "int8";
                    case Integer _ -> "int4";
                    default -> "text";
                };
        return connection.createArrayOf(type, values.toArray());
    }
}
