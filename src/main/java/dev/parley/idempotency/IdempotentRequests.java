package dev.parley.idempotency;

import dev.parley.idempotency.Claimants.Claimant;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Runs [Idempotent] methods. It comes after the checks of scopes and of beans, so what those refuse claims nothing.
@Idempotent
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_AFTER + 900)
class IdempotentRequests {

    private static final String CLAIM = "SELECT * FROM claim_idempotency_key(?, ?, ?)";

    private static final String ANSWER =
            "UPDATE idempotency_keys SET answer = ? WHERE tenant_id = ? AND caller = ? AND key = ?";

    private final Claimants claimants;
    private final Transactions transactions;
    private final RoutingContext http;
    private final ContentCodec codec;
    private final Json json;

    IdempotentRequests(
            Claimants claimants, Transactions transactions, RoutingContext http, ContentCodec codec, Json json) {
        this.claimants = claimants;
        this.transactions = transactions;
        this.http = http;
        this.codec = codec;
        this.json = json;
    }

    @AroundInvoke
    Object once(InvocationContext method) throws Exception {
        IdempotencyKey key = key(method);
        if (key == null) {
            return method.proceed();
        }
        var claim = new Claim(claimants.claimant(), key);
        return transactions.inTenant(claim.claimant().tenant(), connection -> {
            claim(connection, claim);
            Object answer = proceed(method);
            store(connection, claim, answer);
            return answer;
        });
    }

    private @Nullable IdempotencyKey key(InvocationContext method) {
        String header = http.request().getHeader(IdempotencyKey.HEADER);
        if (header == null || header.isEmpty()) {
            return null;
        }
        String request = http.request().method() + " " + http.request().path();
        return IdempotencyKey.of(header, request, new RequestDigest(json).of(method.getParameters()));
    }

    private record Claim(Claimant claimant, IdempotencyKey key) {}

    private void claim(Connection connection, Claim claim) throws SQLException {
        Found found = Sql.first(
                        connection,
                        CLAIM,
                        row -> new Found(row.getString("verdict"), row.getBytes("answer")),
                        claim.claimant().caller(),
                        claim.key().value(),
                        HexFormat.of().parseHex(claim.key().requestHash()))
                .orElseThrow();
        switch (found.verdict) {
            case "claimed" -> {}
            case "repeated" -> throw new Replayed(codec.decode(claim.claimant().tenant(), found.answer));
            case "key_reused" -> throw KeyProblems.reused();
            case "in_progress" -> throw KeyProblems.inProgress();
            default -> throw new IllegalStateException("Unknown verdict: " + found.verdict);
        }
    }

    private record Found(String verdict, byte[] answer) {}

    private void store(Connection connection, Claim claim, Object answer) throws SQLException {
        Claimant claimant = claim.claimant();
        Sql.update(
                connection,
                ANSWER,
                codec.encode(claimant.tenant(), json.write(answer)),
                claimant.tenant(),
                claimant.caller(),
                claim.key().value());
    }

    private static Object proceed(InvocationContext method) {
        try {
            return method.proceed();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) { // resource methods declare none
            throw new IllegalStateException(failure);
        }
    }
}
