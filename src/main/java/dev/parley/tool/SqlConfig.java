package dev.parley.tool;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What tools of type `sql` may read. Without a database there are none.
@ConfigMapping(prefix = "parley.tools.sql")
interface SqlConfig {

    /// By the name that tools give.
    Map<String, Database> databases();

    /// Rows of an answer; the rest is cut off, and the model is told. More answers more and fills the context.
    @WithDefault("100")
    int maxRows();

    /// Bytes of an answer. A larger one fails: a model is better told to ask for less.
    @WithDefault("64K")
    MemorySize maxBytes();

    /// How long a statement may run, where its tool allows for as much. Longer answers more and burdens the database.
    @WithDefault("5s")
    Duration maxTime();

    /// Statements at once in this process; others wait. Each is a connection of its own.
    @WithDefault("4")
    int concurrency();

    /// A login that can read some views and do nothing else, and the tenants it is for.
    interface Database {

        /// A replica keeps what models ask away from what serves requests. Default: the application's own database.
        @WithName("jdbc-url")
        Optional<String> url();

        /// With `{tenant}` in it every tenant has a login of its own: the tenant's UUID in 32 hexadecimal digits takes
        /// its place, and views tell by `session_user` whose rows to show.
        String username();

        String password();

        /// Where the views are.
        @WithDefault("parley_reports")
        String schema();

        /// Ids of the tenants that may read with this login, or `*` for all. A login without `{tenant}` shows the same
        /// rows to all of them.
        Set<String> tenants();
    }
}
