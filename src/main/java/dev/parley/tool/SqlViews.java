package dev.parley.tool;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.tool.SqlDatabases.Reader;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Looks at a tool's views when it is saved: that they are there, and what a model has to know of them.
@ApplicationScoped
class SqlViews {

    private static final Logger LOG = Logger.getLogger(SqlViews.class);

    private static final String COLUMNS = """
            SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
                   coalesce(c.reloptions @> ARRAY['security_barrier=true'], false) AS fenced
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE n.nspname = ? AND c.relname = ANY (?) AND c.relkind IN ('v', 'm')
               AND has_column_privilege(session_user, c.oid, a.attnum, 'SELECT')
             ORDER BY c.relname, a.attnum""";

    private final SqlDatabases databases;

    SqlViews(SqlDatabases databases) {
        this.databases = databases;
    }

    private record Column(String view, String name, String type, boolean fenced) {}

    /// What a model is told of the views.
    ///
    /// @throws Problem (400) for a database or a view that is not there, (503) for one that cannot be looked at
    String describe(TenantId tenant, Recipe.Sql recipe) {
        Reader reader = databases
                .find(recipe.database(), tenant)
                .orElseThrow(() -> Problem.invalid(
                        "database",
                        "There is no database '%s' for tools of this tenant.".formatted(recipe.database())));
        try {
            return told(
                    recipe.views(),
                    databases.read(reader, recipe.timeout(), connection -> columns(connection, reader, recipe)));
        } catch (SQLException away) {
            LOG.warnf("Database %s of tools: %s", recipe.database(), away.getMessage());
            throw unavailable("The database '%s' does not answer.".formatted(recipe.database()));
        } catch (SqlDatabases.UnfitLogin unfit) {
            throw unavailable(
                    "The login for the database '%s' may do more than read, so it is not used; its operator finds the reason in the log."
                            .formatted(recipe.database()));
        }
    }

    private static Problem unavailable(String message) {
        return Problem.of(ProblemKind.UNAVAILABLE, "tool_database_unavailable", message);
    }

    /// What a view leaves out must not show in the errors of conditions that are tried first: that is what the barrier
    /// is for.
    private static List<Column> columns(Connection connection, Reader reader, Recipe.Sql recipe) throws SQLException {
        List<Column> columns = Sql.list(
                connection,
                COLUMNS,
                row -> new Column(
                        row.getString("relname"),
                        row.getString("attname"),
                        row.getString("type"),
                        row.getBoolean("fenced")),
                reader.schema(),
                recipe.views());
        columns.stream()
                .filter(column -> reader.ofOneTenant() && !column.fenced())
                .findFirst()
                .ifPresent(column -> {
                    throw Problem.invalid(
                            "views",
                            "The view '%s' shows each tenant its own rows: it has to be made WITH (security_barrier)."
                                    .formatted(column.view()));
                });
        return columns;
    }

    private static String told(List<String> views, List<Column> columns) {
        Map<String, List<Column>> byView =
                columns.stream().collect(Collectors.groupingBy(Column::view, TreeMap::new, Collectors.toList()));
        var told = new LinkedHashMap<String, String>();
        for (String view : views) {
            if (!byView.containsKey(view)) {
                throw Problem.invalid("views", "There is no view '%s' that its tools may read.".formatted(view));
            }
            told.put(
                    view,
                    byView.get(view).stream()
                            .map(column -> column.name() + " " + column.type())
                            .collect(Collectors.joining(", ")));
        }
        return told.entrySet().stream()
                .map(view -> "%s(%s)".formatted(view.getKey(), view.getValue()))
                .collect(Collectors.joining("; "));
    }
}
