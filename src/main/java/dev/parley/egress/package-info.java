/// Every request to a URL that a user can name: tools, MCP servers, web pages, sources.
///
/// [Egress] sends an [EgressRequest] and answers with a whole [EgressResponse] or an open [EgressStream].
///
/// Guarantees: schemes, hosts and ports are the operator's; every address a host resolves to is judged, and the
/// connection goes to exactly the one that was judged, so there is no second resolution to rebind; redirects are
/// followed here, unless the caller does, each judged anew, and secrets do not cross origins; bytes, before and
/// after decompression, header bytes, time and redirects are bounded; a caller may narrow these bounds, never widen
/// them; no proxy, cookie or connection is shared between requests; what fails is an [EgressFailure] whose problem
/// tells no internal address.
///
/// Not here: URLs that only the operator can name, such as those of providers (`model`); retries (the caller).
@Feature(allowedDependencies = {"telemetry"})
@NullMarked
package dev.parley.egress;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
