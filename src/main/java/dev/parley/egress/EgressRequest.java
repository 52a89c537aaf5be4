package dev.parley.egress;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A request to a URL that a user named.
///
/// @param url     as the user wrote it
/// @param headers by name, in any case; `Host`, lengths, encodings and what else frames messages are not among them
/// @param body    empty for none
/// @param accepts media types of the answer, such as `text/html` or `text/*`; empty for any. Only successful answers
///                are held to it: an error page says more by its status than by its type
/// @param limits  what is narrower than configured
public record EgressRequest(
        EgressMethod method,
        String url,
        Map<String, String> headers,
        byte[] body,
        Set<String> accepts,
        EgressLimits limits) {

    public EgressRequest {
        headers = caseless(headers);
        accepts = Set.copyOf(accepts);
    }

    public static EgressRequest get(String url) {
        return of(EgressMethod.GET, url, new byte[0]);
    }

    public static EgressRequest of(EgressMethod method, String url, byte[] body) {
        return new EgressRequest(method, url, Map.of(), body, Set.of(), EgressLimits.CONFIGURED);
    }

    public EgressRequest withHeader(String name, String value) {
        var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        all.put(name, value);
        return new EgressRequest(method, url, all, body, accepts, limits);
    }

    public EgressRequest accepting(String... mediaTypes) {
        return new EgressRequest(method, url, headers, body, Set.of(mediaTypes), limits);
    }

    public EgressRequest within(EgressLimits narrower) {
        return new EgressRequest(method, url, headers, body, accepts, narrower);
    }

    private static Map<String, String> caseless(Map<String, String> headers) {
        var caseless = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        caseless.putAll(headers);
        return Collections.unmodifiableMap(caseless);
    }

    /// Neither what it is asked nor whose secrets it carries.
    @Override
    public String toString() {
        return method + " request";
    }
}
