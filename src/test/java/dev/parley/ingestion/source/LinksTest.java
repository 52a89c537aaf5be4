package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.ingestion.source.Links.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LinksTest {

    @Test
    void aSitemapListsPagesAndNoPictures() throws IOException {
        Links links = Links.ofSitemap(stream("""
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- ours -->
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/i">
                  <url><loc> https://e.com/a?x=1&amp;y=2 </loc><lastmod>2026-01-01</lastmod>
                       <image:image><image:loc>https://e.com/a.png</image:loc></image:image></url>
                  <url><loc>https://e.com/b</loc></url>
                </urlset>"""));

        assertThat(links.pages()).containsExactly("https://e.com/a?x=1&y=2", "https://e.com/b");
        assertThat(links.sitemaps()).isEmpty();
    }

    @Test
    void aPictureBeforeThePagesOwnLinkDoesNotTakeItsPlace() throws IOException {
        Links links = Links.ofSitemap(stream("""
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/i">
                  <url><image:image><image:loc>https://e.com/a.png</image:loc></image:image><image:loc>no</image:loc>
                       <loc>https://e.com/a</loc></url>
                </urlset>"""));

        assertThat(links.pages()).containsExactly("https://e.com/a");
    }

    @Test
    void whatIsBeyondTheLimitIsSaid() throws IOException {
        assertThat(Links.ofSitemap(stream(sitemapOf(Links.MOST))).cut()).isFalse();

        Links links = Links.ofSitemap(stream(sitemapOf(Links.MOST + 1)));
        assertThat(links.pages()).hasSize(Links.MOST);
        assertThat(links.cut()).isTrue();
    }

    private static String sitemapOf(int pages) {
        return "<urlset>" + "<url><loc>https://e.com/</loc></url>".repeat(pages) + "</urlset>";
    }

    @Test
    void aTextLongerThanAnyLinkIsNotHeld() throws IOException {
        byte[] sitemap = ("<urlset><url><loc>https://e.com/" + "a".repeat(20_000_000) + "</loc></url>"
                        + "<url><loc>https://e.com/b</loc></url></urlset>")
                .getBytes(StandardCharsets.UTF_8);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        Links links = Links.ofSitemap(new ByteArrayInputStream(sitemap));

        assertThat(links.pages()).containsExactly("https://e.com/b");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
    }

    @Test
    void anIndexListsSitemaps() throws IOException {
        Links links = Links.ofSitemap(
                stream("<sitemapindex><sitemap><loc>https://e.com/1.xml</loc></sitemap></sitemapindex>"));

        assertThat(links.sitemaps()).containsExactly("https://e.com/1.xml");
    }

    @Test
    void rssNamesItsPagesByLinkOrGuid() throws IOException {
        Links links = Links.ofFeed(stream("""
                <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://e.com/</link>
                  <item><title>1</title><atom:link href="https://e.com/no"/><link>https://e.com/1</link></item>
                  <item><guid>https://e.com/2</guid><description>&lt;a href="x"&gt;</description></item>
                  <item><guid isPermaLink="false">tag:3</guid></item>
                </channel></rss>"""));

        assertThat(links.pages()).containsExactly("https://e.com/1", "https://e.com/2");
    }

    @Test
    void atomNamesItsPagesByTheirAlternateLink() throws IOException {
        Links links = Links.ofFeed(stream("""
                <feed xmlns="http://www.w3.org/2005/Atom"><link href="https://e.com/"/>
                  <entry><link rel="self" href="https://e.com/feed/1"/><link rel="alternate" href="https://e.com/1"/></entry>
                  <entry><link href="2"/><content type="xhtml"><div><p>text</p></div></content></entry>
                </feed>"""));

        assertThat(links.pages()).isEqualTo(List.of("https://e.com/1", "2"));
    }

    @Test
    void entitiesAreNotExpandedAndFilesNotRead() {
        for (String bomb : List.of(
                "<!DOCTYPE u [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><urlset><url><loc>&b;</loc></url></urlset>",
                "<!DOCTYPE u [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>&a;</loc></url></urlset>",
                "<!DOCTYPE u SYSTEM \"http://169.254.169.254/\"><urlset/>")) {
            assertThatThrownBy(() -> Links.ofSitemap(stream(bomb))).isInstanceOf(Unreadable.class);
        }
    }

    @Test
    void whatGrowsTooLargeIsRefused() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write("<urlset><url>".getBytes(StandardCharsets.UTF_8));
            byte[] blanks = " ".repeat(1024 * 1024).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 60; i++) {
                gzip.write(blanks);
            }
        }

        assertThatThrownBy(() -> Links.ofSitemap(new ByteArrayInputStream(packed.toByteArray())))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("larger");
    }

    @Test
    void aDamagedGzipFileIsUnreadable() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(sitemapOf(1000).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = packed.toByteArray();
        byte[] broken = whole.clone();
        Arrays.fill(broken, 20, whole.length - 20, (byte) 0xFF);

        for (byte[] damaged : List.of(
                Arrays.copyOf(whole, 2),
                Arrays.copyOf(whole, whole.length / 2),
                Arrays.copyOf(whole, whole.length - 4),
                "\u001f\u008bno gzip".getBytes(StandardCharsets.ISO_8859_1),
                broken)) {
            assertThatThrownBy(() -> Links.ofSitemap(new ByteArrayInputStream(damaged)))
                    .isInstanceOf(Unreadable.class)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void aConnectionThatBreaksOffIsNoDamage() {
        var broken = new InputStream() {
            private final InputStream begin = new ByteArrayInputStream(new byte[] {0x1f, (byte) 0x8b, 8, 0});

            @Override
            public int read() throws IOException {
                int next = begin.read();
                if (next < 0) {
                    throw new IOException("broken off");
                }
                return next;
            }
        };

        assertThatThrownBy(() -> Links.ofSitemap(broken)).isInstanceOf(IOException.class);
    }

    @Test
    void anythingElseIsNamed() {
        assertThatThrownBy(() -> Links.ofSitemap(stream("<html><body>Sign in</body></html>")))
                .hasMessageContaining("html");
        assertThatThrownBy(() -> Links.ofFeed(stream("not xml"))).isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> Links.ofFeed(stream(""))).isInstanceOf(Unreadable.class);
    }

    @Test
    void aScopeIsAHostUnlessItSaysMore() {
        WebUrl base = url("https://e.com/sitemap.xml");
        var own = new LinkScope(base, List.of(), List.of("/old/"));
        assertThat(own.holds(url("https://e.com/a#b"))).isTrue();
        assertThat(own.holds(url("https://e.com/old/a"))).isFalse();
        assertThat(own.holds(url("https://other.com/a"))).isFalse();
        assertThat(own.holds(url("http://www.e.com/a"))).isTrue();
        assertThat(own.holds(url("https://docs.e.com/a"))).isFalse();
        assertThat(own.holds(url("https://e.com:8443/a"))).isFalse();

        var wide = new LinkScope(base, List.of("/docs/", "https://docs.e.com"), List.of());
        assertThat(wide.holds(url("https://e.com/docs/a"))).isTrue();
        assertThat(wide.holds(url("https://e.com/a"))).isFalse();
        assertThat(wide.holds(url("https://docs.e.com/a"))).isTrue();
        assertThat(wide.holds(url("https://docs.e.com.evil/a"))).isFalse();
    }

    @Test
    void aPageMayMoveWithinItsSiteAndToWhatIsIncluded() {
        var scope = new LinkScope(
                url("https://e.com/sitemap.xml"), List.of("/docs/", "https://cdn.com/docs/"), List.of("/docs/old/"));
        WebUrl page = url("http://e.com/docs/a");

        assertThat(scope.letsMove(page, url("https://e.com/docs/a"))).isTrue();
        assertThat(scope.letsMove(page, url("https://www.e.com:443/blog/a"))).isTrue();
        assertThat(scope.letsMove(page, url("https://cdn.com/docs/a"))).isTrue();
        assertThat(scope.letsMove(page, url("https://cdn.com/ads"))).isFalse();
        assertThat(scope.letsMove(page, url("https://login.e.com/"))).isFalse();
        assertThat(scope.letsMove(page, url("https://e.com/docs/old/a"))).isFalse();
    }

    @Test
    void whoeverHasNoIncludeIsNotToldToUseIt() {
        WebUrl page = url("https://e.com/a");
        WebUrl other = url("https://other.com/a?secret");

        assertThat(LinkScope.of(Origin.Urls.of(List.of("https://e.com/a")), page)
                        .explain(other))
                .isEqualTo("It redirects to 'https://other.com', which is another site: name the final URL.");
        assertThat(LinkScope.of(new Origin.Sitemap("https://e.com/s.xml", List.of(), List.of()), page)
                        .explain(other))
                .contains("include it");
    }

    @Test
    void aUrlIsReadInOneWayAndIsNoLongerThanItsColumn() {
        assertThat(url("HTTPS://E.com:443?q#f")).hasToString("https://e.com/?q");
        assertThat(url("http://e.com:443/")).hasToString("http://e.com:443/");

        String longest = "https://e.com?" + "q".repeat(WebUrl.MAX_LENGTH - "https://e.com/?".length());
        assertThat(url(longest).toString()).hasSize(WebUrl.MAX_LENGTH);
        assertThat(WebUrl.parse(longest + "q")).isEmpty();
    }

    @Test
    void aUrlIsWrittenAsItIsAskedFor() {
        assertThat(url("https://e.com/café?q=ü#f")).hasToString("https://e.com/caf%C3%A9?q=%C3%BC");
        assertThat(url("https://e.com/caf%C3%A9")).isEqualTo(url("https://e.com/café"));
        assertThat(url("https://e.com/caf%c3%a9|")).hasToString("https://e.com/caf%c3%a9%7C");
        assertThat(url("https://e.com/%E2%82%AC").resolve("ü")).contains(url("https://e.com/%C3%BC"));
        assertThat(WebUrl.parse("https://e.com/" + "é".repeat(WebUrl.MAX_LENGTH / 6)))
                .isEmpty();
    }

    @Test
    void aScopeKnowsAPathHoweverItIsEncoded() {
        var scope = new LinkScope(url("https://e.com/"), List.of("/café/"), List.of("/caf%C3%A9/alt/"));

        assertThat(scope.holds(url("https://e.com/caf%c3%a9/a"))).isTrue();
        assertThat(scope.holds(url("https://e.com/café/alt/a"))).isFalse();
    }

    private static WebUrl url(String text) {
        return WebUrl.parse(text).orElseThrow();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
