package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.tool.SqlDatabases.Reader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// A tool that reads views: by a query that the model writes, or one of its admin's with the model's values.
record SqlTool(ToolInfo info, Recipe.Sql recipe, SqlDatabases databases) implements Tool {

    private static final Logger LOG = Logger.getLogger(SqlTool.class);

    /// Free queries take their text from it.
    private static final String QUERY = "query";

    @Override
    public String call(Invocation invocation) {
        ArgumentSchema.of(info.parameters()).check(invocation.arguments());
        Reader reader = databases
                .find(recipe.database(), invocation.tenant())
                .orElseThrow(() -> ToolFailure.withoutEffect("The tool is not set up: its database is not there."));
        SelectText select = select(invocation.arguments(), reader);
        try {
            return databases.read(
                    reader,
                    invocation.timeout(),
                    connection -> run(connection, reader, select, invocation.arguments()));
        } catch (SQLException failure) {
            throw told(failure);
        } catch (SqlDatabases.UnfitLogin unfit) {
            throw ToolFailure.withoutEffect("The tool is not set up: its login may do more than read.");
        }
    }

    private SelectText select(JsonNode arguments, Reader reader) {
        String written = recipe.statement();
        try {
            SelectText select =
                    SelectText.read(written == null ? arguments.get(QUERY).textValue() : written);
            if (written == null && !select.parameters().isEmpty()) {
                throw new IllegalArgumentException("it has no parameters");
            }
            if (select.words().contains(reader.schema())) {
                throw new IllegalArgumentException("views are named without their schema");
            }
            return select;
        } catch (IllegalArgumentException refused) {
            throw ToolFailure.withoutEffect("The query is refused: %s.".formatted(refused.getMessage()));
        }
    }

    private String run(Connection connection, Reader reader, SelectText select, JsonNode arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(within(reader, select))) {
            statement.setMaxRows(databases.maxRows() + 1);
            for (int i = 0; i < select.parameters().size(); i++) {
                bind(statement, i + 1, arguments.get(select.parameters().get(i)));
            }
            try (ResultSet rows = statement.executeQuery()) {
                return table(rows);
            }
        }
    }

    /// The tool's views, and no others, have names in here: the search path is empty, and the schema cannot be named.
    private String within(Reader reader, SelectText select) {
        String views = recipe.views().stream()
                .map(view -> "\"%s\" AS NOT MATERIALIZED (SELECT * FROM \"%s\".\"%s\")"
                        .formatted(view, reader.schema().replace("\"", "\"\""), view))
                .collect(Collectors.joining(", "));
        return "WITH %s SELECT * FROM (\n%s\n) AS answer".formatted(views, select.sql());
    }

    /// Postgres decides on the type, by where the value stands.
    private static void bind(PreparedStatement statement, int index, @Nullable JsonNode value) throws SQLException {
        if (value == null || value.isNull()) {
            statement.setNull(index, Types.OTHER);
        } else {
            statement.setObject(index, value.isContainerNode() ? value.toString() : value.asText(), Types.OTHER);
        }
    }

    private String table(ResultSet rows) throws SQLException {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        int width = rows.getMetaData().getColumnCount();
        ArrayNode columns = table.putArray("columns");
        for (int i = 1; i <= width; i++) {
            columns.add(rows.getMetaData().getColumnLabel(i));
        }
        ArrayNode all = table.putArray("rows");
        while (rows.next()) {
            if (all.size() == databases.maxRows()) {
                table.put("note", "There are more rows than these %d.".formatted(all.size()));
                break;
            }
            ArrayNode row = all.addArray();
            for (int i = 1; i <= width; i++) {
                row.add(rows.getString(i));
            }
        }
        return table.toString();
    }

    /// Only mistakes in the query itself are told in Postgres' words: those about values quote them, also from rows
    /// that a view leaves out.
    private static ToolFailure told(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (state.equals("42501")) {
            return ToolFailure.withoutEffect("The query reads what this tool may not read.");
        }
        if (state.startsWith("42")) {
            return ToolFailure.withoutEffect("The query has a mistake: %s.".formatted(words(failure)));
        }
        if (state.startsWith("22")) {
            return ToolFailure.withoutEffect(
                    "The query fails on a value (code %s): check casts, divisions and dates.".formatted(state));
        }
        if (state.equals("57014")) {
            return ToolFailure.withoutEffect("The query took too long: ask for less, or add conditions.");
        }
        if (failure.getMessage() != null && failure.getMessage().contains("maxResultBuffer")) {
            return ToolFailure.withoutEffect("The answer is too large: select fewer columns or rows.");
        }
        LOG.warnf("A query of a tool failed with %s", state);
        return ToolFailure.withoutEffect("The database cannot answer right now.");
    }

    private static String words(SQLException failure) {
        ServerErrorMessage message = failure instanceof PSQLException told ? told.getServerErrorMessage() : null;
        return message == null || message.getMessage() == null ? "code " + failure.getSQLState() : message.getMessage();
    }
}
