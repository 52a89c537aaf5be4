package dev.parley.knowledge;

import dev.parley.postgres.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Content in the database, in parts, written with its owner's row.
@ApplicationScoped
class PostgresStorage implements FileStorage {

    /// How much of it one row holds.
    static final int PART_SIZE = 1024 * 1024;

    @Override
    public Staged stage(ContentOwner owner, Path content, String contentType) {
        return new OnDisk(owner, content);
    }

    /// Still where the server put it.
    private record OnDisk(ContentOwner owner, Path path) implements Staged {

        @Override
        public @Nullable String location() {
            return null;
        }

        @Override
        public void keep(Connection connection) throws SQLException {
            try (var content = Files.newInputStream(path)) {
                int number = 0;
                for (byte[] part = content.readNBytes(PART_SIZE);
                        part.length > 0;
                        part = content.readNBytes(PART_SIZE)) {
                    Sql.update(connection, owner.kind().insertRow, owner.tenant(), owner.id(), number++, part);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
