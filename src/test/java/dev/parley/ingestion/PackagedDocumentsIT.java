package dev.parley.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.testing.Api;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged application has all that reading, embedding and searching documents take: as a native executable it
/// knows the fonts, encodings, native libraries and weights that it was built with, and no others.
@QuarkusTest
@Tag("packaged")
@TestProfile(WithoutWorkers.class)
class PackagedDocumentsIT {

    private static final String PACKAGED_MODEL = "bge-small-en-v1.5";
    private static final Path SAMPLES = Path.of("samples");
    private static final String POLISH = "<html><head><meta charset=\"iso-8859-2\"></head>"
            + "<body><h1>Opłaty</h1><p>Za wypożyczenie roweru płacisz na końcu.</p></body></html>";

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key(), PACKAGED_MODEL);

    @Test
    void documentsOfEveryKindAreReadEmbeddedAndFound() throws IOException {
        List<Path> samples = samples();
        for (Path sample : samples) {
            store.add(sample.getFileName().toString(), Files.readAllBytes(sample));
        }
        store.add("oplaty.html", POLISH.getBytes(Charset.forName("ISO-8859-2")));

        try (var process = ParleyProcess.start(Map.of("parley.job.workers", "2"))) {
            store.awaitCompleted(samples.size() + 1);

            assertFound(process, "What does E21 mean?", "riders-guide.pdf", "spoke magnet");
            assertFound(process, "Opłaty za wypożyczenie", "oplaty.html", "płacisz na końcu");
        }
    }

    private static List<Path> samples() throws IOException {
        try (var files = Files.list(SAMPLES)) {
            List<Path> samples = files.toList();
            assertThat(samples).anyMatch(file -> file.toString().endsWith(".pdf"));
            return samples;
        }
    }

    private void assertFound(ParleyProcess process, String query, String filename, String text) {
        Api.as(tenant.key())
                .baseUri(process.url())
                .body(Map.of("query", query))
                .post("/v1/vector_stores/" + store.id() + "/search")
                .then()
                .statusCode(200)
                .body("parley.degraded", equalTo(false))
                .body("data.find { it.filename == '%s' }.content[0].text".formatted(filename), containsString(text));
    }
}
