package dev.parley.knowledge;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/// A file's bytes as a stream: one part in memory at a time, no connection held between parts.
final class FileContent extends InputStream {

    /// How much of a file one row holds.
    static final int PART_SIZE = 1024 * 1024;

    static final String PART = "SELECT data FROM file_parts WHERE tenant_id = ? AND file_id = ? AND part = ?";

    private final Transactions transactions;
    private final TenantId tenant;
    private final FileId file;
    private byte[] part = {};
    private int position;
    private int next;
    private boolean ended;

    FileContent(Transactions transactions, TenantId tenant, FileId file) {
        this.transactions = transactions;
        this.tenant = tenant;
        this.file = file;
    }

    @Override
    public int read() {
        return isAtEnd() ? -1 : part[position++] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (isAtEnd()) {
            return -1;
        }
        int count = Math.min(length, part.length - position);
        System.arraycopy(part, position, buffer, offset, count);
        position += count;
        return count;
    }

    private boolean isAtEnd() {
        while (!ended && position == part.length) {
            Optional<byte[]> following = readPart(next++);
            ended = following.isEmpty();
            part = following.orElse(part);
            position = ended ? part.length : 0;
        }
        return ended;
    }

    private Optional<byte[]> readPart(int number) {
        return transactions.inTenant(
                tenant,
                connection -> Sql.first(connection, PART, row -> row.getBytes("data"), tenant, file.value(), number));
    }
}
