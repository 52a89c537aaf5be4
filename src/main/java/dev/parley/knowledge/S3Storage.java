package dev.parley.knowledge;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.aws.ObjectStore.Keeping;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Content in S3: an object for each owner, named by tenant and owner. It is written before the owner's row, and known
/// as a loose object until that is committed.
@ApplicationScoped
class S3Storage implements FileStorage {

    /// How long writing an object and its row may take. What takes longer is not kept.
    private static final Duration WRITING = Duration.ofHours(1);

    private final ObjectStore objects;
    private final LooseObjects loose;
    private final KnowledgeConfig.Storage config;

    S3Storage(ObjectStore objects, LooseObjects loose, KnowledgeConfig config) {
        this.objects = objects;
        this.loose = loose;
        this.config = config.files();
    }

    @Override
    public Staged stage(ContentOwner owner, Path content, String contentType) {
        ObjectName object = name(owner.tenant(), owner.toString());
        loose.announce(owner.tenant(), object, WRITING);
        objects.put(object, content, keeping(contentType));
        return new Written(owner.tenant(), object, loose);
    }

    /// A new object of this tenant: never the same one twice, so that none is ever written over.
    ObjectName name(TenantId tenant, String owner) {
        String key = config.prefix().orElse("") + tenant + "/" + owner + "/" + Ids.format("", Ids.next());
        return new ObjectName(config.bucket().orElseThrow(), key);
    }

    Keeping keeping(String contentType) {
        return new Keeping(contentType, config.kmsKey().orElse(null));
    }

    private record Written(TenantId tenant, ObjectName object, LooseObjects loose) implements Staged {

        @Override
        public String location() {
            return object.toString();
        }

        @Override
        public void keep(Connection connection) throws SQLException {
            loose.keep(connection, tenant, object);
        }
    }
}
