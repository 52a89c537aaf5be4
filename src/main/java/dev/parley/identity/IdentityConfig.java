package dev.parley.identity;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// How the first caller comes in.
@ConfigMapping(prefix = "parley.identity")
interface IdentityConfig {

    /// The secret of a first key with every scope, made at start in the tenant `default` if it does not exist.
    ///
    /// In production it comes from a secret store through `PARLEY_IDENTITY_BOOTSTRAP_KEY`, starts with `sk-parley-`
    /// and is at least 40 characters long; take it away again once real keys exist.
    Optional<String> bootstrapKey();
}
