package dev.parley.telemetry;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Metrics of a Lambda function: lines among its log that CloudWatch makes metrics of. A line costs its bytes and waits
/// for nobody. Where this process is no function, nothing is written.
///
/// Source: "Embedded metric format specification" in the CloudWatch user guide.
@ApplicationScoped
public class FunctionMetrics {

    private static final Logger LOG = Logger.getLogger(FunctionMetrics.class);

    private final Optional<String> function;
    private final Clock clock;
    private final OutputStream out;

    @Inject
    FunctionMetrics(@ConfigProperty(name = "parley.telemetry.function") Optional<String> function, Clock clock) {
        this(function, clock, new FileOutputStream(FileDescriptor.out));
    }

    FunctionMetrics(Optional<String> function, Clock clock, OutputStream out) {
        this.function =
                function.map(name -> new String(JsonStringEncoder.getInstance().quoteAsString(name)));
        this.clock = clock;
        this.out = out;
    }

    /// How long the first piece of an answer took that was streamed, to a client or to a worker.
    public void firstToken(long millis) {
        put("TimeToFirstToken", "Milliseconds", millis);
    }

    /// What was paid, in micro-dollars.
    public void spent(long micros) {
        put("Spend", "None", micros);
    }

    /// Jobs of one workload that no worker has begun, and for how long the oldest of them waits.
    public void waiting(String workload, long jobs, Duration age) {
        function.ifPresent(name -> write("""
                {"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"Parley","Dimensions":[["FunctionName","Workload"]],\
                "Metrics":[{"Name":"JobsWaiting","Unit":"Count"},{"Name":"OldestJobAge","Unit":"Seconds"}]}]},\
                "FunctionName":"%s","Workload":"%s","JobsWaiting":%d,"OldestJobAge":%d}
                """.formatted(clock.millis(), name, workload, jobs, age.toSeconds())));
    }

    /// Whether anybody reads them: measuring costs something.
    public boolean areWritten() {
        return function.isPresent();
    }

    private void put(String metric, String unit, long value) {
        function.ifPresent(name -> write("""
                {"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"Parley","Dimensions":[["FunctionName"]],\
                "Metrics":[{"Name":"%s","Unit":"%s"}]}]},"FunctionName":"%s","%s":%d}
                """.formatted(clock.millis(), metric, unit, name, metric, value)));
    }

    /// One write, so that no other line comes in between.
    private void write(String line) {
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            LOG.debug("No metrics without a standard output", closed);
        }
    }
}
