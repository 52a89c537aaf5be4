package dev.parley.knowledge;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Content in the database, in parts, written with the file's row.
@ApplicationScoped
class PostgresStorage implements FileStorage {

    /// How much of a file one row holds.
    static final int PART_SIZE = 1024 * 1024;

    private static final String INSERT_PART =
            "INSERT INTO file_parts (tenant_id, file_id, part, data) VALUES (?, ?, ?, ?)";

    @Override
    public Staged stage(TenantId tenant, FileId id, NewFile upload) {
        return new OnDisk(tenant, id, upload);
    }

    /// Still where the server put it.
    private record OnDisk(TenantId tenant, FileId id, NewFile upload) implements Staged {

        @Override
        public @Nullable String location() {
            return null;
        }

        @Override
        public void keep(Connection connection) throws SQLException {
            try (var content = upload.open()) {
                int number = 0;
                for (byte[] part = content.readNBytes(PART_SIZE);
                        part.length > 0;
                        part = content.readNBytes(PART_SIZE)) {
                    Sql.update(connection, INSERT_PART, tenant, id.value(), number++, part);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
