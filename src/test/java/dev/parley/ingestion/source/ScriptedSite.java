package dev.parley.ingestion.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/// A small web on the one port that the application may reach. Each host is a loopback address of its own, so that what
/// is known of one (robots.txt, pauses) does not concern another.
final class ScriptedSite implements AutoCloseable {

    private static final AtomicInteger HOSTS = new AtomicInteger(10);
    private static final String BREAKS_OFF = "Breaks-Off";

    /// @param etag null for a page without one
    record Page(
            int status, String type, byte[] body, @Nullable String etag, Map<String, String> headers) {

        Page with(String header, String value) {
            var all = new HashMap<>(headers);
            all.put(header, value);
            return new Page(status, type, body, etag, all);
        }
    }

    /// @param status what was answered
    record Asked(String path, int status) {}

    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Map<String, Queue<Page>> before = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final AtomicInteger together = new AtomicInteger();
    private final AtomicInteger mostTogether = new AtomicInteger();
    private final String host = "127.0.%d.%d".formatted(HOSTS.get() / 200, HOSTS.getAndIncrement() % 200 + 1);
    private volatile @Nullable CountDownLatch gate;

    ScriptedSite() throws IOException {
        server = HttpServer.create(new InetSocketAddress(host, port()), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private static int port() {
        return ConfigProvider.getConfig().getValue(SourcesProfile.PORT, Integer.class);
    }

    String url(String path) {
        return "http://" + host + ":" + port() + path;
    }

    static Page text(String content) {
        byte[] body = content.getBytes(StandardCharsets.UTF_8);
        String etag = "\"" + Integer.toHexString(content.hashCode()) + "\"";
        return new Page(200, "text/plain; charset=utf-8", body, etag, Map.of());
    }

    static Page withoutValidators(String content) {
        return new Page(200, "text/plain", content.getBytes(StandardCharsets.UTF_8), null, Map.of());
    }

    static Page xml(String content) {
        return new Page(200, "application/xml", content.getBytes(StandardCharsets.UTF_8), null, Map.of());
    }

    static Page bytes(byte[] body) {
        return new Page(200, "application/octet-stream", body, null, Map.of());
    }

    static Page status(int status) {
        return new Page(status, "text/plain", new byte[0], null, Map.of());
    }

    /// The connection ends before this has come whole.
    static Page brokenOff(String content) {
        return withoutValidators(content).with(BREAKS_OFF, "yes");
    }

    static Page redirect(String to) {
        return status(302).with("Location", to);
    }

    void put(String path, Page page) {
        pages.put(path, page);
    }

    /// What is answered before that, once each.
    void first(String path, Page... firsts) {
        before.put(path, new ConcurrentLinkedQueue<>(List.of(firsts)));
    }

    void remove(String path) {
        pages.remove(path);
    }

    /// An index of these sitemaps.
    void index(String path, String... sitemaps) {
        var xml = new StringBuilder("<sitemapindex>");
        for (String each : sitemaps) {
            xml.append("<sitemap><loc>").append(each).append("</loc></sitemap>");
        }
        put(path, xml(xml.append("</sitemapindex>").toString()));
    }

    /// A sitemap of these paths.
    void sitemap(String path, String... listed) {
        var xml = new StringBuilder(
                "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
        for (String each : listed) {
            xml.append("<url><loc>")
                    .append(each.startsWith("/") ? url(each) : each)
                    .append("</loc></url>");
        }
        put(path, xml(xml.append("</urlset>").toString()));
    }

    /// What was asked for since the last call, but for robots.txt.
    List<Asked> asked() {
        var all = asked.stream()
                .filter(each -> !each.path().equals("/robots.txt"))
                .toList();
        asked.clear();
        return all;
    }

    int mostTogether() {
        return mostTogether.get();
    }

    /// Holds every page but robots.txt back until it is opened.
    CountDownLatch hold() {
        var closed = new CountDownLatch(1);
        gate = closed;
        return closed;
    }

    private void answer(HttpExchange exchange) throws IOException {
        mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            CountDownLatch closed = gate;
            if (closed != null && !path.equals("/robots.txt")) {
                closed.await();
            }
            Page first =
                    before.getOrDefault(path, new ConcurrentLinkedQueue<>()).poll();
            Page page = first != null ? first : pages.getOrDefault(path, status(404));
            boolean unchanged = page.etag() != null
                    && page.etag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            int status = unchanged ? 304 : page.status();
            asked.add(new Asked(path, status));
            if (page.etag() != null) {
                exchange.getResponseHeaders().set("ETag", page.etag());
            }
            exchange.getResponseHeaders().set("Content-Type", page.type());
            page.headers().forEach(exchange.getResponseHeaders()::set);
            boolean empty = status == 304 || page.body().length == 0;
            int missing = page.headers().containsKey(BREAKS_OFF) ? 1 : 0;
            exchange.sendResponseHeaders(status, empty ? -1 : page.body().length + missing);
            if (!empty) {
                exchange.getResponseBody().write(page.body());
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            together.decrementAndGet();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
