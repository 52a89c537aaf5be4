package dev.parley.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FunctionMetricsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_767_225_600_000L), ZoneOffset.UTC);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aMetricIsALineThatCloudWatchReads() throws Exception {
        var metrics = new FunctionMetrics(Optional.of("parley-prod-\"chat\""), CLOCK, out);

        metrics.firstToken(412);
        metrics.spent(1_500);

        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines[0]);
        assertThat(first.at("/_aws/Timestamp").asLong()).isEqualTo(1_767_225_600_000L);
        JsonNode directive = first.at("/_aws/CloudWatchMetrics/0");
        assertThat(directive.get("Namespace").asText()).isEqualTo("Parley");
        assertThat(directive.at("/Dimensions/0/0").asText()).isEqualTo("FunctionName");
        assertThat(directive.at("/Metrics/0/Name").asText()).isEqualTo("TimeToFirstToken");
        assertThat(directive.at("/Metrics/0/Unit").asText()).isEqualTo("Milliseconds");
        assertThat(first.get("FunctionName").asText()).isEqualTo("parley-prod-\"chat\"");
        assertThat(first.get("TimeToFirstToken").asLong()).isEqualTo(412);
        assertThat(new ObjectMapper().readTree(lines[1]).get("Spend").asLong()).isEqualTo(1_500);
    }

    @Test
    void whatIsNoFunctionWritesNothing() {
        new FunctionMetrics(Optional.empty(), CLOCK, out).spent(1);

        assertThat(out.size()).isZero();
    }
}
