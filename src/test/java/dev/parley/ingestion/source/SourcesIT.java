package dev.parley.ingestion.source;

import static dev.parley.ingestion.source.ScriptedSite.brokenOff;
import static dev.parley.ingestion.source.ScriptedSite.bytes;
import static dev.parley.ingestion.source.ScriptedSite.redirect;
import static dev.parley.ingestion.source.ScriptedSite.status;
import static dev.parley.ingestion.source.ScriptedSite.text;
import static dev.parley.ingestion.source.ScriptedSite.withoutValidators;
import static dev.parley.ingestion.source.ScriptedSite.xml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.ingestion.source.ScriptedSite.Asked;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SourcesProfile.class)
class SourcesIT {

    private static final String PRICED = "scripted-embedding";

    @Inject
    Transactions transactions;

    @Inject
    DueSources due;

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());
    private final ScriptedSite site;

    SourcesIT() throws IOException {
        site = new ScriptedSite();
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void aSitemapIsIngestedRunsAgainForFreeAndPicksUpAChangeAndARemoval() {
        TestStore paid = TestStore.create(tenant.key(), PRICED);
        site.put("/a", text("The kingfisher dives."));
        site.put("/b", text("An otter swims."));
        site.put("/c", withoutValidators("A badger digs."));
        site.sitemap("/sitemap.xml", "/a", "/b", "/c");
        var source = TestSource.create(tenant, paid, sitemap("/sitemap.xml"));

        assertThat(TestSource.counts(source.ended())).containsExactly(3, 0, 0, 0, 0);
        paid.awaitCompleted(3);
        assertThat(paid.found("kingfisher").getFirst()).isEqualTo(source.document(site.url("/a"), "file_id"));
        paid.search("otter").body("data[0].attributes.source", equalTo(site.url("/b")));
        assertThat(source.document(site.url("/a"), "status")).isEqualTo("completed");
        site.asked();

        long ledger = count("SELECT count(*) FROM ledger WHERE tenant_id = ?");
        JsonPath again = source.sync();

        assertThat(again.getString("last_run.status")).isEqualTo("completed");
        assertThat(TestSource.counts(again)).containsExactly(0, 0, 3, 0, 0);
        assertThat(site.asked())
                .containsExactlyInAnyOrder(
                        new Asked("/sitemap.xml", 200),
                        new Asked("/a", 304),
                        new Asked("/b", 304),
                        new Asked("/c", 200));
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(3);
        assertThat(count("SELECT count(*) FROM jobs WHERE tenant_id = ? AND kind = 'ingestion'"))
                .isZero();
        assertThat(count("SELECT count(*) FROM ledger WHERE tenant_id = ?")).isEqualTo(ledger);

        String old = source.document(site.url("/a"), "file_id");
        site.put("/a", text("The kingfisher sleeps in its burrow."));
        site.sitemap("/sitemap.xml", "/a", "/c");
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 1, 1, 1, 0);

        String fresh = source.document(site.url("/a"), "file_id");
        assertThat(fresh).isNotEqualTo(old);
        paid.awaitStatus(fresh, "completed");
        assertThat(paid.found("burrow").getFirst()).isEqualTo(fresh);
        assertThat(paid.found("kingfisher")).contains(fresh).doesNotContain(old);
        tenant.request().get("/v1/files/" + old).then().statusCode(404);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(2);
        assertThat(source.documents().getList("data.key")).containsExactly(site.url("/a"), site.url("/c"));
        assertThat(site.mostTogether()).isEqualTo(1);
    }

    @Test
    void anIndexOfPackedSitemapsIsReadAsFarAsItsSourceReaches() throws IOException {
        site.put("/docs/a", text("Alpha."));
        site.put("/docs/private/b", text("Beta."));
        site.put("/blog/c", text("Gamma."));
        site.sitemap("/one.xml", "/docs/a", "/blog/c");
        site.put("/one.xml.gz", bytes(packed()));
        site.sitemap("/two.xml", "/docs/private/b", "http://127.9.9.9/docs/elsewhere");
        site.index("/index.xml", site.url("/one.xml.gz"), site.url("/two.xml"));

        var source = TestSource.create(
                tenant,
                store,
                Map.of(
                        "type", "sitemap",
                        "url", site.url("/index.xml"),
                        "include", List.of("/docs/"),
                        "exclude", List.of("/docs/private/")));

        assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 0);
        assertThat(source.documents().getList("data.key")).containsExactly(site.url("/docs/a"));
    }

    private byte[] packed() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(("<urlset><url><loc>%s</loc></url><url><loc>%s</loc></url></urlset>")
                    .formatted(site.url("/docs/a"), site.url("/blog/c"))
                    .getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    @Test
    void entriesOfAFeedStayWhenTheyLeaveIt() {
        site.put("/1", text("The first post."));
        site.put("/2", text("The second post."));
        site.put("/feed", xml("<rss><channel><item><link>%s</link></item></channel></rss>".formatted(site.url("/1"))));
        var source = TestSource.create(tenant, store, Map.of("type", "feed", "url", site.url("/feed")));
        assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 0);

        site.put("/feed", xml("<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/2'/></entry></feed>"));
        assertThat(TestSource.counts(source.sync())).containsExactly(1, 0, 1, 0, 0);

        source.change(Map.of("keep_unlisted", false));
        assertThat(TestSource.counts(source.ended())).containsExactly(0, 0, 1, 1, 0);
    }

    @Test
    void robotsAndABadDocumentCostOnlyThemselves() {
        site.put("/robots.txt", text("User-agent: *\nDisallow: /secret\n"));
        site.put("/a", text("Alpha."));
        site.put("/secret", text("Nobody may know."));
        site.put("/broken", status(500));
        site.put("/empty", new ScriptedSite.Page(200, "text/plain", new byte[0], null, Map.of()));
        var source = TestSource.create(tenant, store, urls("/a", "/secret", "/broken", "/empty"));

        assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 3);
        assertThat(site.asked()).extracting(Asked::path).doesNotContain("/secret");
        assertThat(source.document(site.url("/secret"), "error")).contains("robots.txt");
        assertThat(source.document(site.url("/broken"), "error")).contains("500");
        assertThat(source.document(site.url("/broken"), "status")).isEqualTo("failed");
        assertThat(source.document(site.url("/empty"), "error")).contains("empty");

        site.put("/broken", text("Mended."));
        assertThat(TestSource.counts(source.sync())).containsExactly(1, 0, 1, 0, 2);
    }

    @Test
    void whatIsGoneTwiceInARowIsRemoved() {
        site.put("/a", text("Alpha."));
        var source = TestSource.create(tenant, store, urls("/a"));
        source.ended();
        site.remove("/a");

        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 0, 0, 1);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(1);

        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 0, 1, 0);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isZero();

        site.put("/a", text("Alpha."));
        assertThat(TestSource.counts(source.sync())).containsExactly(1, 0, 0, 0, 0);
    }

    @Test
    void aListingThatFailsOrIsEmptyRemovesNothing() {
        site.put("/a", text("Alpha."));
        site.sitemap("/sitemap.xml", "/a");
        var source = TestSource.create(tenant, store, sitemap("/sitemap.xml"));
        source.ended();

        site.sitemap("/sitemap.xml");
        JsonPath empty = source.sync();
        assertThat(empty.getString("last_run.status")).isEqualTo("failed");
        assertThat(empty.getString("last_run.error")).contains("empty");

        site.put("/sitemap.xml", status(500));
        JsonPath failing = source.sync();
        assertThat(failing.getString("last_run.status")).isEqualTo("failed");
        assertThat(failing.getString("last_run.error")).contains("500");

        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(1);
        await().until(() -> count("SELECT count(*) FROM jobs WHERE tenant_id = ? AND kind = 'source'") == 0);
    }

    @Test
    void aPartOfAListingThatFailsHidesNothing() {
        site.put("/a", text("Alpha."));
        site.put("/b", text("Beta."));
        site.sitemap("/one.xml", "/a");
        site.sitemap("/two.xml", "/b");
        site.index("/index.xml", site.url("/one.xml"), site.url("/two.xml"));
        var source = TestSource.create(tenant, store, sitemap("/index.xml"));
        assertThat(TestSource.counts(source.ended())).containsExactly(2, 0, 0, 0, 0);

        site.remove("/one.xml");
        site.put("/c", text("Gamma."));
        site.sitemap("/two.xml", "/c");
        JsonPath partly = source.sync();

        assertThat(TestSource.counts(partly)).containsExactly(1, 0, 0, 0, 0);
        assertThat(partly.getString("last_run.status")).isEqualTo("failed");
        assertThat(partly.getString("last_run.error")).contains("one.xml").contains("404");
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(3);
    }

    @Test
    void whatAListingNeverShowsIsSaidAndHidesNothing() throws IOException {
        try (var other = new ScriptedSite()) {
            for (String path : List.of("/a", "/b", "/c")) {
                site.put(path, text("Page " + path));
            }
            site.sitemap("/one.xml", "/a", "/b", "/c");
            other.sitemap("/two.xml", site.url("/a"), site.url("/c"));
            site.index("/index.xml", site.url("/one.xml"));
            var source = TestSource.create(tenant, store, sitemap("/index.xml"));
            assertThat(TestSource.counts(source.ended())).containsExactly(3, 0, 0, 0, 0);

            site.index("/index.xml", site.url("/one.xml"), other.url("/two.xml"));
            site.sitemap("/one.xml", "/a");
            site.remove("/b");
            JsonPath noted = source.sync();

            assertThat(other.asked()).isEmpty();
            assertThat(noted.getString("last_run.status")).isEqualTo("completed");
            assertThat(noted.getString("last_run.error")).contains("another host");
            assertThat(TestSource.counts(noted)).containsExactly(0, 0, 2, 0, 1);
            assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 2, 1, 0);
            assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 2, 0, 0);
            assertThat(source.documents().getList("data.key")).containsExactly(site.url("/a"), site.url("/c"));

            source.change(Map.of("include", List.of("/", other.url("/"))));
            JsonPath whole = source.ended();
            assertThat(other.asked()).extracting(Asked::path).containsExactly("/two.xml");
            assertThat(whole.getString("last_run.error")).isNull();
            assertThat(TestSource.counts(whole)).containsExactly(0, 0, 2, 0, 0);
        }
    }

    @Test
    void redirectsAreFollowedWithinASiteAndToWhatIsIncluded() throws IOException {
        try (var other = new ScriptedSite()) {
            site.put("/robots.txt", text("User-agent: *\nDisallow: /secret\n"));
            other.put("/robots.txt", text("User-agent: *\nDisallow: /hidden\n"));
            site.put("/old", redirect("/older"));
            site.put("/older", redirect(site.url("/new")));
            site.put("/new", text("It has moved."));
            site.put("/to-secret", redirect("/secret"));
            site.put("/to-excluded", redirect("/login"));
            site.put("/round", redirect("/round"));
            site.put("/away", redirect(other.url("/away")));
            site.put("/to-hidden", redirect(other.url("/hidden")));
            other.put("/away", text("It has moved far away."));
            site.sitemap("/sitemap.xml", "/old", "/to-secret", "/to-excluded", "/round", "/away", "/to-hidden");
            var origin = new HashMap<>(sitemap("/sitemap.xml"));
            origin.put("exclude", List.of("/login"));
            var source = TestSource.create(tenant, store, origin);

            assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 5);
            assertThat(source.document(site.url("/to-secret"), "error")).contains("robots.txt");
            assertThat(source.document(site.url("/to-excluded"), "error")).contains("excluded");
            assertThat(source.document(site.url("/round"), "error")).contains("more than 5");
            assertThat(source.document(site.url("/away"), "error")).contains(other.url(""));
            assertThat(site.asked()).extracting(Asked::path).doesNotContain("/secret", "/login");
            assertThat(other.asked()).isEmpty();

            source.change(Map.of("include", List.of("/", other.url("/"))));
            assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 1, 0, 4);
            assertThat(source.document(site.url("/to-hidden"), "error")).contains("robots.txt");
            assertThat(other.asked()).containsExactly(new Asked("/away", 200));
            // What another URL said of its content is not sent to this one's server, nor there.
            assertThat(site.asked()).contains(new Asked("/old", 302), new Asked("/new", 200));
        }
    }

    @Test
    void aListingThatMovedAwayIsSaid() throws IOException {
        try (var other = new ScriptedSite()) {
            site.put("/feed", redirect(other.url("/feed")));
            JsonPath ended = TestSource.create(tenant, store, Map.of("type", "feed", "url", site.url("/feed")))
                    .ended();

            assertThat(ended.getString("last_run.status")).isEqualTo("failed");
            assertThat(ended.getString("last_run.error")).contains(other.url(""));
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void whatReplacesADocumentAndCannotBeReadLeavesTheOldOneToSearches() {
        site.put("/a.json", text("{\"animal\": \"kingfisher\"}"));
        var source = TestSource.create(tenant, store, urls("/a.json"));
        source.ended();
        store.awaitCompleted(1);
        String old = source.document(site.url("/a.json"), "file_id");

        site.put("/a.json", text("{"));
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 1, 0, 0, 0);
        store.awaitStatus(source.document(site.url("/a.json"), "file_id"), "failed");
        assertThat(source.document(site.url("/a.json"), "status")).isEqualTo("failed");
        assertThat(store.found("kingfisher")).containsExactly(old);

        site.put("/a.json", text("{\"animal\": \"otter\"}"));
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 1, 0, 0, 0);
        String fresh = source.document(site.url("/a.json"), "file_id");
        store.awaitStatus(fresh, "completed");
        assertThat(store.found("otter")).containsExactly(fresh);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(1);
    }

    @Test
    void aHostileSitemapGetsNothing() {
        site.put(
                "/bomb.xml",
                xml("<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
                        + "<urlset><url><loc>&c;</loc></url></urlset>"));
        JsonPath bomb = TestSource.create(tenant, store, sitemap("/bomb.xml")).ended();
        assertThat(bomb.getString("last_run.status")).isEqualTo("failed");
        assertThat(bomb.getString("last_run.error")).contains("XML");

        site.put("/inside", redirect(inside("10.0.0.1")));
        String inner = inside("169.254.169.254") + "latest/meta-data/";
        site.sitemap("/inner.xml", inner, "/inside");
        var source = TestSource.create(
                tenant,
                store,
                Map.of(
                        "type", "sitemap",
                        "url", site.url("/inner.xml"),
                        "include", List.of("/", inside("169.254.169.254"), inside("10.0.0.1"))));
        assertThat(TestSource.counts(source.ended())).containsExactly(0, 0, 0, 0, 2);
        assertThat(source.document(inner, "error")).contains("not on the public internet");
        assertThat(source.document(site.url("/inside"), "error")).contains("not on the public internet");
    }

    private String inside(String host) {
        return "http://" + host + ":" + site.url("/").replaceFirst(".*:", "");
    }

    @Test
    void aServerThatWantsPatienceGetsIt() {
        site.put("/a", status(503).with("Retry-After", "1"));
        site.put("/b", text("Beta."));
        var source = TestSource.create(tenant, store, urls("/a", "/b"));

        JsonPath ended = source.ended();

        assertThat(TestSource.counts(ended)).containsExactly(1, 0, 0, 0, 1);
        assertThat(site.asked()).filteredOn(asked -> asked.path().equals("/a")).hasSize(3);
        assertThat(source.document(site.url("/a"), "error")).contains("503");
    }

    @Test
    void aBusyHostHoldsUpNoOther() throws IOException {
        try (var busy = new ScriptedSite()) {
            busy.put("/a", status(503).with("Retry-After", "3600"));
            busy.put("/b", text("Beta."));
            site.put("/c", text("Gamma."));
            site.put("/d", text("Delta."));
            var source = TestSource.ofUrls(
                    tenant, store, List.of(busy.url("/a"), busy.url("/b"), site.url("/c"), site.url("/d")));

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> TestSource.counts(source.get()).getFirst() == 2);
            await().until(() -> count("SELECT count(*) FROM jobs WHERE tenant_id = ? AND kind = 'source'"
                            + " AND run_at > now() + interval '50 minutes'")
                    == 1);
            assertThat(source.get().getString("last_run.status")).isEqualTo("running");
            assertThat(busy.asked()).containsExactly(new Asked("/a", 503));
        }
    }

    @Test
    void aHostThatRefusesAgainAndAgainIsLeftAloneForTheRestOfTheRun() throws IOException {
        try (var busy = new ScriptedSite()) {
            var urls = new ArrayList<String>();
            for (int i = 0; i < 6; i++) {
                busy.put("/" + i, status(429).with("Retry-After", "1"));
                urls.add(busy.url("/" + i));
            }
            site.put("/a", text("Alpha."));
            urls.add(site.url("/a"));
            var source = TestSource.ofUrls(tenant, store, urls);

            assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 6);
            assertThat(busy.asked()).hasSize(3);
            assertThat(source.document(busy.url("/5"), "error"))
                    .contains("3 times in a row")
                    .contains("429");

            for (int i = 0; i < 6; i++) {
                busy.put("/" + i, text("Page " + i));
            }
            assertThat(TestSource.counts(source.sync())).containsExactly(6, 0, 1, 0, 0);
        }
    }

    @Test
    void whatFailsInPassingIsTriedAgain() {
        site.first("/a", status(500), status(502));
        site.put("/a", text("Alpha."));
        site.put("/b", status(500));
        site.put("/c", text("Gamma."));
        var source = TestSource.create(tenant, store, urls("/a", "/b", "/c"));

        assertThat(TestSource.counts(source.ended())).containsExactly(2, 0, 0, 0, 1);
        assertThat(site.asked())
                .containsExactly(
                        new Asked("/a", 500),
                        new Asked("/b", 500),
                        new Asked("/c", 200),
                        new Asked("/a", 502),
                        new Asked("/b", 500),
                        new Asked("/a", 200),
                        new Asked("/b", 500));
        assertThat(source.document(site.url("/b"), "error")).contains("500");
    }

    @Test
    void aRobotsTxtThatFailsInPassingIsAskedForAgain() {
        site.first("/robots.txt", status(500));
        site.put("/a", text("Alpha."));
        site.put("/b", text("Beta."));

        assertThat(TestSource.counts(
                        TestSource.create(tenant, store, urls("/a", "/b")).ended()))
                .containsExactly(2, 0, 0, 0, 0);
    }

    @Test
    void aRedirectWithinAHostThatWantsLongPausesIsFollowedOnce() {
        site.put("/robots.txt", text("User-agent: *\nCrawl-delay: 6\n"));
        site.put("/sitemap.xml", redirect("/moved.xml"));
        site.sitemap("/moved.xml", "/old");
        site.put("/old", redirect("/new"));
        site.put("/new", text("It has moved."));

        JsonPath ended =
                TestSource.create(tenant, store, sitemap("/sitemap.xml")).ended();

        assertThat(TestSource.counts(ended)).containsExactly(1, 0, 0, 0, 0);
        assertThat(site.asked())
                .containsExactly(
                        new Asked("/sitemap.xml", 302),
                        new Asked("/moved.xml", 200),
                        new Asked("/old", 302),
                        new Asked("/new", 200));
    }

    @Test
    void pagesThatNeverComeKeepNoOthersOfTheirHostOutOfEveryRun() {
        for (String never : List.of("/1", "/2", "/3")) {
            site.put(never, status(503).with("Retry-After", "1"));
        }
        site.put("/4", text("Delta."));
        var source = TestSource.create(tenant, store, urls("/1", "/2", "/3", "/4"));

        assertThat(TestSource.counts(source.ended())).containsExactly(0, 0, 0, 0, 4);
        assertThat(TestSource.counts(source.sync())).containsExactly(1, 0, 0, 0, 3);
    }

    @Test
    void aPageThatBreaksOffStopsNoOtherOfItsHost() {
        for (String broken : List.of("/1", "/2", "/3")) {
            site.put(broken, brokenOff("It breaks"));
        }
        site.put("/4", text("Delta."));
        var source = TestSource.create(tenant, store, urls("/1", "/2", "/3", "/4"));

        assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 3);
        assertThat(site.asked()).filteredOn(asked -> asked.path().equals("/1")).hasSize(3);
    }

    @Test
    void aBusyHostStopsNoneThatRedirectsToIt() throws IOException {
        try (var busy = new ScriptedSite()) {
            busy.put("/a", status(503).with("Retry-After", "1"));
            for (String moved : List.of("/1", "/2", "/3")) {
                site.put(moved, redirect(busy.url("/a")));
            }
            site.put("/4", text("Delta."));
            site.sitemap("/sitemap.xml", "/1", "/2", "/3", "/4");
            var origin = new HashMap<>(sitemap("/sitemap.xml"));
            origin.put("include", List.of("/", busy.url("/")));
            var source = TestSource.create(tenant, store, origin);

            assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 3);
            assertThat(source.document(site.url("/1"), "error")).contains("503");
            assertThat(site.asked().stream().skip(1).limit(4).map(Asked::path)).containsExactly("/1", "/2", "/3", "/4");
        }
    }

    @Test
    void aHostThatIsDownIsGivenUpAfterThreeTries() throws IOException {
        var down = new ScriptedSite();
        down.close();
        site.put("/a", text("Alpha."));
        var source = TestSource.ofUrls(
                tenant, store, List.of(down.url("/1"), down.url("/2"), down.url("/3"), down.url("/4"), site.url("/a")));

        assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 4);
        assertThat(source.document(down.url("/4"), "error")).contains("does not accept connections");
    }

    @Test
    void aSourceThatIsDueRunsAndAPausedOneDoesNot() {
        site.put("/a", text("Alpha."));
        var source = TestSource.create(tenant, store, withSchedule(urls("/a"), 1));
        source.ended();
        site.asked();

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            due.run();
            return !site.asked().isEmpty();
        });
        source.ended();

        source.change(Map.of("status", "paused"));
        assertThat(source.get().getString("next_run_at")).isNull();
        tenant.request()
                .post("/v1/sources/" + source.id() + "/sync")
                .then()
                .statusCode(409)
                .body("error.code", equalTo("source_paused"));
        source.ended();
        long run = runNumber();
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(connection, "UPDATE sources SET due_at = now() - interval '1 hour'"));
        due.run();
        assertThat(runNumber()).isEqualTo(run);
    }

    @Test
    void twoRunsNeverOverlap() {
        CountDownLatch gate = site.hold();
        site.put("/a", text("Alpha."));
        var source = TestSource.create(tenant, store, urls("/a"));

        for (int i = 0; i < 3; i++) {
            tenant.request()
                    .post("/v1/sources/" + source.id() + "/sync")
                    .then()
                    .statusCode(200)
                    .body("last_run.status", equalTo("running"));
        }
        assertThat(runNumber()).isEqualTo(1);
        gate.countDown();

        assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 0, 0);
    }

    @Test
    void anotherOriginIsLookedAtFromTheBeginning() {
        site.put("/a", text("Alpha."));
        site.put("/b", text("Beta."));
        var source = TestSource.create(tenant, store, urls("/a"));
        source.ended();

        source.change(Map.of("urls", List.of(site.url("/b"))));

        assertThat(TestSource.counts(source.ended())).containsExactly(1, 0, 0, 1, 0);
    }

    @Test
    void noMoreDocumentsThanItsOwnerWants() {
        var paths = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            site.put("/" + i, text("Page " + i));
            paths.add("/" + i);
        }
        site.sitemap("/sitemap.xml", paths.toArray(String[]::new));

        JsonPath ended = TestSource.create(
                        tenant, store, Map.of("type", "sitemap", "url", site.url("/sitemap.xml"), "max_documents", 3))
                .ended();

        assertThat(TestSource.counts(ended)).containsExactly(3, 0, 0, 0, 0);
        assertThat(ended.getString("last_run.status")).isEqualTo("completed");
        assertThat(ended.getString("last_run.error")).contains("more than 3");
    }

    @Test
    void aListingWithAsManyDocumentsAsThereMayBeIsWhole() {
        List.of("/a", "/b", "/c").forEach(path -> site.put(path, text("Page " + path)));
        site.sitemap("/sitemap.xml", "/a", "/b");
        var source = TestSource.create(
                tenant, store, Map.of("type", "sitemap", "url", site.url("/sitemap.xml"), "max_documents", 2));
        assertThat(TestSource.counts(source.ended())).containsExactly(2, 0, 0, 0, 0);

        site.sitemap("/sitemap.xml", "/b", "/c");
        JsonPath ended = source.sync();

        assertThat(TestSource.counts(ended)).containsExactly(1, 0, 1, 1, 0);
        assertThat(ended.getString("last_run.error")).isNull();
        assertThat(source.documents().getList("data.key")).containsExactly(site.url("/b"), site.url("/c"));
    }

    @Test
    void ofAFeedTheNewestDocumentsAreKept() {
        List.of("/1", "/2", "/3", "/4", "/5").forEach(path -> site.put(path, text("Post " + path)));
        feed("/1");
        var source =
                TestSource.create(tenant, store, Map.of("type", "feed", "url", site.url("/feed"), "max_documents", 2));
        source.ended();
        feed("/2");
        assertThat(TestSource.counts(source.sync())).containsExactly(1, 0, 1, 0, 0);

        feed("/3");
        assertThat(TestSource.counts(source.sync())).containsExactly(1, 0, 1, 1, 0);
        assertThat(source.documents().getList("data.key")).containsExactly(site.url("/2"), site.url("/3"));

        feed("/5", "/4", "/3");
        JsonPath more = source.sync();
        assertThat(TestSource.counts(more)).containsExactly(2, 0, 0, 2, 0);
        assertThat(more.getString("last_run.error")).contains("more than 2");
        assertThat(source.documents().getList("data.key")).containsExactlyInAnyOrder(site.url("/4"), site.url("/5"));
    }

    private void feed(String... paths) {
        String items = Stream.of(paths)
                .map(path -> "<item><link>%s</link></item>".formatted(site.url(path)))
                .collect(Collectors.joining());
        site.put("/feed", xml("<rss><channel>%s</channel></rss>".formatted(items)));
    }

    @Test
    void aDeletedSourceTakesItsFilesAlongUnlessTheyAreKept() {
        site.put("/a", text("Alpha."));
        var kept = TestSource.create(tenant, store, urls("/a"));
        kept.ended();
        tenant.request()
                .delete("/v1/sources/" + kept.id() + "?keep_files=true")
                .then()
                .statusCode(200);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(1);
        assertThat(count("SELECT count(*) FROM sources WHERE tenant_id = ?")).isZero();

        var source = TestSource.create(tenant, store, urls("/a"));
        source.ended();
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(2);
        tenant.request()
                .delete("/v1/sources/" + source.id())
                .then()
                .statusCode(200)
                .body("object", equalTo("source.deleted"));

        tenant.request().get("/v1/sources/" + source.id()).then().statusCode(404);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> count("SELECT count(*) FROM sources WHERE tenant_id = ?") == 0);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(1);
    }

    private Map<String, Object> sitemap(String path) {
        return Map.of("type", "sitemap", "url", site.url(path));
    }

    private Map<String, Object> urls(String... paths) {
        return Map.of(
                "type", "urls", "urls", List.of(paths).stream().map(site::url).toList());
    }

    private static Map<String, Object> withSchedule(Map<String, Object> origin, int seconds) {
        var all = new HashMap<>(origin);
        all.put("schedule", Map.of("every", seconds));
        return all;
    }

    private long runNumber() {
        return count("SELECT max(run) FROM sources WHERE tenant_id = ?");
    }

    private long count(String sql) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1), tenant.id())
                        .orElseThrow());
    }
}
