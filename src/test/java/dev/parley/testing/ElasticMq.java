package dev.parley.testing;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/// SQS over real HTTP, in this process.
public final class ElasticMq implements AutoCloseable {

    private static final Map<QueueAttributeName, String> ATTRIBUTES = Map.of(
            QueueAttributeName.VISIBILITY_TIMEOUT, "5", QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "0");

    private static final int BATCH = 10;

    private final SQSRestServer server;
    private final URI endpoint;

    private ElasticMq(SQSRestServer server, URI endpoint) {
        this.server = server;
        this.endpoint = endpoint;
    }

    public static ElasticMq start() {
        SQSRestServer server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        int port = server.waitUntilStarted().localAddress().getPort();
        return new ElasticMq(server, URI.create("http://127.0.0.1:" + port));
    }

    public URI endpoint() {
        return endpoint;
    }

    /// A queue, as a test uses it.
    ///
    /// @param client the test's own
    public record Queue(SqsAsyncClient client, String url) {

        public static Queue create(SqsAsyncClient client, String name) {
            String url = client.createQueue(queue -> queue.queueName(name).attributes(ATTRIBUTES))
                    .join()
                    .queueUrl();
            return new Queue(client, url);
        }

        /// At most ten, which others do not see for five seconds.
        public List<Message> receive() {
            return receive(Duration.ofSeconds(5));
        }

        /// @param hidden for how long others do not see them
        public List<Message> receive(Duration hidden) {
            return client.receiveMessage(which ->
                            which.queueUrl(url).maxNumberOfMessages(BATCH).visibilityTimeout((int) hidden.toSeconds()))
                    .join()
                    .messages();
        }

        /// How many there are that nobody works on.
        public int visible() {
            return Integer.parseInt(client.getQueueAttributes(which ->
                            which.queueUrl(url).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                    .join()
                    .attributes()
                    .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        }

        /// Another message.
        public void send(String body) {
            client.sendMessage(message -> message.queueUrl(url).messageBody(body))
                    .join();
        }

        /// As an event source mapping names it.
        public String arn() {
            return "arn:aws:sqs:elasticmq:000000000000:" + url.substring(url.lastIndexOf('/') + 1);
        }

        /// Of everything, seen or not.
        public void purge() {
            client.purgeQueue(which -> which.queueUrl(url)).join();
        }

        /// Does nothing for one that is gone already.
        public void delete(Message message) {
            try {
                client.deleteMessage(which -> which.queueUrl(url).receiptHandle(message.receiptHandle()))
                        .join();
            } catch (CompletionException failure) {
                if (!(failure.getCause() instanceof ReceiptHandleIsInvalidException)) {
                    throw failure;
                }
            }
        }
    }

    @Override
    public void close() {
        server.stopAndWait();
    }
}
