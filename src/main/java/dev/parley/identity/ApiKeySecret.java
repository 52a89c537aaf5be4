package dev.parley.identity;

import dev.parley.postgres.Sha256;
import java.security.SecureRandom;
import java.util.Base64;

/// A key as its holder knows it: `sk-parley-` and 256 random bits. Never logged, never stored.
record ApiKeySecret(String value) {

    static final String PREFIX = "sk-parley-";
    private static final String DEVELOPMENT_KEY = "sk-parley-dev";
    private static final int BYTES = 32;
    private static final int VISIBLE = 6;

    static ApiKeySecret generate() {
        byte[] bits = new byte[BYTES];
        new SecureRandom().nextBytes(bits);
        return new ApiKeySecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /// The published key of the dev and test profiles: it opens nothing elsewhere, even if a database still holds it.
    boolean isDevelopmentKey() {
        return value.equals(DEVELOPMENT_KEY);
    }

    /// SHA-256 is enough: the secret has full entropy, so there is nothing to guess.
    byte[] hash() {
        return Sha256.of(value);
    }

    /// Enough to recognise a key in a list by.
    String visiblePrefix() {
        return value.substring(0, Math.min(value.length(), PREFIX.length() + VISIBLE));
    }

    @Override
    public String toString() {
        return "ApiKeySecret[hidden]";
    }
}
