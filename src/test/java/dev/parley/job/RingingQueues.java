package dev.parley.job;

import dev.parley.testing.ElasticMq;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Queues of SQS that call workers, and an application that does no job unless it is called.
public final class RingingQueues implements QuarkusTestResourceLifecycleManager {

    private final ElasticMq sqs = ElasticMq.start();

    @Override
    public Map<String, String> start() {
        var config = new HashMap<String, String>();
        config.put("parley.aws.region", "eu-central-1");
        config.put("parley.job.queues.endpoint", sqs.endpoint().toString());
        config.put("parley.job.queues.retry", "1s");
        config.put("parley.job.polling", "false");
        config.put("parley.job.housekeeping.enabled", "false");
        for (Workload workload : Workload.values()) {
            String name = workload.name().toLowerCase(Locale.ROOT);
            config.put("parley.job.queues." + name, sqs.endpoint() + "/000000000000/" + name);
        }
        return config;
    }

    @Override
    public void stop() {
        sqs.close();
    }
}
