package dev.parley.knowledge;

import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import java.util.UUID;

/// Whose content it is: a file's, or a part's of an upload that may become one.
record ContentOwner(Kind kind, TenantId tenant, UUID id) {

    static final String FILE_ROW = "SELECT data FROM file_parts WHERE tenant_id = ? AND file_id = ? AND part = ?";

    static ContentOwner file(TenantId tenant, FileId file) {
        return new ContentOwner(Kind.FILE, tenant, file.value());
    }

    static ContentOwner part(TenantId tenant, UUID part) {
        return new ContentOwner(Kind.PART, tenant, part);
    }

    @Override
    public String toString() {
        return Ids.format(kind.prefix, id);
    }

    /// Each with its tables, whose statements take tenant and id.
    enum Kind {
        FILE(
                FileId.PREFIX,
                "SELECT location, bytes FROM files WHERE tenant_id = ? AND id = ?",
                FILE_ROW,
                "INSERT INTO file_parts (tenant_id, file_id, part, data) VALUES (?, ?, ?, ?)"),
        PART(
                UploadPart.PREFIX,
                "SELECT location, bytes FROM upload_parts WHERE tenant_id = ? AND id = ?",
                "SELECT data FROM upload_part_rows WHERE tenant_id = ? AND upload_part_id = ? AND part = ?",
                "INSERT INTO upload_part_rows (tenant_id, upload_part_id, part, data) VALUES (?, ?, ?, ?)");

        private final String prefix;
        final String location;
        final String row;
        final String insertRow;

        Kind(String prefix, String location, String row, String insertRow) {
            this.prefix = prefix;
            this.location = location;
            this.row = row;
            this.insertRow = insertRow;
        }
    }
}
