package dev.parley.testing;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A Lambda function that does as the path it is asked for says. Run by [LocalLambda]; knows no library.
final class FakeFunction {

    private static final String API = System.getenv("AWS_LAMBDA_RUNTIME_API");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private FakeFunction() {}

    public static void main(String[] arguments) throws Exception {
        if ("broken".equals(System.getenv("PARLEY_FUNCTION"))) {
            post("init/error", "{\"errorType\":\"Runtime.StartFailed\"}");
            System.exit(1);
        }
        while (true) {
            var next = HttpRequest.newBuilder(uri("invocation/next")).build();
            var answer = HTTP.send(next, BodyHandlers.ofString());
            String id =
                    answer.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
            serve(
                    id,
                    answer.body(),
                    answer.headers().firstValue("Lambda-Runtime-Deadline-Ms").orElseThrow());
        }
    }

    private static void serve(String id, String event, String deadline) throws Exception {
        if (event.contains("\"path\":\"/die\"")) {
            System.exit(3);
        } else if (event.contains("\"path\":\"/hang\"")) {
            Thread.sleep(60_000);
        } else if (event.contains("\"path\":\"/error\"")) {
            post("invocation/" + id + "/error", "{\"errorType\":\"Function.Broken\"}");
        } else if (event.contains("\"path\":\"/malformed\"")) {
            post("invocation/" + id + "/response", "\"just text\"");
        } else if (event.contains("\"path\":\"/break\"")) {
            breakOff(id);
        } else if (event.contains("\"path\":\"/deadline\"")) {
            buffered(id, deadline.getBytes(StandardCharsets.UTF_8));
        } else {
            buffered(id, event.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void buffered(String id, byte[] body) throws Exception {
        post("invocation/" + id + "/response", """
                {"statusCode": 201, "headers": {"X-One": "1"}, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
                 "isBase64Encoded": true, "body": "%s"}""".formatted(Base64.getEncoder().encodeToString(body)));
    }

    /// A stream that fails behind its first piece.
    private static void breakOff(String id) throws IOException {
        String[] address = API.split(":");
        try (var socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            String prelude = "{\"statusCode\":200,\"headers\":{},\"cookies\":[\"a=1\"]}" + "\0".repeat(8);
            String request = "POST /2018-06-01/runtime/invocation/" + id + "/response HTTP/1.1\r\nHost: x\r\n"
                    + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
                    + "Trailer: Lambda-Runtime-Function-Error-Type\r\nConnection: close\r\n\r\n"
                    + Integer.toHexString(prelude.length()) + "\r\n" + prelude + "\r\n3\r\none\r\n"
                    + "0\r\nLambda-Runtime-Function-Error-Type: Function.BrokeOff\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }
    }

    private static void post(String path, String body) throws IOException, InterruptedException {
        HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.discarding());
    }

    private static URI uri(String path) {
        return URI.create("http://%s/2018-06-01/runtime/%s".formatted(API, path));
    }
}
