/// The only way to the database.
///
/// [Transactions] hands out connections: inside a tenant, where row-level security shows that tenant's rows and no
/// others, or outside any tenant, where only the short list of SECURITY DEFINER functions of the migrations can be
/// called. [Sql] is thin JDBC; [Json], [ContentCodec], [Vectors] and [Ids] are the codecs of what columns hold.
///
/// Guarantees: a connection never leaves its block; a tenant never outlives its transaction; a database that is
/// gone is a 503 [Problem] with `Retry-After`.
///
/// Not here: any feature's tables or SQL. Those sit with the feature.
@Feature
@NullMarked
package dev.parley.postgres;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
