package dev.parley.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.eclipse.microprofile.config.ConfigProvider;

/// Requests to the application under test.
public final class Api {

    public static final String DEVELOPMENT_KEY = "sk-parley-dev";

    private Api() {}

    /// Where the application listens, without a path: `http://localhost:1234`.
    public static String url() {
        return "http://localhost:" + ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    }

    /// A JSON request with the development key.
    public static RequestSpecification asDeveloper() {
        return as(DEVELOPMENT_KEY);
    }

    /// A JSON request with a key.
    public static RequestSpecification as(String key) {
        return anonymous().header("Authorization", "Bearer " + key);
    }

    /// A JSON request without a key.
    public static RequestSpecification anonymous() {
        return given().baseUri(url()).contentType(ContentType.JSON);
    }

    /// The key of a tenant made for this call, with every scope but `operator`.
    public static String newTenant() {
        return TestTenant.create().key();
    }
}
