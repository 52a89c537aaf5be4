package dev.parley.knowledge;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Content, wherever it is. One part at a time is in memory, and no connection is held between two.
@ApplicationScoped
class FileContents {

    private final Transactions transactions;
    private final ObjectStore objects;

    FileContents(Transactions transactions, ObjectStore objects) {
        this.transactions = transactions;
        this.objects = objects;
    }

    /// It fails when its owner is deleted meanwhile.
    FileContent open(ContentOwner owner) {
        return new FileContent(new Parts(owner));
    }

    private record Place(Optional<ObjectName> object, long bytes) {}

    /// Asks with the first part where they are.
    private final class Parts implements FileContent.Parts {

        private final ContentOwner owner;
        private Place place = new Place(Optional.empty(), 0);

        Parts(ContentOwner owner) {
            this.owner = owner;
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
                throw gone();
            }
            return part;
        }

        private Optional<byte[]> ofRows(int number) {
            Optional<byte[]> part = row(number);
            if (part.isEmpty() && (long) number * PostgresStorage.PART_SIZE < place.bytes) {
                throw gone();
            }
            return part;
        }

        /// What lacks a part was deleted meanwhile. It must not look like the end.
        private Problem gone() {
            return Problem.notFound("file", owner.toString());
        }

        private Optional<byte[]> row(int number) {
            return transactions.inTenant(
                    owner.tenant(),
                    connection -> Sql.first(
                            connection,
                            owner.kind().row,
                            row -> row.getBytes("data"),
                            owner.tenant(),
                            owner.id(),
                            number));
        }

        private Place find() {
            return transactions.inTenant(owner.tenant(), connection -> Sql.first(
                            connection,
                            owner.kind().location,
                            row -> new Place(
                                    Optional.ofNullable(row.getString("location"))
                                            .map(ObjectName::parse),
                                    row.getLong("bytes")),
                            owner.tenant(),
                            owner.id())
                    .orElseThrow(this::gone));
        }
    }
}
