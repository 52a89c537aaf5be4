package dev.parley.postgres;

/// What a feature does to the schema besides its migration files, each time after those were applied, and as the role
/// that owns the schema. Implement it as a bean.
public interface SchemaStep {

    /// Idempotent; several processes may call it at once.
    void afterMigration();
}
