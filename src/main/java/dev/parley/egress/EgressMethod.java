package dev.parley.egress;

/// Methods that are sent to where users say. Not `CONNECT`, `TRACE` or one made up: they talk to proxies.
public enum EgressMethod {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE
}
