package dev.parley.egress;

/// A whole answer.
///
/// @param url    where it came from, after redirects
/// @param status any but a redirect that was followed: errors are answers too
/// @param body   decompressed
public record EgressResponse(String url, int status, EgressHeaders headers, byte[] body) {

    public boolean isSuccessful() {
        return status / 100 == 2;
    }

    @Override
    public String toString() {
        return "response with status " + status;
    }
}
