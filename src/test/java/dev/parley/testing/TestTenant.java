package dev.parley.testing;

import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import io.restassured.specification.RequestSpecification;

/// A tenant made for one test.
///
/// @param key has every scope but `operator`
public record TestTenant(TenantId id, String key) {

    public static TestTenant create() {
        var created = Api.asDeveloper()
                .body("{\"name\":\"test\"}")
                .post("/v1/tenants")
                .then()
                .statusCode(200)
                .extract();
        String id = created.path("id");
        return new TestTenant(
                new TenantId(Ids.parse(TenantId.PREFIX, id).orElseThrow()), created.path("admin_key.value"));
    }

    /// A JSON request of this tenant.
    public RequestSpecification request() {
        return Api.as(key);
    }
}
