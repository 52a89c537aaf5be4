package dev.parley.usage;

import dev.parley.api.JsonField;
import dev.parley.identity.KnownKeys;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Reads whom a limit is for.
@ApplicationScoped
class Targets {

    static final String SCOPE = "scope";
    static final String SUBJECT = "subject";
    private static final int MAX_SUBJECT_LENGTH = 512;

    private final KnownKeys keys;

    Targets(KnownKeys keys) {
        this.keys = keys;
    }

    /// @throws Problem (400) that names `scope` or `subject`
    Target read(TenantId tenant, JsonField request) {
        LimitScope scope = LimitScope.of(request.get(SCOPE).oneOf(LimitScope.CODES));
        Optional<String> subject = request.find(SUBJECT).map(field -> field.text(MAX_SUBJECT_LENGTH));
        return new Target(
                scope, subject.map(text -> stored(tenant, scope, text)).orElse(null));
    }

    /// A subject as the database has it.
    ///
    /// @throws Problem (400) that names `subject`
    String stored(TenantId tenant, LimitScope scope, String subject) {
        if (subject.isBlank()) {
            throw Problem.invalid(
                    SUBJECT, "'subject' is empty. Leave it out to count each %s by itself.".formatted(scope.code()));
        }
        return switch (scope) {
            case TENANT -> throw Problem.invalid(SUBJECT, "The scope 'tenant' has no 'subject': it counts everything.");
            case USER, MODEL -> subject;
            case KEY ->
                keys.find(tenant, subject)
                        .orElseThrow(() -> Problem.invalid(SUBJECT, "No such API key: '%s'.".formatted(subject)))
                        .toString();
        };
    }
}
