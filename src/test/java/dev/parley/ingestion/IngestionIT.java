package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

@QuarkusTest
class IngestionIT {

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());

    @Test
    void aFileOfEachFormatIsFoundByWhatItSays() throws Exception {
        var contents = new LinkedHashMap<String, byte[]>();
        contents.put("a.md", bytes("# Birds\n\nThe kingfisher dives."));
        contents.put("b.txt", bytes("An otter swims."));
        contents.put("c.html", bytes("<html><body><p>A badger digs.</p></body></html>"));
        contents.put("d.pdf", Pdfs.of("A lynx waits."));
        contents.put("e.docx", Docxs.of("<w:p><w:r><w:t>A marten climbs.</w:t></w:r></w:p>"));
        contents.put("f.csv", bytes("animal,does\nbeaver,builds\n"));
        contents.put("g.json", bytes("[{\"animal\": \"hedgehog\"}]"));
        contents.put("h.jsonl", bytes("{\"animal\": \"squirrel\"}\n"));
        var ids = new HashMap<String, String>();
        contents.forEach((name, content) -> ids.put(name, store.add(name, content)));

        store.awaitCompleted(contents.size());

        assertThat(store.found("kingfisher").getFirst()).isEqualTo(ids.get("a.md"));
        assertThat(store.found("otter").getFirst()).isEqualTo(ids.get("b.txt"));
        assertThat(store.found("badger").getFirst()).isEqualTo(ids.get("c.html"));
        assertThat(store.found("lynx").getFirst()).isEqualTo(ids.get("d.pdf"));
        assertThat(store.found("marten").getFirst()).isEqualTo(ids.get("e.docx"));
        assertThat(store.found("beaver").getFirst()).isEqualTo(ids.get("f.csv"));
        assertThat(store.found("hedgehog").getFirst()).isEqualTo(ids.get("g.json"));
        assertThat(store.found("squirrel").getFirst()).isEqualTo(ids.get("h.jsonl"));
    }

    @Test
    void aBadFileFailsWithAReasonThatHelpsAndBlocksNoOther() throws Exception {
        String bad = store.add("secret.pdf", Pdfs.encrypted("Secret."));
        String good = store.add("good.txt", bytes("All is well."));

        store.awaitStatus(good, "completed");
        store.awaitStatus(bad, "failed");
        store.file(bad)
                .body("last_error.code", equalTo("invalid_file"))
                .body("last_error.message", containsString("encrypted"));
        tenant.request()
                .get("/v1/dead_letters")
                .then()
                .body("data", hasSize(1))
                .body("data[0].kind", equalTo("ingestion"))
                .body("data[0].stage", equalTo("parse"))
                .body("data[0].reason", containsString("encrypted"))
                .body("data[0].subject", equalTo(store.id() + "/" + bad));
    }

    @Test
    void anUnsupportedFileSaysWhatIsSupported() {
        String image = store.add("a.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});

        store.awaitStatus(image, "failed");
        store.file(image).body("last_error.code", equalTo("unsupported_file"));
    }

    @Test
    void aRedrivenFileIsInProgressAgain() {
        String bad = store.add("a.json", bytes("{"));
        store.awaitStatus(bad, "failed");
        String letter = tenant.request().get("/v1/dead_letters").path("data[0].id");

        tenant.request().post("/v1/dead_letters/" + letter + "/redrive").then().statusCode(200);

        store.awaitStatus(bad, "failed");
        tenant.request().get("/v1/dead_letters").then().body("data[0].id", equalTo(letter));
    }
}
