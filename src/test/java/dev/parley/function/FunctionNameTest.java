package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionNameTest {

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, CHAT",
        "/v1/responses/resp_1/cancel, CHAT",
        "/v1/models, CHAT",
        "/v1/files, INGEST",
        "/v1/files/file-1/content, INGEST",
        "/v1/filesystem, CHAT",
        "/v1/vector_stores/vs_1/search, INGEST",
        "/v1/tools/weather/invocations, TOOLS",
        "/v1/tool_calls, TOOLS",
        "/mcp, TOOLS",
    })
    void aRouteIsOneFunctions(String path, FunctionName owner) {
        assertThat(FunctionName.ofRoute(path)).isEqualTo(owner);
        for (FunctionName each : FunctionName.values()) {
            assertThat(each.answers(path)).as(each.name()).isEqualTo(each == owner || each == FunctionName.ALL);
        }
    }

    @Test
    void everyFunctionTellsHowItIs() {
        assertThat(FunctionName.values()).allMatch(each -> each.answers("/q/health/ready"));
    }

    /// The gateway sends each path to the function that answers it.
    @Test
    void theGatewayRoutesAsTheFunctionsDo() throws IOException {
        var routes = new TreeMap<String, String>();
        var row = Pattern.compile("\"(/[^\"]*)\"\\s*=\\s*\"([a-z]+)\"")
                .matcher(Files.readString(java.nio.file.Path.of("terraform/routes.tf")));
        while (row.find()) {
            routes.put(row.group(1), row.group(2));
        }
        for (FunctionName each : Set.of(FunctionName.INGEST, FunctionName.TOOLS)) {
            assertThat(routes.entrySet().stream()
                            .filter(route -> route.getValue().equalsIgnoreCase(each.name()))
                            .map(route -> route.getKey()))
                    .containsExactlyInAnyOrderElementsOf(each.routes());
        }
    }

    /// A new resource has to be thought about here: whose is it?
    @Test
    void everyRouteOfAnotherFunctionThanChatIsAResources() {
        var paths = new TreeSet<String>();
        for (var resource : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.parley")) {
            resource.tryGetAnnotationOfType(Path.class).ifPresent(path -> paths.add(path.value()));
        }
        for (FunctionName each : Set.of(FunctionName.INGEST, FunctionName.TOOLS)) {
            assertThat(each.routes()).allSatisfy(route -> assertThat(paths).anyMatch(path -> path.startsWith(route)));
        }
    }
}
