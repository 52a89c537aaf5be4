package dev.parley.egress;

import io.vertx.core.MultiMap;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The headers of an answer, by name in any case.
public record EgressHeaders(Map<String, List<String>> fields) {

    static EgressHeaders of(MultiMap headers) {
        var fields = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        headers.names().forEach(name -> fields.put(name, List.copyOf(headers.getAll(name))));
        return new EgressHeaders(Collections.unmodifiableMap(fields));
    }

    public Optional<String> first(String name) {
        return fields.getOrDefault(name, List.of()).stream().findFirst();
    }
}
