package dev.parley.knowledge;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Content of files, wherever it is. One part at a time is in memory, and no connection is held between two.
@ApplicationScoped
class FileContents {

    static final String PART = "SELECT data FROM file_parts WHERE tenant_id = ? AND file_id = ? AND part = ?";

    private static final String LOCATION = "SELECT location, bytes FROM files WHERE tenant_id = ? AND id = ?";

    private final Transactions transactions;
    private final ObjectStore objects;

    FileContents(Transactions transactions, ObjectStore objects) {
        this.transactions = transactions;
        this.objects = objects;
    }

    /// It ends early, or fails, when the file is deleted meanwhile.
    FileContent open(TenantId tenant, FileId file) {
        return new FileContent(new Parts(tenant, file));
    }

    private record Place(Optional<ObjectName> object, long bytes) {}

    /// Asks with the first part where they are.
    private final class Parts implements FileContent.Parts {

        private final TenantId tenant;
        private final FileId file;
        private Place place = new Place(Optional.empty(), 0);

        Parts(TenantId tenant, FileId file) {
            this.tenant = tenant;
            this.file = file;
        }

        @Override
        public Optional<byte[]> part(int number) {
            if (number == 0) {
                place = find();
            }
            return place.object.isPresent() ? ofObject(place.object.get(), number) : ofRows(number);
        }

        private Optional<byte[]> ofObject(ObjectName object, int number) {
            var facts = new ObjectStore.Facts(place.bytes, "");
            Optional<byte[]> part = objects.part(object, facts, number);
            if (part.isEmpty() && facts.hasPart(number)) {
                throw Problem.notFound("file", file.toString());
            }
            return part;
        }

        private Optional<byte[]> ofRows(int number) {
            return transactions.inTenant(
                    tenant,
                    connection ->
                            Sql.first(connection, PART, row -> row.getBytes("data"), tenant, file.value(), number));
        }

        private Place find() {
            return transactions.inTenant(tenant, connection -> Sql.first(
                            connection,
                            LOCATION,
                            row -> new Place(
                                    Optional.ofNullable(row.getString("location"))
                                            .map(ObjectName::parse),
                                    row.getLong("bytes")),
                            tenant,
                            file.value())
                    .orElse(place));
        }
    }
}
